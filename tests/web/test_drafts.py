"""Nothing typed is lost: drafts, and forms that meet an ended session."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from clinic import clock, db
from clinic.access.models import Wall
from clinic.cases import team
from clinic.cases.models import CaseFile, Step, TeamMember
from clinic.staff.models import StaffMember
from clinic.web import drafts
from clinic.web.models import Draft
from tests.browser import Browser, Page
from tests.makers import PASSWORD, Maker

Browse = Callable[..., Browser]
WORDS = "what she told me tonight"


@pytest.fixture
def salma(make: Maker) -> StaffMember:
    return make.counsellor()


@pytest.fixture
def form(make: Maker, salma: StaffMember) -> str:
    """The address of a form of a session in a case of Salma's."""
    return f"/cases/{make.case(team=[salma]).id}/steps/add/counselling_session"


def typed(page: Page) -> str:
    return page.select_one("textarea[name=note]").get_text().strip()


def keep(browser: Browser, form: str, **answers: str) -> Page:
    """The page sends what was typed so far."""
    page = browser.get(form)
    token = page.select_one("input[name=form_token]")["value"]
    fields = {"csrf_token": browser.token or "", "form_token": str(token), **answers}
    return browser.send(f"/drafts/?place={form}", fields, status=204)


def test_what_was_typed_is_there_when_the_form_is_opened_again(browse: Browse, salma: StaffMember, form: str) -> None:
    browser = browse(salma)
    keep(browser, form, note=WORDS)
    assert typed(browser.get(form)) == WORDS


def test_a_draft_lies_sealed_in_the_lane_of_its_form(browse: Browse, salma: StaffMember, form: str) -> None:
    keep(browse(salma), form, note=WORDS)
    draft = db.session.scalars(select(Draft)).one()
    assert draft.social_body_sealed is not None
    assert WORDS.encode() not in bytes(draft.social_body_sealed)
    assert draft.identity_body_sealed is None


def test_saving_removes_the_draft(browse: Browse, salma: StaffMember, form: str) -> None:
    browser = browse(salma)
    keep(browser, form, note=WORDS)
    browser.get(form)
    browser.post(form, {"held_on": clock.today().isoformat(), "session_kind": "individual", "note": WORDS}, status=303)
    assert db.session.scalars(select(Draft)).all() == []
    assert len(db.session.scalars(select(Step)).all()) == 1


def test_a_draft_is_nobody_elses(browse: Browse, make: Maker, salma: StaffMember) -> None:
    other = make.counsellor("Lina")
    address = f"/cases/{make.case(team=[salma, other]).id}/steps/add/counselling_session"
    keep(browse(salma), address, note=WORDS)
    assert typed(browse(other).get(address)) == ""


def test_a_token_of_somebody_else_keeps_nothing(browse: Browse, make: Maker, salma: StaffMember, form: str) -> None:
    page = browse(salma).get(form)
    token = str(page.select_one("input[name=form_token]")["value"])
    other = browse(make.lawyer())
    other.get("/account")
    other.send(
        f"/drafts/?place={form}", {"csrf_token": other.token or "", "form_token": token, "note": "x"}, status=400
    )
    assert db.session.scalars(select(Draft)).all() == []


def test_a_draft_can_be_thrown_away(browse: Browse, salma: StaffMember, form: str) -> None:
    browser = browse(salma)
    keep(browser, form, note=WORDS)
    draft_id = db.session.scalars(select(Draft.id)).one()
    browser.get(form)
    browser.send(f"/drafts/{draft_id}/discard", {"csrf_token": browser.token or ""}, status=303)
    assert typed(browser.get(form)) == ""


def test_a_form_that_meets_an_ended_session_waits_behind_the_sign_in(
    browse: Browse, make: Maker, salma: StaffMember, form: str
) -> None:
    browser = browse(salma)
    page = browser.get(form)
    fields = {name: str(page.select_one(f"input[name={name}]")["value"]) for name in ("csrf_token", "form_token")}
    _end_sessions()
    answer = browser.send(form, {**fields, "note": WORDS}, status=303)
    assert answer.location.startswith("/sign-in?back=/cases/")
    assert "kept for 15 minutes" in browser.get(answer.location).text
    assert "kept for 15 minutes" not in browser.get(answer.location).text
    browser.send(
        answer.location,
        {"csrf_token": browser.token or "", "username": "salma", "password": PASSWORD},
        status=303,
    )
    assert typed(browser.get(form)) == WORDS
    assert db.session.scalars(select(Step)).all() == []


