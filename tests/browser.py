"""The browser of the tests: acts as a person, and checks every page that it opens.

    page = browse(huda).get("/cases")
    page = browse(huda).post(f"/hearings/{hearing.id}/reschedule", {"starts_at": "2026-04-01T10:00"}).follow()
    assert page.select_one("main time")["datetime"].startswith("2026-04-01")

`post` does what a person does: opens the page, fills its form and sends it, with the fields that the page hides in it.
Each request runs in a context of its own, as it does on a server, so that no language and no person is left over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import Context
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clinic import db
from tests.pages import faults, token_of
from tests.statements import Statements, statements

Values = Mapping[str, Any]

A_READING_WRITES = frozenset({"reading", "reading_head", "staff_session"})
"""What a GET may write: the log of readings, and when a session was last used."""

A_REFUSAL_WRITES = A_READING_WRITES | {"refused_sign_in", "draft"}
"""What may outlive a form that was refused."""

A_REFUSED_PROOF_WRITES = frozenset({"audit_entry", "audit_head", "staff_notice"})
"""What is kept besides where a password or a code was wrong: that somebody tried, and what its owner is told."""

SAME_PAGE = (200, 409, 422)


class Page:
    """An answer, and what a person can do from it."""

    def __init__(self, browser: Browser, response: TestResponse, seen: Statements, address: str) -> None:
        self.browser = browser
        self.response = response
        self.status = response.status_code
        self.statements = seen
        self.address = address
        self.headers = response.headers

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def is_html(self) -> bool:
        """Whether it is a page to read, not a file and not a redirect."""
        return self.response.mimetype == "text/html" and self.status != 204 and not 300 <= self.status < 400

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    def select(self, selector: str) -> list[Tag]:
        """The elements that match, in order."""
        return list(self.soup.select(selector))

    def select_one(self, selector: str) -> Tag:
        """The one element that matches. Fails, showing the page, if there is none."""
        found = self.soup.select_one(selector)
        assert found is not None, f"{self.address} has no {selector}:\n{self.text}"
        return found

    def has(self, selector: str) -> bool:
        """Whether an element matches."""
        return self.soup.select_one(selector) is not None

    @cached_property
    def text(self) -> str:
        """The words of the page's main part, spaces made single."""
        part = self.soup.select_one("main") or self.soup
        return " ".join(part.get_text(" ").split())

    @property
    def heading(self) -> str:
        return " ".join(self.select_one("h1").get_text(" ").split())

    @property
    def location(self) -> str:
        """Where the answer sends to."""
        return urljoin(self.address, self.headers["Location"])

    def follow(self, status: int = 200) -> Page:
        """Goes where the answer sends to."""
        assert self.status == 303, f"{self.address} answered {self.status}, not 303:\n{self.text}"
        return self.browser.get(self.location, status=status)

    def click(self, words: str, status: int = 200) -> Page:
        """Follows the first link that has these words."""
        for link in self.select("a[href]"):
            named = f"{link.get_text(' ')} {link.get('aria-label') or ''}"
            if words in " ".join(named.split()):
                return self.browser.get(urljoin(self.address, str(link["href"])), status=status)
        raise AssertionError(f"{self.address} has no link {words!r}:\n{self.text}")

    def submit(self, values: Values | None = None, *, form: str = "main form[method=post]", status: int = 303) -> Page:
        """Fills the form and sends it."""
        chosen = self.select_one(form)
        action = urljoin(self.address, str(chosen.get("action") or ""))
        return self.browser.send(action, {**filled(chosen), **(values or {})}, status=status)


def filled(form: Tag) -> dict[str, Any]:
    """What a form would send as it stands, buttons aside."""
    values: dict[str, list[str]] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        if not field.has_attr("disabled"):
            values.setdefault(str(field["name"]), []).extend(_value(field))
    return {name: many[0] if len(many) == 1 else many for name, many in values.items() if many}


def _value(field: Tag) -> Sequence[str]:
    if field.name == "textarea":
        return [field.get_text()]
    if field.name == "select":
        options = field.select("option[selected]") or ([] if field.has_attr("multiple") else field.select("option")[:1])
        return [str(option.get("value", option.get_text())) for option in options]
    kind = str(field.get("type", "text"))
    if kind in ("checkbox", "radio"):
        return [str(field.get("value", "on"))] if field.has_attr("checked") else []
    return [] if kind in ("submit", "button", "reset", "image", "file") else [str(field.get("value", ""))]


