"""What the clinic's computer does by itself: every night a copy of the clinic, where the settings say."""

from __future__ import annotations

from clinic import db
from clinic.access.permissions import Role
from clinic.jobs.kinds import Daily, JobKind, Ready, TryAgain, Work, begin_writing
from clinic.languages import _l
from clinic.operations import backup
from clinic.operations.places import NoBackup
from clinic.operations.queries import BACKUP
from clinic.staff import notices

ATTEMPTS = 9
"""Over two hours, as long as a network is often gone."""


def copy(work: Work) -> Ready:
    """Copies the clinic. Where the settings name no place, the administrator's desk says that nobody keeps copies.

    What does not pass by itself, or did not for two hours, is told to the administrators.
    """
    if work.settings.backup_to is None:
        return Ready()
    attempt = work.job.attempts
    try:
        made = backup.make(work.settings)
    except NoBackup as problem:
        if problem.may_pass and attempt < ATTEMPTS:
            raise TryAgain from problem
        begin_writing()
        notices.tell_all(Role.ADMINISTRATOR, "backup_failed")
        db.session.commit()
        raise
    return Ready(answer={"rows": made.rows})


KIND = JobKind(code=BACKUP, label=_l("Backup"), run=copy, attempts=ATTEMPTS, regularly=Daily(hour=2))
