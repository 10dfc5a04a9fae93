"""A person at a real browser: presses, types and reads, and looks at every page on the way.

A journey is written in English; `Walk` says each sentence in the language of the page, as the catalogue has it.

Each page met is checked: no violation that axe finds, nothing that scrolls sideways, controls large enough for a thumb,
no error in the console and no request that fails. `look` keeps a picture in artefacts/ where PICTURES is set (`make
pictures`): nothing asserts on one, and to draw a whole page twice as fine costs as much as axe does.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Request, Response

from clinic import languages
from clinic.languages import _
from tests.pages import without_chance

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
PICTURES = "PICTURES" in os.environ
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
LOCALES = {"ar": "ar-PS", "en": "en-GB"}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
THUMB = 44

VIOLATIONS = "() => axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_CONTROLS = """(least) => {
  const told = (e) => (e.innerText || e.getAttribute('aria-label') || e.name || e.id || e.tagName).trim().slice(0, 40);
  const box = (e) => {
    const label = ['radio', 'checkbox', 'file'].includes(e.type) && (e.closest('label') || e.labels?.[0]);
    return (label || e).getBoundingClientRect();
  };
  return [...document.querySelectorAll('button, select, textarea, summary, input:not([type=hidden]), a.button')]
    .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((e) => [told(e), Math.round(box(e).width), Math.round(box(e).height)])
    .filter(([, width, height]) => height > 1 && width > 1 && height < least)
    .map(([name, width, height]) => `${name}: ${width}×${height}`);
}"""


def find_chromium() -> str | None:
    """The path of Chromium on this machine."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@dataclass
