"""`clinic user`: whoever holds the machine and the key asks nobody, but the coordinators are told."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from clinic import db
from clinic.access.permissions import Role
from clinic.staff import actions, command
from clinic.staff.actions import find_account
from clinic.staff.models import AccountState, StaffNotice


@pytest.fixture
def run(clinic, monkeypatch):
    """Runs a command on the test's clinic."""
    monkeypatch.setattr(command, "_open", lambda: "127.0.0.1:5000")

    def invoke(*words):
        result = CliRunner().invoke(command.user, words)
        db.session.expire_all()
        return result

    return invoke


def told(member):
    return [row.what for row in db.session.query(StaffNotice).filter_by(staff_id=member.id)]


def test_a_lawyer_added_here_comes_with_a_link_and_the_coordinators_are_told(make, run):
    nadia, adam = make.coordinator("Nadia"), make.administrator("Adam")
    result = run("add", "nour", "--name", "Nour", "--role", "lawyer")
    assert "/welcome/" in result.output
    assert told(nadia) == ["link_from_machine"]
    assert told(adam) == []


def test_a_lost_phone_is_renewed_from_here(make, run, with_app, browse):
    adam = make.administrator("Adam")
    with_app(adam)
    token = run("link", "adam", "--renew-factor").output.strip().rpartition("/")[2]
    words = {"password": "olive road window seven", "again": "olive road window seven"}
    assert browse().post(f"/welcome/{token}", words).location == "/desk"
    assert find_account("adam").factor_since is None


def test_who_leaves_with_open_cases_waits(make, run):
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    assert "1 open cases and 0 tasks wait" in run("close", "huda").output
    assert find_account("huda").state == AccountState.LEAVING
    assert "A coordinator hands them over first" in run("close", "huda").output


def test_more_roles_can_be_required_to_have_a_factor_and_the_two_stay(make, run, browse):
    make.clinic_row().factor_required_of = None
    db.session.commit()
    run("require-factor", "lawyer")
    assert make.clinic_row().factor_required_of == ("administrator", "coordinator", "lawyer")
    assert browse(make.lawyer("Huda")).get("/desk", status=303).location == "/account/protection"
    assert browse(make.person("Salma", Role.COUNSELLOR)).get("/desk").status == 200


def test_the_only_administrator_stays_also_before_the_account_is_opened(make, run):
    actions.add_account(username="maryam", name="Maryam", roles=[Role.ADMINISTRATOR])
    db.session.commit()
    assert "This is the last administrator" in run("close", "maryam").output
    make.administrator("Adam")
    assert "maryam is closed" in run("close", "maryam").output
