"""Nobody joins a team unseen: the team is told, the case shows by whom, and who puts themself on it is told of most."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.audit.models import AuditEntry
from clinic.staff.models import StaffNotice


def join(browse, who, case_id, person):
    values = {"person": str(person.id), "role": "lawyer", "since": clock.today().isoformat()}
    return browse(who, language="en").post(f"/cases/{case_id}/team", values, status=303)


def told():
    return {tuple(row) for row in db.session.execute(select(StaffNotice.staff_id, StaffNotice.what))}


@pytest.mark.databases
def test_the_team_is_told_who_joins_and_the_case_shows_by_whom(make, browse):
    huda, salma, karim, nadia = make.lawyer(), make.counsellor(), make.lawyer("Karim"), make.coordinator()
    case_id = make.case(team=[huda, salma]).id
    join(browse, nadia, case_id, karim)
    assert told() == {(huda.id, "team_joined"), (salma.id, "team_joined")}
    page = browse(huda, language="en").get(f"/cases/{case_id}").text.replace("\u2068", "").replace("\u2069", "")
    assert ", by Nadia" in page
    assert f"/cases/{case_id}" in browse(huda, language="en").get("/account").html


@pytest.mark.databases
def test_a_coordinator_who_puts_themself_on_a_team_is_told_of_and_recorded(make, browse):
    huda, samir = make.lawyer(), make.coordinator("Samir")
    nadia = make.person("Nadia", Role.COORDINATOR, Role.LAWYER)
    case_id = make.case(team=[huda]).id
    join(browse, nadia, case_id, nadia)
    assert told() == {(huda.id, "team_joined_oneself"), (samir.id, "team_joined_oneself")}
    assert "team.joined_oneself" in db.session.scalars(select(AuditEntry.what)).all()
    assert "put themself on the team" in browse(samir, language="en").get(f"/cases/{case_id}/history").text


def test_an_administrator_puts_nobody_on_a_team(make, browse):
    adam = make.person("Adam", Role.ADMINISTRATOR, Role.LAWYER)
    case_id = make.case(team=[adam]).id
    browse(adam).get(f"/cases/{case_id}/team", status=403)
