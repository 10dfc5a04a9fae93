"""What a call tells, taken apart."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from clinic import clock
from clinic.calls import rules
from clinic.vocabularies.fixed import Answer


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("كرم", ("كرم", None, None, None)),
        ("كرم الجعفري", ("كرم", None, None, "الجعفري")),
        ("كرم يوسف الجعفري", ("كرم", "يوسف", None, "الجعفري")),
        ("كرم يوسف سليم الجعفري", ("كرم", "يوسف", "سليم", "الجعفري")),
        ("عبد الرحمن نور الدين أبو عكر", ("عبد الرحمن", "نور الدين", None, "أبو عكر")),
        ("Karam Abu Srour", ("Karam", None, None, "Abu Srour")),
    ],
)
def test_a_name_in_one_line_has_its_parts(name, parts):
    assert rules.name_parts(name) == parts


def test_a_time_told_without_a_day_is_the_last_one_that_the_clock_showed():
    now = clock.from_local(datetime(2026, 3, 5, 1, 55))
    assert rules.night_day(time(23, 50), now) == date(2026, 3, 4)
    assert rules.night_day(time(1, 55), now) == date(2026, 3, 5)


def test_one_question_about_the_guardian_gives_two_answers_that_never_contradict():
    answers = [rules.guardian_answers(told) for told in (*rules.Guardian, None)]
    assert all(
        Answer.YES not in (a["guardian_present"], a["guardian_sent_out"])
        or a["guardian_present"] != a["guardian_sent_out"]
        for a in answers
    )
    assert rules.guardian_answers(None) == {"guardian_present": None, "guardian_sent_out": None}


def test_an_injury_that_is_seen_says_nothing_of_what_the_child_tells():
    assert rules.treatment_answers("injury") == {"injuries_seen": Answer.YES, "ill_treatment_alleged": None}
    assert rules.treatment_answers("neither") == {"injuries_seen": Answer.NO, "ill_treatment_alleged": Answer.NO}
