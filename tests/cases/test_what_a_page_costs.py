"""What the page of a case and its saves cost in statements, with one of everything; the log of readings apart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import clock, db
from clinic.cases.kinds import Shape, Side, all_kinds, kind_of
from clinic.cases.models import CaseFile
from clinic.clock import Moment
from clinic.vocabularies.fixed import StepState
from tests.makers import completed

A_PAGE = 15
A_SAVE = 15
A_CALL = 42  # the search for the child, and five records: child, case with its team, attendance, custody, consent
BESIDE = {"referral": {"without_consent": "urgent"}, "note": {"team_text": "x"}}
KINDS = (
    "police_attendance", "custody_period", "prosecution_appearance", "hearing", "filing", "decision", "measure",
    "counselling_session", "assessment", "school_followup", "community_followup", "referral", "complaint", "note",
)  # fmt: skip


def cost(page):
    return [statement for statement in page.statements.sent if "reading" not in statement]


def answers(kind):
    """The answers of a form that make a step of a kind, with a next time where it has one."""
    said = {**completed(kind, {}, StepState.DONE), **BESIDE.get(kind.code, {})}
    if kind.next_when:
        ahead = clock.now() + timedelta(days=9)
        is_moment = kind.by_name[kind.next_when].shape is Shape.MOMENT
        said[kind.next_when] = Moment(ahead) if is_moment else clock.local_date(ahead)
    return {name: value for field, answer in said.items() for name, value in typed(field, answer).items()}


def typed(name, answer):
    if isinstance(answer, Moment):
        wall = clock.local(answer.at)
        return {f"{name}-day": wall.date().isoformat(), f"{name}-time": wall.strftime("%H:%M")}
    one = answer[0] if isinstance(answer, tuple) else answer
    return {name: one.isoformat() if hasattr(one, "isoformat") else str(one)}


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def salma(make):
    return make.counsellor("Salma")


@pytest.fixture
def case_id(make, huda, salma):
    return make.case(team=[huda, salma]).id


@pytest.mark.parametrize("code", KINDS)
def test_saving_a_step_and_changing_it_costs_at_most_fifteen_statements(make, browse, huda, salma, case_id, code):
    kind = kind_of(code)
    browser = browse(salma if kind.side == Side.SOCIAL else huda)
    saved = browser.get(f"/cases/{case_id}/steps/add/{code}").submit(answers(kind))
    assert len(cost(saved)) <= A_SAVE, str(saved.statements)
    address = saved.location.replace("#step-", " ").split()[1]
    changed = browser.get(f"/steps/{address}/correct").submit({"because": "typed wrong"})
    assert len(cost(changed)) <= A_SAVE, str(changed.statements)
    taken_back = browser.get(f"/steps/{address}/withdraw").submit({"because": "not this child"})
    most = A_SAVE + (5 if kind.next_when else 0)  # the planned one is taken back with it
    assert len(cost(taken_back)) <= most, str(taken_back.statements)


def test_every_kind_is_counted(app):
    assert {kind.code for kind in all_kinds()} == set(KINDS)


def test_a_case_with_one_of_everything_is_shown_in_fifteen(make, browse, huda, salma, case_id):
    for kind in all_kinds():
        make.step(kind.code, db.session.get_one(CaseFile, case_id), by=huda, **BESIDE.get(kind.code, {}))
    for member in (huda, salma):
        page = browse(member).get(f"/cases/{case_id}")
        assert len(cost(page)) <= A_PAGE, str(page.statements)


def test_a_call_and_a_group_are_saved_in_one_go(make, browse, huda, salma, case_id):
    call = {"name": "سامي مثال", "apprehension": "arrest", "arrested-time": "00:01", "guardian_agrees": "y"}
    called = browse(huda).get("/calls").submit(call)
    assert len(cost(called)) <= A_CALL, str(called.statements)
    group = browse(salma).get("/counselling/group").submit({f"attended_{case_id.hex}": "came"})
    assert len(cost(group)) <= A_SAVE, str(group.statements)
