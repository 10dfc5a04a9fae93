"""What is kept from one report to the next is what would be read now, whatever was done between the two."""

from __future__ import annotations

import random
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.cases import walls
from clinic.cases.models import CaseFile, Step
from clinic.children import actions as children
from clinic.children import joining
from clinic.children.models import Child, LikelyPair
from clinic.clock import Moment, from_local
from clinic.memory import collection_at_rest
from clinic.register.actions import Choices, import_register
from clinic.register.sources import source_at
from clinic.reports import keeping, queries
from clinic.reports.changes import Mark
from clinic.reports.completeness import completeness
from clinic.reports.indicators import INDICATORS
from clinic.reports.keeping import OF_CASES, Kept, everything_of
from clinic.reports.pictures import pictures_of
from clinic.reports.recorded import Recorded
from clinic.reports.report import Question
from clinic.reports.rows import listed
from clinic.reports.scope import Period
from clinic.retention import ageing
from clinic.staff import actions as staff
from clinic.vocabularies import actions as lists
from clinic.vocabularies.lists import shipped
from tests.makers import Maker
from tests.reports.deeds import NAMED, People, corrects_a_child, done, opens_a_case, records_a_step
from tests.reports.register_facts import DATA

pytestmark = pytest.mark.databases

WHOLE = Period(date(2010, 1, 1), date(2040, 12, 31))
OVER = Period(date(2010, 1, 1), date(2025, 6, 30))
LISTED = "services_delivered"


@dataclass
class Counting(Kept):
    """What is kept, and how often all of it was read."""

    reads: int = field(default=0)

    def __post_init__(self) -> None:
        super().__init__()

    def _read(self, reader: Any) -> Any:
        self.reads += 1
        return super()._read(reader)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """A process that keeps facts."""
    made = Counting()
    monkeypatch.setattr(keeping, "_here", made)
    return made


def is_true(kept: Kept, clinic_id: Any) -> None:
    """Whether what is kept is what is read now, row for row and in the same order."""
    db.session.rollback()
    held = kept.facts(clinic_id)
    read = Recorded(reader=everything_of(clinic_id))
    for name in (*OF_CASES, "activities"):
        assert list(getattr(held, name)) == list(getattr(read, name)), name
    for name in OF_CASES:
        assert list(getattr(held, name).entered) == list(getattr(read, name).entered), name
        assert getattr(held, name).ids == getattr(read, name).ids, name
    db.session.rollback()


def report(make: Maker, person: Any, **asked: Any) -> dict[str, Any]:
    """The figures that somebody sees now."""
    question = Question(WHOLE, clock.now(), **asked)
    told = queries.make_report(question, reader=make.reader(person), is_now=True).fields
    db.session.rollback()
    return told


def as_read(make: Maker, person: Any, monkeypatch: pytest.MonkeyPatch, **asked: Any) -> dict[str, Any]:
    """The same where nothing is kept."""
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_here", None)
        return report(make, person, **asked)


def page(make: Maker, person: Any, period: Period) -> Any:
    """All that a page says: figures with their parts, how much is known, pictures."""
    made = queries.make_report(Question(period, clock.now(), ("sex",)), reader=make.reader(person), is_now=True)
    told = made.fields, completeness(made.scope), pictures_of(made)
    made.scope.let_go_of_the_way()
    db.session.rollback()
    return told


@pytest.fixture
def people(make: Maker) -> People:
    made = People(
        *(make, random.Random(20), make.lawyer("Huda"), make.lawyer("Karim"), make.counsellor("Salma")),
        make.coordinator("Nadia"),
    )
    for _ in range(6):
        opens_a_case(made)
    assert sum(done(records_a_step, made) for _ in range(24)) > 15
    return made


def test_whatever_people_do_what_is_kept_is_what_is_there(people: People, kept: Counting) -> None:
    clinic_id = people.make.clinic.id
    is_true(kept, clinic_id)
    were_done = set()
    for turn in range(60):
        deed = people.chance.choice(NAMED)
        if done(deed, people):
            were_done.add(deed)
        if turn % 3 == 0:
            is_true(kept, clinic_id)
    is_true(kept, clinic_id)
    assert were_done == set(NAMED)
    assert kept.reads == 1


@pytest.mark.parametrize(("who", "period"), [("nadia", OVER), ("huda", WHOLE)])
def test_whatever_people_do_its_figures_are_what_they_would_be(
    people: People, kept: Counting, monkeypatch: pytest.MonkeyPatch, who: str, period: Period
) -> None:
    """Figures that what was done does not touch stay as they are; they are those that would be worked out anew."""
    person, stayed = getattr(people, who), 0
    for _turn in range(40):
        done(people.chance.choice(NAMED), people)
        before = kept._worked.figures if kept._worked is not None else {}
        held = page(people.make, person, period)
        with monkeypatch.context() as patched:
            patched.setattr(keeping, "_here", None)
            assert held == page(people.make, person, period)
        assert kept._worked is not None
        stayed += sum(figure.rows is before[name].rows for name, figure in kept._worked.figures.items() if before)
    assert kept.reads == 1
    assert stayed > 10 * len(INDICATORS)


