"""How sheets that are no steps are kept: which column is which attribute of which model.

A column that refers says to what. Reading and writing go by these tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from clinic.activities.models import Activity
from clinic.cases.models import CaseFile
from clinic.children.models import Child
from clinic.db import Model
from clinic.register.format import Column, Kind, Lane, Sheet

CHILD, CASE, PERSON, STEP, ROW = "child", "case", "person", "step", "row"
"""What a column may refer to: a child, a case or a step by its reference, a person by username, a row by its id."""
PLAN_PARTS = ("project", "first", "last")
"""Three columns that refer together to the period, and the project, of a target: each tells its part."""


def column(
    name: str, arabic: str, kind: Kind = Kind.TEXT, lane: Lane = Lane.FACTS, *, required: bool = False, of: str = ""
) -> Column:
    """A column beyond the contract; `of` names the list of its codes."""
    return Column(name, arabic, kind, required, of, lane, may_be_ahead=True, further=True)


def column_of_codes(
    name: str, arabic: str, codes: type[StrEnum], kind: Kind = Kind.CODE, *, required: bool = False
) -> Column:
    """A column of codes that are the program's own."""
    own = tuple(code.value for code in codes)
    return Column(name, arabic, kind, required, unknown=False, own_codes=own, further=True)


def column_of_reference(name: str, arabic: str) -> Column:
    return column(name, arabic, Kind.REFERENCE)


def column_of_case(required: bool = True) -> Column:
    """The case that a row belongs to."""
    return Column("case_ref", "رقم القضية", Kind.REFERENCE, required, further=True)


def column_of_person(name: str, arabic: str, required: bool = False) -> Column:
    return column(name, arabic, Kind.USERNAME, required=required)


def column_of_date(name: str, arabic: str, required: bool = False) -> Column:
    return column(name, arabic, Kind.DATE, required=required)


def column_of_identity(name: str, arabic: str) -> Column:
    return column(name, arabic, lane=Lane.IDENTITY)


@dataclass(frozen=True)
class Kept:
    """A sheet whose rows are rows of one model."""

    sheet: Sheet
    model: type[Model]
    attributes: dict[str, str] = field(default_factory=dict)
    """The attributes that bear another name than their column."""
    refers: dict[str, str] = field(default_factory=dict)
    """Columns that refer: to what."""
    virtual: frozenset[str] = frozenset()
    """Columns that are kept elsewhere than in the row of the model."""
    known_by: tuple[str, ...] = ()
    """The columns by which a row is recognised."""

    @property
    def own(self) -> tuple[Column, ...]:
        """The columns that the row of the model itself holds."""
        return tuple(one for one in self.sheet.columns if one.name not in self.virtual)

    @property
    def read(self) -> tuple[Column, ...]:
        """The columns that are read through the row of the model: its own, and those that refer by it."""
        return tuple(one for one in self.sheet.columns if one.name not in self.virtual or one.name in self.refers)

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, name)


FURTHER_COLUMNS: dict[str, tuple[Column, ...]] = {
    "children": (
        Column("estimated_age", "العمر المقدّر", Kind.NUMBER, maximum=25, further=True),
        column_of_date("estimated_on", "تاريخ تقدير العمر"),
        column("age_basis", "مصدر العمر", Kind.CODE, of="age_basis"),
        column_of_reference("merged_into_ref", "دُمج في الطفل رقم"),
    ),
    "cases": (
        column_of_identity("court_number", "رقم المحكمة"),
        column_of_identity("prosecution_number", "رقم النيابة"),
        column_of_identity("summary", "ملخص"),
        column_of_reference("event_ref", "رقم الحادثة"),
        column_of_reference("merged_into_ref", "دُمجت في القضية رقم"),
    ),
    "activities": (
        column("projects", "المشاريع", Kind.CODES),
        column("place", "المكان"),
        column("note", "ملاحظة"),
        column("withdrawn_at", "وقت السحب", Kind.STAMP),
        column_of_person("withdrawn_by", "من سحبه"),
    ),
}


def children(sheet: Sheet) -> Kept:
    """The children's sheet of the whole format. The first guardian stands in a row of its own."""
    return Kept(
        sheet,
        Child,
        {
            "child_ref": "reference",
            "date_of_birth": "born_on",
            "date_of_birth_precision": "birth_precision",
            "merged_into_ref": "merged_into",
        },
        {"merged_into_ref": CHILD},
        frozenset({"guardian_name", "guardian_relationship", "guardian_phone"}),
        ("child_ref",),
    )


def cases(sheet: Sheet) -> Kept:
    """The cases' sheet of the whole format. Consent, decision and closing stand in rows of their own."""
    return Kept(
        sheet,
        CaseFile,
        {
            "case_ref": "reference",
            "child_ref": "child_id",
            "child_role": "role",
            "alleged_offence": "offences",
            "lawyer": "lawyer_id",
            "counsellor": "counsellor_id",
            "event_ref": "event_id",
            "merged_into_ref": "merged_into",
        },
        {"child_ref": CHILD, "lawyer": PERSON, "counsellor": PERSON, "event_ref": ROW, "merged_into_ref": CASE},
        frozenset({"consent_given_on", "closed_on", "closure_reason"}),
        ("case_ref",),
    )


def activities(sheet: Sheet) -> Kept:
    """The activities' sheet of the whole format."""
    return Kept(sheet, Activity, {"activity_ref": "reference"}, {"withdrawn_by": PERSON}, known_by=("activity_ref",))
