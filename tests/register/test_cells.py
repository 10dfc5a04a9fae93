"""What a cell says, in every way in which it may be written."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.clock import Moment, Precision
from clinic.register.cells import BadCell, clean, parser_of, plain, shown, text_of
from clinic.register.format import BY_NAME
from clinic.register.problems import Code
from clinic.vocabularies.lists import shipped

LISTS = shipped()


def parsed(sheet, column, raw):
    return parser_of(BY_NAME[sheet].column(column), LISTS)(raw)


def refused(sheet, column, raw):
    with pytest.raises(BadCell) as caught:
        parsed(sheet, column, raw)
    return caught.value.code


def utc(*parts, precision=Precision.MINUTE):
    return Moment(datetime(*parts, tzinfo=UTC), precision)


@pytest.mark.parametrize("text", [" محمد ", "\u200fمحمد\u200e", "ـمحمدـ", "\u2067محمد\u2069\t", "\u00a0محمد\ufeff"])
def test_spaces_tatweel_and_bidi_marks_around_a_value_are_dropped(text):
    assert parsed("children", "given_name", text) == "محمد"


def test_what_stands_within_a_text_is_left_as_it_is():
    assert parsed("children", "given_name", "عبـد\u200f الله ٣") == "عبـد\u200f الله ٣"


@pytest.mark.parametrize("text", ["2016-03-28", " ٢٠١٦-٠٣-٢٨ ", "\u200e2016-03-28\u200f", "۲۰۱۶-۰۳-۲۸"])
def test_a_date_is_year_month_day_in_digits_of_either_script(text):
    assert parsed("cases", "opened_on", text) == date(2016, 3, 28)


@pytest.mark.parametrize(
    "text",
    [
        "28/3/2016",
        "2016-3-28",
        "2016-02-30",
        "20160328",
        "2016-W13-1",
        "2016-03-28 10:00",
        "1016-03-28",
        "soon",
        "~2016-03-28",
    ],
)
def test_any_other_way_to_write_a_date_is_refused(text):
    assert refused("cases", "opened_on", text) == Code.NOT_A_DATE


def test_a_native_date_is_a_date_and_a_native_moment_or_number_is_not():
    assert parsed("cases", "opened_on", date(2016, 3, 28)) == date(2016, 3, 28)
    for raw in (datetime(2016, 3, 28, 10), 42457.0, True, time(10), timedelta(1)):
        assert refused("cases", "opened_on", raw) == Code.NOT_A_DATE


def test_a_moment_is_local_time_kept_in_utc():
    assert parsed("hearings", "scheduled_at", "2016-01-10 10:30") == utc(2016, 1, 10, 8, 30)
    assert parsed("hearings", "scheduled_at", "٢٠١٦-٠٧-١٠ ١٠:٣٠") == utc(2016, 7, 10, 7, 30)


def test_a_date_alone_is_a_moment_whose_time_is_not_known():
    day = parsed("hearings", "scheduled_at", "2016-01-10")
    assert day.precision == Precision.DAY
    assert day.local_date == date(2016, 1, 10)


@pytest.mark.parametrize("text", ["~2016-01-10 10:30", "~ 2016-01-10 10:30", " ~٢٠١٦-٠١-١٠ ١٠:٣٠"])
def test_a_tilde_before_a_moment_says_about(text):
    assert parsed("hearings", "scheduled_at", text) == utc(2016, 1, 10, 8, 30, precision=Precision.ABOUT)


def test_a_local_time_that_occurs_twice_means_the_first():
    assert parsed("hearings", "scheduled_at", "2016-10-29 00:30") == utc(2016, 10, 28, 21, 30)


def test_the_offset_says_which_of_the_two_is_meant():
    assert parsed("hearings", "scheduled_at", "2016-10-29 00:30+03:00") == utc(2016, 10, 28, 21, 30)
    assert parsed("hearings", "scheduled_at", "2016-10-29 00:30+02:00") == utc(2016, 10, 28, 22, 30)
    assert parsed("hearings", "scheduled_at", "~2016-10-29 00:30 +02:00").precision == Precision.ABOUT


def test_an_offset_that_the_clocks_here_did_not_have_is_refused():
    assert refused("hearings", "scheduled_at", "2016-01-10 10:30+05:00") == Code.WRONG_OFFSET
    assert refused("hearings", "scheduled_at", "2016-01-10 10:30+99:00") == Code.NOT_A_MOMENT


def test_a_local_time_that_does_not_occur_is_refused():
    assert refused("hearings", "scheduled_at", "2016-03-26 01:30") == Code.NO_SUCH_TIME
    assert refused("hearings", "scheduled_at", datetime(2016, 3, 26, 1, 30)) == Code.NO_SUCH_TIME


@pytest.mark.parametrize(
    "text",
    ["2016-01-10 24:00", "2016-01-10 10:60", "2016-01-10 1030", "10:30", "2016-01-10T10:30Z", "2016-13-10 10:00"],
)
def test_any_other_way_to_write_a_moment_is_refused(text):
    assert refused("hearings", "scheduled_at", text) == Code.NOT_A_MOMENT


def test_a_native_moment_is_one_to_the_minute_and_a_native_date_one_to_the_day():
    assert parsed("hearings", "scheduled_at", datetime(2016, 1, 10, 10, 29, 59, 999)) == utc(2016, 1, 10, 8, 30)
    assert parsed("hearings", "scheduled_at", date(2016, 1, 10)).precision == Precision.DAY
    assert refused("hearings", "scheduled_at", 42379.4) == Code.NOT_A_MOMENT


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("YES ", "yes"),
        ("نعم", "yes"),
        ("no", "no"),
        ("لا", "no"),
        ("unknown", "unknown"),
        ("غير معروف", "unknown"),
        ("Not known", "unknown"),
        (" ", None),
    ],
)
def test_an_answer_is_yes_no_or_unknown_in_either_language(text, answer):
    assert parsed("children", "disability", text) == answer


@pytest.mark.parametrize("raw", ["maybe", "1", "true", True, 1.0])
def test_anything_else_is_no_answer(raw):
    assert refused("children", "disability", raw) == Code.NOT_AN_ANSWER


@pytest.mark.parametrize("text", ["bodily_harm", "Bodily harm", "BODILY HARM", "إيذاء", " ايذاء\u200f"])
def test_a_code_may_be_written_as_its_label_in_either_language(text):
    assert parsed("cases", "alleged_offence", text) == ("bodily_harm",)


def test_several_codes_are_separated_and_the_first_is_the_main_one():
    assert parsed("cases", "alleged_offence", "brawl; سرقة ;brawl;") == ("brawl", "theft")
    assert parsed("cases", "alleged_offence", "مشاجرة؛ سرقة") == ("brawl", "theft")


def test_a_text_that_is_in_no_list_is_refused_with_the_codes_that_are():
    with pytest.raises(BadCell) as caught:
        parsed("children", "sex", "boyish")
    assert caught.value.code == Code.NOT_A_CODE
    assert caught.value.expected == "female male unknown"
    assert refused("cases", "alleged_offence", "theft;arson") == Code.NOT_A_CODE
    assert refused("children", "sex", date(2016, 1, 1)) == Code.NOT_TEXT


@pytest.mark.parametrize("text", ["unknown", "غير معروف", "Unknown"])
def test_a_starred_name_or_code_may_be_unknown(text):
    assert parsed("children", "family_name", text) == "unknown"
    assert parsed("police_attendances", "police_station", text) == "unknown"
    assert parsed("complaints", "about", text) == ("unknown",)
    assert parsed("cases", "alleged_offence", text) == ("unknown",)


def test_an_optional_code_that_is_unknown_is_a_blank_one():
    assert parsed("police_attendances", "holding_body", "unknown") is None
    assert parsed("children", "refugee_status", "غير معروف") == "unknown"


def test_unknown_among_codes_that_are_known_is_refused():
    assert refused("complaints", "about", "beating;unknown") == Code.UNKNOWN_AMONG_CODES


def test_a_code_that_stands_for_something_when_blank_cannot_be_unknown():
    assert refused("cases", "child_role", "unknown") == Code.NOT_A_CODE


def test_a_project_may_be_a_code_that_nobody_has_yet():
    assert parsed("cases", "projects", "core; new_donor_٢٠١٧") == ("core", "new_donor_2017")


@pytest.mark.parametrize(("raw", "number"), [("7", 7), ("٠٧", 7), (" ۷ ", 7), (7.0, 7), (7, 7), ("0", 0), ("", None)])
def test_a_whole_number_may_be_written_in_digits_of_either_script(raw, number):
    assert parsed("activities", "participants_male", raw) == number


@pytest.mark.parametrize("raw", ["seven", "7.5", 7.5, "7,5", True, date(2016, 1, 1), "½"])
def test_what_is_not_a_whole_number_is_refused(raw):
    assert refused("activities", "participants_male", raw) == Code.NOT_A_NUMBER


@pytest.mark.parametrize("raw", ["-1", -1.0, "99999999999"])
def test_numbers_of_people_and_minutes_are_not_negative_and_not_beyond_reason(raw):
    assert refused("activities", "participants_female", raw) == Code.OUT_OF_RANGE
    assert refused("counselling_sessions", "duration_minutes", raw) == Code.OUT_OF_RANGE


def test_a_wellbeing_score_is_from_0_to_10():
    assert parsed("counselling_sessions", "wellbeing_score", "١٠") == 10
    assert parsed("counselling_sessions", "wellbeing_score", "0") == 0
    assert refused("counselling_sessions", "wellbeing_score", "11") == Code.OUT_OF_RANGE
    assert refused("counselling_sessions", "wellbeing_score", "-1") == Code.OUT_OF_RANGE


def test_a_reference_or_phone_counts_by_its_digits_whatever_their_script():
    assert parsed("cases", "case_ref", "ق-٠٠١\u200f") == "ق-001"
    assert parsed("cases", "case_ref", 12.0) == "12"
    assert parsed("children", "guardian_phone", "٠٥٩٩١٢٣٤٥٦") == "0599123456"


def test_a_username_is_one_word():
    assert parsed("cases", "lawyer", " lawyer.rana ") == "lawyer.rana"
    assert refused("cases", "lawyer", "Rana Issa") == Code.NOT_A_USERNAME


def test_a_text_that_a_spreadsheet_made_into_something_else_is_refused():
    for raw in (date(2016, 1, 1), time(10), timedelta(hours=30), True):
        assert refused("activities", "title", raw) == Code.NOT_TEXT
    assert parsed("activities", "title", 2016.0) == "2016"
    assert parsed("activities", "title", 20.5) == "20.5"


def test_a_native_value_is_shown_as_a_csv_file_would_hold_it():
    assert shown(datetime(2016, 1, 1)) == "2016-01-01 00:00"
    assert shown(date(2016, 1, 1)) == "2016-01-01"
    assert (shown(True), shown(False), shown(3.0), shown(3.5)) == ("TRUE", "FALSE", "3", "3.5")


MOMENTS = st.datetimes(datetime(1950, 1, 2), datetime(2100, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


@given(MOMENTS, st.sampled_from([Precision.MINUTE, Precision.ABOUT]))
def test_every_moment_is_read_as_it_was_written(at, precision):
    moment = Moment(at.replace(tzinfo=UTC), precision)
    assert parsed("hearings", "scheduled_at", text_of(moment)) == moment


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_date_is_read_as_it_was_written_also_as_a_moment_of_the_day(day):
    assert parsed("cases", "opened_on", text_of(day)) == day
    moment = parsed("hearings", "scheduled_at", text_of(day))
    assert (text_of(moment), moment.local_date) == (day.isoformat(), day)


def test_the_offset_is_written_in_the_doubled_hour_alone():
    assert text_of(utc(2016, 10, 28, 21, 30)) == "2016-10-29 00:30+03:00"
    assert text_of(utc(2016, 10, 28, 22, 30)) == "2016-10-29 00:30+02:00"
    assert text_of(utc(2016, 10, 28, 23, 30)) == "2016-10-29 01:30"


@given(st.text())
def test_cleaning_a_text_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=20))
def test_whatever_a_cell_holds_it_is_read_or_refused(text):
    for sheet in BY_NAME.values():
        for column in sheet.columns:
            parse = parser_of(column, LISTS)
            with suppress(BadCell):
                value = parse(text)
                assert parse(text_of(value)) == value
