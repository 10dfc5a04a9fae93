"""Writing counselling: a group session is entered once and becomes one step in the case of each child."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.access.reader import Reader
from clinic.cases import actions as cases
from clinic.cases.models import CaseFile, Step
from clinic.counselling import queries
from clinic.counselling.kind import SESSION
from clinic.counselling.models import CounsellingSession
from clinic.languages import _l
from clinic.refusals import AlreadyThere, Refusal
from clinic.vocabularies.fixed import SessionKind, StepState

ABSENT = "child_absent"  # of the list not_done_reason


class NobodyCame(Refusal):
    """A group session without a child in it."""

    message = _l("Choose the children of the group: who came, and who did not.")
    field = "children"


@dataclass(frozen=True)
class InGroup:
    """A child of a group, by its case: whether it came, and its own rating."""

    case: CaseFile
    came: bool
    score: int | None = None


def record_group(
    group_id: uuid.UUID, common: Mapping[str, Any], children: Sequence[InGroup], *, by: Reader
) -> Sequence[Step]:
    """Records a group session in the case of each child, with what is common to all and each child's own rating.

    A session that was planned for that day and child is completed. For a child who did not come the step says so. The
    same form sent twice answers with what was saved; with other content AlreadyThere is raised.
    """
    digest = _digest(common, children)
    there = queries.digest_of_group(group_id)
    if there is not None:
        if there == digest:
            return queries.find_group(group_id, reader=by) or ()
        raise AlreadyThere
    if not children:
        raise NobodyCame
    planned = queries.planned_groups_on(common["held_on"], [one.case.id for one in children])
    group = _Group(group_id, digest, {**common, "session_kind": SessionKind.GROUP.value}, by)
    return [group.put(one, planned.get(one.case.id)) for one in children]


def _digest(common: Mapping[str, Any], children: Sequence[InGroup]) -> bytes:
    said = {str(one.case.id): (one.came, one.score) for one in children}
    return cases.form_digest("group_session", {**common, **said}, StepState.DONE)


@dataclass(frozen=True)
class _Group:
    group_id: uuid.UUID
    digest: bytes
    common: Mapping[str, Any]
    by: Reader

    def put(self, one: InGroup, planned: CounsellingSession | None) -> Step:
        """The step of one child."""
        state = StepState.DONE if one.came else StepState.NOT_DONE
        values = {**self.common, "wellbeing_score": one.score} if one.came else self._of_the_absent()
        if planned is None:
            extra = {"group_id": self.group_id, "form_digest": self.digest}
            extra |= {} if one.came else {"not_done_reason": ABSENT}
            return cases.record(SESSION, one.case, values, by=self.by, state=state, extra=extra)
        planned.group_id, planned.form_digest = self.group_id, self.digest
        planned.not_done_reason = None if one.came else ABSENT
        return cases.correct(planned, values, version=planned.version, because=None, by=self.by, state=state)

    def _of_the_absent(self) -> dict[str, Any]:
        """What holds for a child who was not there: the day, the place, and the next time."""
        return {name: self.common.get(name) for name in ("held_on", "session_kind", "setting", "next_on")}
