"""A lawyer of the clinic confirms a rule set."""

from __future__ import annotations

from sqlalchemy import select

from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.db import session
from clinic.languages import _l
from clinic.law.models import RuleSetConfirmation
from clinic.law.rules import RuleSet
from clinic.refusals import Refusal


class ReadAnotherText(Refusal):
    """The rule set is no longer the one that was read."""

    message = _l("These limits were changed after you opened the page. Read them again.")


def confirm(rules: RuleSet, *, digest: str, by: Reader) -> None:
    """Says that a rule set, as it was read, is the law. Once is enough. Raises ReadAnotherText."""
    if digest != rules.digest:
        raise ReadAnotherText
    there = session.scalar(
        select(RuleSetConfirmation).where(
            RuleSetConfirmation.clinic_id == by.clinic_id,
            RuleSetConfirmation.code == rules.code,
            RuleSetConfirmation.digest == digest,
        )
    )
    if there is None:
        confirmation = RuleSetConfirmation(code=rules.code, digest=digest, confirmed_by=by.staff_id)
        session.add(confirmation)
        session.flush()
        chain.record("law.confirmed", subject=confirmation, detail=rules.code)
