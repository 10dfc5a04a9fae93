"""Pages that read every record of the clinic: they are answered by one process beside the others, one after the other.

What such a page reads takes ten times the memory of any other, and reading it most of the page's time: one process
alone keeps it (`clinic.reports.keeping`). So the process that was asked signs the person in, sees that the page is
theirs, and hands the request on; it waits without holding anybody up. Whoever answers asks all that once more: nothing
is taken from the other process but the request. Where nobody answers requests that are handed on (tests, one process
alone), the page is made on the spot.
"""

from __future__ import annotations

import functools
import io
import json
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from flask import request
from werkzeug.wrappers import Response

LONGEST: Final = 120.0
"""Seconds after which nobody waits for a page any more."""
_MOST: Final = 60_000
"""Bytes of a request that can be handed on."""
_OFFERED: Final = "clinic.aside.offered"
_WANTED: Final = "clinic.aside.wanted"
_HERE: Final = "clinic.aside.here"

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
            if request.environ.get(_OFFERED) and is_weighty():
                request.environ[_WANTED] = True
                return ""
            return view(*args, **values)

        return handed_on  # type: ignore[return-value]

    return around


def is_beside() -> bool:
    """Whether this is the process beside, which tidies up when its answer is on its way."""
    return bool(request.environ.get(_HERE))


class Lines:
    """The line on which requests are handed on: made before the processes are forked, so that all of them have it."""

    def __init__(self) -> None:
        self._asking, self.hearing = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._asking.settimeout(5)

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

    def close(self) -> None:
        """Nobody hands anything on here any more."""
        self._asking.close()
        self.hearing.close()

    def heard(self) -> tuple[Asked, socket.socket]:
        """A request that was handed on, and where its answer goes."""
        said, handles, _flags, _from = socket.recv_fds(self.hearing, _MOST, 1)
        return json.loads(said), socket.socket(fileno=handles[0])


class HandsOn:
    """The application of a process that answers pages, with the weighty ones handed on."""

    def __init__(self, app: Application, lines: Lines) -> None:
        self._app = app
        self._lines = lines

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answers a request itself, or with what another process says."""
        if environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start)
        before = dict(environ)
        environ[_OFFERED] = True
        own = self._app(environ, lambda *said: _nowhere if _WANTED in environ else start(*said))
        if _WANTED not in environ:
            return own
        if hasattr(own, "close"):
            own.close()
        told = _told(self._asked({name: value for name, value in before.items() if isinstance(value, str)}))
        return self._app(before, start) if told is None else told(before, start)

    def _asked(self, asked: Asked) -> bytes:
        try:
            return self._lines.ask(asked)
        except OSError:
            return b""


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
    environ = {
        **asked,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": asked.get("wsgi.url_scheme", "http"),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        _HERE: True,
    }
    made = Response.from_app(app, environ, buffered=True)
    head = json.dumps({"status": made.status, "headers": list(made.headers)})
    line.sendall(head.encode() + b"\n" + made.get_data())
