"""The sheets of what the clinic set out to do: periods with targets, the targets, the paragraphs of the report.

A target and a paragraph name the period and the project that they are for; a period that nobody has is made.
"""

from __future__ import annotations

from clinic.register.format import Kind, Sheet
from clinic.register.kept import PERSON, PLAN_PARTS, Kept, column, column_of_date, column_of_person
from clinic.targets.models import Narrative, Target, TargetPlan

_PLAN = (
    column("project", "المشروع", Kind.CODE),
    column_of_date("first", "من", required=True),
    column_of_date("last", "إلى", required=True),
)
_PLAN_ATTRIBUTES = dict.fromkeys(PLAN_PARTS, "plan_id")
_PLAN_REFERS = {part: part for part in PLAN_PARTS}

PLANS = Kept(
    Sheet(
        "target_periods",
        "فترات الأهداف",
        (
            *_PLAN,
            column_of_person("made_by", "من أنشأها", required=True),
            column("made_at", "وقت الإنشاء", Kind.STAMP, required=True),
        ),
        further=True,
    ),
    TargetPlan,
    refers={"made_by": PERSON},
    known_by=PLAN_PARTS,
)

TARGETS = Kept(
    Sheet(
        "targets",
        "الأهداف",
        (
            *_PLAN,
            column("indicator", "المؤشر", Kind.CODE, required=True),
            column("value", "الهدف", Kind.DECIMAL),
            column_of_person("set_by", "من وضعه", required=True),
            column("set_at", "وقت الوضع", Kind.STAMP, required=True),
        ),
        further=True,
    ),
    Target,
    _PLAN_ATTRIBUTES,
    {**_PLAN_REFERS, "set_by": PERSON},
    frozenset(PLAN_PARTS),
    (*PLAN_PARTS, "indicator"),
)

NARRATIVES = Kept(
    Sheet(
        "narratives",
        "فقرات التقرير",
        (
            *_PLAN,
            column("section", "القسم", Kind.CODE, required=True),
            column("ar", "بالعربية"),
            column("en", "بالإنجليزية"),
            column_of_person("written_by", "من كتبها", required=True),
            column("written_at", "وقت الكتابة", Kind.STAMP, required=True),
        ),
        further=True,
    ),
    Narrative,
    _PLAN_ATTRIBUTES,
    {**_PLAN_REFERS, "written_by": PERSON},
    frozenset(PLAN_PARTS),
    (*PLAN_PARTS, "section"),
)

AIMS = (PLANS, TARGETS, NARRATIVES)
