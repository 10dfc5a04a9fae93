"""A phone on a line of 100 kbit/s that answers after 600 ms: the desk and a case stand there to be read in 5 seconds.

What is counted is what such a line costs, not what a busy machine takes: the answers that the first picture waits for,
one after the other, and their bytes. `make bench` takes the time itself.
"""

from __future__ import annotations

from typing import Any

import pytest

LATENCY = 0.6
BYTES_A_SECOND = 100_000 / 8
READABLE_IN = 5.0
A_NEW_LINE = 2  # answers to wait for before the first request: the line itself, and its encryption


@pytest.fixture(params=["ar"])
def language(request: pytest.FixtureRequest) -> str:
    """One language is enough for bytes: the longer one."""
    return str(request.param)


@pytest.fixture(params=["phone"])
def size(request: pytest.FixtureRequest) -> str:
    """Slow lines are those of phones."""
    return str(request.param)


def seconds_to_read(page: Any, address: str) -> float:
    """What a first visit to a page costs on the line until it is drawn, by what Chromium waited for."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": LATENCY * 1000, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": -1,
    })  # fmt: skip
    page.goto(address)
    page.locator("h1").wait_for(state="visible")
    told: list[dict[str, Any]] = page.evaluate(
        """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
            (one) => ({name: one.name, bytes: one.transferSize, blocks: one.renderBlockingStatus === 'blocking'}))"""
    )
    waited_for = [one for number, one in enumerate(told) if number == 0 or one["blocks"]]
    in_a_row = A_NEW_LINE + (1 if len(waited_for) == 1 else 2)  # the page, then what it names, all at once
    return in_a_row * LATENCY + sum(one["bytes"] for one in waited_for) / BYTES_A_SECOND


def test_the_desk_and_a_case_are_read_in_time(walk, make):
    huda, salma = make.lawyer("Huda"), make.counsellor("Salma")
    case = make.case(child=make.child("ياسمين", "اختبارية"), team=[huda, salma])
    for kind in ("police_attendance", "hearing", "prosecution_appearance") * 4:
        make.step(kind, case, by=huda)
    reader = walk(huda)
    costs = {page: seconds_to_read(reader.page, f"{reader.address}{page}") for page in ("/desk", f"/cases/{case.id}")}
    assert {page: cost for page, cost in costs.items() if cost > READABLE_IN} == {}
