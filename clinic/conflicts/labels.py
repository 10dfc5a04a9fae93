"""Possible conflicts of interest in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clinic import clock, formats
from clinic.cases.models import CaseFile
from clinic.children.models import Child
from clinic.conflicts.models import ConflictGround, ConflictState, Consequence, Occasion, PossibleConflict, Reason
from clinic.conflicts.queries import Row, Whole
from clinic.languages import _, _l
from clinic.vocabularies import lists

ASK_FIRST = _l("Ask the coordinator before you go on with this case.")

REASONS: Mapping[Reason, str] = {
    Reason.CHILD: _l("called like a child of the clinic"),
    Reason.GUARDIAN: _l("called like the guardian of a child of the clinic"),
    Reason.OWN_GUARDIAN: _l("called like the child's own guardian"),
    Reason.PHONE: _l("has the phone of a guardian"),
    Reason.COLLEAGUE: _l("called like somebody who works here"),
    Reason.ROLES: _l("the child stands on two sides"),
    Reason.EVENT: _l("two children on two sides of one event"),
}

STATES: Mapping[ConflictState, str] = {
    ConflictState.OPEN: _l("To be decided"),
    ConflictState.GONE: _l("No longer alike: a name was corrected"),
    ConflictState.NONE: _l("Another person: no conflict"),
    ConflictState.SAME_PERSON: _l("The same person, but no conflict"),
    ConflictState.CONFLICT: _l("A conflict"),
}

CONSEQUENCES: Mapping[Consequence, str] = {
    Consequence.WALL: _l("Somebody is kept from a case: a wall"),
    Consequence.TEAM: _l("The team changes"),
    Consequence.DECLINE: _l("The clinic gives up a case"),
    Consequence.OTHER: _l("Something else, as written above"),
}

OCCASIONS: Mapping[Occasion, str] = {
    Occasion.OPENED: _l("a case was opened"),
    Occasion.PERSON: _l("somebody was named in a case"),
    Occasion.FAMILY: _l("a child or a guardian was named"),
    Occasion.CORRECTED: _l("a case was corrected"),
    Occasion.WHOLE: _l("all cases were checked"),
}


def reasons(conflict: PossibleConflict) -> str:
    """What speaks for a conflict, each reason once."""
    return _(", ").join(dict.fromkeys(str(REASONS[one.reason]) for one in conflict.grounds))


def name_of(child: Child | None) -> str:
    """A child in a list."""
    return (child.name or child.name_latin or child.reference) if child is not None else ""


def who(row: Row) -> str:
    """Both sides of a possible conflict, by name."""
    sides = [name_of(row.child)]
    if row.other_child is not None and row.other_child.id != row.child.id:
        sides.append(name_of(row.other_child))
    return formats.names_list(sides)


def team(case: CaseFile, names: Mapping[uuid.UUID, str]) -> str:
    """Who works in a case today, by name."""
    today = clock.today()
    on_it = dict.fromkeys(one.staff_id for one in case.team if one.serves_on(today))
    return formats.names_list(names.get(one, "") for one in on_it) or _("nobody yet")


@dataclass(frozen=True)
class Alike:
    """One thing that is alike: who stands here, who there, and how far."""

    here: str
    here_as: str
    there: str
    there_as: str
    why: str
    surely: bool


SURELY = 95


def grounds(found: Whole) -> list[Alike]:
    """Everything that is alike between the two sides, the likeliest first."""
    return [_alike(one, found) for one in found.conflict.grounds]


def _alike(ground: ConflictGround, found: Whole) -> Alike:
    here, here_as = _here(ground, found)
    there, there_as = _there(ground, found)
    return Alike(here, here_as, there, there_as, str(REASONS[ground.reason]), ground.score >= SURELY)


def _here(ground: ConflictGround, found: Whole) -> tuple[str, str]:
    if ground.reason in (Reason.ROLES, Reason.EVENT):
        return name_of(found.named.child), lists.label("child_role", found.named.role)
    if (person := found.people.get(ground.here_id)) is not None:
        gone = _(" (taken out since)") if person.withdrawn_at is not None else ""
        return person.name or person.phone or "", lists.label("other_person_role", person.role) + gone
    return _guardian(ground.here_id, found)


def _there(ground: ConflictGround, found: Whole) -> tuple[str, str]:
    if ground.reason is Reason.COLLEAGUE:
        return found.names.get(ground.there_id, ""), _("Works here")
    if ground.reason in (Reason.GUARDIAN, Reason.OWN_GUARDIAN, Reason.PHONE):
        return _guardian(ground.there_id, found)
    role = lists.label("child_role", found.other.role) if found.other is not None else _("Child")
    return name_of(found.other_child), role


def _guardian(guardian_id: object, found: Whole) -> tuple[str, str]:
    guardian = next((one for key, one in found.guardians.items() if key == guardian_id), None)
    if guardian is None:
        return "", _("Guardian")
    of = lists.label("relationship", guardian.relationship) if guardian.relationship else _("Guardian")
    return guardian.name or guardian.phone or "", of


def states(*wanted: ConflictState) -> Iterable[tuple[str, str]]:
    """States with their words, for a choice."""
    return [(one.value, str(STATES[one])) for one in wanted]
