"""The sheet of the cases whose files somebody decided to keep beyond their day."""

from __future__ import annotations

from clinic.register.format import Kind, Sheet
from clinic.register.kept import CASE, PERSON, Kept, column, column_of_case, column_of_identity, column_of_person
from clinic.retention.models import LegalHold

HOLDS = Kept(
    Sheet(
        "holds",
        "الإبقاء على الملفات",
        (
            column_of_case(),
            column_of_person("placed_by", "من أبقاه", required=True),
            column("placed_at", "وقت الإبقاء", Kind.STAMP, required=True),
            column("lifted_at", "وقت الرفع", Kind.STAMP),
            column_of_person("lifted_by", "من رفعه"),
            column_of_identity("reason", "السبب"),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    LegalHold,
    {"case_ref": "case_id"},
    {"case_ref": CASE, "placed_by": PERSON, "lifted_by": PERSON},
    known_by=("case_ref", "placed_at"),
)
