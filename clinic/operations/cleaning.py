"""What is thrown away by itself: drafts, forms that met an ended session, old sessions, what waited for a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from clinic import clock, db
from clinic.db import session
from clinic.jobs import actions
from clinic.jobs.kinds import Daily, Every, JobKind, Ready, Work, begin_writing
from clinic.languages import _l
from clinic.staff.models import StaffSession
from clinic.web import drafts

SESSIONS_REMEMBERED_FOR = timedelta(days=30)


def clean(_work: Work) -> Ready:
    """Throws away what had its time."""
    begin_writing()
    drafts.age_out()
    _forget_sessions()
    return Ready()


def _forget_sessions() -> None:
    """Sessions that were last used long ago: they are over, whether anybody ended them or not."""
    old = StaffSession.used_at < clock.now() - SESSIONS_REMEMBERED_FOR
    own = StaffSession.clinic_id == db.current_clinic.get()
    session.execute(delete(StaffSession).where(own, old), execution_options={"synchronize_session": False})


def clean_spool(_work: Work) -> Ready:
    """Throws away results and uploads that waited for a day."""
    begin_writing()
    actions.age_out()
    return Ready()


KINDS = (
    JobKind(code="cleaning", label=_l("Cleaning"), run=clean, regularly=Daily(hour=3)),
    JobKind(code="cleaning.spool", label=_l("Cleaning"), run=clean_spool, regularly=Every(span=timedelta(hours=1))),
)
