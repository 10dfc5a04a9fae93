"""The client: a process of its own that asks over lines kept open, and believes no answer that it has not looked at.

    python -m bench.client < spec.json > result.json

What it is told and what it tells is JSON: see `Spec` and `Told`. Answers are looked at when the clock has stopped.
"""

from __future__ import annotations

import gzip
import json
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from bench.processes import milliseconds, tree

Fields = dict[str, str]


@dataclass(frozen=True)
class Ask:
    """One request, and what the right answer to it is.

    With `typed` it is the form on the page at `path`, filled in and sent. A form that makes a record is fetched anew
    for each sending; that of a question is fetched once.
    """

    path: str
    holds: str
    """Stands in the page; of a redirect, in its address."""
    status: int = 200
    typed: Fields | None = None
    makes_record: bool = False


@dataclass(frozen=True)
class Spec:
    """What to ask, of whom, how often."""

    host: str
    port: int
    asks: Sequence[Ask]
    concurrency: int = 1
    times: int = 100
    cookie: str = ""
    sign_in: Fields | None = None
    before: Ask | None = None
    """Sent before each request, outside the clock: a save, after which nothing that was kept is true any more."""
    before_cookie: str = ""
    server: int = 0
    """The process of the server, whose time on the processor is counted."""


@dataclass(frozen=True)
class Told:
    """What came of it: milliseconds, requests a second, bytes of an answer on the wire, milliseconds of processor."""

    p50: float
    p95: float
    per_second: float
    bytes: int
    times: int
    spent: float = 0.0
    """What a request took of the server's processors: what a busy machine lengthens least."""


class WrongAnswer(Exception):
    """An answer with another status or another content than the data say."""


@dataclass(frozen=True)
class Answer:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    wire: int

    @property
    def text(self) -> str:
        """What it says."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode("utf-8", "replace")


class Line:
    """A connection that stays open."""

    def __init__(self, host: str, port: int, cookie: str = "") -> None:
        self.host, self.port, self.cookie = host, port, cookie
        self.socket: socket.socket | None = None  # a line on which nothing is said holds up a server

    def _connected(self) -> socket.socket:
        if self.socket is None:
            self.socket = socket.create_connection((self.host, self.port), timeout=120)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def close(self) -> None:
        """Hangs up."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def request(self, path: str, form: Fields | None = None) -> bytes:
        """The request as it is sent."""
        head = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        head += ["Accept-Encoding: gzip", "User-Agent: bench"]
        if self.cookie:
            head.append(f"Cookie: {self.cookie}")
        body = b"" if form is None else urlencode(form).encode()
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*head, "", ""]).encode() + body

    def send(self, request: bytes) -> Answer:
        """Sends a request and reads the whole answer."""
        self._connected().sendall(request)
        got = bytearray()
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._some()
        first, *lines = bytes(got[:end]).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
        status = int(first.split(" ", 2)[1])
        whole = end + 4 + (0 if status == 304 else int(headers["content-length"]))
        while len(got) < whole:
            got += self._some()
        if headers.get("connection") == "close":
            self.close()
        answer = Answer(status, headers, bytes(got[end + 4 :]), len(got))
        self.cookie = _cookie(answer) or self.cookie
        return answer

    def _some(self) -> bytes:
        some = self._connected().recv(262_144)
        if not some:
            raise ConnectionError("the server hung up")
        return some

    def sign_in(self, typed: Fields) -> str:
        """Signs in and gives the cookie of the session."""
        page = self.send(self.request("/sign-in"))
        answer = self.send(self.request("/sign-in", {**form_of(page.text), **typed}))
        if answer.status != 303:
            raise WrongAnswer(f"sign-in answered {answer.status}")
        return self.cookie


def _cookie(answer: Answer) -> str:
    return answer.headers.get("set-cookie", "").partition(";")[0]


