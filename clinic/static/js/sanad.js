// Comfort on top of pages that work without it: drafts, one press one save, times by tap, menus that close, the way to a problem.
// One file: on a weak line one request is quicker than three.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// A second press while the first is under way would send the form twice.
function guardSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    const doubted = form.method === "post" && !form.dataset.sure && line.inDoubt();
    if (!doubted && !form.matches("[data-guard]")) return;
    form.dataset.sent = "yes";
    const button = event.submitter ?? form.querySelector("button:not([type=button])");
    button?.classList.add("busy");
    button?.setAttribute("aria-disabled", "true");
    if (!doubted) return;
    event.preventDefault();
    sendIfHeard(form, event.submitter);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
}

function release(form) {
  delete form.dataset.sent;
  for (const button of all(".busy", form)) {
    button.classList.remove("busy");
    button.removeAttribute("aria-disabled");
  }
}

// A form that is sent where nothing answers becomes the browser's own page, and what was typed is gone. Where the line is in doubt the
// server is asked first: when it did not answer, has not answered yet, or was last heard a while ago. A browser that says "offline" may
// stand on the server itself.
const LONG_SINCE = 30000;
const line = {
  asked: 0, failed: false, heard: Date.now(),
  inDoubt() { return this.failed || this.asked > 0 || !navigator.onLine || Date.now() - this.heard > LONG_SINCE; },
  async ask(url, options) {
    this.asked += 1;
    try {
      const answer = await fetch(url, options);
      Object.assign(this, { failed: false, heard: Date.now() });
      return answer;
    } catch (error) {
      this.failed = true;
      throw error;
    } finally { this.asked -= 1; }
  },
};

async function sendIfHeard(form, button) {
  const asked = line.ask(document.querySelector("link[rel=icon]").href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(15000) });
  const heard = await asked.then((answer) => answer.ok, () => false);
  release(form);
  if (heard) {
    form.dataset.sure = "yes";
    form.requestSubmit(button);
    delete form.dataset.sure;
  } else {
    const sign = document.querySelector("[data-unsent]");
    if (sign) sign.textContent = sign.dataset.held;
    sign?.classList.remove("kept");
  }
}

