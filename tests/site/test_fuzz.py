"""Whatever is sent to whatever address, by whomever: no fault of ours, nothing of it shown as markup, no trace of code.

The pages and forms are those of the map of addresses. A form is filled as its page offers it, then some of it is
spoiled. The draws are the same each time, so that a test that is green stays green. Nothing that is sent is kept: each
commit is done up to its last moment and then taken back, so that the draws do not depend on each other.
"""

from __future__ import annotations

import inspect
import json
import logging
import re
from contextvars import Context
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from werkzeug.routing import Rule

from clinic import clock, db
from clinic.jobs.models import Job
from tests.site.world import NO_PAGES, World, address_of

ROLES = ("lawyer", "counsellor", "coordinator", "administrator", "nobody")
MARKUP = "<spoilt-tag>"
QUOTED = '"\' spoilt-name="1'
TRACES = ("Traceback (most", "sqlalchemy.", "werkzeug.", 'File "/', "sqlite3.", "psycopg.")
NASTY = [
    "",
    " \t\n ",
    "\0",
    "Karam\0Mithal",
    MARKUP,
    QUOTED,
    f"{QUOTED}>{MARKUP}<!--",
    "'; DROP TABLE child; --",
    "' OR '1'='1",
    "{{ 7 * 7 }}{% raw %}",
    "%(name)s %s %n %",
    "\u202eكرم\u2066\u200f",
    "\ufeff\u0640\u200b",
    "é́́́",
    "\U0001f9d2\u200d\U0001f9d2",
    "ﷺ" * 50,
    "-1",
    "0",
    "1e309",
    "NaN",
    "²",
    "٩٩",
    "9223372036854775808",
    "9" * 5000,
    "0001-01-01",
    "1900-01-01",
    "2200-12-31",
    "9999-12-31",
    "2026-02-30",
    "31/12/2199",
    "24:00",
    "00:00",
    "None",
    "unknown",
    "true",
    "[]",
    '{"a": [1]}',
    "../../../etc/passwd",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "javascript:alert(1)",
    "line\r\nSet-Cookie: spoilt=1",
    "00000000-0000-0000-0000-000000000000",
    "x" * 70_000,
]
EXAMPLES = 120
TYPES = ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "a/b/c"]
HEADERS = ["Accept-Language", "User-Agent", "Referer", "Range", "X-Forwarded-For", "If-None-Match"]
ODD = ["ar", "en;q=x", "*", "\u00ff", ",;,;", "x" * 5000, "he-IL,fr;q=0.9"]


def asked_by(view: Any) -> list[str]:
    """The names that a page's room looks for behind the question mark of an address."""
    source = inspect.getsource(inspect.getmodule(inspect.unwrap(view)))
    return sorted({*re.findall(r'args(?:\.get\(|\.getlist\(|\[)"(\w+)"', source), *ASKED})


ASKED = ["after", "day", "first", "last", "kind", "since", "until", "project", "back"]
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=30), st.integers().map(str), st.dates().map(str))


class Mischief:
    """One person's browser, out to break something. Nothing that it sends is kept."""

    def __init__(self, app: Any, world: World, browser: Any) -> None:
        self.app, self.world, self.client = app, world, browser.client
        self.token = browser.get("/account", status=(200, 303)).browser.token or ""
        self.rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in NO_PAGES]
        self.rules.sort(key=lambda rule: (rule.endpoint, rule.rule))
        self.shown: dict[str, dict[str, list[str]]] = {}

    def open(self, address: str, method: str, **sent: Any) -> Any:
        return Context().run(self.client.open, address, method=method, buffered=True, **sent)

    def form_of(self, rule: Rule) -> dict[str, list[str]]:
        """What the fields of a page's own form may say: each with what a person could choose."""
        if rule.endpoint not in self.shown:
            found: dict[str, list[str]] = {}
            answer = self.open(address_of(self.world, rule), "GET") if "GET" in (rule.methods or ()) else None
            if answer is not None and answer.status_code == 200 and answer.mimetype == "text/html":
                form = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one("main form[method=post]")
                found = _offered(form) if form is not None else {}
            self.shown[rule.endpoint] = found
        return self.shown[rule.endpoint]


def _offered(form: Tag) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        options = [str(option.get("value", "")) for option in field.select("option")]
        own = options if field.name == "select" else [str(field.get("value") or _likely(field))]
        said.setdefault(str(field["name"]), []).extend(own)
    return said


def _likely(field: Tag) -> str:
    """What somebody would type here."""
    kind = str(field.get("type") or "text")
    if kind == "date":
        return clock.today().isoformat()
    return {"time": "09:30", "number": "3", "email": "a@clinic.example"}.get(
        kind, "3" if field.get("inputmode") == "numeric" else "قول"
    )


def mostly(data: st.DataObject) -> bool:
    """True fifteen times of sixteen."""
    return data.draw(st.sampled_from(range(16))) != 7


