"""Inbound referrals: noted as told, then accepted, which opens a case, or declined with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile, Intake, IntakeAnswer
from clinic.cases.queries import cases_visible_to
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal


class TellsNothing(Refusal):
    """A referral of which nothing is said."""

    message = _l("Write the name as told, or something about the child.")
    field = "child_name"


class AnsweredAlready(Refusal):
    """Somebody answered meanwhile."""

    message = _l("Somebody has answered this referral already.")


def find_intake(intake_id: uuid.UUID, *, reader: Reader) -> Intake | None:
    """An inbound referral that exists for the reader. Only those who answer them come here (INTAKE_READ)."""
    return session.scalar(select(Intake).where(Intake.id == intake_id, *_exist_for(reader)))


def _exist_for(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """The referrals of the reader's clinic, but those that became a case that does not exist for the reader."""
    of_case = or_(Intake.case_id.is_(None), Intake.case_id.in_(cases_visible_to(reader)))
    return Intake.clinic_id == reader.clinic_id, of_case


def list_intakes(
    *, reader: Reader, waiting: bool = True, after: int = 0, limit: int = 25
) -> tuple[Sequence[Intake], int]:
    """Referrals that wait, the urgent and then the oldest first; or the answered, the latest first. And how many."""
    where = [*_exist_for(reader)]
    where.append(Intake.answer == IntakeAnswer.WAITING if waiting else Intake.answer != IntakeAnswer.WAITING)
    order = (Intake.urgent.desc(), Intake.received_on, Intake.id) if waiting else (Intake.answered_at.desc(), Intake.id)
    total = session.scalar(select(func.count()).select_from(Intake).where(*where)) or 0
    return session.scalars(select(Intake).where(*where).order_by(*order).offset(after).limit(limit)).all(), total


def note_intake(values: Mapping[str, Any], *, by: Reader, intake_id: uuid.UUID | None = None) -> Intake:
    """Notes an inbound referral; the same id again is answered with the first. Raises TellsNothing."""
    if not (values.get("child_name") or values.get("child_about")):
        raise TellsNothing
    if intake_id is not None and (there := session.get(Intake, intake_id)) is not None:
        return there
    intake = Intake(id=intake_id, recorded_by=by.staff_id, **values)
    session.add(intake)
    session.flush()
    chain.record("intake.noted", subject=intake, detail=intake.referral_source)
    return intake


def accept(intake: Intake, case: CaseFile, *, by: Reader) -> None:
    """The referral became a case. Raises AnsweredAlready."""
    _answer(intake, IntakeAnswer.ACCEPTED, by)
    intake.case_id = case.id
    session.flush()
    chain.record("intake.accepted", subject=intake, case_id=case.id)


def decline(intake: Intake, *, by: Reader, note: str) -> None:
    """The referral is declined, with the reason. Raises AnsweredAlready."""
    _answer(intake, IntakeAnswer.DECLINED, by)
    intake.answer_note = note
    session.flush()
    chain.record("intake.declined", subject=intake)


def _answer(intake: Intake, answer: IntakeAnswer, by: Reader) -> None:
    if intake.answer != IntakeAnswer.WAITING:
        raise AnsweredAlready
    intake.answer, intake.answered_by, intake.answered_at = answer, by.staff_id, clock.now()
