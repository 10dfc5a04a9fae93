"""The check for conflicts of interest as work in the background: of what was saved, and of everything each week.

What is read takes its time before anything is written. The first check of everything begins when the clinic is first
served with it, so that cases from before are checked too.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from clinic.conflicts import actions, checking, watching
from clinic.conflicts.checking import Asked
from clinic.conflicts.models import Occasion
from clinic.jobs.kinds import Every, JobKind, Ready, Work, begin_writing
from clinic.languages import _l


def _check(work: Work) -> Ready:
    asked = checking.about(_ids(work.asked["cases"]), _ids(work.asked["children"]))
    if asked.cases:
        _find_and_keep(asked, Occasion(work.asked["occasion"]), work)
    return Ready()


def _check_all(work: Work) -> Ready:
    _find_and_keep(checking.ALL, Occasion.WHOLE, work)
    return Ready()


def _find_and_keep(asked: Asked, occasion: Occasion, work: Work) -> None:
    found = checking.find(asked)
    begin_writing()
    who = work.asked.get("asked_by")
    actions.keep(asked, found, occasion, asked_by=uuid.UUID(who) if who else None)


def _ids(written: Iterable[str]) -> set[uuid.UUID]:
    return {uuid.UUID(one) for one in written}


_LABEL = _l("Check for conflicts of interest")
KINDS = (
    JobKind(code=watching.CHECK, label=_LABEL, run=_check),
    JobKind(code=watching.CHECK_ALL, label=_LABEL, run=_check_all, regularly=Every(span=timedelta(days=7))),
)