def spoilt_address(data: st.DataObject, mischief: Mischief, rule: Rule) -> str:
    """The address of a page as it stands, or with a part of it spoiled, and with something asked."""
    address = address_of(mischief.world, rule)
    if rule.arguments and not mostly(data):
        word = data.draw(st.sampled_from(["%00", "%ff%fe", "%ED%A0%80", "..", *map(_in_path, NASTY[:32])]))
        address = re.sub(r"<[^>]+>", lambda _part: word, rule.rule)
    names = asked_by(mischief.app.view_functions[rule.endpoint])
    asked = data.draw(st.lists(st.tuples(st.sampled_from(names), texts), max_size=3))
    return f"{address}?{urlencode(asked, errors='replace')}" if asked else address


def _in_path(text: str) -> str:
    return quote(text, safe="") or "%20"


def spoilt_form(data: st.DataObject, mischief: Mischief, rule: Rule) -> list[tuple[str, str]]:
    """What its page offers, some of it spoiled, doubled, left out or made up."""
    offered = mischief.form_of(rule)
    sent = [(name, data.draw(st.sampled_from(values))) for name, values in offered.items()]
    names = sorted(offered) or ["name"]
    for name, value in data.draw(st.lists(st.tuples(st.sampled_from(names), texts), max_size=4)):
        what = data.draw(st.sampled_from(["instead", "instead", "instead", "besides", "nothing"]))
        sent = sent if what == "besides" else [pair for pair in sent if pair[0] != name]
        sent = sent if what == "nothing" else [*sent, (name, value)]
    sent = [pair for pair in sent if pair[0] != "csrf_token"]
    return [*sent, ("csrf_token", mischief.token)] if mostly(data) else sent


def headers(data: st.DataObject) -> dict[str, str]:
    """Sometimes something odd in what the browser says of itself."""
    if mostly(data):
        return {}
    name = data.draw(st.sampled_from(HEADERS))
    return {name: data.draw(st.sampled_from(ODD))}


def faults_of(answer: Any, log: pytest.LogCaptureFixture) -> list[str]:
    """What is wrong with an answer, whatever was asked."""
    said = answer.get_data(as_text=True)
    wrong = [f"status {answer.status_code}: {log.text[-3000:]}"] if answer.status_code >= 500 else []
    if answer.mimetype == "text/html":
        wrong += [f"shows {mark} as markup" for mark in (MARKUP, 'spoilt-name="1') if mark in said]
    wrong += [f"tells {trace}" for trace in TRACES if trace in said]
    wrong += ["took a header over"] if "spoilt" in str(answer.headers.get_all("Set-Cookie")) else []
    if re.match(r"(https?:)?[/\\]{2}", answer.headers.get("Location", "")):
        wrong.append(f"sends elsewhere: {answer.headers['Location']}")
    return wrong


@pytest.fixture
def mischief(app, make, browse, monkeypatch):
    """Begins mischief for somebody of a role; afterwards nothing is kept any more."""

    def begin(role: str) -> Mischief:
        world = World(make)
        db.session.get_one(Job, world.ids["job_id"]).parameters_json = json.dumps({"format": "xlsx"})
        db.session.commit()
        made = Mischief(app, world, browse(None if role == "nobody" else world.person(role)))

        def nearly() -> None:
            db.session.flush()
            db.session().dispatch.before_commit(db.session())
            db.session.flush()
            db.session.rollback()

        monkeypatch.setattr(db.session, "commit", nearly)
        return made

    return begin


def fuzzed(examples: int):
    """The same draws each time; a bounded number of them."""
    return profile(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )


def attack(mischief: Mischief, log: pytest.LogCaptureFixture, data: st.DataObject) -> None:
    """One thing sent somewhere."""
    rule = data.draw(st.sampled_from(mischief.rules))
    ways = sorted(rule.methods or ())
    method = data.draw(st.sampled_from([*ways, *(way for way in ("GET", "POST") * 4 if way in ways), "PUT"]))
    address, more = spoilt_address(data, mischief, rule), {"headers": headers(data)}
    if method == "POST":
        form = spoilt_form(data, mischief, rule)
        if mostly(data):
            more |= {"data": urlencode(form, errors="replace"), "content_type": "application/x-www-form-urlencoded"}
        else:
            more |= {"data": json.dumps(form), "content_type": data.draw(st.sampled_from(TYPES))}
    log.clear()
    answer = mischief.open(address, method, **more)
    wrong = faults_of(answer, log)
    assert not wrong, f"{method} {address[:300]}\n  {str(more)[:1500]}\n  " + "\n  ".join(wrong)


@pytest.mark.slow
@pytest.mark.databases
@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_sent_breaks_a_page(mischief, caplog, role):
    caplog.set_level(logging.ERROR)
    ours = mischief(role)

    @fuzzed(EXAMPLES)
    @given(st.data())
    def attacked(data):
        attack(ours, caplog, data)

    attacked()
