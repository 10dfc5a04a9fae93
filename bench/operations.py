"""What is measured of a server: each operation with what it asks, of whom, and the figure that it must reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.client import Ask
from bench.stores import FIRST, LAST

WHOLE = f"first={FIRST}&last={LAST}&period=own"
FIGURES = (
    *("children_served", "services_delivered", "time_to_lawyer", "in_custody_at_end", "diversion_rate"),
    *("wellbeing_change", "returned_to_school", "aftercare"),
)
"""Figures of every room, among them those that look at the most rows."""

HEARING = {
    "scheduled-day": LAST,
    "scheduled-time": "09:00",
    "court": "ramallah_juvenile",
    "status": "held",
    "lawyer_attended": "yes",
}
APPEARANCE = {
    "appeared-day": LAST,
    "appeared-time": "10:30",
    "prosecution_office": "Bethlehem",
    "lawyer_attended": "yes",
    "guardian_present": "no",
    "decision": "release_on_bail",
    "note": "What is measured is a whole step, with its history and its place in the chain.",
}


@dataclass(frozen=True)
class Goal:
    """The figure that an operation must reach."""

    ratio: float | None = None
    """At most so many times the floor of 25 rows."""
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    """At most so long, by engine; "" for every other."""


SIGN_IN, MINE, OPEN, CASE = "sign-in page", "my cases", "open cases, a page of 25", "case page, whole"
SEARCH, STEP = "search a person", "add a step, durable"
REPORT, FIGURE = "report, 46 figures, after a save", "one figure and its rows"
FIGURE_AFRESH, FIGURE_MOVED = "one figure, after a save", "every service, after one more"
GOALS = {
    SIGN_IN: Goal(ratio=2),
    MINE: Goal(ratio=4),
    OPEN: Goal(ratio=4),
    CASE: Goal(ratio=6),
    SEARCH: Goal(ratio=5),
    STEP: Goal(ratio=6),
    REPORT: Goal(milliseconds={"": 1200, "encrypted": 2500}),
    FIGURE: Goal(milliseconds={"": 120}),
    FIGURE_AFRESH: Goal(),
    FIGURE_MOVED: Goal(),
}


@dataclass(frozen=True)
class Operation:
    """Something that people do all day, or wait for."""

    name: str
    who: str
    asks: Sequence[Ask]
    times: int
    before: Ask | None = None
    alone: bool = False
    """Whether it is asked by one person at a time only."""


def operations(told: Mapping[str, Any], times: int) -> list[Operation]:
    """The operations on a clinic of which people.json is known."""
    lawyer, coordinator, cases = told["lawyer"], told["coordinator"], told["cases"]
    few = max(3, times // 40)
    return [
        Operation(SIGN_IN, "", [Ask("/sign-in", 'name="password"')], times),
        Operation(MINE, lawyer, [Ask("/cases", "DH-")], times),
        Operation(OPEN, coordinator, [Ask("/cases/all", told["newest"])], times),
        Operation(CASE, lawyer, [Ask(f"/cases/{id_}", reference) for id_, reference in cases], times),
        Operation(SEARCH, coordinator, [_search(*child) for child in told["children"]], times),
        Operation(STEP, lawyer, _steps(cases), times),
        *_of_the_report(
            coordinator, few, Ask(f"/cases/{cases[0][0]}/steps/add/hearing", "/cases/", 303, typed=HEARING)
        ),
    ]


def _of_the_report(who: str, few: int, save: Ask) -> list[Operation]:
    """What is saved before each is a hearing at which the lawyer was: one more service, of which many figures tell."""
    figures = [Ask(f"/reports/figures/{name}?{WHOLE}", 'id="rows"') for name in FIGURES]
    report = [Ask(f"/reports?{WHOLE}", "/reports/figures/referrals_made")]
    return [
        Operation(REPORT, who, report, few, before=save, alone=True),
        Operation(FIGURE, who, figures, few * len(figures), alone=True),
        Operation(FIGURE_AFRESH, who, figures[2:3], few, before=save, alone=True),
        Operation(FIGURE_MOVED, who, figures[1:2], few, before=save, alone=True),
    ]


def _search(typed: str, found: str) -> Ask:
    return Ask("/children/search", found, typed={"q": typed})


def _steps(cases: Sequence[Sequence[str]]) -> list[Ask]:
    """An appearance before the prosecution in each case, with answers and a text of the lawyer's lane."""
    address = "/cases/{}/steps/add/prosecution_appearance"
    return [Ask(address.format(id_), f"/cases/{id_}", 303, typed=APPEARANCE, makes_record=True) for id_, _ref in cases]