def test_a_figure_that_looks_at_nothing_changed_stays_as_it_is(people: People, kept: Counting) -> None:
    def rows() -> dict[str, Any]:
        made = queries.make_report(Question(WHOLE, clock.now()), reader=people.make.reader(people.nadia), is_now=True)
        found = {name: figure.rows for name, figure in made.figures.items()}
        db.session.rollback()
        return found

    case = people.make.case(team=[people.salma])
    before = rows()
    people.make.step("school_followup", case, by=people.salma)
    after = rows()
    stayed = {name for name in INDICATORS if after[name] is before[name]}
    assert stayed == {name for name, indicator in INDICATORS.items() if "school_visits" not in indicator.reads}
    assert len(after["services_delivered"]) == len(before["services_delivered"]) + 1


def joins_two_children(people: People) -> None:
    first, second = db.session.scalars(select(Child).where(Child.merged_into.is_(None)).limit(2))
    pair = LikelyPair(first_id=first.id, second_id=second.id, score=90, reasons=(), found_by=people.huda.id)
    db.session.add(pair)
    db.session.flush()
    joining.join_children(pair, kept=first.id, by=people.make.reader(people.nadia))


def takes_a_role_away(people: People) -> None:
    huda = db.session.merge(people.huda)
    staff.change_roles(huda, {Role.COUNSELLOR}, by=people.nadia.id)


def brings_a_register_in(_people: People) -> None:
    import_register(source_at(DATA / "edge"), Choices())


def lets_files_age(_people: People) -> None:
    for child_id in db.session.scalars(select(Child.id)).all():
        ageing.age(child_id, clock.today())
    children.chain.record("retention.aged")


def adds_to_a_list(_people: People) -> None:
    lists.add(shipped()["police_station"], en="A new one", ar="مخفر جديد")


def does_what_nobody_thought_of(people: People) -> None:
    case = people.any_of(CaseFile)
    case.disposition, case.disposition_on = "acquitted", people.day()
    db.session.flush()
    children.chain.record("something.new")


SWEEPING = (
    *(joins_two_children, takes_a_role_away, brings_a_register_in, lets_files_age, adds_to_a_list),
    does_what_nobody_thought_of,
)
"""Deeds after which everything is read again."""


@pytest.mark.parametrize("deed", SWEEPING, ids=lambda deed: deed.__name__)
def test_what_changes_more_than_it_names_has_everything_read_again(
    people: People, kept: Counting, deed: Callable[[People], None]
) -> None:
    is_true(kept, people.make.clinic.id)
    deed(people)
    db.session.commit()
    is_true(kept, people.make.clinic.id)
    assert kept.reads == 2


def test_who_signs_in_or_is_added_without_a_case_changes_little(people: People, kept: Counting) -> None:
    is_true(kept, people.make.clinic.id)
    staff.chain.record("account.signed_in", subject=db.session.merge(people.huda))
    db.session.commit()
    is_true(kept, people.make.clinic.id)
    assert kept.reads == 1
    people.make.lawyer("Ghada")
    is_true(kept, people.make.clinic.id)
    assert kept.reads == 2


def test_a_clock_that_is_set_back_puts_a_step_where_it_was_entered(
    people: People, kept: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_true(kept, people.make.clinic.id)
    before = clock.now() - timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: before)
    assert all(done(deed, people) for deed in (opens_a_case, corrects_a_child))
    assert any(done(records_a_step, people) for _ in range(5))
    is_true(kept, people.make.clinic.id)
    assert kept.reads == 1


@pytest.mark.parametrize("was", ["longer", "another", "another that went on"])
def test_a_chain_that_is_not_the_one_it_was_has_everything_read_again(people: People, kept: Counting, was: str) -> None:
    """A copy that was put back may be behind what is kept, or have gone another way since."""
    is_true(kept, people.make.clinic.id)
    number, _hash = kept._mark
    kept._mark = Mark(number + 7 if was == "longer" else number, b"of another chain")
    if was != "another":
        assert done(opens_a_case, people)
    is_true(kept, people.make.clinic.id)
    assert kept.reads == 2


# For whom


