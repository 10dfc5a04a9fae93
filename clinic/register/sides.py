"""The sheets of who stands on another side of a case, and of what was decided where the clinic might stand on both."""

from __future__ import annotations

from clinic.conflicts.models import ConflictState, Consequence, OtherPerson, PossibleConflict
from clinic.register.format import Kind, Lane, Sheet
from clinic.register.kept import (
    CASE,
    CHILD,
    PERSON,
    ROW,
    Kept,
    column,
    column_of_case,
    column_of_codes,
    column_of_identity,
    column_of_person,
    column_of_reference,
)  # fmt: skip

OTHER_PEOPLE = Kept(
    Sheet(
        "other_people",
        "الأطراف الأخرى",
        (
            column_of_case(),
            column_of_reference("person_ref", "رقم الشخص"),
            column("role", "الصفة", Kind.CODE, of="other_person_role", required=True),
            column_of_identity("name", "الاسم"),
            column("phone", "الهاتف", Kind.NUMERAL, Lane.IDENTITY),
            column_of_identity("about", "من هو"),
            column("recorded_at", "وقت التسجيل", Kind.STAMP, required=True),
            column("withdrawn_at", "وقت السحب", Kind.STAMP),
            column_of_person("withdrawn_by", "من سحبه"),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    OtherPerson,
    {"case_ref": "case_id", "person_ref": "id"},
    {"case_ref": CASE, "person_ref": ROW, "withdrawn_by": PERSON},
    known_by=("case_ref", "role", "name", "phone"),
)

POSSIBLE_CONFLICTS = Kept(
    Sheet(
        "possible_conflicts",
        "تضارب محتمل",
        (
            column_of_case(),
            column_of_reference("other_child_ref", "رقم الطفل الآخر"),
            column_of_reference("other_case_ref", "رقم القضية الأخرى"),
            column_of_person("colleague", "الزميل"),
            column_of_codes("state", "الحالة", ConflictState, required=True),
            column_of_codes("consequence", "ما يترتب عليه", Consequence),
            column_of_identity("finding", "السبب"),
            column("tells_team", "أُبلغ الفريق", Kind.FLAG, required=True),
            column("found_at", "وقت الملاحظة", Kind.STAMP, required=True),
            column("decided_at", "وقت القرار", Kind.STAMP),
            column_of_person("decided_by", "من قرر"),
        ),
        joins=(("case_ref", "cases"), ("other_child_ref", "children"), ("other_case_ref", "cases")),
        further=True,
    ),
    PossibleConflict,
    {
        "case_ref": "named_case_id",
        "other_child_ref": "other_child_id",
        "other_case_ref": "other_case_id",
        "colleague": "colleague_id",
    },
    {"case_ref": CASE, "other_child_ref": CHILD, "other_case_ref": CASE, "colleague": PERSON, "decided_by": PERSON},
    known_by=("case_ref", "other_child_ref", "colleague"),
)

SIDES = (OTHER_PEOPLE, POSSIBLE_CONFLICTS)
