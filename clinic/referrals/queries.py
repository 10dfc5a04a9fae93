"""Reading referrals: the consent that covers one, and the answers that are overdue."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from clinic.access.lanes import unloaded
from clinic.access.permissions import Lane
from clinic.access.reader import Reader
from clinic.cases import queries as cases
from clinic.cases.models import Consent, ConsentPurpose
from clinic.cases.sharing import Shared, is_same_body
from clinic.db import session
from clinic.referrals import rules
from clinic.referrals.models import Referral
from clinic.vocabularies.fixed import StepState


def consent_to(case_id: uuid.UUID, agency: str | None, day: date) -> Consent | None:
    """The consent to a referral to an agency that stands on a day: one that names it, else one that names nobody."""
    wanted = select(Consent).where(Consent.case_id == case_id, Consent.purpose == ConsentPurpose.REFERRAL)
    standing = [one for one in session.scalars(wanted.order_by(Consent.given_on.desc())) if one.stands_on(day)]
    named = [one for one in standing if one.to_whom and is_same_body(one.to_whom, agency)]
    unnamed = [one for one in standing if not one.to_whom]
    return next(iter(named + unnamed), None)


def shared_with_referrals(case_id: uuid.UUID) -> Sequence[Shared]:
    """What other organisations were told with the referrals of a case."""
    wanted = select(Referral).where(Referral.case_id == case_id, Referral.withdrawn_at.is_(None))
    made = session.scalars(
        wanted.where(Referral.state == StepState.DONE).options(
            *unloaded(Referral, frozenset({Lane.FACTS, Lane.IDENTITY}))
        )
    )
    return [
        Shared(one.consent_id, one.on_date, one.agency or "", one.shared, one.recorded_by, one.id)
        for one in made
        if one.shared
    ]


def find_referral(step_id: uuid.UUID, *, reader: Reader) -> Referral | None:
    """A referral as this reader may see it; None if it does not exist for them."""
    step = cases.find_step(step_id, reader=reader)
    return step if isinstance(step, Referral) else None


def consent_of(referral: Referral) -> Consent | None:
    """The consent under which a referral was made."""
    return session.get(Consent, referral.consent_id) if referral.consent_id else None


def is_overdue(today: date) -> ColumnElement[bool]:
    """The condition on referral that its answer should have come (`rules.is_overdue`)."""
    return and_(Referral.status.in_(sorted(rules.UNANSWERED)), Referral.answer_due_on < today)
