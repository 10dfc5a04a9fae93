"""One person at every page of the house: each address of the map in each verb, each link that leads on, each form.

Nothing that is sent is kept: each commit is done up to its last moment and then taken back, so that everybody meets the
same clinic. Pages are not parsed as a browser would; what holds on every page is tried elsewhere.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import pypdf
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from clinic import db
from tests.browser import Browser
from tests.site.world import World, addresses

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
FORM = re.compile(r'<form\b[^>]*\bmethod="post".*?</form>', re.DOTALL)
ACTION = re.compile(r'\baction="([^"]*)"')
HIDDEN = re.compile(r'<input\b[^>]*\btype="hidden"[^>]*>')
NAMED = re.compile(r'\b(name|value)="([^"]*)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
AWAY = ("/static/", "/language/", "/sign-out")
ENDS_THE_SESSION = {"staff.sign_out"}
Shape = tuple[str, str, frozenset[str]]


@dataclass(frozen=True)
class Answer:
    """What came back, and from where."""

    method: str
    address: str
    status: int
    said: str
    mimetype: str = "text/html"

    @property
    def means(self) -> str:
        """As the table of pages says it: n, this is not for you; -, it does not exist; y, anything else."""
        return {403: "n", 404: "-"}.get(self.status, "y")

    def tells(self, words: set[str]) -> set[str]:
        """Which of these words it holds, in its page or where it sends to; what was in the address is told back."""
        return {word for word in words if word in self.said and word not in self.address}


class Crawl:
    """A person on the way through the house. `every_figure`: the list behind each figure, else behind one."""

    def __init__(self, app: Flask, browser: Browser, *, every_figure: bool = True) -> None:
        self.app, self.client, self.token = app, browser.client, ""
        self.answers: list[Answer] = []
        self._urls = app.url_map.bind("localhost")
        self._told_apart = {"steps.add": "kind_code", "steps.plan": "kind_code"}
        self._told_apart |= {"reports.figure": "name"} if every_figure else {}

    def ask(self, method: str, address: str, **sent: str) -> Answer:
        """Sends one request and keeps what it answers."""
        data = {"csrf_token": self.token, **sent} if method == "POST" else None
        response: TestResponse = Context().run(self.client.open, address, method=method, data=data, buffered=True)
        content = response.get_data()
        is_file = content.startswith((b"%PDF-", b"PK"))
        charset = "utf-8" if response.mimetype in ("text/html", "application/json", "text/csv") else "latin-1"
        said = f"{response.headers.get('Location', '')}\n{text_of(content) if is_file else content.decode(charset)}"
        answer = Answer(method, address, response.status_code, html.unescape(said), response.mimetype)
        found = TOKEN.search(answer.said)
        self.token = found.group(1) if found else self.token
        self.answers.append(answer)
        return answer

    def cells(
        self, world: World, sent: dict[str, dict[str, str]], *, leaving: bool = False
    ) -> dict[tuple[str, str], str]:
        """What each endpoint answers in each verb, `-`, `n` or `y`: of those that end the session, or of the others."""
        self.ask("GET", "/account")
        found = {}
        for method in ("GET", "POST"):
            for endpoint, address in addresses(world, self.app, method):
                if (endpoint in ENDS_THE_SESSION) == leaving:
                    given = sent.get(endpoint, {}) if method == "POST" else {}
                    found[endpoint, method] = self.ask(method, address, **given).means
        return found

    def follow(self, most: int = 400) -> None:
        """Opens every page that a page so far leads to, each shape of address once."""
        seen = {self._shape(one.method, one.address) for one in self.answers}
        waiting = [link for answer in list(self.answers) for link in _links(answer)]
        while waiting and len(seen) < most:
            address = waiting.pop(0)
            shape = self._shape("GET", address)
            if shape is not None and shape not in seen:
                seen.add(shape)
                waiting += _links(self.ask("GET", address))

    def send_forms(self) -> None:
        """Sends each form of each page that was opened with nothing filled in: what is refused is shown again."""
        sent = {self._shape(one.method, one.address) for one in self.answers if one.method == "POST"}
        for answer in list(self.answers):
            for form in FORM.findall(answer.said) if answer.status == 200 else ():
                action = ACTION.search(form.split(">", 1)[0])
                address = urljoin(answer.address, action.group(1) if action else "")
                shape = self._shape("POST", address)
                if shape is not None and shape not in sent and shape[0] not in ENDS_THE_SESSION:
                    sent.add(shape)
                    self.ask("POST", address, **dict(_hidden(form)))

    def _shape(self, method: str, address: str) -> Shape | None:
        """The page of an address, whatever record it is about, with the names of what is asked besides."""
        parts = urlsplit(address)
        try:
            endpoint, values = self._urls.match(parts.path, method)
        except HTTPException:
            return None
        apart = str(values.get(self._told_apart.get(endpoint, ""), ""))
        return endpoint, apart, frozenset(each.split("=")[0] for each in parts.query.split("&"))


def text_of(content: bytes) -> str:
    """Everything that a file says: the pages of a PDF, and of a packed one all that is in it but the clinic's lists."""
    if content.startswith(b"%PDF-"):
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return unicodedata.normalize("NFKC", " ".join(page.extract_text() for page in pages))
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in packed.namelist() if "lists" not in name]
        return "\n".join(html.unescape(packed.read(name).decode()) for name in names)


def _links(answer: Answer) -> Iterator[str]:
    """The links of a page that stay in the house."""
    if answer.mimetype != "text/html" or answer.status != 200:
        return
    for link in LINK.findall(answer.said):
        address = urljoin(answer.address, link)
        if address.startswith("/") and not address.startswith(AWAY):
            yield address


def _hidden(form: str) -> Iterator[tuple[str, str]]:
    for field in HIDDEN.findall(form):
        said = dict(NAMED.findall(field))
        if said.get("name"):
            yield said["name"], said.get("value", "")


@contextmanager
def nothing_kept(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each commit is done up to its last moment and then taken back."""

    def nearly() -> None:
        db.session.flush()
        db.session().dispatch.before_commit(db.session())
        db.session.flush()
        db.session.rollback()

    with patch.context() as patched:
        patched.setattr(db.session, "commit", nearly)
        yield
