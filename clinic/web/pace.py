"""How fast one person may ask for pages: faster than anybody works, slower than a program that copies the files.

Counted for each person, all their browsers together, in the memory of the process that answers: no page waits for it,
and nothing is written but, once in a quarter of an hour, that somebody was held back, which the coordinators are shown
among the unusual days. What ends or protects something (signing out, the seal, an emergency) is never held back.
"""

from __future__ import annotations

import math
import threading
import uuid
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from flask import Flask, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from clinic.audit import readings

NOTED_AGAIN_AFTER: Final = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """So many one after the other, and so many a minute in the long run."""

    kind: str
    at_once: int
    a_minute: int


FILES = Pace("files", at_once=120, a_minute=40)
"""Pages of one case, child or step: what a copy of the files would have to be made of."""
SEARCHES = Pace("searches", at_once=60, a_minute=30)
"""A search asks while one types."""
TAKING_OUT = Pace("taking out", at_once=30, a_minute=10)
"""Papers, files, the report, and the rows behind its figures."""

TAKES_OUT: Final = frozenset(
    {
        "activities.on_paper",
        "cases.summary",
        "handover.prepare",
        "jobs.result",
        "police.note",
        "referrals.letter",
        "register.take_out",
        "reports.download",
        "reports.figure",
        "reports.prepare",
        "reports.show",
        "steps.on_paper",
    }
)
NEVER_HELD_BACK: Final = frozenset({"static", "staff.sign_out", "staff.end_session", "staff.end_other_sessions"})
_NEVER_IN: Final = frozenset({"operations", "emergency"})


class Paces:
    """When each person may ask again, by kind of page."""

    def __init__(self) -> None:
        self._lasts: dict[tuple[uuid.UUID, str], float] = {}  # until when all that was asked for lasts, at that pace
        self._noted: dict[uuid.UUID, float] = {}
        self._lock = threading.Lock()

    def wait(self, who: uuid.UUID, *paces: Pace) -> float:
        """Seconds that the person has to wait; 0 if they need not, and then what they ask for is counted."""
        now, wait = monotonic(), 0.0
        with self._lock:
            lasts = {}
            for pace in paces:
                each = 60 / pace.a_minute
                lasts[who, pace.kind] = until = max(self._lasts.get((who, pace.kind), now), now) + each
                wait = max(wait, until - now - pace.at_once * each)
            if not wait:
                self._lasts.update(lasts)
        return wait

    def is_news(self, who: uuid.UUID) -> bool:
        """Whether it is to be noted that somebody was held back."""
        now = monotonic()
        with self._lock:
            is_news = now - self._noted.get(who, -math.inf) >= NOTED_AGAIN_AFTER
            if is_news:
                self._noted[who] = now
        return is_news


def init_app(app: Flask, *, pages_a_minute: int) -> None:
    """Holds back who asks too fast, with 429 and the seconds to wait; 0 pages a minute counts nothing."""
    if not pages_a_minute:
        return
    pages = Pace("pages", at_once=2 * pages_a_minute, a_minute=pages_a_minute)
    paces = Paces()

    @app.before_request
    def _hold_back() -> None:
        if g.signed_in is None or _is_never_held_back():
            return
        wait = paces.wait(g.signed_in.staff_id, pages, *_own_pace())
        if wait > 0:
            if paces.is_news(g.signed_in.staff_id):
                readings.record(readings.HELD_BACK)
            raise TooManyRequests(retry_after=math.ceil(wait))


def _is_never_held_back() -> bool:
    return request.endpoint in NEVER_HELD_BACK or request.blueprint in _NEVER_IN


def _own_pace() -> list[Pace]:
    """The pace of this kind of page, besides that of all pages."""
    if request.endpoint in TAKES_OUT:
        return [TAKING_OUT]
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "asks", False):
        return [SEARCHES]
    return [FILES] if getattr(view, "finders", None) else []