// A menu closes when something else is pressed, and with Escape, which gives the focus back to its button.
function closeMenus() {
  const open = () => all("details.menu[open]");
  document.addEventListener("click", (event) => open().forEach((menu) => menu.contains(event.target) || (menu.open = false)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// The child's place on the journey comes into view where the line is longer than the phone is wide; of several, the
// first: where the child is held, before the school.
function showPlace() {
  for (const line of all("[data-journey]")) {
    const place = all(".now", line).at(0) ?? all(".done", line).at(-1);
    if (!place || line.scrollWidth <= line.clientWidth) continue;
    const away = place.getBoundingClientRect(), seen = line.getBoundingClientRect();
    line.scrollLeft += away.left + away.width / 2 - seen.left - seen.width / 2;
  }
}

// What was refused is read first; a link to a problem opens the part in which it is folded away.
function showProblems() {
  document.querySelector("[data-errors]")?.focus();
  for (const link of all("[data-errors] a")) {
    link.addEventListener("click", (event) => {
      const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!place) return;
      event.preventDefault();
      for (let part = place.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
      const control = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea") ?? place;
      control.focus();
      place.scrollIntoView({ block: "center" });
    });
  }
}

function offerPrint() {
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  // Paper has nothing to press: what is folded opens for it, and folds again after. What is quietly aside stays aside.
  addEventListener("beforeprint", () => all("main details:not(.menu, .dialog, .quiet, [open])").forEach((part) => { part.open = true; part.dataset.forPaper = ""; }));
  addEventListener("afterprint", () => all("[data-for-paper]").forEach((part) => { part.open = false; delete part.dataset.forPaper; }));
}

// A long list of children is narrowed by what is typed. Nothing leaves the page; who was chosen stays in sight.

function plain(text) {
  const bare = text.normalize("NFKD").replace(/[\p{M}\u0640]/gu, "").toLowerCase();
  return bare.replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه");
}

function narrowLists() {
  for (const place of document.querySelectorAll("[data-narrow]")) {
    const input = place.querySelector("input"), lines = [...document.getElementById(place.dataset.narrow).children];
    place.hidden = false;
    input.addEventListener("input", () => {
      const words = plain(input.value).split(/\s+/);
      for (const line of lines) {
        const name = plain(line.querySelector("legend").textContent), chosen = line.querySelector(":checked")?.value;
        line.hidden = !chosen && !words.every((word) => name.includes(word));
      }
    });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
}

// "Now" beside a time: the clinic's day and time by one tap, whatever zone the phone is set to.

const ZONE = document.documentElement.dataset.zone || "Asia/Hebron";

function clinicNow() {
  const form = (zone) => new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  let parts;
  try {
    parts = form(ZONE).formatToParts(new Date());
  } catch {
    parts = form(undefined).formatToParts(new Date());
  }
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { day: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` };
}

function stamp(input, { day, time }) {
  input.value = { date: day, time, "datetime-local": `${day}T${time}` }[input.type] ?? time;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function stampTimes() {
  for (const button of document.querySelectorAll("[data-now]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const now = clinicNow();
      for (const id of button.dataset.now.split(" ")) {
        const input = document.getElementById(id);
        if (input) stamp(input, now);
      }
    });
  }
}

// Nothing typed is lost: a form with data-draft-url is kept on the server while it is typed, at most once in five seconds. Until the server
// has it a counter says how many answers are not yet saved, and leaving the page warns. Nothing is kept on the phone itself.

const PAUSE = 5000;
const PATIENCE = 60000;

class Draft {
  constructor(form, sign) {
    Object.assign(this, { form, sign, unsent: new Set(), wait: PAUSE, timer: null, last: 0, leaving: false, sending: false });
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("change", (event) => this.typed(event.target));
    document.addEventListener("submit", (event) => { if (event.target === form && !event.defaultPrevented) this.leaving = true; });
    addEventListener("pageshow", () => { this.leaving = false; });
    addEventListener("online", () => { this.wait = PAUSE; if (this.unsent.size) this.send(); });
    addEventListener("offline", () => this.show());
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.unsent.size) this.send(true); });
    addEventListener("beforeunload", (event) => { if (this.unsent.size && !this.leaving) event.preventDefault(); });
    if (form.querySelector("[data-errors]")) this.refused();
  }

  // What was refused is kept at once: who must go elsewhere first, to note a consent, finds it here again.
  refused() {
    for (const { name, type, value, checked } of this.form.elements) {
      if (["radio", "checkbox"].includes(type) ? checked : name && value && !["hidden", "password", "file", "submit"].includes(type)) this.unsent.add(name);
    }
    this.show();
    this.send(true);
  }

  typed(control) {
    if (!control.name || control.type === "password" || control.type === "file") return;
    this.unsent.add(control.name);
    this.show();
    this.plan();
  }

  plan() {
    this.timer ??= setTimeout(() => { this.timer = null; this.send(); }, Math.max(this.wait, this.last + PAUSE - Date.now()));
  }

  body() {
    const pairs = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(pairs.filter(([name]) => !this.form.querySelector(`[type=password][name="${CSS.escape(name)}"]`)));
  }

  async send(keepalive = false) {
    if (this.sending || this.leaving) return;
    this.sending = true;
    this.last = Date.now();
    const sent = new Set(this.unsent);
    this.unsent.clear();
    let kept = false;
    try {
      const token = this.form.querySelector("[name=csrf_token]")?.value ?? "";
      const answer = await line.ask(this.form.dataset.draftUrl, {
        method: "POST", body: this.body(), keepalive, redirect: "error", credentials: "same-origin", headers: { "X-CSRFToken": token },
        signal: AbortSignal.timeout(PATIENCE),
      });
      kept = answer.ok;
    } catch { /* what was typed stays in the page, and is tried again */ }
    this.sending = false;
    if (!kept) for (const name of sent) this.unsent.add(name);
    this.wait = kept ? PAUSE : Math.min(this.wait * 2, PATIENCE);
    this.show(kept);
    if (this.unsent.size) this.plan();
  }

  show(kept = false) {
    if (!this.sign) return;
    const { typed, kept: done, offline } = this.sign.dataset;
    const count = this.unsent.size;
    this.sign.classList.toggle("kept", count === 0);
    this.sign.textContent = count ? (navigator.onLine ? typed : offline).replace("#", count) : kept ? done : "";
  }
}

function keepDrafts() {
  const sign = document.querySelector("[data-unsent]");
  for (const form of document.querySelectorAll("form[data-draft-url]")) new Draft(form, sign);
}

// Who the child of a call may be is shown while the name is typed; without a script the button beside the name asks.

function lookAsTyped() {
  for (const part of all("[data-likely]")) {
    const form = part.closest("form"), name = part.querySelector("input[name=name]");
    let timer = null, asked = "";
    const look = async () => {
      const typed = name.value.trim();
      if (typed.length < 3 || typed === asked) return;
      asked = typed;
      try {
        const answer = await fetch(part.dataset.likely, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error", credentials: "same-origin" });
        const found = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-likely-here]");
        if (found && name.value.trim() === typed) part.querySelector("[data-likely-here]").replaceWith(document.adoptNode(found));
      } catch { asked = ""; /* no network: saving asks again */ }
    };
    name.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 800); });
    name.addEventListener("change", look);
  }
}

// How far work in the background is: asked again, less and less often, until it has ended. Where somebody is about to press, nothing moves.

function watchWork() {
  const part = document.querySelector("[data-live]");
  if (!part) return;
  let wait = 1500;
  const look = async () => {
    try {
      const answer = document.hidden ? null : await fetch(location.href, { redirect: "error", credentials: "same-origin" });
      const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page && page.querySelector("[data-live]");
      if (page && !now) return location.reload();
      if (now && !part.querySelector("details[open]") && !part.contains(document.activeElement)) part.replaceChildren(...now.childNodes);
    } catch { /* no network, or signed out: the next look finds out */ }
    wait = Math.min(wait * 1.3, 10000);
    setTimeout(look, wait);
  };
  setTimeout(look, wait);
}

// A passkey: the server's question comes as JSON, the browser asks the person, the answer goes with the form.

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function readQuestion(asked) {
  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: fromText(key.id) }));
  const question = { ...asked, challenge: fromText(asked.challenge) };
  if (asked.user) question.user = { ...asked.user, id: fromText(asked.user.id) };
  if (asked.excludeCredentials) question.excludeCredentials = keys(asked.excludeCredentials);
  if (asked.allowCredentials) question.allowCredentials = keys(asked.allowCredentials);
  return question;
}

function writeAnswer(key) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = toText(key.response[part]);
  }
  return JSON.stringify({ id: key.id, rawId: toText(key.rawId), type: key.type, response, clientExtensionResults: {} });
}

function usePasskeys() {
  if (!window.PublicKeyCredential) return;
  for (const warning of all("[data-no-passkeys]")) warning.hidden = true;
  for (const form of all("form[data-passkey]")) {
    form.hidden = false;
    const answer = form.querySelector("[data-answer]"), failed = form.querySelector("[data-failed]");
    form.addEventListener("submit", async (event) => {
      if (answer.value) return;
      event.preventDefault();
      failed.hidden = true;
      try {
        const asked = await fetch(form.dataset.challenge, { redirect: "error", credentials: "same-origin" });
        const publicKey = readQuestion(await asked.json());
        const key = form.dataset.passkey === "make" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
        answer.value = writeAnswer(key);
        form.requestSubmit();
      } catch { failed.hidden = false; }
    });
    addEventListener("pageshow", () => { answer.value = ""; });
  }
}

usePasskeys();
guardSubmits();
closeMenus();
showPlace();
showProblems();
offerPrint();
stampTimes();
narrowLists();
lookAsTyped();
watchWork();
keepDrafts();
