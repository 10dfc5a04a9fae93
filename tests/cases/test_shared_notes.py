"""A note is shown across lanes on purpose: one step, to whom it was said, until a day, and both sides see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.models import LaneShare
from clinic.access.permissions import Lane
from clinic.audit.models import AuditEntry, reading
from clinic.cases.models import CaseFile, TeamMember
from clinic.staff.models import StaffNotice
from tests.makers import Maker

WHY = "She takes him to the doctor tomorrow"
SAID, OTHER = "He cannot sleep since the arrest", "Told of his father"


@pytest.fixture
def told(make: Maker):
    """A case of Huda and Salma with two notes of the counsellor's; the ids of case and first note."""
    huda, salma = make.lawyer("Huda"), make.counsellor("Salma")
    case = make.case(team=[huda, salma])
    step = make.step("note", case, by=salma, social_text=SAID)
    make.step("note", case, by=salma, social_text=OTHER)
    return case.id, step.id


def share(make, browse, step_id, to="lawyer", status=303, **more):
    browser = browse(make.people["Salma"], language="en")
    return browser.post(f"/steps/{step_id}/share", {"to": to, "because": WHY, **more}, status=status)


def only_share() -> LaneShare:
    db.session.expire_all()
    return db.session.scalars(select(LaneShare)).one()


@pytest.mark.databases
def test_the_lawyer_reads_the_one_note_that_the_counsellor_shares_and_no_other(make, browse, told):
    case_id, step_id = told
    browser = browse(make.people["Huda"], language="en")
    assert SAID not in browser.get(f"/cases/{case_id}").text
    share(make, browse, step_id)
    line = browser.get(f"/cases/{case_id}")
    assert SAID in line.text
    assert OTHER not in line.text
    assert "shows the counsellors' note to the lawyers of this case until" in line.text
    page = browser.get(f"/steps/{step_id}")
    assert SAID in page.text
    assert WHY in page.text
    assert only_share().until == clock.today() + timedelta(days=14)
    assert db.session.scalars(select(StaffNotice.what)).all() == ["note_shared"]
    assert "note.shared" in db.session.scalars(select(AuditEntry.what)).all()


@pytest.mark.databases
def test_who_shared_it_sees_so_and_takes_it_back(make, browse, told):
    case_id, step_id = told
    page = share(make, browse, step_id).follow()
    assert "until" in page.text
    assert WHY in page.text
    browser = page.browser
    assert "shows the counsellors' note" in browser.get(f"/cases/{case_id}").text
    other = browse(make.people["Huda"], language="en")
    other.get(f"/steps/{step_id}")
    other.send(f"/steps/shared/{only_share().id}/take-back", {"csrf_token": other.token}, status=403)
    browser.send(f"/steps/shared/{only_share().id}/take-back", {"csrf_token": browser.token}, status=303)
    assert SAID not in browse(make.people["Huda"]).get(f"/steps/{step_id}").text
    assert "shows the counsellors' note" not in browser.get(f"/cases/{case_id}").text


@pytest.mark.databases
def test_it_ends_by_itself(make, browse, told):
    case_id, step_id = told
    share(make, browse, step_id)
    only_share().until = clock.today() - timedelta(days=1)
    db.session.commit()
    browser = browse(make.people["Huda"])
    assert SAID not in browser.get(f"/cases/{case_id}").text
    assert SAID not in browser.get(f"/steps/{step_id}").text


@pytest.mark.databases
def test_one_person_alone_may_be_meant(make, browse, told):
    case_id, step_id = told
    karim = make.lawyer("Karim")
    db.session.add(TeamMember(case_id=case_id, staff_id=karim.id, role="lawyer", since=clock.today()))
    db.session.commit()
    share(make, browse, step_id, to=str(karim.id))
    assert SAID in browse(karim).get(f"/cases/{case_id}").text
    assert SAID not in browse(make.people["Huda"]).get(f"/cases/{case_id}").text


@pytest.mark.databases
def test_nobody_outside_the_team_reads_it(make, browse, told):
    case_id, step_id = told
    huda = make.people["Huda"]
    share(make, browse, step_id, to=str(huda.id))
    member = db.session.scalars(select(TeamMember).where(TeamMember.staff_id == huda.id)).one()
    member.until = clock.today() - timedelta(days=1)
    db.session.get_one(CaseFile, case_id).lawyer_id = None
    db.session.commit()
    browse(huda).get(f"/steps/{step_id}", status=404)
    karim, nadia = make.lawyer("Karim"), make.coordinator()
    assert SAID not in browse(nadia).get(f"/cases/{case_id}").text
    browser = browse(karim, language="en")
    reference = db.session.get_one(CaseFile, case_id).reference
    page = browser.post("/emergency", {"looked": reference, "because": "He is at the station"}).follow()
    assert SAID not in page.text, "an emergency brings the lanes of one's own role alone"


@pytest.mark.databases
def test_sharing_is_for_reading_on_the_page_alone(make, browse, told):
    case_id, step_id = told
    share(make, browse, step_id)
    browser = browse(make.people["Huda"])
    for address in (f"/steps/{step_id}/print", f"/steps/{step_id}/correct", f"/cases/{case_id}/history"):
        assert SAID not in browser.get(address).text


@pytest.mark.databases
def test_the_look_is_recorded_with_the_lane(make, browse, told):
    case_id, step_id = told
    share(make, browse, step_id)
    huda = make.people["Huda"]
    browser = browse(huda)
    browser.get(f"/cases/{case_id}")
    browser.get(f"/steps/{step_id}")
    with db.database().readings.connect() as connection:
        rows = connection.execute(select(reading.c.what, reading.c.lanes).where(reading.c.who == huda.id)).all()
    assert {row.what for row in rows if Lane.SOCIAL.value in row.lanes} == {"case.read", "step.read"}


@pytest.mark.databases
def test_only_who_holds_the_lane_on_the_team_shares_it(make, browse, told):
    _case_id, step_id = told
    for person in (make.people["Huda"], make.coordinator()):
        browse(person).get(f"/steps/{step_id}/share", status=403)
    browse(make.lawyer("Karim")).get(f"/steps/{step_id}/share", status=404)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"because": ""}, "because"),
        ({"to": ""}, "to"),
        ({"to": "counsellor"}, "to"),
        ({"until": (clock.today() + timedelta(days=91)).isoformat()}, "until"),
        ({"until": (clock.today() - timedelta(days=1)).isoformat()}, "until"),
    ],
)
def test_it_says_to_whom_why_and_until_when(make, browse, told, answers, field):
    page = share(make, browse, told[1], status=422, **answers)
    assert page.has(f"#{field}-problem")
    assert db.session.scalars(select(LaneShare)).all() == []


def test_the_same_is_not_shared_twice(make, browse, told):
    share(make, browse, told[1])
    assert "shared with them already" in share(make, browse, told[1], status=422).text
