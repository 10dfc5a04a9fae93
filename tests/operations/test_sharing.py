"""The processes that answer pages share out what comes in, and count right whatever becomes of one of them."""

from __future__ import annotations

import signal
import socket
import time

import pytest

from clinic import processes
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


def test_nothing_is_given_to_a_process_that_was_killed(line):
    shared = InHand(2)
    other = processes.begin(lambda: shared.sit_down(1) and signal.pause())
    shared.leave_alone_all_but(0)
    shared.keep(0)
    until = time.monotonic() + 30
    while shared.less_busy(0) is None:
        assert time.monotonic() < until, "it never sat down"
    assert shared.give(line, 0, to=1)
    before = shared.count(1)
    processes.kill(other)
    assert not shared.give(line, 0, to=1)
    assert shared.count(1) == before
    shared.close()


def test_a_line_that_cannot_be_given_is_kept(in_hand, line):
    in_hand.keep(0)
    given = 0
    while in_hand.give(line, 0, to=1):
        given += 1
        assert given < 100_000, "nobody takes them"
    assert in_hand.count(1) == given
