"""The clock of custody: what a lawyer is told at two in the morning."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.clock import Moment, Precision, day_begins, day_ends
from clinic.law.custody_clock import CustodyClock, Extension, Facts, Hold, custody_clock
from clinic.law.rules import LimitCode, RuleSets, shipped
from clinic.vocabularies.fixed import LegalBasis

ARREST = datetime(2016, 4, 14, 20, 50, tzinfo=UTC)
TAKEN = Moment(ARREST)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def after(hours: float) -> Moment:
    return Moment(ARREST + hours * HOUR)


def at(facts: Facts, hours: float) -> CustodyClock:
    clock = custody_clock(facts, shipped(), ARREST + hours * HOUR)
    assert clock is not None
    return clock


def running(clock: CustodyClock):
    assert clock.running is not None
    return clock.running


def limits(clock: CustodyClock) -> list[LimitCode]:
    return [one.limit.code for one in clock.clocks]


def test_a_child_taken_at_night_has_24_hours_from_the_minute_of_arrest():
    clock = at(Facts(TAKEN), 7)
    police = running(clock)
    assert (clock.basis, police.limit.code) == (LegalBasis.POLICE, LimitCode.POLICE)
    assert police.ends_at == ARREST + DAY
    assert police.hours_left == 17
    assert police.spent_share == pytest.approx(7 / 24)
    assert (police.about, police.missed, police.near, police.confirmed) == (False, False, False, False)
    assert clock.hours_held(ARREST + 7 * HOUR) == 7


def test_the_last_hours_are_near_and_the_minute_after_is_missed():
    assert running(at(Facts(TAKEN), 18)).near
    assert not running(at(Facts(TAKEN), 24)).missed
    over = running(at(Facts(TAKEN), 26))
    assert over.missed
    assert not over.near
    assert over.hours_left == -2
    assert over.spent_share == 1


def test_a_cell_written_down_late_does_not_stop_the_clock_of_the_arrest():
    clock = at(Facts(TAKEN, [Hold(LegalBasis.POLICE, after(5))]), 7)
    assert clock.held_since == TAKEN
    assert running(clock).hours_left == 17


def test_who_has_left_is_not_held():
    assert custody_clock(Facts(TAKEN, left_police_at=after(3)), shipped(), ARREST + 4 * HOUR) is None
    assert custody_clock(Facts(TAKEN, [Hold(LegalBasis.POLICE, TAKEN, after(3))]), shipped(), ARREST + 4 * HOUR) is None
    assert custody_clock(Facts(None), shipped(), ARREST) is None


def test_the_prosecution_has_48_hours_from_its_own_hold_wherever_the_child_is_moved():
    facts = Facts(
        TAKEN,
        [
            Hold(LegalBasis.POLICE, TAKEN, after(20)),
            Hold(LegalBasis.PROSECUTION, after(20), after(30)),
            Hold(LegalBasis.PROSECUTION, after(31)),
        ],
    )
    clock = at(facts, 40)
    assert clock.held_since == TAKEN
    assert limits(clock) == [LimitCode.PROSECUTION, LimitCode.TOTAL]
    assert running(clock).hours_left == 28
    assert clock.breaches == ()


def test_the_defence_is_told_what_the_police_missed_before():
    clock = at(Facts(TAKEN, [Hold(LegalBasis.PROSECUTION, after(30))]), 40)
    assert [(breach.limit.code, breach.over_hours, breach.about) for breach in clock.breaches] == [
        (LimitCode.POLICE, 6, False)
    ]


REMAND = [
    Hold(LegalBasis.POLICE, TAKEN, after(20)),
    Hold(LegalBasis.PROSECUTION, after(20), after(60)),
    Hold(LegalBasis.COURT_REMAND, after(60)),
]


def test_a_remand_runs_15_days_from_its_last_extension_and_45_in_all():
    first = at(Facts(TAKEN, REMAND), 60 + 24)
    assert limits(first) == [LimitCode.COURT_EXTENSION, LimitCode.COURT_TOTAL, LimitCode.TOTAL]
    assert running(first).hours_left == 14 * 24
    extended = Facts(TAKEN, REMAND, extensions=[Extension(after(60)), Extension(after(60 + 14 * 24))])
    second = at(extended, 60 + 20 * 24)
    assert running(second).hours_left == 9 * 24
    third = at(Facts(TAKEN, REMAND, extensions=[Extension(after(60 + 40 * 24))]), 60 + 41 * 24)
    assert running(third).limit.code == LimitCode.COURT_TOTAL
    assert running(third).hours_left == 4 * 24


def test_the_day_that_the_judge_named_counts_if_it_is_sooner():
    ordered = Extension(after(60), until=after(60 + 7 * 24))
    clock = running(at(Facts(TAKEN, REMAND, extensions=[ordered]), 60 + 3.5 * 24))
    assert clock.hours_left == 3.5 * 24
    assert clock.spent_share == pytest.approx(0.5)


def test_a_higher_court_leaves_only_the_ceiling():
    ordered = Extension(after(60 + 45 * 24), by_magistrate=False)
    assert limits(at(Facts(TAKEN, REMAND, extensions=[ordered]), 60 + 50 * 24)) == [LimitCode.TOTAL]


def test_before_the_court_or_under_a_sentence_no_limit_runs():
    tried = at(Facts(TAKEN, REMAND, referred_to_court=True), 60 + 100 * 24)
    assert (tried.running, tried.ceiling) == (None, None)
    sentenced = at(Facts(TAKEN, [Hold(LegalBasis.SENTENCE, TAKEN)]), 100)
    assert sentenced.running is None


def test_the_ceiling_is_six_months_of_the_calendar_from_the_arrest():
    ceiling = at(Facts(TAKEN, REMAND), 100).ceiling
    assert ceiling is not None
    assert ceiling.ends_at == datetime(2016, 10, 14, 20, 50, tzinfo=UTC)


def test_time_free_does_not_count_and_an_earlier_remand_does():
    freed = [Hold(LegalBasis.COURT_REMAND, after(0), after(240)), Hold(LegalBasis.COURT_REMAND, after(1000))]
    clock = at(Facts(None, freed), 1000 + 240)
    assert clock.held_since == after(1000)
    total = next(one for one in clock.clocks if one.limit.code == LimitCode.COURT_TOTAL)
    assert total.hours_left == 45 * 24 - 480
    assert running(clock).hours_left == 5 * 24


def test_an_arrest_long_after_a_release_starts_anew():
    again = Facts(after(1000), [Hold(LegalBasis.COURT_REMAND, after(0), after(240))])
    clock = at(again, 1007)
    assert (clock.basis, clock.held_since) == (LegalBasis.POLICE, after(1000))
    assert running(clock).hours_left == 17


def test_a_remand_long_after_the_child_left_the_police_does_not_count_from_that_arrest():
    facts = Facts(TAKEN, [Hold(LegalBasis.COURT_REMAND, after(500))], left_police_at=after(5))
    clock = at(facts, 501)
    assert clock.held_since == after(500)
    assert clock.breaches == ()


def test_of_a_day_alone_the_earliest_end_is_shown_and_only_the_certain_is_missed():
    day = date(2016, 4, 14)
    facts = Facts(Moment.of_day(day))
    early = custody_clock(facts, shipped(), day_begins(day) + 25 * HOUR)
    assert early is not None
    police = running(early)
    assert police.about
    assert (police.ends_at, police.ends_at_latest) == (day_begins(day) + DAY, day_ends(day) + DAY)
    assert police.perhaps_missed
    assert police.near
    assert not police.missed
    late = custody_clock(facts, shipped(), day_ends(day) + 25 * HOUR)
    assert late is not None
    assert running(late).missed


def test_about_is_said():
    assert running(at(Facts(Moment(ARREST, Precision.ABOUT)), 7)).about


def test_the_night_the_clocks_change_has_real_hours():
    taken = datetime(2016, 3, 25, 18, 0, tzinfo=UTC)  # 20:00; the clocks go forward at 01:00
    clock = custody_clock(Facts(Moment(taken)), shipped(), taken)
    assert clock is not None
    assert running(clock).ends_at == datetime(2016, 3, 26, 18, 0, tzinfo=UTC)  # 21:00


def test_the_law_is_that_of_the_day_of_arrest():
    taken = datetime(2016, 3, 27, 20, 0, tzinfo=UTC)
    clock = custody_clock(Facts(Moment(taken)), shipped(), taken + 10 * HOUR)
    assert clock is not None
    assert clock.rules is not None
    assert clock.rules.code == "old_law"


def test_a_confirmed_rule_set_says_so():
    rules = shipped().sets[1]
    sets = shipped().confirmed({(rules.code, rules.digest): ("Lawyer", date(2026, 1, 5))})
    clock = custody_clock(Facts(TAKEN), sets, ARREST)
    assert clock is not None
    assert running(clock).confirmed


def test_without_a_law_the_child_is_still_held():
    clock = custody_clock(Facts(TAKEN), RuleSets(()), ARREST + HOUR)
    assert clock is not None
    assert clock.running is None


# Whatever the facts

moments = st.builds(
    lambda hours, precision: Moment.of_day((ARREST + hours * HOUR).date()) if precision == Precision.DAY
    else Moment(ARREST + hours * HOUR, precision),
    st.integers(-2000, 6000),
    st.sampled_from(Precision),
)  # fmt: skip
holds = st.builds(Hold, st.sampled_from(LegalBasis), moments, st.none() | moments).filter(
    lambda hold: hold.ended is None or hold.ended.at >= hold.began.at
)
facts_of_a_case = st.builds(
    Facts, st.none() | moments, st.lists(holds, max_size=5), st.none() | moments,
    st.lists(st.builds(Extension, moments, st.none() | moments, st.booleans()), max_size=3), st.booleans(),
)  # fmt: skip
nows = st.integers(-2500, 8000).map(lambda hours: ARREST + hours * HOUR)


@given(facts_of_a_case, nows)
def test_a_clock_never_contradicts_itself(facts: Facts, now: datetime):
    clock = custody_clock(facts, shipped(), now)
    if clock is None:
        return
    assert clock.held_since.at <= now
    assert [one.ends_at for one in clock.clocks] == sorted(one.ends_at for one in clock.clocks)
    for one in clock.clocks:
        assert one.ends_at <= one.ends_at_latest
        assert one.hours_left == (one.ends_at - now).total_seconds() / 3600
        assert 0 <= one.spent_share <= 1
        assert not (one.missed and one.near)
        assert one.missed == (now > one.ends_at_latest)


@given(facts_of_a_case, nows, st.integers(1, 500))
def test_while_nothing_happens_the_end_stays_and_the_hours_run(facts: Facts, now: datetime, hours: int):
    over = now - DAY  # what ended on a day alone may have ended at its end
    still = [hold for hold in facts.holds if hold.began.at <= now and (hold.ended is None or hold.ended.at < over)]
    facts = Facts(facts.arrested_at, still, None, (), facts.referred_to_court)
    if facts.arrested_at is not None and facts.arrested_at.at > now:
        return
    one, other = custody_clock(facts, shipped(), now), custody_clock(facts, shipped(), now + hours * HOUR)
    if one is None:
        return
    assert other is not None
    assert [(limit.limit.code, limit.ends_at) for limit in one.clocks] == [
        (limit.limit.code, limit.ends_at) for limit in other.clocks
    ]
    for early, late in zip(one.clocks, other.clocks, strict=True):
        assert late.hours_left == pytest.approx(early.hours_left - hours)


@given(st.integers(0, 100_000), st.integers(0, 40_000))
def test_hours_left_and_hours_held_make_the_limit(start: int, minutes: int):
    taken = datetime(2015, 1, 1, tzinfo=UTC) + start * HOUR
    now = taken + timedelta(minutes=minutes)
    clock = custody_clock(Facts(Moment(taken)), shipped(), now)
    assert clock is not None
    police = next(one for one in clock.clocks if one.limit.code == LimitCode.POLICE)
    assert police.hours_left + clock.hours_held(now) == pytest.approx(24)
