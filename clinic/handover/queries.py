"""What a file holds that is handed over: one case of the child, as far as whoever hands it over may read it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clinic.access.permissions import Lane
from clinic.access.reader import Reader
from clinic.cases import page, queries
from clinic.cases.kinds import Field, StepKind, kind_of
from clinic.cases.models import CaseFile, Consent, Step
from clinic.cases.sharing import Shared, everything_shared, may_be_shared_under
from clinic.children.models import Child, Guardian
from clinic.handover.rules import fields_of


@dataclass(frozen=True)
class OwnStep:
    """A step with the answers that are the child's."""

    step: Step
    kind: StepKind
    fields: tuple[Field, ...]

    @property
    def answered(self) -> list[Field]:
        """Those of them that somebody answered."""
        return [field for field in self.fields if getattr(self.step, field.name) not in (None, ())]


@dataclass(frozen=True)
class OwnFile:
    """All that is handed over."""

    child: Child
    case: CaseFile
    lanes: frozenset[Lane]
    guardians: Sequence[Guardian]
    steps: Sequence[OwnStep]
    consents: Sequence[Consent]
    shared: Sequence[Shared]

    @property
    def is_whole(self) -> bool:
        """Whether the child's own words are in it, which not everybody may read."""
        return Lane.ILL_TREATMENT in self.lanes


def own_file(case: CaseFile, *, reader: Reader) -> OwnFile:
    """The file of a case that exists for the reader."""
    lanes = queries.seat_of(case, reader).lanes
    consents = page.consents_of(case.id)
    return OwnFile(
        child=case.child,
        case=case,
        lanes=lanes,
        guardians=page.guardians_of(case),
        steps=[_own(step, lanes) for step in page.whole_line(case.id, lanes) if step.kind != "note"],
        consents=consents,
        shared=everything_shared(case.id, consents),
    )


def _own(step: Step, lanes: frozenset[Lane]) -> OwnStep:
    kind = kind_of(step)
    return OwnStep(step, kind, fields_of(kind, lanes))


def consents_for(case_id: uuid.UUID, day: date) -> list[Consent]:
    """The consents under which a file may be handed over on a day."""
    return [one for one in page.consents_of(case_id) if one.stands_on(day) and may_be_shared_under(one)]
