"""A lawyer names who complains, and is told to ask; the coordinator sees why, and decides."""

from __future__ import annotations

from sqlalchemy import select

from clinic import db
from clinic.conflicts.models import ConflictState, PossibleConflict
from tests.conflicts.test_checks import check


def test_a_lawyer_is_told_to_ask_and_the_coordinator_decides(walk, make):
    make.case(make.child("أحمد", "مثال", father_name="يوسف"), team=[make.lawyer("Karim")])
    case = make.case(make.child("سامر", "نموذج"), team=[make.lawyer("Huda")])
    address, people = f"/cases/{case.id}", f"/conflicts/cases/{case.id}/people"
    huda = walk(make.lawyer("Huda"))
    huda.goto(address).follow(people).look("somebody on another side, empty").press("Save", within="main")
    huda.give("role", "complainant").give("name", "احمد يوسف مثال").give("about", "جار العائلة")
    huda.press("Save", within="main").is_at(address).look("the case with the other side")
    db.session.rollback()
    check(case)
    huda.goto(address).sees("Ask the coordinator before you go on with this case.")
    huda.look("the case, where one is to ask first")

    nadia = walk(make.coordinator("Nadia"))
    nadia.goto("/desk").look("the desk with a possible conflict").follow("/conflicts").look("possible conflicts")
    nadia.page.locator("main tbody a").first.click()
    nadia.is_at(r"/conflicts/[0-9a-f-]{36}").look("what is alike")
    nadia.give("decision", "conflict").give("finding", "هو المشتكي نفسه").give("consequence", "team")
    nadia.press("Decide", within="main").look("what follows from a conflict")
    db.session.rollback()
    assert db.session.scalars(select(PossibleConflict.state)).all() == [ConflictState.CONFLICT]
    nadia.goto("/conflicts").look("possible conflicts, none").follow("/conflicts?state=decided").look(
        "what was decided"
    )
