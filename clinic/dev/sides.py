"""Who stands on other sides in the demonstration, all invented: one of them is called like a child of another case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.conflicts import actions
from clinic.conflicts.rules import PersonTold
from clinic.db import session
from clinic.vocabularies.fixed import CaseStatus, ChildRole


def name_other_sides(lawyer: Reader) -> None:
    """Names somebody in three cases of the lawyer."""
    led = (CaseFile.lawyer_id == lawyer.staff_id, CaseFile.status == CaseStatus.OPEN)
    wanted = select(CaseFile).where(*led, CaseFile.role == ChildRole.ACCUSED).options(joinedload(CaseFile.child))
    cases = session.scalars(wanted.order_by(CaseFile.opened_on, CaseFile.id).limit(4)).all()
    if len(cases) < 4:
        return
    child = cases[3].child
    spelled = f"{child.given_name} {child.father_name} {child.family_name}".translate(_CARELESSLY)
    told = (
        PersonTold(role="complainant", name=spelled, about="يقول إن هاتفه سُرق"),
        PersonTold(role="witness", name="توفيق رشدي البندك", about="صاحب دكان في السوق"),
        PersonTold(role="adverse_party", name="شركة الأمل للنقل", phone="02-2745555", about="مالكة الحافلة"),
    )
    for case, person in zip(cases, told, strict=False):
        actions.add_person(case, person, by=lawyer)


_CARELESSLY = str.maketrans("أإآةى", "اااهي")
