"""What must hold between cells, rows and sheets: every line of "Checks between cells" of the contract."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.register import across
from clinic.register.across import Held
from tests.register.registers import (
    checked,
    in_arabic,
    in_english,
    row,
    told,
    whole,
    with_rows,
)


def case(**cells):
    return told(checked({"children": [row("children")], "cases": [row("cases", **cells)]}))


def step(sheet, *rows):
    return told(checked(with_rows(**{sheet: [row(sheet, **cells) for cells in rows]})))


def test_a_register_with_a_valid_row_in_every_sheet_has_no_problem():
    assert checked(whole()).problems == []


def test_a_reference_to_no_row_is_an_error_of_the_row_that_refers():
    register = checked({"cases": [row("cases")], "hearings": [row("hearings", case_ref="K-9")]})
    assert told(register) == [("no_such_row", "cases", 2, "child_ref"), ("no_such_row", "hearings", 2, "case_ref")]
    assert in_english(register.problems[0]) == (
        "cases, row 2, child_ref: C-1. There is no row with this reference in the sheet children."
    )


def test_a_row_may_refer_to_what_the_clinic_holds_already():
    held = Held(children=frozenset({"C-1"}), cases=frozenset({"K-9"}))
    assert checked({"cases": [row("cases")], "hearings": [row("hearings", case_ref="K-9")]}, held=held).problems == []


@pytest.mark.parametrize("sheet", ["children", "cases", "activities"])
def test_a_reference_twice_in_its_sheet_is_an_error_of_both_rows(sheet):
    register = whole()
    register[sheet] *= 2
    reference = f"{'child' if sheet == 'children' else sheet[:4] if sheet == 'cases' else 'activity'}_ref"
    assert told(checked(register)) == [("doubled_reference", sheet, number, reference) for number in (2, 3)]


def test_a_reference_of_a_step_twice_in_its_sheet_is_an_error():
    rows = [{"step_ref": "S-1"}, {"step_ref": "S-1", "held_on": "2016-01-21"}, {"step_ref": "S-2"}]
    assert step("counselling_sessions", *rows) == [
        ("doubled_reference", "counselling_sessions", number, "step_ref") for number in (2, 3)
    ]


@pytest.mark.parametrize(
    ("sheet", "start", "end", "more"),
    [
        ("custody_periods", "began_at", "ended_at", {}),
        ("police_attendances", "arrested_at", "left_police_at", {}),
        ("referrals", "referred_on", "completed_on", {}),
        ("complaints", "filed_on", "answered_on", {}),
    ],
)
def test_an_end_before_its_beginning_is_an_error(sheet, start, end, more):
    early, late = ("2016-01-09 10:00", "2016-01-09 10:01") if start.endswith("_at") else ("2016-02-01", "2016-02-02")
    assert step(sheet, {start: late, end: early}) == [("ends_before", sheet, 2, end)]
    assert step(sheet, {start: early, end: early}) == []
    assert step(sheet, {start: early, end: late}) == []


def test_a_case_is_neither_decided_nor_closed_before_it_is_opened():
    decided = {"disposition": "diverted", "disposition_on": "2016-01-09"}
    closed = {"closed_on": "2016-01-09", "closure_reason": "goals_met"}
    assert case(**decided, **closed) == [
        ("ends_before", "cases", 2, "disposition_on"),
        ("ends_before", "cases", 2, "closed_on"),
    ]
    assert case(**{**decided, "disposition_on": "2016-01-10"}) == []


def test_an_end_known_to_the_day_is_before_its_beginning_only_if_its_day_is():
    assert step("custody_periods", {"began_at": "2016-01-09 22:00", "ended_at": "2016-01-09"}) == []
    assert step("custody_periods", {"began_at": "2016-01-09 22:00", "ended_at": "~2016-01-09 21:00"}) == []
    assert step("custody_periods", {"began_at": "2016-01-09 22:00", "ended_at": "2016-01-08"}) == [
        ("ends_before", "custody_periods", 2, "ended_at")
    ]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"disposition": "diverted"}, "disposition"),
        ({"disposition_on": "2016-02-01"}, "disposition_on"),
        ({"closed_on": "2016-02-01"}, "closed_on"),
        ({"closure_reason": "goals_met"}, "closure_reason"),
    ],
)
def test_a_decision_or_closing_has_its_date_and_its_reason_or_neither(cells, column):
    assert case(**cells) == [("goes_with", "cases", 2, column)]


def test_a_lawyer_who_attended_arrived_at_some_time():
    assert step("police_attendances", {"lawyer_attended": "yes"}) == [
        ("required_with", "police_attendances", 2, "lawyer_arrived_at")
    ]
    assert step("police_attendances", {"lawyer_attended": "yes", "lawyer_arrived_at": "2016-01-09"}) == []
    assert step("police_attendances", {"lawyer_attended": "no"}) == []


def test_a_guardian_who_was_sent_out_was_not_present():
    present = {"guardian_present": "yes", "guardian_sent_out": "yes"}
    assert step("police_attendances", present) == [("sent_out", "police_attendances", 2, "guardian_present")]
    assert step("police_attendances", {**present, "guardian_present": "no"}) == []
    assert step("police_attendances", {**present, "guardian_present": ""}) == []


def test_an_accused_child_is_accused_of_an_offence():
    assert case(alleged_offence="") == [("offence_of_accused", "cases", 2, "alleged_offence")]
    assert case(alleged_offence="", child_role="accused") == [("offence_of_accused", "cases", 2, "alleged_offence")]
    assert case(alleged_offence="", child_role="witness") == []
    assert case(alleged_offence="unknown") == []


def test_only_a_hearing_that_was_adjourned_has_a_reason_for_it():
    reason = {"adjournment_reason": "judge_absent"}
    assert step("hearings", reason) == [("not_adjourned", "hearings", 2, "adjournment_reason")]
    assert step("hearings", {**reason, "status": "adjourned"}) == []
    assert step("hearings", {"status": "adjourned"}) == []


def test_a_birth_date_after_the_case_was_opened_is_an_error_of_the_child():
    children = [row("children", date_of_birth="2016-01-11")]
    register = checked({"children": children, "cases": [row("cases")]})
    assert ("born_after", "children", 2, "date_of_birth") in told(register)
    assert "K-1" in in_english(register.errors[0])


def test_a_birth_date_known_to_the_year_may_lie_before_the_opening_in_that_year():
    children = [row("children", date_of_birth="2016-06-01", date_of_birth_precision="year")]
    assert not checked({"children": children, "cases": [row("cases")]}).errors


def test_a_birth_date_that_the_clinic_holds_is_looked_at_too():
    held = Held(children=frozenset({"C-1"}), born_on={"C-1": date(2016, 2, 1)})
    assert ("born_after", "cases", 2, "opened_on") in told(checked({"cases": [row("cases")]}, held=held))


def test_the_same_step_twice_is_told_and_kept_once():
    register = checked(with_rows(hearings=[row("hearings")] * 3))
    assert told(register) == [("same_row", "hearings", 3, ""), ("same_row", "hearings", 4, "")]
    assert not register.errors
    assert [found.number for found in register.rows("hearings")] == [2]


def test_two_steps_of_a_day_that_differ_are_two():
    register = checked(with_rows(counselling_sessions=[row("counselling_sessions", wellbeing_score=s) for s in "35"]))
    assert register.problems == []
    assert len(register.rows("counselling_sessions")) == 2


def test_a_lawyer_who_arrived_before_being_called_is_told():
    cells = {
        "lawyer_attended": "yes",
        "lawyer_notified_at": "2016-01-09 23:00",
        "lawyer_arrived_at": "2016-01-09 22:30",
    }
    assert step("police_attendances", cells) == [("arrived_before_call", "police_attendances", 2, "lawyer_arrived_at")]


@pytest.mark.parametrize(
    ("born", "expected"),
    [("2010-02-01", ["too_young"]), ("2010-01-20", []), ("1994-01-21", []), ("1994-01-20", ["too_old"])],
)
def test_a_service_before_six_or_after_twenty_one_is_told(born, expected):
    register = checked(
        {
            "children": [row("children", date_of_birth=born)],
            "cases": [row("cases")],
            "counselling_sessions": [row("counselling_sessions")],
        }
    )
    assert [problem.code.value for problem in register.warnings] == expected
    assert not register.errors


def test_a_step_at_which_nobody_attended_is_no_service_and_advice_is_one():
    child = row("children", date_of_birth="2012-01-01")
    hearing = row("hearings", lawyer_attended="no")
    assert told(checked({"children": [child], "cases": [row("cases")], "hearings": [hearing]})) == []
    advice = row("cases", child_role="advice_only")
    assert told(checked({"children": [child], "cases": [advice]})) == [("too_young", "cases", 2, "opened_on")]


def test_a_date_to_come_is_told_other_than_a_scheduled_hearing():
    assert step("school_followups", {"visited_on": "2017-03-02"}) == [("ahead", "school_followups", 2, "visited_on")]
    assert step("school_followups", {"visited_on": "2017-03-01"}) == []
    assert step("hearings", {"scheduled_at": "2017-03-02 09:00"}) == [("ahead", "hearings", 2, "scheduled_at")]
    assert step("hearings", {"scheduled_at": "2017-03-02 09:00", "status": "scheduled"}) == []


def test_a_hearing_still_scheduled_in_the_past_is_told():
    assert step("hearings", {"status": "scheduled"}) == [("still_scheduled", "hearings", 2, "scheduled_at")]


def test_custody_periods_of_one_child_that_overlap_are_told_across_its_cases():
    register = checked(
        {
            "children": [row("children")],
            "cases": [row("cases"), row("cases", case_ref="K-2")],
            "custody_periods": [
                row("custody_periods"),
                row("custody_periods", place="dar_al_amal", began_at="2016-01-10 09:00", ended_at="2016-01-12 10:00"),
                row("custody_periods", case_ref="K-2", began_at="2016-01-11 09:00", ended_at=""),
                row("custody_periods", case_ref="K-2", began_at="2016-05-11 09:00", ended_at="2016-05-12 09:00"),
            ],
        }
    )
    assert told(register) == [("custody_overlaps", "custody_periods", number, "began_at") for number in (4, 5)]


def test_custody_known_to_the_day_alone_does_not_surely_overlap():
    rows = [
        {"ended_at": "2016-01-10"},
        {"place": "dar_al_amal", "began_at": "2016-01-10 08:00", "ended_at": "2016-01-11"},
    ]
    assert step("custody_periods", *rows) == []


def test_a_file_without_consent_after_30_days_is_told():
    assert case(consent_given_on="") == [("no_consent", "cases", 2, "consent_given_on")]
    assert case(consent_given_on="", opened_on="2017-01-31") == []
    assert case(consent_given_on="", opened_on="2017-01-29") == [("no_consent", "cases", 2, "consent_given_on")]


def test_where_a_cell_could_not_be_read_the_rules_about_it_keep_silent():
    assert case(opened_on="?", closed_on="2016-01-01", closure_reason="goals_met") == [
        ("not_a_date", "cases", 2, "opened_on")
    ]
    assert case(disposition="?", disposition_on="2016-02-01") == [("not_a_code", "cases", 2, "disposition")]
    assert case(child_role="?", alleged_offence="") == [("not_a_code", "cases", 2, "child_role")]


def test_leaving_out_bad_rows_leaves_out_what_refers_to_them():
    register = whole()
    register["children"].append(row("children", child_ref="C-2", sex="what"))
    register["cases"] += [row("cases", case_ref="K-2", child_ref="C-2"), row("cases", case_ref="K-3", opened_on="?")]
    register["hearings"] += [
        row("hearings", case_ref="K-2"),
        row("hearings", case_ref="K-3"),
        row("hearings", court="court_of_appeal"),
    ]
    read = checked(register)
    across.leave_out_bad_rows(read)
    assert [found.number for found in read.rows("cases")] == [2]
    assert [found.number for found in read.rows("hearings")] == [2, 5]
    assert [entry for entry in told(read) if entry[0] == "refused_row"] == [
        ("refused_row", "cases", 3, "child_ref"),
        ("refused_row", "hearings", 3, "case_ref"),
        ("refused_row", "hearings", 4, "case_ref"),
    ]


def mixed():
    """A register in which everything that can be wrong is wrong, in Arabic where it is not."""
    return {
        "الأطفال": [
            {"رقم الطفل": "ط-١", "الاسم": "يوسف", "العائلة": "مثال", "الجنس": "ذكر", "تاريخ الميلاد": "٢٠٠١-١٣-٠٥"},
            {"رقم الطفل": "ط-٢", "الاسم": "سارة", "العائلة": "مثال", "الجنس": "أنثى", "تاريخ الميلاد": "٢٠٠١-٠٥-٠٥"},
            {"رقم الطفل": "ط-2", "الاسم": "آية", "العائلة": "مثال", "الجنس": "قمر", "تاريخ الميلاد": ""},
            {"رقم الطفل": "ط-٤", "الاسم": "ليث", "العائلة": "مثال", "الجنس": "ذكر", "تاريخ الميلاد": ""},
        ],
        "القضايا": [
            {
                "رقم القضية": "ق-١",
                "رقم الطفل": "ط-9",
                "تاريخ فتح الملف": "٢٠١٦-٠١-١٠",
                "مصدر الإحالة": "العائلة",
                "التهمة": "سرقة;مشاجرة",
                "تاريخ الموافقة": "2016-01-10",
            },
            {
                "رقم القضية": "ق-٢",
                "رقم الطفل": "ط-٤",
                "تاريخ فتح الملف": "٢٠١٦-٠١-١٠",
                "مصدر الإحالة": "الشرطة",
                "التهمة": "سرقة",
                "تاريخ الموافقة": "2016-01-10",
            },
        ],
        "فترات التوقيف والاحتجاز": [
            {
                "رقم القضية": "ق-2",
                "المكان": "نظارة مركز الشرطة",
                "السند القانوني": "الشرطة",
                "بداية": "٢٠١٦-٠١-١٠ ١٠:٠٠",
                "نهاية": "٢٠١٦-٠١-١٠ ٠٩:٠٠",
            },
        ],
    }


def test_a_register_with_everything_wrong_is_answered_row_by_row():
    register = checked(mixed())
    assert told(register) == [
        ("not_a_date", "children", 2, "date_of_birth"),
        ("doubled_reference", "children", 3, "child_ref"),
        ("not_a_code", "children", 4, "sex"),
        ("doubled_reference", "children", 4, "child_ref"),
        ("no_such_row", "cases", 2, "child_ref"),
        ("ends_before", "custody_periods", 2, "ended_at"),
    ]
    assert [in_english(problem) for problem in register.problems] == [
        "children, row 2, date_of_birth: ٢٠٠١-١٣-٠٥. Expected a date, as in 2016-03-28.",
        "children, row 3, child_ref: ط-2. This reference is used again in row 4. Each row needs its own.",
        "children, row 4, sex: قمر. Expected one of the list: female, male, unknown.",
        "children, row 4, child_ref: ط-2. This reference is used again in row 3. Each row needs its own.",
        "cases, row 2, child_ref: ط-9. There is no row with this reference in the sheet children.",
        "custody_periods, row 2, ended_at: 2016-01-10 09:00. This lies before began_at. Correct one of the two.",
    ]


def test_the_answer_names_sheets_and_columns_in_the_readers_language():
    sentences = [in_arabic(problem) for problem in checked(mixed()).problems]
    assert sentences[0].startswith("الأطفال، صف 2، تاريخ الميلاد: ٢٠٠١-١٣-٠٥")
    assert "رقم الطفل" in sentences[1]
    assert "بداية" in sentences[-1]
