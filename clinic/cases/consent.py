"""The ledger of consents: for what, by whom, how, until when; confirmed, withdrawn. A line is never taken away."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile, Consent, ConsentForm, ConsentPurpose
from clinic.cases.queries import is_visible_to
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal


class NobodyConsents(Refusal):
    """A line of the ledger with nobody who said yes or no."""

    message = _l("Say who was asked: the guardian, the child, or both.")
    field = "by_guardian"


class NeedsADayToConfirm(Refusal):
    """A consent for now without the day by which it is to be confirmed."""

    message = _l("Say by which day it is to be confirmed.")
    field = "confirm_by"


class NeedsARecipient(Refusal):
    """A consent to a referral to nobody."""

    message = _l("Say to whom the child is referred.")
    field = "to_whom"


class NothingToConfirm(Refusal):
    """The consent needs no confirmation."""

    message = _l("This consent needs no confirmation any more.")


class WithdrawnAlready(Refusal):
    """The consent was withdrawn."""

    message = _l("This consent was withdrawn already.")


class BeforeItWasGiven(Refusal):
    """A day before the consent was given."""

    message = _l("This day lies before the consent was given.")


@dataclass(frozen=True, kw_only=True)
class ConsentGiven:
    """What is said of a consent."""

    purpose: str = ConsentPurpose.SERVICE
    by_guardian: bool = False
    by_child: bool = False
    form: str = ConsentForm.WRITTEN
    refused: bool = False
    given_on: date | None = None
    until: date | None = None
    confirm_by: date | None = None
    to_whom: str | None = None
    note: str | None = None


def find_consent(consent_id: uuid.UUID, *, reader: Reader) -> Consent | None:
    """A line of the ledger of a case that exists for the reader."""
    return session.scalar(
        select(Consent)
        .join(CaseFile, CaseFile.id == Consent.case_id)
        .where(Consent.id == consent_id, is_visible_to(reader))
        .options(joinedload(Consent.case).joinedload(CaseFile.child))
    )


def give_consent(case: CaseFile, given: ConsentGiven, *, by: Reader, consent_id: uuid.UUID | None = None) -> Consent:
    """Adds a line to the ledger; the same id again is answered with the first.

    Raises NobodyConsents, NeedsADayToConfirm, NeedsARecipient.
    """
    if consent_id is not None and (there := session.get(Consent, consent_id)) is not None:
        return there
    _refuse_unless_complete(given)
    form, purpose = ConsentForm(given.form), ConsentPurpose(given.purpose)
    consent = Consent(
        id=consent_id,
        case_id=case.id,
        purpose=purpose,
        given_by_guardian=given.by_guardian,
        given_by_child=given.by_child,
        form=form,
        refused=given.refused,
        given_on=given.given_on or clock.today(),
        until=given.until,
        confirm_by=given.confirm_by if form == ConsentForm.PROVISIONAL else None,
        recorded_by=by.staff_id,
        to_whom=given.to_whom,
        note=given.note,
    )
    session.add(consent)
    session.flush()
    chain.record("consent.refused" if given.refused else "consent.given", subject=consent, detail=purpose.value)
    return consent


def _refuse_unless_complete(given: ConsentGiven) -> None:
    if not (given.by_guardian or given.by_child):
        raise NobodyConsents
    if given.form == ConsentForm.PROVISIONAL and given.confirm_by is None:
        raise NeedsADayToConfirm
    if given.purpose == ConsentPurpose.REFERRAL and not given.to_whom:
        raise NeedsARecipient


def confirm_consent(consent: Consent, *, on: date) -> None:
    """A consent given for now is confirmed. Raises NothingToConfirm, BeforeItWasGiven."""
    if not consent.waits_for_confirmation:
        raise NothingToConfirm
    if on < consent.given_on:
        raise BeforeItWasGiven(field="confirmed_on")
    consent.confirmed_on = on
    session.flush()
    chain.record("consent.confirmed", subject=consent, detail=consent.purpose)


def withdraw_consent(consent: Consent, *, on: date, because: str | None) -> None:
    """Consent is withdrawn; what was shared before stays known. Raises WithdrawnAlready, BeforeItWasGiven."""
    if consent.withdrawn_on is not None:
        raise WithdrawnAlready
    if on < consent.given_on:
        raise BeforeItWasGiven(field="withdrawn_on")
    consent.withdrawn_on, consent.withdrawn_because = on, because
    session.flush()
    chain.record("consent.withdrawn", subject=consent, detail=consent.purpose)
