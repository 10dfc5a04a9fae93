"""What must hold in the further sheets."""

from __future__ import annotations

import pytest

from clinic import rooms
from clinic.register import across, reading
from clinic.register.further import whole_format
from clinic.vocabularies.lists import shipped
from tests.register.registers import NOW, VALID, csv_files, told, with_rows


def further(sheet, **cells):
    """What is told of one row of a further sheet beside one valid child and case."""
    register = read_whole({**with_rows(), sheet: [cells]})
    return told(register)


def read_whole(sheets):
    rooms.wire()
    register = reading.read(csv_files(sheets), lists=shipped(), sheets=whole_format())
    across.check(register, now=NOW)
    return register


PLANNED = {"kind": "counselling_session", "case_ref": "K-1", "at": "2017-05-01", "state": "planned"}
CONSENT = {
    "case_ref": "K-1",
    "purpose": "service",
    "form": "written",
    "given_by_guardian": "yes",
    "given_by_child": "no",
    "refused": "no",
    "given_on": "2016-01-11",
}
PERIOD = {"case_ref": "K-1", "opened_on": "2016-02-01"}
TARGET = {
    "first": "2026-01-01",
    "last": "2026-12-31",
    "indicator": "lawyer_before_questioning",
    "value": "62.5",
    "set_by": "nadia",
    "set_at": "2026-01-01 09:00",
}
NARRATIVE = {"first": "2026-01-01", "last": "2026-12-31", "written_by": "nadia", "written_at": "2026-01-01 09:00"}
TERM = {"list_name": "locality", "code": "x", "en": "x", "ar": "x", "position": "1"}


@pytest.mark.parametrize(
    ("sheet", "cells", "expected"),
    [
        ("planned", PLANNED, []),
        ("planned", {**PLANNED, "answers": '{"kind": "individual", "note": "x"}'}, []),
        ("planned", {**PLANNED, "kind": "party"}, [("not_a_code", "kind")]),
        ("planned", {**PLANNED, "state": "not_done"}, [("goes_with", "state")]),
        ("planned", {**PLANNED, "state": "done"}, [("not_a_code", "state")]),
        ("planned", {**PLANNED, "answers": "{"}, [("not_answers", "answers")]),
        ("planned", {**PLANNED, "answers": '{"shoes": "40"}'}, [("not_answers", "answers")]),
        ("planned", {**PLANNED, "answers": '{"duration_minutes": "long"}'}, [("not_answers", "answers")]),
        ("withdrawn", {**PLANNED, "state": "done"}, [("required", "withdrawn_at")]),
        ("consents", CONSENT, []),
        ("consents", {**CONSENT, "purpose": "fun"}, [("not_a_code", "purpose")]),
        ("consents", {**CONSENT, "given_by_child": "unknown"}, [("not_an_answer", "given_by_child")]),
        ("consents", {**CONSENT, "form": "provisional"}, [("goes_with", "form")]),
        (
            "periods",
            {"case_ref": "K-1", "opened_on": "2016-02-01", "closed_on": "2016-01-01"},
            [("ends_before", "closed_on"), ("goes_with", "closed_on")],
        ),
        ("people", {"username": "x", "name": "x", "roles": "coordinator;administrator"}, [("roles_apart", "roles")]),
        ("people", {"username": "x", "name": "x", "roles": "king"}, [("not_a_code", "roles")]),
        (
            "lists",
            {"list_name": "moons", "code": "x", "en": "x", "ar": "x", "position": "1"},
            [("not_a_code", "list_name")],
        ),
        ("lists", {**TERM, "list_name": "sex"}, [("not_a_code", "code")]),
        (
            "lists",
            {"list_name": "locality", "code": "x", "en": "x", "ar": "x", "position": "1", "attributes": "["},
            [("not_answers", "attributes")],
        ),
        ("targets", TARGET, []),
        ("targets", {**TARGET, "value": ""}, []),
        ("targets", {**TARGET, "value": "half"}, [("not_a_figure", "value")]),
        ("targets", {**TARGET, "value": "=1/2"}, [("not_a_figure", "value")]),
        ("targets", {**TARGET, "value": "101"}, [("not_a_figure", "value")]),
        ("targets", {**TARGET, "indicator": "hearings_held"}, [("not_a_figure", "value")]),
        ("targets", {**TARGET, "indicator": "wellbeing_change", "value": "-2.5"}, []),
        ("targets", {**TARGET, "indicator": "happiness"}, [("not_a_code", "indicator")]),
        ("targets", {**TARGET, "first": "2027-01-01"}, [("ends_before", "last")]),
        ("narratives", {**NARRATIVE, "section": "police"}, []),
        ("narratives", {**NARRATIVE, "section": "weather"}, [("not_a_code", "section")]),
        ("hearings", {**VALID["hearings"], "not_known": "bail;judge"}, []),
        ("hearings", {**VALID["hearings"], "not_known": "weather"}, [("not_a_code", "not_known")]),
        ("referrals", {**VALID["referrals"], "consent_ref": "nothing"}, [("no_such_row", "consent_ref")]),
        ("guardians", {"child_ref": "C-9", "name": "x"}, [("no_such_row", "child_ref")]),
    ],
)
def test_the_further_sheets_are_checked_as_well(sheet, cells, expected):
    assert [(code, column) for code, _sheet, _row, column in further(sheet, **cells)] == expected
