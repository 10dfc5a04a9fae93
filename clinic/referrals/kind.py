"""The kind of step of a referral out."""

from __future__ import annotations

import uuid
from typing import Any

from clinic import clock
from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, OwnPage, Shape, Side, StepKind, Tag, Values
from clinic.cases.models import CaseFile
from clinic.languages import _, _l
from clinic.referrals import queries, rules
from clinic.referrals.models import Referral
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import ReferralStatus, StepState


def _title(referral: Referral) -> str:
    if referral.service is None:
        return _("Referral")
    return _("Referral: %(service)s", service=lists.label("service", referral.service))


def _tags(referral: Any, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    tags = []
    if rules.is_overdue(referral.status, referral.answer_due_on, clock.today()):
        tags.append(Tag(_("Answer overdue"), "warn"))
    if referral.status == ReferralStatus.COMPLETED:
        tags.append(Tag(_("Completed"), "good"))
    if referral.consent_id is None:
        tags.append(Tag(_("Without consent"), "warn"))
    return tuple(tags)


def _check(values: Values, case: CaseFile, state: StepState) -> None:
    rules.check(values, case, state)
    if not values.get("without_consent") and _consent_to(values, case) is None:
        raise rules.NoConsent


def _consent_to(values: Values, case: CaseFile) -> uuid.UUID | None:
    consent = queries.consent_to(case.id, values.get("agency"), values["referred_on"])
    return consent.id if consent else None


def _also(values: Values, case: CaseFile) -> Values:
    return {"consent_id": _consent_to(values, case)} if "referred_on" in values else {}


def _pages(referral: Referral) -> tuple[OwnPage, ...]:
    return (OwnPage(_("Letter"), "paper", "referrals.letter", {"step_id": referral.id}),)


REFERRAL = StepKind(
    code="referral",
    room="referrals",
    model=Referral,
    label=_l("Referral"),
    plural=_l("Referrals"),
    add=_l("Refer the child"),
    icon="referral",
    side=Side.TEAM,
    when="referred_on",
    check=_check,
    also=_also,
    pages=_pages,
    tags=_tags,
    title=_title,
    read_by=_l("The team of this case reads this. The letter holds only what stands under “What they are told”."),
    fields=(
        Field("referred_on", _l("Day of the referral"), Shape.DATE, required=True),
        Field("agency", _l("To which organisation"), Shape.LINE, required=True),
        Field("contact_person", _l("To whom there"), Shape.LINE, seldom=True, quiet=True),
        Field("service", _l("For what"), Shape.CODE, list="service", required=True),
        Field(
            "shared",
            _l("What they are told"),
            Shape.TEXT,
            section=_l("What is shared"),
            hint=_l("As little as serves the child. The letter holds this and nothing else of the file."),
        ),
        Field(
            "without_consent",
            _l("Without consent, because"),
            Shape.LINE,
            seldom=True,
            quiet=True,
            hint=_l("Only where nobody agreed to this referral and the child needs it all the same."),
        ),
        Field("note", _l("Note"), Shape.TEXT, hint=_l("Only counsellors read it. It is not in the letter.")),
        Field("answer_due_on", _l("Answer expected by"), Shape.DATE, section=_l("What became of it"), quiet=True),
        Field("status", _l("Where it stands"), Shape.CODE, list="referral_status", required=True),
        Field("completed_on", _l("Completed on"), Shape.DATE, seldom=True),
    ),
)
