"""The rules of indicators.md that the expected files do not reach, one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from clinic.clock import day_begins
from clinic.reports.facts import (
    Activity,
    CommunityVisit,
    Complaint,
    Hearing,
    OpenPeriod,
    Population,
    Referral,
    SchoolVisit,
    Session,
    elapsed_hours,
    is_after,
    local_day,
    moment,
)
from clinic.reports.groups.custody import hours_once
from tests.reports.asking import ALI, CASE, at, attendance, custody, day, figure, report, scope

# Moments


def test_a_moment_has_the_date_of_the_clinics_clock() -> None:
    assert local_day(datetime(2015, 7, 1, 20, 59, tzinfo=UTC)) == day("2015-07-01")
    assert local_day(datetime(2015, 7, 1, 21, 0, tzinfo=UTC)) == day("2015-07-02")
    assert local_day(datetime(2015, 1, 1, 21, 59, tzinfo=UTC)) == day("2015-01-01")
    assert local_day(datetime(2015, 1, 1, 22, 0, tzinfo=UTC)) == day("2015-01-02")


def test_hours_are_real_hours_over_the_change_of_clocks() -> None:
    assert elapsed_hours(at("2016-03-25 12:00"), at("2016-03-26 12:00")) == 23
    assert elapsed_hours(at("2015-10-22 12:00"), at("2015-10-23 12:00")) == 25
    assert elapsed_hours(at("2015-06-01 12:00"), at("2015-06-01 11:00")) == 0


def test_before_and_after_an_inexact_moment_are_known_only_on_another_day() -> None:
    assert is_after(at("~2015-06-01 12:00"), at("2015-06-01 08:00")) is None
    assert is_after(at("2015-06-02"), at("2015-06-01 23:00")) is True
    assert is_after(at("2015-06-01"), at("2015-06-02 01:00")) is False
    assert elapsed_hours(at("2015-06-01"), at("2015-06-02 01:00")) is None


# Police


def test_a_lawyer_who_arrives_as_questioning_begins_came_before_it() -> None:
    rows = [
        attendance(
            "2015-02-01 10:00",
            lawyer_attended="yes",
            lawyer_arrived=at("2015-02-01 11:00"),
            questioned=at("2015-02-01 11:00"),
        )
    ]
    assert figure("lawyer_before_questioning", Population([CASE], attendances=rows))["numerator"] == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"lawyer_attended": "yes", "lawyer_arrived": None, "questioned": at("2015-02-01 11:00")},
        {"lawyer_attended": "unknown", "questioned": at("2015-02-01 11:00")},
        {"lawyer_attended": "no", "questioned": None},
        {
            "lawyer_attended": "yes",
            "lawyer_arrived": at("~2015-02-01 09:00"),
            "questioned": at("2015-02-01 11:00"),
        },
    ],
)
def test_what_is_not_known_of_a_questioning_is_unknown_and_not_no(facts: dict[str, Any]) -> None:
    told = figure(
        "lawyer_before_questioning", Population([CASE], attendances=[attendance("2015-02-01 08:00", **facts)])
    )
    assert told == {"value": None, "numerator": 0, "denominator": 0, "unknown": 1}


def test_the_police_limit_is_broken_by_a_minute_more_and_counted_in_real_hours() -> None:
    rows = [
        attendance("2015-02-01 10:00", left=at("2015-02-02 10:00")),
        attendance("2015-02-03 10:00", left=at("2015-02-04 10:01")),
        attendance("2015-10-22 12:00", left=at("2015-10-23 12:00")),
        attendance("2015-02-05", left=at("2015-02-09 10:00")),
    ]
    told = figure("held_over_police_limit", Population([CASE], attendances=rows))
    assert (told["numerator"], told["denominator"], told["unknown"]) == (2, 3, 1)


def test_cases_of_others_than_the_accused_stay_out_of_police_figures() -> None:
    witness = CASE._replace(id="K-2", role="witness")
    rows = [attendance("2015-02-01 10:00", ill_treatment="yes", case=witness, lawyer_attended="yes")]
    population = Population([witness], attendances=rows)
    assert figure("ill_treatment_alleged", population)["denominator"] == 0
    assert figure("services_delivered", population) == {"value": 1, "by": {"police": 1}}


# Custody


def test_who_is_freed_with_the_last_instant_is_not_held_at_the_end() -> None:
    rows = [custody("2015-12-20 10:00", "2016-01-01 00:00", legal_basis="police", place="police_cell")]
    assert figure("in_custody_at_end", Population([CASE], custody=rows))["value"] == 0
    some_time_next_day = [custody("2015-12-20 10:00", "2016-01-01", legal_basis="police", place="police_cell")]
    assert figure("in_custody_at_end", Population([CASE], custody=some_time_next_day))["value"] == 1


def test_a_child_held_twice_over_counts_once_and_once_under_each_basis() -> None:
    other = CASE._replace(id="K-2")
    rows = [
        custody("2015-12-20 10:00", legal_basis="prosecution", place="dar_al_amal"),
        custody("2015-12-22 10:00", case=other, legal_basis="sentence", place="dar_al_amal"),
    ]
    told = figure("in_custody_at_end", Population([CASE, other], custody=rows))
    assert told == {
        "value": 1,
        "by_legal_basis": {"prosecution": 1, "sentence": 1},
        "by_place": {"dar_al_amal": 1},
    }


def test_overlapping_custody_counts_its_days_once_and_stops_with_the_day_of_decision() -> None:
    decided = CASE._replace(disposition="fine", disposition_on=day("2015-02-03"))
    rows = [
        custody("2015-02-01 00:00", "2015-02-02 00:00", case=decided, legal_basis="police"),
        custody("2015-02-01 12:00", case=decided, legal_basis="court_remand"),
        custody("2015-02-02 12:00", "2015-02-20 00:00", case=decided, legal_basis="sentence"),
    ]
    told = figure("pre_sentence_detention_days", Population([decided], custody=rows))
    assert told["value"] == 3
    assert hours_once([]) == 0


def test_custody_known_to_the_day_is_unknown_in_days_unless_it_is_cut_off_anyway() -> None:
    decided = CASE._replace(disposition="fine", disposition_on=day("2015-02-03"))
    ended = [custody("2015-02-01 00:00", "2015-02-02", case=decided, legal_basis="police")]
    told = figure("pre_sentence_detention_days", Population([decided], custody=ended))
    assert (told["n"], told["unknown"]) == (0, 1)
    later = [custody("2015-02-01 00:00", "2015-03-02", case=decided, legal_basis="police")]
    told = figure("pre_sentence_detention_days", Population([decided], custody=later))
    assert told["value"] == 3
    assert "unknown" not in told


def test_contact_is_asked_of_custody_of_seven_real_days_each_row_by_itself() -> None:
    rows = [
        custody("2015-10-20 12:00", "2015-10-27 11:00", family_visit="yes"),
        custody("2015-10-27 11:00", "2015-11-03 10:59", family_visit="no"),
        custody("2015-12-28 00:00", family_visit="no"),
        custody("2015-05-01", "2015-06-01 10:00", family_visit="no"),
    ]
    told = figure("family_contact", Population([CASE], custody=rows))
    assert (told["numerator"], told["denominator"], told["unknown"]) == (1, 1, 1)


# Releases


def test_a_move_within_a_day_is_no_release_even_into_another_case() -> None:
    other = CASE._replace(id="K-2")
    rows = [
        custody("2015-02-01 10:00", "2015-02-02 10:00"),
        custody("2015-02-03 10:00", "2015-02-05 10:00", case=other),
    ]
    assert len(scope(Population([CASE, other], custody=rows), "2015-01-01", "2015-12-31").releases) == 1
    later = [rows[0], custody("2015-02-03 10:01", "2015-02-05 10:00", case=other)]
    assert len(scope(Population([CASE, other], custody=later), "2015-01-01", "2015-12-31").releases) == 2


def test_custody_that_ends_sooner_takes_nothing_on() -> None:
    rows = [
        custody("2015-02-01 10:00", "2015-02-10 10:00"),
        custody("2015-02-02 10:00", "2015-02-09 10:00"),
    ]
    (release,) = scope(Population([CASE], custody=rows), "2015-01-01", "2015-12-31").releases
    assert release is rows[0]


def test_a_release_without_follow_up_is_unknown_until_its_30_days_are_over() -> None:
    population = Population([CASE], custody=[custody("2015-02-01 10:00", "2015-02-02 10:00")])
    before, after = day_begins(day("2015-03-04")), day_begins(day("2015-03-05"))
    assert figure("aftercare", population, as_of=before)["unknown"] == 1
    assert figure("aftercare", population, as_of=after)["denominator"] == 1


def test_follow_up_counts_from_the_day_of_release_to_the_thirtieth_after() -> None:
    freed = custody("2015-02-01 10:00", "2015-02-02 10:00")
    for when, counted in (("2015-02-01", 0), ("2015-02-02", 1), ("2015-03-04", 1), ("2015-03-05", 0)):
        population = Population([CASE], custody=[freed], school_visits=[SchoolVisit(CASE, day(when), "attending")])
        assert figure("aftercare", population)["numerator"] == counted
        assert figure("school_followup_after_release", population)["numerator"] == counted


# Court


def test_the_time_to_a_decision_begins_with_the_first_arrest_or_the_opening() -> None:
    decided = CASE._replace(disposition="fine", disposition_on=day("2015-01-13"))
    arrests = [attendance("2015-01-12 12:00", case=decided), attendance("2015-01-11 12:00", case=decided)]
    assert figure("time_to_disposition", Population([decided], attendances=arrests))["value"] == 1.5
    assert figure("time_to_disposition", Population([decided]))["value"] == 3
    inexact = [attendance("2015-01-11", case=decided)]
    assert figure("time_to_disposition", Population([decided], attendances=inexact))["unknown"] == 1


def test_a_decision_of_a_later_period_is_not_counted() -> None:
    decided = CASE._replace(disposition="fine", disposition_on=day("2016-01-01"))
    assert figure("dispositions", Population([decided]))["value"] == 0


def test_an_adjournment_without_a_reason_has_an_unknown_one() -> None:
    rows = [Hearing(CASE, day("2015-03-01"), "adjourned"), Hearing(CASE, day("2015-03-02"), "cancelled")]
    assert figure("adjournment_reasons", Population([CASE], hearings=rows)) == {"value": 1, "by": {"unknown": 1}}


# Flow


def test_a_case_closed_and_reopened_in_the_period_keeps_the_flow_whole() -> None:
    periods = [
        OpenPeriod(CASE, day("2014-03-01"), day("2015-02-01")),
        OpenPeriod(CASE, day("2015-02-01"), day("2015-03-01"), is_first=False),
        OpenPeriod(CASE, day("2015-06-01"), None, is_first=False),
    ]
    told = report(Population([CASE._replace(opened_on=day("2014-03-01"))], periods), "2015-01-01", "2015-12-31").fields
    flow = ("cases_carried_in", "cases_opened", "cases_reopened", "cases_closed", "cases_open_at_end")
    assert [told[name]["value"] for name in flow] == [1, 0, 2, 2, 1]


def test_a_case_closed_on_the_last_day_is_not_open_at_the_end() -> None:
    periods = [OpenPeriod(CASE, day("2015-01-10"), day("2015-12-31"))]
    told = report(Population([CASE], periods), "2015-01-01", "2015-12-31").fields
    assert told["cases_open_at_end"]["value"] == 0
    assert told["cases_closed"]["value"] == 1


# Counselling and school


def test_of_one_day_the_first_score_entered_is_first_and_the_last_is_last() -> None:
    rows = [
        Session(CASE, day("2015-03-01"), "individual", 3),
        Session(CASE, day("2015-03-01"), "individual", 9),
        Session(CASE, day("2015-04-01"), "individual", 4),
        Session(CASE, day("2015-04-01"), "individual", 2),
    ]
    told = figure("wellbeing_change", Population([CASE], sessions=rows))
    assert (told["mean"], told["worse"]) == (-1, 1)
    assert figure("wellbeing_change", Population([CASE], sessions=rows[:2]))["unknown"] == 1


def test_sessions_before_the_period_help_to_sustain_counselling_and_later_ones_do_not() -> None:
    rows = [Session(CASE, day(when)) for when in ("2014-05-01", "2014-06-01", "2015-03-01")]
    assert figure("sustained_counselling", Population([CASE], sessions=rows))["numerator"] == 1
    late = [*rows[1:], Session(CASE, day("2016-01-01"))]
    assert figure("sustained_counselling", Population([CASE], sessions=late))["numerator"] == 0


def test_advice_counts_as_reach_and_nowhere_else() -> None:
    advice = CASE._replace(id="K-2", role="advice_only", opened_on=day("2015-05-01"))
    population = Population(
        [advice],
        [OpenPeriod(advice, advice.opened_on)],
        sessions=[Session(advice, day("2015-05-02"))],
        school_visits=[SchoolVisit(advice, day("2015-05-02"), "attending")],
        referrals=[Referral(advice, day("2015-05-02"), "health", "completed")],
        complaints=[Complaint(advice, day("2015-05-02"), ("threats",), "filed")],
    )
    told = report(population, "2015-01-01", "2015-12-31").fields
    assert told["services_delivered"] == {"value": 3, "by": {"advice": 1, "counselling": 1, "school": 1}}
    assert told["children_served"]["value"] == told["cases_opened"]["value"] == 1
    for name in ("children_counselled", "counselling_sessions", "referrals_made", "complaints_filed"):
        assert told[name]["value"] == 0, name
    assert told["in_school_at_intake"]["denominator"] == 0


def test_who_has_completed_school_is_asked_no_more() -> None:
    done = CASE._replace(child=ALI._replace(education="completed"))
    rows = [SchoolVisit(done, day("2015-05-02"), "completed")]
    told = report(Population([done], school_visits=rows), "2015-01-01", "2015-12-31").fields
    for name in ("in_school_at_intake", "in_school_at_latest_followup", "returned_to_school"):
        assert (told[name]["denominator"], told[name]["unknown"]) == (0, 0), name


def test_a_latest_school_status_that_is_not_known_is_unknown() -> None:
    rows = [SchoolVisit(CASE, day("2015-05-02"), "attending"), SchoolVisit(CASE, day("2015-06-02"), "unknown")]
    assert figure("in_school_at_latest_followup", Population([CASE], school_visits=rows))["unknown"] == 1


# After-care


def test_a_case_reopened_is_not_closed_and_one_that_went_elsewhere_is_not_followed() -> None:
    first = OpenPeriod(CASE, day("2014-01-01"), day("2014-06-01"), "goals_met")
    again = OpenPeriod(CASE, day("2015-06-01"), None, is_first=False)
    assert figure("new_case_within_12_months", Population([CASE], [first, again]))["denominator"] == 0
    for reason in ("duplicate", "death", "transferred"):
        moved = first._replace(reason=reason)
        assert figure("new_case_within_12_months", Population([CASE], [moved]))["denominator"] == 0


@pytest.mark.parametrize(
    ("opened", "counts"), [("2014-06-01", 0), ("2014-06-02", 1), ("2015-06-01", 1), ("2015-06-02", 0)]
)
def test_a_new_case_within_a_year_is_one_opened_from_the_next_day_to_the_365th(opened: str, counts: int) -> None:
    again = CASE._replace(id="K-2", opened_on=day(opened))
    closed = OpenPeriod(CASE, day("2014-01-01"), day("2014-06-01"), "goals_met")
    told = figure("new_case_within_12_months", Population([CASE, again], [closed, OpenPeriod(again, day(opened))]))
    assert (told["numerator"], told["denominator"]) == (counts, 1)


def test_help_in_every_way_is_that_of_the_childs_accused_cases() -> None:
    witness = CASE._replace(id="K-2", role="witness")
    rows = {
        "attendances": [attendance("2014-02-01 10:00", lawyer_attended="yes")],
        "sessions": [Session(CASE, day("2015-03-01"))],
    }
    elsewhere = Population([CASE, witness], community_visits=[CommunityVisit(witness, day("2015-03-02"))], **rows)
    assert figure("comprehensive_support", elsewhere)["numerator"] == 0
    here = Population([CASE, witness], community_visits=[CommunityVisit(CASE, day("2015-03-02"))], **rows)
    assert figure("comprehensive_support", here)["numerator"] == 1


@pytest.mark.parametrize("precision", ["about", "day"])
def test_a_fact_of_which_the_precision_alone_changed_is_another(precision: str) -> None:
    """Else what is kept would stay as it was after the correction."""
    noon = at("2015-03-01 12:00")
    assert moment(noon, precision) == moment(noon, precision)
    assert hash(moment(noon, precision)) == hash(noon)
    for one, other in ((noon, moment(noon, precision)), (moment(noon, precision), noon)):
        assert attendance("2015-03-01 12:00", left=one) != attendance("2015-03-01 12:00", left=other)


# Referrals, complaints, activities


def test_a_referral_without_an_answer_is_unknown() -> None:
    rows = [
        Referral(CASE, day("2015-03-01"), "health", status)
        for status in ("sent", "unknown", None, "accepted", "completed")
    ]
    told = figure("referrals_completed", Population([CASE], referrals=rows))
    assert (told["numerator"], told["denominator"], told["unknown"]) == (1, 2, 3)


def test_a_complaint_about_several_things_counts_once_and_once_under_each() -> None:
    rows = [Complaint(CASE, day("2015-03-01"), ("threats", "insults", "threats"), "withdrawn")]
    population = Population([CASE], complaints=rows)
    assert figure("complaints_filed", population) == {"value": 1, "by": {"threats": 1, "insults": 1}}
    assert figure("complaints_answered", population)["denominator"] == 0


def test_participants_that_nobody_counted_add_nothing() -> None:
    rows = [Activity(day("2015-03-01"), "training", None, 7), Activity(day("2015-03-01"), "training", 3)]
    told = figure("activity_participants", Population(activities=rows))
    assert told == {"value": 10, "by": {"female": 3, "male": 7}}
