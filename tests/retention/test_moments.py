"""Moments without the time of day: what stays the same, and what nobody can tell any more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.clock import Precision, day_begins, from_local, local_date
from clinic.retention.moments import Times, moves_of_each, moves_of_stays

EXACT = Precision.MINUTE
MINUTE = timedelta(minutes=1)


def at(text, precision=EXACT):
    return from_local(datetime.fromisoformat(text)), precision


def into_the_day(moment):
    return moment - day_begins(local_date(moment))


def moved(times, **named):
    """The moments of one step after the move."""
    move = moves_of_each({"it": Times(tuple(times), **named)})["it"]
    return [moment - move.by for moment, _precision in times], move


@pytest.mark.parametrize("hour", [1, 9, 21])
def test_the_hour_of_a_night_at_the_police_is_gone_and_its_length_stays(hour):
    arrested, left = at(f"2015-03-04T{hour:02}:20"), at(f"2015-03-04T{hour:02}:57")
    told, move = moved([arrested, left])
    assert told == [day_begins(date(2015, 3, 4)) + MINUTE, day_begins(date(2015, 3, 4)) + 38 * MINUTE]
    assert not move.is_kept


def test_days_stay_where_a_night_goes_over_midnight():
    told, _move = moved([at("2015-03-04T22:10"), at("2015-03-05T02:40")])
    assert [local_date(moment) for moment in told] == [date(2015, 3, 4), date(2015, 3, 5)]
    assert told[1] - told[0] == timedelta(hours=4, minutes=30)
    assert into_the_day(told[1]) == MINUTE


def test_what_counts_to_the_day_of_the_decision_is_kept_beside():
    told, move = moved([at("2015-03-04T22:10")], is_counted_from=True)
    assert move.is_kept
    assert told[0] + move.by == at("2015-03-04T22:10")[0]
    assert into_the_day(told[0]) == timedelta(0)


def test_what_ends_at_midnight_ended_with_the_day_before():
    _told, move = moved([at("2015-03-04T22:10"), at("2015-03-06T00:00")])
    assert move.is_kept


def test_a_moment_known_to_the_day_holds_nothing_back():
    arrested, left = at("2015-03-04T14:10"), at("2015-03-05T00:00", Precision.DAY)
    _told, move = moved([arrested, left])
    assert move.by == timedelta(hours=14, minutes=9)


def test_stays_that_may_meet_move_together_and_others_by_themselves():
    first = Times((at("2015-03-04T10:00"), at("2015-03-06T12:00")))
    transfer = Times((at("2015-03-07T11:00"), at("2015-03-09T15:00")))
    later = Times((at("2015-04-01T18:00"), at("2015-04-02T16:00")))
    moves = moves_of_stays({"first": first, "transfer": transfer, "later": later})
    assert moves["first"] == moves["transfer"]
    assert moves["first"].by == timedelta(hours=9, minutes=59)
    assert moves["later"].by == timedelta(hours=15, minutes=59)


def test_custody_that_runs_goes_with_all_that_follows():
    running = Times((at("2015-03-04T10:00"),), runs=True)
    later = Times((at("2015-08-01T05:00"), at("2015-08-02T16:00")))
    moves = moves_of_stays({"running": running, "later": later})
    assert moves["running"] == moves["later"]


def test_where_the_clocks_change_a_stay_is_long_or_not_as_it_was():
    began = datetime(2015, 10, 20, 20, 30, tzinfo=UTC)  # the clocks went back on 23 October: the week has an hour more
    plain = moves_of_stays({"it": Times(((began, EXACT),))})["it"].by
    bound = moves_of_stays({"it": Times(((began, EXACT),), begins=(began,))})["it"].by
    assert into_the_day(began - plain) == MINUTE
    assert into_the_day(began - bound) == timedelta(hours=1, minutes=1)


def test_nothing_moves_where_nothing_is_known():
    assert moves_of_each({"it": Times(())}) == {}
    assert moves_of_each({"it": Times((at("2015-03-04T00:00", Precision.DAY),))})["it"].by == timedelta(0)
