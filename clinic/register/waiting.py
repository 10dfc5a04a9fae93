"""Registers that a person uploaded and did not yet bring in: since when they wait, and what was found in them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from clinic.access.reader import Reader
from clinic.jobs import spool
from clinic.jobs.models import Job
from clinic.jobs.queries import list_own
from clinic.languages import _l
from clinic.refusals import Refusal

MOST = 10
"""So many uploads of one person may wait, for a day each: the disk is everybody's."""


class TooManyWait(Refusal):
    message = _l("%(most)d registers of yours wait already. Bring one in or throw one away first.", most=MOST)
    field = "files"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An upload that waits. `job` is the latest work done with it in the background, if it is a large one."""

    upload_id: uuid.UUID
    since: datetime
    job: Job | None


def waiting_uploads(*, reader: Reader) -> list[Waiting]:
    """The uploads of the reader that wait, the newest first. The results of work wait beside them and are none."""
    jobs = list_own(reader=reader)
    of_upload = {job.parameters["upload"]: job for job in reversed(jobs) if "upload" in job.parameters}
    files = spool.list_ids(staff_id=reader.staff_id)
    results = {job.id for job in jobs}
    return [Waiting(one, since, of_upload.get(str(one))) for one, since in files if one not in results]


def refuse_more(*, reader: Reader) -> None:
    """Raises TooManyWait."""
    if len(waiting_uploads(reader=reader)) >= MOST:
        raise TooManyWait
