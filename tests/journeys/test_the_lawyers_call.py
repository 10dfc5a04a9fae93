"""Two minutes at one in the morning: a call for a child whom nobody knows, on a phone with one bar of signal.

The person's time is counted from what she does, the page's time is measured; the budgets of taps, of what goes over the
wire and of round trips hold wherever the test runs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Self

import pytest
from playwright.sync_api import Request
from sqlalchemy import select

from clinic import db
from clinic.cases.models import CaseFile
from clinic.custody.models import CustodyPeriod
from clinic.police.models import PoliceAttendance
from tests.journeys.walking import Walk

SECONDS = 120
TAPS = 25
A_TAP = 2.0  # seconds in which a tired thumb finds the next control and presses it
A_LETTER = 0.4  # seconds a letter of a name takes on a phone
KILOBYTES = 40
ROUND_TRIPS = 6
NAME = "ليان سامي محمود التجريبية"

pytestmark = pytest.mark.parametrize("size", ["phone"], indirect=True)


@dataclass
class Wire:
    """What went over the wire since it was watched; what the phone had kept costs nothing."""

    requests: list[Request] = field(default_factory=list)

    @classmethod
    def of(cls, walk: Walk) -> Self:
        wire = cls()
        walk.page.on("requestfinished", lambda request: wire.requests.append(request))
        return wire

    @property
    def sent(self) -> list[Request]:
        """The requests that left the phone."""
        return [one for one in self.requests if self._bytes(one) > 0]

    @property
    def kilobytes(self) -> float:
        return sum(self._bytes(one) for one in self.requests) / 1000

    @staticmethod
    def _bytes(request: Request) -> int:
        sizes = request.sizes()
        response = sizes["responseBodySize"] + sizes["responseHeadersSize"]
        return response and response + sizes["requestBodySize"] + sizes["requestHeadersSize"]

    def __str__(self) -> str:
        return "\n".join(f"{one.method} {one.url}: {self._bytes(one)} bytes" for one in self.requests)


def ten_questions(huda: Walk) -> Walk:
    """Everything that a call asks, answered from the first question to the last."""
    huda.type("The child's name", NAME).answer("Girl or boy", "female").pick("Station", "bethlehem_city")
    huda.answer("How was the child brought?", "arrest")
    huda.now("When was the child taken?").now("When were you told?").now("When did you arrive?")
    huda.answer("Was the child told of the rights?", "no").answer("Questioned before you came?", "yes")
    huda.answer("The guardian", "sent_out").answer("Injury or ill-treatment?", "neither")
    return huda.tick("The guardian agrees that the clinic helps").tick("The child agrees that the clinic helps")


def test_a_call_for_a_new_child_takes_two_minutes_and_few_taps(walk, make):
    make.case(team=[make.lawyer("Karim")], child=make.child("كرم", "الجعفري"))
    huda = walk(make.lawyer("Huda")).goto("/desk").slow_network()
    wire, taps, began = Wire.of(huda), huda.taps, time.monotonic()

    huda.follow("/calls")
    ten_questions(huda)
    huda.press("Save").is_at(r"/cases/[0-9a-f-]{36}")

    page_took, taps = time.monotonic() - began, huda.taps - taps
    assert taps <= TAPS
    assert len(wire.sent) <= ROUND_TRIPS, str(wire)
    assert wire.kilobytes <= KILOBYTES, str(wire)
    assert page_took + taps * A_TAP + len(NAME) * A_LETTER <= SECONDS
    huda.look("the case after two minutes")
    db.session.rollback()
    attendance = db.session.scalars(select(PoliceAttendance)).one()
    period = db.session.scalars(select(CustodyPeriod)).one()
    assert period.follows_id == attendance.id


def test_a_name_an_arrest_and_now_are_enough_for_the_clock(walk, make):
    huda = walk(make.lawyer("Huda")).goto("/calls").slow_network()
    taps = huda.taps
    huda.type("The child's name", "ليان").answer("How was the child brought?", "arrest")
    huda.now("When was the child taken?").press("Save")
    assert huda.taps - taps == 4
    huda.is_at(r"/cases/[0-9a-f-]{36}").sees("In custody now")
    db.session.rollback()
    assert db.session.scalars(select(CaseFile)).one().child.given_name == "ليان"