class _Form(HTMLParser):
    """The fields of the first form in the main part of a page that is sent by POST, as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: Fields = {}
        self.is_main = self.is_form = self.is_done = False
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.is_main |= tag == "main"
        if tag == "form" and self.is_main and has.get("method") == "post" and not self.is_done:
            self.is_form = True
        elif self.is_form:
            self._field(tag, has)

    def _field(self, tag: str, has: dict[str, str | None]) -> None:
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in has:
            self.fields[self.select] = value
        elif tag == "input" and name and (has.get("type") not in ("radio", "checkbox") or "checked" in has):
            self.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.is_form:
            self.is_form, self.is_done = False, True


def form_of(page: str) -> Fields:
    """What the form of a page would send as it stands."""
    form = _Form()
    form.feed(page)
    return form.fields


def check(ask: Ask, answer: Answer) -> None:
    """Raises WrongAnswer if this is not the right answer."""
    told = answer.headers.get("location", "") if 300 <= answer.status < 400 else answer.text
    if answer.status != ask.status or ask.holds not in told:
        seen = " ".join(told.split())[:300]
        raise WrongAnswer(f"{ask.path} answered {answer.status} without {ask.holds!r}: {seen}")


@dataclass
class Round:
    """One measure: the requests made ready, then sent on so many lines at once."""

    spec: Spec
    ready: Iterator[tuple[Ask, bytes]] = field(init=False)
    taken: list[tuple[float, Ask, Answer]] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)
    beside: float = 0.0
    """Milliseconds of processor that went to what is sent outside the clock."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        line = Line(self.spec.host, self.spec.port, self.spec.cookie)
        once: dict[str, Fields] = {}
        self.ready = iter([self._made_ready(line, turn, once) for turn in range(self.spec.times)])
        line.close()

    def _made_ready(self, line: Line, turn: int, once: dict[str, Fields]) -> tuple[Ask, bytes]:
        ask = self.spec.asks[turn % len(self.spec.asks)]
        if ask.typed is None:
            return ask, line.request(ask.path)
        if ask.makes_record or ask.path not in once:
            once[ask.path] = form_of(line.send(line.request(ask.path)).text)
        return ask, line.request(ask.path, {**once[ask.path], **ask.typed})

    def take(self) -> Told:
        """Sends all, then looks at the answers."""
        lines = [Line(self.spec.host, self.spec.port, self.spec.cookie) for _ in range(self.spec.concurrency)]
        threads = [threading.Thread(target=self._work, args=(line,)) for line in lines]
        began, spent = time.perf_counter(), self._spent()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took, spent = time.perf_counter() - began, self._spent() - spent - self.beside
        if self.failed:
            raise self.failed[0]
        for _seconds, ask, answer in self.taken:
            check(ask, answer)
        return self._told(took, spent)

    def _spent(self) -> float:
        return milliseconds(tree(self.spec.server)) if self.spec.server else 0.0

    def _told(self, took: float, spent: float) -> Told:
        times = sorted(seconds * 1000 for seconds, _ask, _answer in self.taken)
        wire = statistics.median(answer.wire for _seconds, _ask, answer in self.taken)
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        rate = len(times) / (took if self.spec.before is None else sum(times) / 1000)
        return Told(statistics.median(times), p95, rate, round(wire), len(times), spent / len(times))

    def _work(self, line: Line) -> None:
        saver = Line(self.spec.host, self.spec.port, self.spec.before_cookie)
        try:
            while (given := self._next()) is not None:
                ask, request = given
                if self.spec.before is not None:
                    spent = self._spent()
                    _do(saver, self.spec.before)
                    saver.close()  # a weighty page lasts longer than a server keeps a silent line
                    self.beside += self._spent() - spent
                began = time.perf_counter()
                answer = line.send(request)
                took = time.perf_counter() - began
                self.taken.append((took, ask, answer))
        except Exception as problem:
            self.failed.append(problem)

    def _next(self) -> tuple[Ask, bytes] | None:
        with self._lock:
            return next(self.ready, None)


def _do(line: Line, ask: Ask) -> None:
    """Sends one form outside the clock."""
    form = form_of(line.send(line.request(ask.path)).text)
    check(ask, line.send(line.request(ask.path, {**form, **(ask.typed or {})})))


def measure(spec: Spec) -> Told:
    """Sends what the spec asks for, in this process."""
    return Round(spec).take()


def spec_of(told: Mapping[str, Any]) -> Spec:
    """A spec from JSON."""
    before = told.get("before")
    asks = [Ask(**ask) for ask in told["asks"]]
    return Spec(**{**told, "asks": asks, "before": Ask(**before) if before else None})


def main(read: Callable[[], str] = sys.stdin.read) -> None:
    """Reads a spec, writes what came of it; with `sign_in` alone, the cookie of the session."""
    spec = spec_of(json.loads(read()))
    if spec.sign_in is not None:
        told: dict[str, Any] = {"cookie": Line(spec.host, spec.port).sign_in(spec.sign_in)}
    else:
        told = asdict(measure(spec))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
