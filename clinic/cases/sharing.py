"""What somebody outside was told of a child, and under which consent: noted in the ledger, or told with a step.

A room whose steps tell something (a referral's letter) hands over how to find it, so that nothing is noted twice.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import Consent, ConsentPurpose, Sharing
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.lists import folded


class SharesNothing(Refusal):
    """Something was shared, and nobody says what."""

    message = _l("Write what was shared.")
    field = "what"


class SharedWithNobody(Refusal):
    """Something was shared with nobody."""

    message = _l("Write with whom it was shared.")
    field = "to_whom"


class NoConsentThen(Refusal):
    """Shared on a day on which the consent was not in force."""

    message = _l("This consent was not in force on this day. Choose another day, or note the consent that was.")
    field = "shared_on"


class NotWithThem(Refusal):
    """Shared with somebody whom the consent does not name."""

    message = _l("This consent names somebody else. Note a consent that names them first.")
    field = "to_whom"


@dataclass(frozen=True)
class Shared:
    """Something that was told to somebody outside; `step_id` where a step of the case told it."""

    consent_id: uuid.UUID | None
    on: date
    to_whom: str
    what: str
    recorded_by: uuid.UUID | None = None
    step_id: uuid.UUID | None = None


Teller = Callable[[uuid.UUID], Iterable[Shared]]
_tellers: dict[str, Teller] = {}


def told_by(**tellers: Teller) -> None:
    """Makes these the kinds of step that tell somebody outside; done once, where the house is wired."""
    _tellers.clear()
    _tellers.update(tellers)


def by_consent(shared: Iterable[Shared]) -> Mapping[uuid.UUID | None, Sequence[Shared]]:
    """What was shared by the consent that covers it; under None, what went without one."""
    found: defaultdict[uuid.UUID | None, list[Shared]] = defaultdict(list)
    for each in shared:
        found[each.consent_id].append(each)
    return found


def everything_shared(
    case_id: uuid.UUID, consents: Iterable[Consent], kinds: Collection[str] | None = None
) -> Sequence[Shared]:
    """All that was shared in a case whose ledger holds these consents, the latest first.

    `kinds` are those of which the case has a step, where that is known: of others nothing is asked.
    """
    own = [
        Shared(one.consent_id, one.shared_on, one.to_whom or "", one.what or "", one.recorded_by)
        for consent in consents
        for one in consent.sharings
    ]
    asked = [tell for kind, tell in _tellers.items() if kinds is None or kind in kinds]
    told = [shared for tell in asked for shared in tell(case_id)]
    return sorted([*own, *told], key=lambda shared: shared.on, reverse=True)


def is_same_body(named: str, told: str | None) -> bool:
    """Whether one of two names of an organisation or person holds the other, spelled either way."""
    one, other = folded(named), folded(told or "")
    return bool(other) and (one in other or other in one)


def note_shared(
    consent: Consent, *, what: str | None, to_whom: str | None, shared_on: date, by: Reader, sharing_id: uuid.UUID
) -> Sharing:
    """Notes what was shared under a consent; the same form again is answered with the first.

    Raises SharesNothing, SharedWithNobody, NoConsentThen, NotWithThem.
    """
    if (there := session.get(Sharing, sharing_id)) is not None:
        return there
    refuse_unless_allowed(consent, what, to_whom, shared_on)
    sharing = Sharing(
        id=sharing_id,
        case_id=consent.case_id,
        consent_id=consent.id,
        shared_on=shared_on,
        recorded_by=by.staff_id,
        to_whom=to_whom,
        what=what,
    )
    session.add(sharing)
    session.flush()
    chain.record("consent.shared", subject=sharing, case_id=consent.case_id, detail=consent.purpose)
    return sharing


def refuse_unless_allowed(consent: Consent, what: str | None, to_whom: str | None, day: date) -> None:
    """Raises what says why something may not be shared: SharesNothing, SharedWithNobody, NoConsentThen, NotWithThem."""
    if not what:
        raise SharesNothing
    if not to_whom:
        raise SharedWithNobody
    if not consent.stands_on(day):
        raise NoConsentThen
    if consent.purpose == ConsentPurpose.REFERRAL and consent.to_whom and not is_same_body(consent.to_whom, to_whom):
        raise NotWithThem


def may_be_shared_under(consent: Consent) -> bool:
    """Whether something of the child may be told under it: not under a refusal, nor for figures without a name."""
    return not consent.refused and consent.purpose != ConsentPurpose.STATISTICS
