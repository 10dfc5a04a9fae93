"""What others saved while a register was looked at, and whether it bears upon what the register is about.

Everything that is saved has its entry in the chain. Of what no entry tells, nothing is planned.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from clinic.audit.models import AuditEntry, AuditHead
from clinic.db import current_clinic, read_id, session
from clinic.register.plan import Plan

OF_ALL: Final = frozenset({"register", "retention", "keys", "clinic"})
"""Areas of deeds that are about more than the record that their entry names."""
OF_NO_RECORD: Final = frozenset({"account", "backup", "looks"})
"""Areas of deeds that change nothing of what a register holds of children and cases."""
ALWAYS_THERE: Final = frozenset({"clinic", "staff_member"})
"""Tables whose rows are referred to whatever is done with them."""


class Overtaken(Exception):
    """Somebody saved what the register is about after it was compared with what the clinic holds."""


class Deed(NamedTuple):
    """One entry of the chain."""

    what: str
    subject_id: uuid.UUID | None
    case_id: uuid.UUID | None

    @property
    def area(self) -> str:
        return self.what.partition(".")[0]


def end_of_chain() -> int:
    """The number of the last entry."""
    wanted = select(AuditHead.number).where(AuditHead.clinic_id == current_clinic.get())
    return session.scalar(wanted) or 0


def saved_since(number: int) -> list[Deed]:
    """What was saved after an entry."""
    mine = AuditEntry.clinic_id == current_clinic.get(), AuditEntry.number > number
    wanted = select(AuditEntry.what, AuditEntry.subject_id, AuditEntry.case_id).where(*mine)
    return [Deed(*row) for row in session.execute(wanted)]


def refuse_what_bears_upon(
    saved: Collection[Deed], plan: Plan, refers: Mapping[str, Collection[Any]], *, is_alone: bool
) -> None:
    """Raises Overtaken if one of these deeds bears upon a plan, whose new rows refer to these rows of the clinic.

    A plan that changes records, or is for an empty clinic (`is_alone`), bears nothing beside it.
    """
    if not saved:
        return
    strict = is_alone or any(found.changed for found in plan.sheets.values())
    about = {read_id(one) for name, ids in refers.items() if name not in ALWAYS_THERE for one in ids}
    for deed in saved:
        touches = bool({deed.subject_id, deed.case_id} & about)
        if touches or deed.area in OF_ALL or (strict and deed.area not in OF_NO_RECORD):
            raise Overtaken
