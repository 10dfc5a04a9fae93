"""The processes that answer pages share out what comes in, and count right whatever becomes of one of them."""

from __future__ import annotations

import socket

import pytest

from clinic.operations.sharing import InHand


@pytest.fixture
def in_hand():
    """Two seats, at both of which somebody sits."""
    shared = InHand(2)
    shared.sit_down(0)
    shared.sit_down(1)
    yield shared
    shared.close()


@pytest.fixture
def line():
    """A line with somebody at the other end, who says something."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"GET")
        yield ours


def test_whoever_has_nothing_in_hand_answers_itself(in_hand):
    assert in_hand.less_busy(0) is None
    in_hand.keep(1)
    assert in_hand.less_busy(0) is None


def test_whoever_has_as_much_in_hand_is_given_nothing(in_hand):
    in_hand.keep(0)
    in_hand.keep(1)
    assert in_hand.less_busy(0) is None


def test_a_request_goes_to_whoever_has_less_in_hand(in_hand, line):
    in_hand.keep(0)
    assert in_hand.less_busy(0) == 1
    assert in_hand.give(line, 0, to=1)
    assert in_hand.less_busy(0) is None, "what is on its way counts"
    (given,) = in_hand.given(1)
    with given:
        assert given.recv(3) == b"GET"
    in_hand.done(1)
    assert in_hand.less_busy(0) == 1


def test_of_three_the_one_with_the_least_is_asked(line):
    shared = InHand(3)
    for seat in (0, 1, 2):
        shared.sit_down(seat)
    for seat in (0, 0, 0, 1, 1, 2):
        shared.keep(seat)
    assert [shared.less_busy(seat) for seat in (0, 1, 2)] == [2, 2, None]
    shared.close()


def test_a_seat_where_nobody_sits_is_given_nothing(in_hand):
    in_hand.keep(0)
    in_hand.stand_up(1)
    assert in_hand.less_busy(0) is None


def test_who_sits_down_where_another_ended_begins_with_nothing_in_hand_but_what_was_given(in_hand, line):
    in_hand.keep(1)
    in_hand.keep(0)
    in_hand.keep(0)
    assert in_hand.give(line, 0, to=1)
    in_hand.stand_up(1)  # it was killed with a request in hand and one on its way
    in_hand.sit_down(1)
    assert in_hand.count(1) == 1
    (given,) = in_hand.given(1)
    with given:
        assert given.recv(3) == b"GET"
    in_hand.done(1)
    assert [in_hand.count(seat) for seat in (0, 1)] == [2, 0]


def test_a_line_that_cannot_be_given_is_kept(in_hand, line):
    in_hand.keep(0)
    given = 0
    while in_hand.give(line, 0, to=1):
        given += 1
        assert given < 100_000, "nobody takes them"
    assert in_hand.count(1) == given


def test_seats_are_taken_one_after_the_other():
    shared = InHand(2)
    assert shared.free_seat([]) == 0
    assert shared.free_seat([None, 0]) == 1
    assert shared.free_seat([1]) == 0
    assert shared.free_seat([0, 1]) is None
    shared.close()
