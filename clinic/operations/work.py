"""What the clinic's computer does by itself: every night a copy of the clinic, where the settings say."""

from __future__ import annotations

from clinic.jobs.kinds import Daily, JobKind, Ready, TryAgain, Work
from clinic.languages import _l
from clinic.operations import backup


def copy(work: Work) -> Ready:
    """Copies the clinic. Where the settings name no place, the administrator's desk says that nobody keeps copies."""
    if work.settings.backup_to is None:
        return Ready()
    try:
        made = backup.make(work.settings)
    except backup.NoBackup as problem:
        raise TryAgain from problem
    return Ready(answer={"rows": made.rows})


KIND = JobKind(code="backup", label=_l("Backup"), run=copy, regularly=Daily(hour=2))
