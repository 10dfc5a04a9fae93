"""Random populations, small and crowded, so that ties, overlaps and unknowns occur often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from clinic.clock import Precision, day_begins
from clinic.reports import facts
from clinic.reports.facts import Population, local_day

FIRST = date(2015, 1, 1)
ANSWER = st.sampled_from(["yes", "no", "unknown", None])
DAYS = st.integers(0, 500).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def moments(draw: st.DrawFn, begins: datetime | None = None) -> facts.At:
    """A moment of the time looked at, after another one if given, known to the minute more often than not."""
    start = begins or day_begins(FIRST)
    at = start + timedelta(minutes=draw(st.integers(0, 60 * 24 * (30 if begins else 500))))
    precision = draw(st.sampled_from([Precision.MINUTE, Precision.MINUTE, Precision.ABOUT, Precision.DAY]))
    return facts.moment(day_begins(local_day(at)) if precision is Precision.DAY else at, precision)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[list[facts.Case], list[facts.OpenPeriod]]:
    codes = st.sampled_from(["a", "b", None])
    children = [
        facts.Child(f"c{n}", draw(codes), draw(codes), draw(codes), draw(_education))
        for n in range(draw(st.integers(1, 4)))
    ]
    cases: list[facts.Case] = []
    periods: list[facts.OpenPeriod] = []
    for n in range(draw(st.integers(1, 6))):
        opened = draw(DAYS)
        case_periods = draw(_periods(opened))
        decided = draw(st.one_of(st.none(), DAYS.filter(lambda day, opened=opened: day >= opened)))
        case = facts.Case(
            id=f"k{n}",
            child=draw(st.sampled_from(children)),
            opened_on=opened,
            role=draw(st.sampled_from(["accused", "accused", "accused", "witness", "advice_only"])),
            age=draw(st.one_of(st.none(), st.integers(9, 20))),
            source=draw(codes),
            offence=draw(codes),
            projects=draw(st.sampled_from([(), ("p",), ("p", "q")])),
            lawyer=draw(codes),
            counsellor=draw(codes),
            disposition=draw(st.sampled_from(["fine", "diverted", "imprisonment", "acquitted"])) if decided else None,
            disposition_on=decided,
        )
        cases.append(case)
        periods += [
            facts.OpenPeriod(case, began, end, "goals_met" if end else None, i == 0)
            for i, (began, end) in enumerate(case_periods)
        ]
    return cases, periods


_education = st.sampled_from(["attending", "out_of_school", "completed", "unknown", None])


@st.composite
def _periods(draw: st.DrawFn, opened: date) -> list[tuple[date, date | None]]:
    steps = draw(st.lists(st.integers(0, 120), max_size=5))
    days = [opened]
    for step in steps:
        days.append(days[-1] + timedelta(days=step))
    ends: list[date | None] = [*days, None]
    return [(began, ends[i + 1]) for i, began in enumerate(days) if i % 2 == 0]


@st.composite
def populations(draw: st.DrawFn) -> Population:
    """A clinic of a few children."""
    cases, periods = draw(_cases())
    counter = iter(range(10_000))

    def some(make: Callable[[st.DrawFn, facts.Case], Any], most: int = 8) -> list[Any]:
        return [make(draw, draw(st.sampled_from(cases))) for _ in range(draw(st.integers(0, most)))]

    return Population(
        cases=cases,
        periods=periods,
        attendances=some(_attendance, 5),
        appearances=some(lambda d, c: facts.Appearance(c, d(DAYS), d(ANSWER)), 3),
        custody=some(lambda d, c: _custody(d, next(counter), c), 6),
        hearings=some(_hearing, 5),
        sessions=some(_session),
        school_visits=some(lambda d, c: facts.SchoolVisit(c, d(DAYS), d(_school)), 5),
        community_visits=some(lambda d, c: facts.CommunityVisit(c, d(DAYS), "home_visit"), 4),
        referrals=some(
            lambda d, c: facts.Referral(c, d(DAYS), "health", d(st.sampled_from(["sent", "completed", "unknown"]))),
            3,
        ),
        complaints=some(
            lambda d, c: facts.Complaint(c, d(DAYS), ("a", "b"), d(st.sampled_from(["filed", "withdrawn", "upheld"]))),
            3,
        ),
        activities=[
            facts.Activity(draw(DAYS), "training", draw(_maybe), draw(_maybe)) for _ in range(draw(st.integers(0, 3)))
        ],
    )


_maybe = st.one_of(st.none(), st.integers(0, 30))
_school = st.sampled_from(["attending", "out_of_school", "completed", "unknown", None])


def _attendance(draw: st.DrawFn, case: facts.Case) -> facts.Attendance:
    arrested = draw(moments())
    later = st.one_of(st.none(), moments(arrested))
    return facts.Attendance(
        case=case,
        day=local_day(arrested),
        arrested=arrested,
        police_station=draw(st.sampled_from(["x", None])),
        lawyer_attended=draw(ANSWER),
        lawyer_arrived=draw(later),
        questioned=draw(later),
        guardian_present=draw(ANSWER),
        counsellor_present=draw(ANSWER),
        ill_treatment=draw(ANSWER),
        statement_signed=draw(ANSWER),
        left=draw(later),
        outcome=draw(st.sampled_from(["released", "transferred", "unknown", None])),
    )


def _custody(draw: st.DrawFn, n: int, case: facts.Case) -> facts.Custody:
    began = draw(moments())
    ended = draw(st.one_of(st.none(), moments(began)))
    return facts.Custody(
        id=n,
        case=case,
        began_on=local_day(began),
        began=began,
        ended_on=None if ended is None else local_day(ended),
        ended=ended,
        place=draw(st.sampled_from(["y", None])),
        legal_basis=draw(st.sampled_from(["police", "sentence", None])),
        separated=draw(ANSWER),
        family_visit=draw(ANSWER),
        education=draw(ANSWER),
    )


def _hearing(draw: st.DrawFn, case: facts.Case) -> facts.Hearing:
    status = draw(st.sampled_from(["held", "adjourned", "scheduled", "cancelled", "unknown"]))
    reason = draw(st.sampled_from(["r", None])) if status == "adjourned" else None
    return facts.Hearing(case, draw(DAYS), status, draw(st.sampled_from(["z", None])), reason, draw(ANSWER))


def _session(draw: st.DrawFn, case: facts.Case) -> facts.Session:
    score = draw(st.one_of(st.none(), st.integers(0, 10)))
    return facts.Session(case, draw(DAYS), "individual", score, draw(st.sampled_from(["own", None])))
