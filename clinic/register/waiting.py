"""Registers that a person uploaded and did not yet bring in: since when they wait, and what was found in them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from clinic.access.reader import Reader
from clinic.jobs import spool
from clinic.jobs.models import Job
from clinic.jobs.queries import list_own


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