def test_each_reader_sees_what_they_would_read(people: People, kept: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(30):
        done(people.chance.choice(NAMED), people)
        person = people.chance.choice([people.huda, people.karim, people.salma, people.nadia])
        asked = people.chance.choice([{}, {}, {"lawyer": "huda"}, {"project": "core"}])
        assert report(people.make, person, **asked) == as_read(people.make, person, monkeypatch, **asked)
    assert kept.reads == 1


def test_a_wall_holds_at_once_and_is_gone_with_it(
    people: People, kept: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, mona = people.make, people.make.coordinator("Mona")
    case = people.any_of(CaseFile)
    before = report(make, mona)
    wall = walls.build_wall(case, person=mona.id, because="A cousin.", by=make.reader(people.nadia))
    db.session.commit()
    behind = report(make, mona)
    assert behind["cases_opened"]["value"] == before["cases_opened"]["value"] - 1
    assert behind == as_read(make, mona, monkeypatch)
    assert report(make, people.nadia) == before
    walls.lift_wall(db.session.merge(wall), because="Not a cousin.", by=make.reader(people.nadia))
    db.session.commit()
    assert report(make, mona) == before


@pytest.mark.parametrize("asked", [{}, {"lawyer": "huda"}], ids=["of all", "of some"])
def test_a_row_leads_to_its_own_step(people: People, kept: Counting, asked: dict[str, Any]) -> None:
    """Ids lie beside the facts, and move with them when others come between or go."""
    reader = people.make.reader(people.nadia)
    is_true(kept, people.make.clinic.id)
    for deed in (*NAMED, *NAMED, *[records_a_step] * 12):
        done(deed, people)
    figure = queries.make_report(Question(WHOLE, clock.now(), **asked), reader=reader, is_now=True).figures[LISTED]
    led_to = [(row, one.step_id) for row, one in zip(figure.rows, listed(figure, figure.rows, {}), strict=True)]
    led_to = [(row, step_id) for row, step_id in led_to if step_id]
    steps = {step.id: step for step in db.session.scalars(select(Step))}
    assert len({step_id for _row, step_id in led_to}) == len(led_to) > 1
    assert all(steps[step_id].on_date == row.day for row, step_id in led_to)
    assert all(steps[step_id].case_id == db.read_id(row.case.id) for row, step_id in led_to)
    db.session.rollback()


def test_the_same_question_is_worked_out_once_until_something_changes(people: People, kept: Counting) -> None:
    def scope() -> Any:
        question = Question(WHOLE, clock.now())
        made = queries.make_report(question, reader=people.make.reader(people.nadia), is_now=True)
        db.session.rollback()
        return made.scope

    first = scope()
    assert scope() is first
    people.make.step("school_followup", people.any_of(CaseFile), by=people.salma)
    assert scope() is not first


def test_who_reads_other_lanes_asks_another_question(
    people: People, kept: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three complaints who reads no account of ill-treatment is not told what they are about."""
    case = people.make.case(team=[people.huda])
    for _ in range(3):
        people.make.step("complaint", case, by=people.huda)
    holder = Reader(people.nadia.id, people.make.clinic.id, "", frozenset(), holds_key=True)
    told = []
    for reader in (people.make.reader(people.nadia), holder, people.make.reader(people.nadia)):
        made = queries.make_report(Question(WHOLE, clock.now()), reader=reader, is_now=True)
        told.append("by" in made.fields["complaints_filed"])
        db.session.rollback()
    assert told == [False, True, False]


def test_another_day_is_another_question(people: People, kept: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty days after a release are over one day and not the day before."""
    case = people.make.case(team=[people.huda], opened_on=date(2024, 1, 1))
    released = Moment(from_local(datetime(2024, 2, 1, 12)))
    began = Moment(from_local(datetime(2024, 1, 20, 12)))
    people.make.step("custody_period", case, by=people.huda, began=began, ended=released)
    told = []
    for day in (2, 3):
        monkeypatch.setattr(clock, "now", lambda day=day: from_local(datetime(2024, 3, day, 12)))
        told.append(report(people.make, people.nadia)["aftercare"])
    assert told[0]["denominator"] == told[1]["denominator"] - 1


def test_what_was_known_before_is_read_and_not_kept(people: People, kept: Counting) -> None:
    question = Question(WHOLE, clock.now() - timedelta(days=1))
    report(people.make, people.nadia)
    made = queries.make_report(question, reader=people.make.reader(people.nadia), is_now=False)
    assert made.fields["cases_opened"]["value"] == 0
    is_true(kept, people.make.clinic.id)
    assert kept.reads == 1


def test_nothing_that_is_kept_waits_for_a_search_for_circles(people: People, kept: Counting) -> None:
    """Nobody searches what is kept: figures that held each other would stay for good."""
    report(people.make, people.nadia)
    worked = kept._worked
    assert worked is not None
    assert len(worked.figures) > 40
    figures = [weakref.ref(figure) for figure in worked.figures.values()]
    before, whole = [*figures, weakref.ref(worked.scope)], weakref.ref(kept.facts(people.make.clinic.id))
    del worked
    people.make.step("school_followup", people.any_of(CaseFile), by=people.salma)
    with collection_at_rest():
        report(people.make, people.nadia)
        assert [one() for one in before] == [None] * len(before)
        assert whole() is None
