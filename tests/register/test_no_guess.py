"""A coordinator brings a register in to try a guess of what stands in a lane that is none of theirs.

Right or wrong, the answer, the statements and what is written are the same, byte for byte.
"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from clinic import db
from clinic.cases.models import Step
from clinic.register import actions, outcomes
from clinic.register.actions import Choices
from clinic.register.format import OPEN_LANES, Kind
from clinic.register.further import whole_format
from clinic.vocabularies.lists import shipped
from tests.register.comparing import everything
from tests.register.registers import csv_files, with_rows
from tests.register.test_import import bring, counts
from tests.register.test_pages import upload, workbook
from tests.statements import statements

pytestmark = pytest.mark.databases

RIGHT, WRONG = 0, 1


@pytest.fixture
def nadia(make):
    """The coordinator who tries."""
    return make.reader(make.coordinator("Nadia"))


def sheets_with_lanes():
    """The sheets of steps with a column that not everybody reads who sees the case."""
    return [sheet for sheet in whole_format() if sheet.confidential]


SHEETS = (
    "police_attendances", "prosecution_appearances", "custody_periods", "hearings", "filings", "decisions", "measures",
    "counselling_sessions", "assessments", "school_followups", "community_followups", "referrals", "complaints",
    "notes",
)  # fmt: skip


def test_every_sheet_with_a_lane_is_tried_and_no_row_is_recognised_by_a_lane(clinic):
    assert {sheet.name for sheet in sheets_with_lanes()} == set(SHEETS)
    for sheet in whole_format():
        known = {*sheet.beside, sheet.when, sheet.reference} - {""}
        assert {sheet.column(name).lane for name in known} <= OPEN_LANES
    assert all(sheet.kind for sheet in sheets_with_lanes())  # children, cases and what stands beside hold no lane


def sheet_of(name):
    return next(sheet for sheet in whole_format() if sheet.name == name)


def some(column, number):
    """A value of a column, another for each number."""
    if column.kind in (Kind.CODE, Kind.CODES):
        return [code for code in column.own_codes or shipped()[column.vocabulary].codes if code != "unknown"][number]
    return {
        Kind.NUMBER: str(3 + number),
        Kind.ANSWER: ("yes", "no", "unknown")[number],
        Kind.DATE: f"2016-02-0{number + 1}",
        Kind.MOMENT: f"2016-02-0{number + 1} 10:00",
    }.get(column.kind, f"قولسرّي {number}")


def guess(name, number, **more):
    """A row that says one thing or another in every lane that is closed to a coordinator."""
    sheet = sheet_of(name)
    open_ = {c.name: some(c, 0) for c in sheet.columns if c.required and c.lane in OPEN_LANES and c.name != "case_ref"}
    closed = {sheet.columns[place].name: some(sheet.columns[place], number) for place in sheet.confidential}
    return {"case_ref": "K-1", **open_, **closed, **more}


def answer_to(reader, sheets, **choices):
    """All that an import answers, what it sends to the database, and what the clinic holds afterwards."""
    with statements() as seen:
        outcome = actions.import_register(csv_files(sheets), Choices(**choices), by=reader)
    told, sent = outcomes.as_kept(outcome), list(seen.sent)
    db.session.flush()
    held = everything() if outcome.written else None
    db.session.rollback()
    db.session.expire_all()
    return told, sent, held


def assert_tells_nothing(reader, right, wrong):
    """Looked at, brought in, and brought in so that the file wins: the same whether the guess is right or wrong."""
    for choices in ({"dry_run": True}, {}, {"file_wins": True}):
        one, other = answer_to(reader, right, **choices), answer_to(reader, wrong, **choices)
        assert one[0] == other[0], choices
        assert one[1] == other[1], choices
        assert one[2] == other[2], choices


def guesses(number, **worker):
    """A guess in every sheet; `worker` is who the row says did it."""
    return {name: [guess(name, number, **said_by(name, **worker))] for name in SHEETS}


def said_by(name, worker=None):
    return {} if worker is None else {"counsellor" if name == "counselling_sessions" else "worker": worker}


def test_a_guess_of_what_a_lane_holds_is_told_the_same_right_or_wrong(clinic, nadia):
    bring(with_rows(**guesses(RIGHT)))
    assert_tells_nothing(nadia, guesses(RIGHT), guesses(WRONG))
    told = actions.import_register(csv_files(guesses(WRONG)), Choices(dry_run=True), by=nadia)
    assert counts(told) == dict.fromkeys(SHEETS, (0, 0, 1))


def test_nor_where_the_record_was_corrected_since_nor_where_an_open_cell_is_changed_with_it(clinic, nadia):
    bring(with_rows(**guesses(RIGHT, worker="huda")))
    for step in db.session.scalars(select(Step)):
        step.worker_id = None
    db.session.commit()
    for said in ("huda", "karim", ""):
        assert_tells_nothing(nadia, guesses(RIGHT, worker=said), guesses(WRONG, worker=said))
    _told, _sent, held = answer_to(nadia, guesses(WRONG, worker="karim"), file_wins=True)
    assert "karim" in repr(held["step"])
    assert "قولسرّي 1" not in repr(held)  # what is open was corrected, and the lane left as it was


def test_nor_which_of_two_like_rows_it_is(clinic, nadia):
    first, second = guesses(RIGHT, worker="huda"), guesses(WRONG, worker="karim")
    bring(with_rows(**{name: first[name] + second[name] for name in SHEETS}))
    assert_tells_nothing(nadia, guesses(WRONG, worker="karim"), guesses(RIGHT, worker="karim"))


def in_another_state(state, number):
    """A step of each kind that did not take place or was taken back, with a guess in each of its lanes."""
    of_state = {"state": "not_done", "not_done_reason": "cancelled"}
    if state == "withdrawn":
        of_state = {"state": "done", "withdrawn_at": "2016-02-02T10:00:00+00:00", "withdrawn_by": "huda"}
    rows = []
    for sheet in sheets_with_lanes():
        if (sheet.kind, state) != ("hearing", "planned"):  # a hearing of any state stands in its own sheet
            answers = {sheet.columns[at].name: some(sheet.columns[at], number) for at in sheet.confidential}
            named = {"kind": sheet.kind, "case_ref": "K-1", "at": "2016-02-01", "step_ref": f"S-{sheet.kind}"}
            rows.append(named | of_state | {"answers": json.dumps(answers, ensure_ascii=False)})
    return {state: rows}


@pytest.mark.parametrize("state", ["planned", "withdrawn"])
def test_nor_of_steps_that_did_not_take_place(clinic, make, nadia, state):
    make.lawyer("Huda")
    first = bring(with_rows(**in_another_state(state, RIGHT)))
    assert first.written, first.errors
    assert_tells_nothing(nadia, in_another_state(state, RIGHT), in_another_state(state, WRONG))
    told = actions.import_register(csv_files(in_another_state(state, WRONG)), Choices(), by=nadia)
    assert (told.conflicts, counts(told)[state][0]) == ([], 0)


def test_a_row_that_a_coordinator_corrected_is_no_proof_of_what_it_said_in_a_lane(clinic, nadia):
    bring(with_rows(counselling_sessions=[guess("counselling_sessions", RIGHT)]))
    wrong = guess("counselling_sessions", WRONG, duration_minutes="30")
    actions.import_register(csv_files({"counselling_sessions": [wrong]}), Choices(), by=nadia)
    db.session.commit()
    again = bring({"counselling_sessions": [wrong]})  # by whoever holds the key, who reads what is there
    assert counts(again).get("counselling_sessions", (0, 0, 0))[2] == 0
    told = actions.import_register(csv_files({"counselling_sessions": [wrong]}), Choices(dry_run=True), by=nadia)
    assert counts(told)["counselling_sessions"] == (0, 0, 1)


def test_the_same_file_again_is_the_same_for_a_coordinator_though_records_were_corrected(clinic, nadia):
    file = with_rows(counselling_sessions=[guess("counselling_sessions", RIGHT)])
    bring(file)
    for step in db.session.scalars(select(Step)):
        step.duration_minutes = 77
    db.session.commit()
    told = actions.import_register(csv_files(file), Choices(dry_run=True), by=nadia)
    assert counts(told)["counselling_sessions"] == (0, 0, 1)
    assert told.conflicts == []


def test_a_new_row_comes_in_as_it_is(clinic, nadia):
    bring(with_rows())
    new = {"counselling_sessions": [guess("counselling_sessions", RIGHT)]}
    actions.import_register(csv_files(new), Choices(), by=nadia)
    db.session.commit()
    assert "قولسرّي 0" in repr(everything()["counselling_session"])


def test_the_page_of_a_guess_is_the_same_right_or_wrong(browse, make):
    browser = browse(make.coordinator("Nadia"))
    bring(with_rows(**{name: [guess(name, RIGHT)] for name in SHEETS}))
    pages = []
    for number in (RIGHT, WRONG):
        sheets = {name: [guess(name, number, step_ref="")] for name in SHEETS}
        page = upload(browser, workbook(sheets)).follow()
        upload_id = page.address.rsplit("/", 1)[-1]
        pages.append(page.text.replace(upload_id, "*"))
        assert page.statements.sent
        page.submit(form="form[action$='/forget']").follow()
    assert pages[0] == pages[1]