class Browser:
    """One person's browser. `names` are the names of people that no title may hold."""

    def __init__(
        self,
        app: Flask,
        *,
        sign_in: Callable[[FlaskClient], None] | None = None,
        names: Callable[[], Iterable[str]] = tuple,
        language: str | None = None,
    ) -> None:
        self.client = app.test_client()
        self.names = names
        self.language = language
        self.page: Page | None = None
        self.token: str | None = None
        if sign_in is not None:
            Context().run(sign_in, self.client)

    def get(self, address: str, *, status: int | tuple[int, ...] = 200, headers: Values | None = None) -> Page:
        """Opens a page, which must answer with this status and change nothing."""
        page = self._open(address, _one_or_more(status), method="GET", headers=headers)
        changed = page.statements.written - A_READING_WRITES
        assert not changed, f"GET {address} wrote {sorted(changed)}"
        return page

    def post(
        self, address: str, values: Values | None = None, *, status: int | tuple[int, ...] = (303, *SAME_PAGE)
    ) -> Page:
        """Opens the page, fills its form and sends it; where no page holds such a form, sends it as it is."""
        form = self._form_for(address)
        hidden = filled(form) if form is not None else {"csrf_token": self.token or ""}
        return self.send(address, {**hidden, **(values or {})}, status=status)

    def send(self, address: str, values: Values, *, status: int | tuple[int, ...] = (303, *SAME_PAGE)) -> Page:
        """Sends these fields and no others. What is not answered with a redirect must not be saved."""
        given = {name: value for name, value in values.items() if value is not None}
        page = self._open(address, _one_or_more(status), method="POST", data=given)
        if page.status != 303:
            saved = page.statements.committed - A_REFUSAL_WRITES
            saved -= A_REFUSED_PROOF_WRITES if "refused_sign_in" in page.statements.committed else set()
            assert not saved, f"POST {address} answered {page.status} and saved {sorted(saved)}"
        return page

    def _form_for(self, address: str) -> Tag | None:
        """The form that posts to this address: on the page that is open, else on the page of that address."""
        if self.page is not None:
            form = _posting_to(self.page, address)
            if form is not None:
                return form
        page = self._open(address, (), method="GET")
        return _posting_to(page, address) if page.status == 200 and page.is_html else None

    def _open(self, address: str, wanted: tuple[int, ...], **options: Any) -> Page:
        path = _path(address)
        db.session.commit()  # what the test itself has changed is there before a person acts
        with statements() as seen:
            response = Context().run(self.client.open, path, buffered=True, **options)
        page = Page(self, response, seen, path)
        if wanted:
            _expect(page, wanted)
        if page.is_html:
            self._check(page, str(options["method"]))
            self.token = token_of(page.html) or self.token
            self.page = page
        return page

    def _check(self, page: Page, method: str) -> None:
        found = faults(page.html, names=self.names(), language=self.language)
        found.extend(_header_faults(page))
        assert not found, "\n  ".join([f"{method} {page.address} ({page.status}):", *found])


def _one_or_more(status: int | tuple[int, ...]) -> tuple[int, ...]:
    return (status,) if isinstance(status, int) else status


def _expect(page: Page, wanted: tuple[int, ...]) -> None:
    assert page.status in wanted, _unexpected(page, wanted)


def _unexpected(page: Page, wanted: tuple[int, ...]) -> str:
    expected = " or ".join(str(status) for status in wanted)
    sent_to = f" to {page.headers['Location']}" if "Location" in page.headers else ""
    shown = f":\n{page.text}" if page.is_html else ""
    return f"{page.address} answered {page.status}{sent_to}, not {expected}{shown}"


def _posting_to(page: Page, address: str) -> Tag | None:
    for form in page.select("form[method=post]"):
        if _path(urljoin(page.address, str(form.get("action") or ""))) == _path(address):
            return form
    return None


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _header_faults(page: Page) -> list[str]:
    policy = page.headers.get("Content-Security-Policy", "")
    found = []
    if "default-src" not in policy or "unsafe-" in policy or "frame-ancestors" not in policy:
        found.append(f"Content-Security-Policy: {policy}")
    if page.headers.get("Cross-Origin-Resource-Policy") != "same-origin":
        found.append("Cross-Origin-Resource-Policy is not same-origin")
    if page.headers.get("X-Content-Type-Options") != "nosniff":
        found.append("X-Content-Type-Options is not nosniff")
    if "no-store" not in page.headers.get("Cache-Control", ""):
        found.append(f"Cache-Control: {page.headers.get('Cache-Control')}")
    return found