class Walk:
    """One person's way through the pages, in one language and at one size."""

    page: Page
    address: str
    journey: str
    language: str
    size: str
    scripts: bool = True
    taps: int = 0
    faults: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    _shots: int = 0
    _arrived: bool = False
    _expected_status: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._fault(f"script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)
        self.page.on("domcontentloaded", self._arrive)

    def words(self, sentence: str, **values: object) -> str:
        """A sentence of the house in the language of the page."""
        with languages.using(self.language):
            return _(sentence, **values)

    # What a person does

    def sign_in(self, username: str, password: str) -> Walk:
        """Signs in through the page."""
        self.type("Username", username).type("Password", password).press("Sign in", within="main form")
        assert not self.path.startswith("/sign-in"), f"{username} is not let in:\n{self.text}"
        return self

    def goto(self, path: str) -> Walk:
        """Types an address."""
        self.page.goto(self.address + path)
        return self._settled()

    def press(self, name: str, *, within: str = "body", **values: object) -> Walk:
        """Presses the first link, button or fold with this name that is to be seen."""
        self.taps += 1
        self._control(self.words(name, **values), within).click()
        return self._settled()

    def type(self, label: str, text: str, *, within: str = "body") -> Walk:
        """Types into the field with this label."""
        self.taps += 1
        self.page.locator(within).get_by_label(self.words(label)).first.fill(text)
        return self

    def pick(self, label: str, code: str, *, within: str = "body") -> Walk:
        """Picks from a list the option with this code."""
        self.taps += 1
        self.page.locator(within).get_by_label(self.words(label), exact=True).first.select_option(value=code)
        return self

    def answer(self, question: str, code: str) -> Walk:
        """Presses the answer with this code under a question."""
        self.taps += 1
        self._group(question).locator(f'label:has(input[value="{code}"])').first.click()
        return self

    def give(self, field: str, value: str) -> Walk:
        """Answers a field by its name, as its sort wants: presses, picks or types."""
        self.taps += 1
        pressed = self.page.locator(f'main label:has(input[name="{field}"][value="{value}"])')
        typed = self.page.locator(f'main :is(input:not([type=hidden]), textarea, select)[name="{field}"]')
        if pressed.count():
            pressed.first.click()
        elif typed.first.evaluate("e => e.tagName") == "SELECT":
            typed.first.select_option(value=value)
        else:
            typed.first.fill(value)
        return self

    def now(self, question: str) -> Walk:
        """Presses the "now" beside a time."""
        self.taps += 1
        self._group(question).get_by_role("button", name=self.words("Now")).first.click()
        return self

    def tick(self, label: str) -> Walk:
        """Ticks a box by its words."""
        self.taps += 1
        self.page.locator("label:has(input)", has_text=self.words(label)).first.click()
        return self

    def follow(self, address: str) -> Walk:
        """Presses the first link to be seen that leads to an address that begins so."""
        self.taps += 1
        self.page.locator(f'a[href^="{address}"]').filter(visible=True).first.click()
        return self._settled()

    # What a person sees

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").first.inner_text().split())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def sees(self, sentence: str, **values: object) -> Walk:
        """The sentence stands on the page."""
        words = self.words(sentence, **values)
        assert words in self.text, f"{self.path} does not say {words!r}:\n{self.text}"
        return self

    def sees_not(self, sentence: str, **values: object) -> Walk:
        """The sentence stands nowhere on the page."""
        words = self.words(sentence, **values)
        assert words not in self.text, f"{self.path} says {words!r}"
        return self

    def is_at(self, pattern: str) -> Walk:
        """The address is of this form."""
        assert re.fullmatch(pattern, self.path), f"{self.path} is not {pattern}\n{self.text}"
        return self

    def look(self, name: str) -> Walk:
        """Keeps a picture of the whole page, if pictures are wanted."""
        self._settled()
        if PICTURES:
            self.picture(name)
        return self

    def picture(self, name: str) -> None:
        """Draws the whole page as it stands, into artefacts/."""
        folder = ARTEFACTS / self.journey / f"{self.language}-{self.size}"
        folder.mkdir(parents=True, exist_ok=True)
        self._shots += 1
        width, height = SIZES[self.size]
        whole = max(height, int(self.page.evaluate("document.documentElement.scrollHeight")))
        self.page.set_viewport_size({"width": width, "height": whole})  # what sticks to the edge sticks to the page's
        self._draw(folder / f"{self._shots:02d}-{re.sub(r'[^a-z0-9]+', '-', name)}.png")
        self.page.set_viewport_size({"width": width, "height": height})

    def _draw(self, path: Path) -> None:
        # Just after a change of size Chromium sometimes has no frame to give yet, and says so at once.
        for _attempt in range(5):
            with suppress(Error):
                self.page.screenshot(path=path)
                return
            self.page.wait_for_timeout(200)
        self.page.screenshot(path=path)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Answers with these statuses are what the journey is about."""
        self._expected_status |= set(statuses)
        try:
            yield
            self._settled()
        finally:
            self._expected_status -= set(statuses)

    def slow_network(self, *, kilobits: int = 100, latency: int = 600) -> Walk:
        """A phone with one bar of signal."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        rate = kilobits * 1000 / 8
        conditions = {"offline": False, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate}
        session.send("Network.emulateNetworkConditions", conditions)
        self.page.set_default_timeout(60_000)
        return self

    def offline(self, is_offline: bool = True) -> Walk:
        """The network goes, or comes back."""
        self.page.context.set_offline(is_offline)
        return self

    def leave(self) -> list[str]:
        """Closes the browser, and says what was wrong on the way."""
        self.page.context.close()
        return sorted(set(self.faults))

    # What is looked at on each page

    def _group(self, question: str) -> Locator:
        return self.page.get_by_role("group", name=self.words(question)).first

    def _control(self, name: str, within: str) -> Locator:
        """What bears this name exactly, else what has it in its name."""
        exactly = self._named(name, within, exact=True)
        return exactly.first if exactly.count() else self._named(name, within, exact=False).first

    def _named(self, name: str, within: str, *, exact: bool) -> Locator:
        place = self.page.locator(within)
        found = place.locator("summary").filter(has_text=name)
        for role in ("button", "link", "radio", "checkbox"):
            found = found.or_(place.get_by_role(role, name=name, exact=exact))  # type: ignore[arg-type]
        return found.filter(visible=True)

    def _settled(self) -> Walk:
        self.page.wait_for_load_state("load")
        if self._arrived:
            self._arrived = False
            self._meet()
        return self

    def _arrive(self, _page: Page) -> None:
        self._arrived = True

    def _meet(self) -> None:
        """Checks a page that was opened. Without scripts axe cannot run."""
        self.met.append(self.path)
        if not self.scripts:
            return
        for violation in violations(self.page, self.language, self.size):
            nodes = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:3])
            self._fault(f"axe {violation['id']} ({violation['impact']}): {violation['help']}: {nodes}")
        sideways = self.page.evaluate(SIDEWAYS)
        if sideways > 0:
            self._fault(f"scrolls sideways by {sideways} px")
        if self.size == "phone":
            for control in self.page.evaluate(SMALL_CONTROLS, THUMB):
                self._fault(f"smaller than {THUMB} px: {control}")

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.path} ({self.language}, {self.size}): {what}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
            self._fault(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure not in ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED"):
            self._fault(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected_status:
            self._fault(f"{response.status}: {response.request.method} {response.url}")


def violations(page: Page, language: str, size: str) -> list[dict[str, Any]]:
    """What axe finds. A page that was found well is not searched again for other ids and other tokens."""
    key = language, size, blake2b(without_chance(page.content()).encode(errors="surrogatepass")).digest()
    if key in _well:
        return []
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(VIOLATIONS)
    if not found:
        _well.add(key)
    return found


_well: set[tuple[str, str, bytes]] = set()


def new_context(browser: Browser, language: str, size: str, **options: Any) -> BrowserContext:
    """A browser without memory, of this language and size, on the clinic's clock."""
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == "phone" else 1,
        has_touch=size == "phone",
        is_mobile=size == "phone",
        locale=LOCALES[language],
        timezone_id="Asia/Hebron",
        **options,
    )
