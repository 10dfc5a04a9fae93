"""Writing the periods that targets and paragraphs of a register belong to."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from clinic import clock
from clinic.register.cells import Value
from clinic.register.kept import PLAN_PARTS
from clinic.register.records import Attributes, insert_many
from clinic.register.shapes import table_of, the_clinic
from clinic.rows import with_those_inserted
from clinic.targets.models import TargetPlan


class Plans:
    """The periods that targets and paragraphs belong to."""

    def __init__(self) -> None:
        table = table_of(TargetPlan)
        parts = [table.c[part] for part in PLAN_PARTS]
        rows = with_those_inserted(select(table.c.id, *parts).where(table.c.clinic_id == the_clinic()))
        self._ids: dict[tuple[Any, ...], uuid.UUID] = {tuple(row[1:]): row[0] for row in rows}

    def id_of(self, parts: tuple[Value, ...], made: Attributes) -> uuid.UUID:
        """The period of a target or paragraph; made by who set or wrote it, then, if there is none."""
        key = (parts[0] or "", *parts[1:])
        if key not in self._ids:
            by, at = ("set_by", "set_at") if "set_by" in made else ("written_by", "written_at")
            self._ids[key] = clock.new_id()
            plan = {**dict(zip(PLAN_PARTS, key, strict=True)), "made_by": made[by], "made_at": made[at]}
            insert_many(TargetPlan, [{**plan, "id": self._ids[key]}])
        return self._ids[key]
