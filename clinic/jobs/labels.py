"""Work in words."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final

from clinic.access.reader import Reader
from clinic.jobs.kinds import is_known, kind_of
from clinic.jobs.models import Job, JobState
from clinic.languages import _, _l
from clinic.refusals import Refusal

STATE_LABELS: Final = {
    JobState.WAITING: _l("Not begun yet"),
    JobState.RUNNING: _l("Under way"),
    JobState.DONE: _l("Ready"),
    JobState.REFUSED: _l("Not done"),
    JobState.FAILED: _l("Broke off"),
    JobState.DROPPED: _l("Thrown away"),
}
TONES: Final = {JobState.DONE: "good", JobState.REFUSED: "warn", JobState.FAILED: "warn"}
PARTS: Final = {
    "reading": _l("Reading"),
    "checking": _l("Checking"),
    "writing": _l("Writing"),
    "counting": _l("Counting"),
    "making": _l("Making the file"),
}


def title_of(job: Job) -> str:
    """What a piece of work is called."""
    if not is_known(job.kind):
        return _("Work")
    kind = kind_of(job.kind)
    if kind.describe is None:
        return str(kind.label)
    return _("%(work)s: %(asked)s", work=kind.label, asked=kind.describe(job.parameters))


def codes_of(jobs: Collection[Job], reader: Reader) -> dict[uuid.UUID, str]:
    """What stands beside the titles, by job, as the reader may see it now."""
    told: dict[uuid.UUID, str] = {}
    for code in {job.kind for job in jobs if is_known(job.kind)}:
        look_up = kind_of(code).codes_of
        if look_up is not None:
            told |= look_up([job for job in jobs if job.kind == code], reader)
    return told


def problem_of(job: Job) -> str:
    """Why a job was not done, and what to do."""
    if job.state == JobState.FAILED:
        return _("This broke off several times. Try again later; if it happens again, tell the administrator.")
    return refusal_in_words(job.problem)


def refusal_in_words(name: str | None) -> str:
    """What a refusal says, by the name under which a job keeps it."""
    found = _refusal_named(name or "", Refusal)
    return str((found or Refusal).message)


def _refusal_named(name: str, among: type[Refusal]) -> type[Refusal] | None:
    for kind in among.__subclasses__():
        found = kind if kind.__name__ == name else _refusal_named(name, kind)
        if found is not None:
            return found
    return None