def test_what_waits_behind_the_sign_in_is_shown_to_nobody_else_who_signs_in_there(
    browse: Browse, make: Maker, salma: StaffMember, form: str
) -> None:
    lina = make.counsellor("Lina")
    case_id = form.split("/")[2]
    db.session.add(TeamMember(case_id=uuid.UUID(case_id), staff_id=lina.id, role="counsellor", since=clock.today()))
    db.session.commit()
    browser = browse(salma)
    page = browser.get(form)
    fields = {name: str(page.select_one(f"input[name={name}]")["value"]) for name in ("csrf_token", "form_token")}
    _end_sessions()
    answer = browser.send(form, {**fields, "note": WORDS}, status=303)
    assert WORDS not in browser.get(answer.location).html
    told = {"csrf_token": browser.token or "", "username": "lina", "password": PASSWORD}
    shown = [browser.send(answer.location, told, status=303)]
    draft_id = db.session.scalars(select(Draft.id)).one()
    shown += [browser.get(address) for address in (form, "/desk", "/account", f"/cases/{case_id}")]
    assert [page.address for page in shown if WORDS in page.html] == []
    browser.send(f"/drafts/{draft_id}/discard", {"csrf_token": browser.token or ""}, status=404)
    assert typed(browse(salma).get(form)) == WORDS


def _end_sessions() -> None:
    from clinic.staff.models import StaffSession

    db.session.execute(update(StaffSession).values(ended_at=clock.now()))
    db.session.commit()


def test_drafts_age_out_and_held_forms_sooner(make: Maker, browse: Browse, salma: StaffMember, form: str) -> None:
    keep(browse(salma), form, note=WORDS)
    _made(hours_ago=1)
    drafts.age_out()
    assert len(db.session.scalars(select(Draft)).all()) == 1
    db.session.execute(update(Draft).values(held=True))
    drafts.age_out()
    assert db.session.scalars(select(Draft)).all() == []


def _made(*, hours_ago: int) -> None:
    db.session.execute(update(Draft).values(saved_at=clock.now() - timedelta(hours=hours_ago)))
    db.session.commit()


def _drafts() -> list[Draft]:
    db.session.rollback()
    return list(db.session.scalars(select(Draft)))


def test_who_is_replaced_on_a_team_loses_what_was_typed_in_the_case(
    make: Maker, browse: Browse, salma: StaffMember, form: str
) -> None:
    keep(browse(salma), form, note=WORDS)
    case, other = db.session.scalars(select(CaseFile)).one(), make.counsellor("Rima")
    nadia = browse(make.coordinator())
    taken_over = {"person": str(other.id), "role": "counsellor"}
    nadia.post(f"/cases/{case.id}/team", taken_over)
    assert len(_drafts()) == 1  # beside Salma, not in her place
    third = {"person": str(make.counsellor("Lina").id), "role": "counsellor", "instead_of": str(salma.id)}
    nadia.post(f"/cases/{case.id}/team", third)
    assert _drafts() == []


def test_a_caseload_handed_over_takes_its_drafts_along(
    make: Maker, browse: Browse, salma: StaffMember, form: str
) -> None:
    keep(browse(salma), form, note=WORDS)
    rima = make.counsellor("Rima")
    said = {"role": "counsellor", "leaves": str(salma.id), "joins": str(rima.id)}
    browse(make.coordinator()).post("/cases/caseload", said)
    assert _drafts() == []


def test_who_leaves_with_a_day_keeps_the_draft_until_then(
    make: Maker, browse: Browse, salma: StaffMember, form: str
) -> None:
    keep(browse(salma), form, note=WORDS)
    member = db.session.scalars(select(TeamMember)).one()
    member.until = clock.today()
    db.session.commit()
    team.remove_lost_drafts()
    assert len(db.session.scalars(select(Draft)).all()) == 1
    member.until = clock.today() - timedelta(days=1)
    db.session.flush()
    team.remove_lost_drafts()
    assert db.session.scalars(select(Draft)).all() == []


def test_a_coordinator_keeps_what_was_typed_in_any_case_but_a_walled_one(
    make: Maker, browse: Browse, form: str
) -> None:
    nadia = make.coordinator()
    case = db.session.scalars(select(CaseFile)).one()
    keep(browse(nadia), f"/cases/{case.id}/correct", summary=WORDS)
    team.remove_lost_drafts()
    assert len(db.session.scalars(select(Draft)).all()) == 1
    db.session.add(Wall(case_id=case.id, staff_id=nadia.id, built_by=make.administrator().id))
    db.session.flush()
    team.remove_lost_drafts()
    assert db.session.scalars(select(Draft)).all() == []
