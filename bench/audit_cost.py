"""What the record of changes costs a save, as the browser sees it and by processor.

    python -m bench.audit_cost FOLDER       (of a clinic that bench.stores made)

One server, one clinic, one form: each save is made with the chain, without it, and without the chain and the states
that it replaces, in an order drawn by chance, many times. Whatever else the machine does falls on all three alike.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import server, stores
from bench.client import Line, check, form_of
from bench.operations import STEP, operations
from bench.stores import Store

WHOLE, UNCHAINED, BARE = "whole", "unchained", "bare"
ARMS = (WHOLE, UNCHAINED, BARE)
COOKIE, SPENT = "bench-arm", "X-Bench-Spent"
AT_MOST = 15.0
"""Per cent that the record may add to a save as the browser sees it."""
_arm: ContextVar[str] = ContextVar("arm", default=WHOLE)


@dataclass(frozen=True)
class Cost:
    """Milliseconds of a save with everything, and by how many per cent each part of the record lengthens it."""

    seen: float
    spent: float
    chain_seen: float
    chain_spent: float
    record_seen: float
    record_spent: float
    times: int

    def __str__(self) -> str:
        return (
            f"a save takes {self.seen:.1f} ms, {self.spent:.1f} ms of processor; of it the chain adds "
            f"{self.chain_seen:+.1f} % seen, {self.chain_spent:+.1f} % of processor; chain and history "
            f"{self.record_seen:+.1f} % seen, {self.record_spent:+.1f} % of processor ({self.times} saves each)"
        )


# --- the server: a clinic's, in which what is measured can be left out of a request


def application() -> Any:
    """The clinic, told by a cookie what to leave out, and telling what a request took of the processor."""
    from sqlalchemy import event
    from sqlalchemy.orm import Session

    from clinic import versions
    from clinic.audit import actions
    from clinic.operations import serving

    app = serving.application()
    event.remove(Session, "before_commit", actions._chain)
    event.listen(Session, "before_commit", _only_in((WHOLE,), actions._chain))
    versions._keep = _only_in((WHOLE, UNCHAINED), versions._keep)
    app.wsgi_app = _Weighing(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def _only_in(arms: Iterable[str], work: Callable[..., None]) -> Callable[..., None]:
    def do(*given: Any) -> None:
        if _arm.get() in arms:
            work(*given)

    return do


@dataclass(frozen=True)
class _Weighing:
    app: Callable[..., Any]

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Any:
        named = [arm for arm in ARMS if f"{COOKIE}={arm}" in environ.get("HTTP_COOKIE", "")]
        _arm.set(named[0] if named else WHOLE)
        began = time.thread_time()

        def answer(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            spent = (time.thread_time() - began) * 1000
            return start(status, [*headers, (SPENT, f"{spent:.4f}")], *more)

        return self.app(environ, answer)


# --- the client


def measured(store: Store, port: int, times: int) -> Cost:
    """Makes the saves, so many of each kind."""
    command = [str(server.PROGRAMS / "gunicorn"), "--workers", "1", "--bind", f"{server.HOST}:{port}"]
    command += ["--worker-class", "gthread", "--threads", "1", "--keep-alive", "30", "--no-control-socket"]
    told = store.told
    asks = next(one.asks for one in operations(told, 1) if one.name == STEP)
    with server.served([*command, "bench.audit_cost:application()"], port, "/sign-in", store.settings):
        line = Line(server.HOST, port)
        cookie = line.sign_in({"username": told["lawyer"], "password": told["password"]})
        taken: list[dict[str, tuple[float, float]]] = []
        for turn in range(times + 5):  # the first ones warm up
            order = random.sample(ARMS, len(ARMS))
            taken.append({arm: _saved(line, cookie, asks[turn % len(asks)], arm) for arm in order})
        line.close()
    return _cost(taken[5:])


def _saved(line: Line, cookie: str, ask: Any, arm: str) -> tuple[float, float]:
    """A save: milliseconds as seen, and of processor."""
    line.cookie = cookie
    form = form_of(line.send(line.request(ask.path)).text)
    line.cookie = f"{line.cookie}; {COOKIE}={arm}"
    request = line.request(ask.path, {**form, **ask.typed})
    began = time.perf_counter()
    answer = line.send(request)
    seen = (time.perf_counter() - began) * 1000
    check(ask, answer)
    return seen, float(answer.headers[SPENT.lower()])


def _cost(taken: list[dict[str, tuple[float, float]]]) -> Cost:
    middle = {arm: [statistics.median(one[arm][kind] for one in taken) for kind in (0, 1)] for arm in ARMS}

    def more(than: str, kind: int) -> float:
        return (middle[WHOLE][kind] / middle[than][kind] - 1) * 100

    return Cost(
        seen=middle[WHOLE][0],
        spent=middle[WHOLE][1],
        chain_seen=more(UNCHAINED, 0),
        chain_spent=more(UNCHAINED, 1),
        record_seen=more(BARE, 0),
        record_spent=more(BARE, 1),
        times=len(taken),
    )


def main() -> None:
    """Measures one clinic, on a copy of it."""
    parser = argparse.ArgumentParser(prog="bench.audit_cost", description=__doc__)
    parser.add_argument("folder", type=Path, help="of a clinic that bench.stores made")
    parser.add_argument("--engine", default="encrypted")
    parser.add_argument("--database", default="", help="where the engine is PostgreSQL")
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--port", type=int, default=5052)
    given = parser.parse_args()
    store = Store(given.engine, 0, given.folder.absolute(), given.database)
    work = stores.copied(store, given.folder.absolute().with_name("audit-cost"))
    print(measured(work, given.port, given.times))


if __name__ == "__main__":
    main()
