"""Requests that are handed on to the process beside: pages that read every record, and others while it has time.

To read every record of the clinic takes ten times the memory of any other page, and most of its time: one process
alone keeps it (`clinic.reports.keeping`). So the process that was asked signs the person in, sees that the page is
theirs, and hands the request on; it waits without holding anybody up. Whoever answers asks all that once more: nothing
is taken from the other process but the request. Where nobody answers requests that are handed on (tests, one process
alone), the page is made on the spot.

A weighty page is asked for now and then. Meanwhile the process beside takes the pages off the others that they have no
time for: whoever has more in hand than waits there hands a page on, before it has looked at it. While a weighty page is
made, nothing else is.
"""

from __future__ import annotations

import functools
import io
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from flask import request
from werkzeug.wrappers import Response

from clinic.processes import counters

LONGEST: Final = 120.0
"""Seconds after which nobody waits for a page any more."""
_MOST: Final = 60_000
"""Bytes of a request that can be handed on."""
_OFFERED: Final = "clinic.aside.offered"
"""Where a view that wants its request to be handed on says so: a list."""
_HERE: Final = "clinic.aside.here"
_IS_WEIGHTY: Final = b"weighty"
"""What is said to who handed a page on like any other, and shall count it for what it is."""
_WEIGHTY: Final = 1 << 16
"""What a weighty page counts in the load of the process beside: more than anybody has in hand."""

View = TypeVar("View", bound=Callable[..., Any])
Asked = dict[str, str]
Line = socket.socket
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def answered(is_weighty: Callable[[], bool]) -> Callable[[View], View]:
    """Has a view's request answered by the process beside, where there is one and the page is weighty.

    Stands below the guard: who asks is known and may ask.
    """

    def around(view: View) -> View:
        @functools.wraps(view)
        def handed_on(*args: Any, **values: Any) -> Any:
            wanted = request.environ.get(_OFFERED)
            if wanted is not None and is_weighty():
                wanted.append(request.path)
                return ""
            return view(*args, **values)

        return handed_on  # type: ignore[return-value]

    return around


def is_beside() -> bool:
    """Whether this is the process beside, which tidies up when its answer to a weighty page is on its way."""
    return bool(request.environ.get(_HERE))


def is_weighty(asked: Mapping[str, str]) -> bool:
    """Whether a request was handed on because its page is weighty."""
    return _HERE in asked


class Lines:
    """The line on which requests are handed on, and what waits at its end, in memory that all processes see.

    Made before the processes are forked, so that all of them have it. Each counts in a cell of its own what it has
    handed on; the last cell is that of the process beside. Where that one ends, the system lets everybody know who
    waits for it, because nobody else can hear there.
    """

    def __init__(self, askers: int = 1) -> None:
        self._asking, self.hearing = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._asking.settimeout(5)
        self._load = counters(askers + 1)

    def load(self) -> int:
        """What waits for the process beside, or keeps it."""
        return sum(self._load)

    def add(self, load: int, asker: int = -1) -> None:
        """Counts what a process hands on, and takes it off when it is answered. One thread at a time."""
        self._load[asker] += load

    @contextmanager
    def kept_busy(self) -> Iterator[None]:
        """While the process beside has to do with something of its own, nothing but weighty pages is handed on."""
        self.add(_WEIGHTY)
        try:
            yield
        finally:
            self.add(-_WEIGHTY)

    def ask(self, asked: Asked) -> bytes:
        """The whole answer to a request, as `told` reads it; nothing if there is none."""
        said = json.dumps(asked).encode()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                if len(said) > _MOST:
                    return b""
                socket.send_fds(self._asking, [said], [theirs.fileno()])
            ours.settimeout(LONGEST)
            return b"".join(iter(lambda: ours.recv(1 << 18), b""))

    def only_ask(self) -> None:
        """This process hands on and hears nothing."""
        self.hearing.close()

    def close(self) -> None:
        """Nobody hands anything on here any more."""
        self._asking.close()
        self.hearing.close()

    def heard(self) -> tuple[Asked, socket.socket]:
        """A request that was handed on, and where its answer goes."""
        said, handles, _flags, _from = socket.recv_fds(self.hearing, _MOST, 1)
        return json.loads(said), socket.socket(fileno=handles[0])


class HandsOn:
    """The application of a process that answers pages, with the weighty ones handed on, and some others.

    `asker`: the cell in which it counts what it hands on.
    """

    def __init__(self, app: Application, lines: Lines, asker: int = 0) -> None:
        self._app = app
        self._lines = lines
        self._asker = asker
        self._in_hand = 0
        self._counting = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answers a request itself, or with what another process says."""
        if environ["REQUEST_METHOD"] != "GET":
            with self._has_in_hand():
                return self._app(environ, start)
        if self._goes_on():
            said = self._ask(environ, 1)
            if said == _IS_WEIGHTY:
                return self._weighty(environ, start)
            told = _told(said)
            if told is not None:
                return told(environ, start)
        before = dict(environ)
        wanted = environ[_OFFERED] = list[str]()
        with self._has_in_hand():
            own = self._app(environ, lambda *said: _nowhere if wanted else start(*said))
        if not wanted:
            return own
        if hasattr(own, "close"):
            own.close()
        return self._weighty(before, start)

    def _weighty(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self._count(_WEIGHTY)
        told = _told(self._ask({**environ, _HERE: "yes"}, _WEIGHTY))
        return self._app(environ, start) if told is None else told(environ, start)

    @contextmanager
    def _has_in_hand(self) -> Iterator[None]:
        with self._counting:
            self._in_hand += 1
        try:
            yield
        finally:
            with self._counting:
                self._in_hand -= 1

    def _goes_on(self) -> bool:
        """Whether the process beside has less to do than this one; a page is counted there then."""
        with self._counting:
            if self._lines.load() >= self._in_hand:
                return False
            self._lines.add(1, self._asker)
        return True

    def _count(self, load: int) -> None:
        with self._counting:
            self._lines.add(load, self._asker)

    def _ask(self, environ: Mapping[str, Any], load: int) -> bytes:
        """What the process beside says to a request that is counted there, if it says anything."""
        try:
            return self._lines.ask({name: value for name, value in environ.items() if isinstance(value, str)})
        except OSError:
            return b""
        finally:
            self._count(-load)


def _nowhere(_said: bytes) -> None:
    """Where what is said before a request is handed on goes."""


def _told(said: bytes) -> Response | None:
    head, newline, body = said.partition(b"\n")
    if not newline:
        return None
    told = json.loads(head)
    return Response(body, told["status"], [tuple(one) for one in told["headers"]])


def answer(app: Application, asked: Mapping[str, str], line: socket.socket) -> None:
    """Answers a request that was handed on; whoever waits for it no more is not waited for either."""
    line.settimeout(LONGEST)
    environ: dict[str, Any] = {
        **asked,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": asked.get("wsgi.url_scheme", "http"),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    wanted = list[str]()
    if not is_weighty(asked):
        environ[_OFFERED] = wanted
    made = Response.from_app(app, environ, buffered=True)
    if wanted:
        line.sendall(_IS_WEIGHTY)
        return
    head = json.dumps({"status": made.status, "headers": list(made.headers)})
    line.sendall(head.encode() + b"\n" + made.get_data())
