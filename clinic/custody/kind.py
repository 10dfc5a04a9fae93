"""The custody period as a kind of step: an interval in one place on one legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_

from clinic import clock
from clinic.access.permissions import Lane
from clinic.cases import dates
from clinic.cases.kinds import Field, Shape, Side, StepKind, Tag
from clinic.cases.models import CaseFile
from clinic.custody import rules
from clinic.custody.models import CustodyPeriod
from clinic.custody.rules import Breach
from clinic.languages import _, _l
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer, StepState

BREACH_WORDS: Mapping[Breach, str] = {
    Breach.ORDER_OVER: _l("Held after the order ended"),
    Breach.WITH_ADULTS: _l("Held with adults"),
    Breach.BODY_NOT_AUTHORISED: _l("Held by a body that may not hold children"),
    Breach.NO_FAMILY_VISIT: _l("No family visit"),
    Breach.NO_LAWYER_VISIT: _l("No lawyer visit"),
    Breach.NO_EDUCATION: _l("No schooling while held"),
}

FIELDS = (
    Field("place", _l("Where the child is held"), Shape.CODE, list="custody_place", required=True,
          section=_l("Where and on whose word"), question=_l("Where is or was the child held?"),
          hint=_l("Another place, or another legal basis, starts a new period.")),
    Field("legal_basis", _l("Legal basis"), Shape.CODE, list="legal_basis", required=True,
          question=_l("On whose word is or was the child held?")),
    Field("holding_body", _l("Body that holds the child"), Shape.CODE, list="holding_body",
          question=_l("Which body holds or held the child?")),
    Field("began", _l("Began at"), Shape.MOMENT, required=True),
    Field("ordered_by", _l("Who ordered it"), Shape.LINE, section=_l("The order"), quiet=True,
          hint=_l("Name and office.")),
    Field("order_number", _l("Number of the order"), Shape.LINE, quiet=True),
    Field("order_ends_on", _l("The order allows until"), Shape.DATE,
          hint=_l("The last day that the order in force allows.")),
    Field("separated_from_adults", _l("Separated from adults"), Shape.ANSWER, section=_l("How the child is held"),
          hint=_l("In the cell, in court and on the way."), question=_l("Is or was the child separated from adults?")),
    Field("family_visit", _l("Family visit"), Shape.ANSWER, question=_l("Was the family allowed to visit?")),
    Field("family_visit_on", _l("Last family visit on"), Shape.DATE, quiet=True),
    Field("lawyer_visit", _l("Lawyer visit"), Shape.ANSWER, question=_l("Did the lawyer visit the child?")),
    Field("education_access", _l("Schooling while held"), Shape.ANSWER,
          question=_l("Does the child get schooling while held?")),
    Field("solitary", _l("Held alone in a cell"), Shape.ANSWER, quiet=True),
    Field("conditions_note", _l("How the child is treated there"), Shape.TEXT),
    Field("ended", _l("Ended at"), Shape.MOMENT, section=_l("The end"),
          hint=_l("Leave it open while the child is held there.")),
    Field("release_reason", _l("Why it ended"), Shape.CODE, list="release_reason"),
    Field("note", _l("Note for the defence"), Shape.TEXT, section=_l("For the lawyer")),
)  # fmt: skip


def _check(values: Mapping[str, Any], _case: CaseFile, state: StepState) -> None:
    dates.refuse_a_day_to_come("began", values.get("began"), state)
    dates.refuse_a_day_to_come("ended", values.get("ended"), state)
    rules.check(values)


def _tags(step: CustodyPeriod, held: frozenset[Lane]) -> tuple[Tag, ...]:
    authorised = lists.lists()["holding_body"].codes_with("authorised")
    found = rules.breaches(step, today=clock.today(), authorised=authorised)
    tags = [Tag(str(BREACH_WORDS[breach]), "alarm") for breach in found]
    if Lane.ILL_TREATMENT in held and step.solitary == Answer.YES:
        tags.append(Tag(_("Held alone in a cell"), "alarm"))
    if step.ended is None:
        tags.insert(0, Tag(_("Held now"), "warn"))
    return tuple(tags)


def _title(step: CustodyPeriod) -> str:
    if step.place is None:
        return _("In custody")
    return _("In custody: %(place)s", place=lists.label("custody_place", step.place))


_TABLE = CustodyPeriod.__table__.c

PERIOD = StepKind(
    code="custody_period",
    room="custody",
    model=CustodyPeriod,
    label=_l("In custody"),
    plural=_l("Custody"),
    add=_l("Custody"),
    icon="custody",
    side=Side.LEGAL,
    when="began",
    fields=FIELDS,
    for_roles=frozenset({"accused"}),
    check=_check,
    tags=_tags,
    title=_title,
    runs=and_(_TABLE.id.is_not(None), _TABLE.ended_at.is_(None)),
    read_by=_l(
        "The team of this case and the coordinator read the answers and times. How the child is treated, and the notes "
        "for the defence, are read by the lawyers of this case alone."
    ),
)
