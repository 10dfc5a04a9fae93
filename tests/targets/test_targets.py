"""Targets and paragraphs: set, changed and taken back by the coordinator, and shown beside what was done."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from clinic import clock, db, versions
from clinic.audit.models import AuditEntry
from clinic.refusals import ChangedMeanwhile
from clinic.targets import actions, catalogue, queries
from clinic.targets.models import Narrative, Target, TargetPlan
from clinic.targets.queries import Asked
from clinic.targets.rules import EndsBeforeItBegins, Goal, OutOfReach, Verdict, Words
from tests.browser import Browser
from tests.makers import Maker

Browse = Callable[..., Browser]
FIRST, LAST = date(2016, 1, 1), date(2016, 12, 31)
YEAR = Asked(FIRST, LAST)
NOTHING = Words()


def goal(value: float, *, is_at_most: bool = False) -> Goal:
    return Goal("x", value, is_at_most, clock.new_id(), clock.now())


@pytest.mark.parametrize(
    ("actual", "is_at_most", "verdict"),
    [
        (60.0, False, Verdict.MET),
        (59.96, False, Verdict.MET),  # as written, 60.0
        (59.9, False, Verdict.MISSED),
        (60, True, Verdict.MET),
        (60.1, True, Verdict.MISSED),
        ("<5", False, None),
        (None, False, None),
    ],
)
def test_a_figure_meets_its_target_as_both_are_written(actual: Any, is_at_most: bool, verdict: Verdict | None) -> None:
    assert goal(60, is_at_most=is_at_most).verdict(actual, is_over=True) is verdict


def test_nothing_is_missed_before_the_period_is_over() -> None:
    assert goal(60).verdict(3, is_over=False) is Verdict.RUNNING


def section(code: str = "police") -> catalogue.Section:
    found = catalogue.section_of(code)
    assert found is not None
    return found


def save(plan: TargetPlan, by: Any, targets: dict[str, float | None], words: Words = NOTHING, version: int = 0) -> None:
    actions.save(plan, section(), targets=targets, words=words, version=version, by=by)
    db.session.commit()


def year_of(make: Maker) -> uuid.UUID:
    """The id of a plan of the whole clinic's year."""
    plan = actions.begin(None, FIRST, LAST, by=make.reader(make.coordinator()))
    db.session.commit()
    return plan.id


def version_of(plan: TargetPlan) -> int:
    return queries.kept_of(plan, [section()])["police"].version


@pytest.mark.databases
def test_a_report_shows_the_targets_of_its_very_days_and_project(make: Maker) -> None:
    nadia = make.reader(make.coordinator())
    save(actions.begin(None, FIRST, LAST, by=nadia), nadia, {"time_to_lawyer": 4, "released_by_police": 62.5})
    save(actions.begin("core", FIRST, LAST, by=nadia), nadia, {"released_by_police": 70})
    whole = queries.goals_of(YEAR, reader=nadia)
    assert {name: (goal.value, goal.is_at_most) for name, goal in whole.items()} == {
        "time_to_lawyer": (4, True),
        "released_by_police": (62.5, False),
    }
    assert whole["time_to_lawyer"].set_by == nadia.staff_id
    core = queries.goals_of(Asked(FIRST, LAST, "core"), reader=nadia)
    assert core["released_by_police"].value == 70
    assert queries.goals_of(Asked(FIRST, LAST - timedelta(days=1)), reader=nadia) == {}


@pytest.mark.databases
def test_a_target_and_a_paragraph_stand_as_they_were_known(make: Maker) -> None:
    nadia = make.reader(make.coordinator())
    plan = actions.begin(None, FIRST, LAST, by=nadia)
    save(plan, nadia, {"time_to_lawyer": 4}, Words(ar="وصلنا أسرع.", en="We came sooner."))
    then = clock.now()
    save(plan, nadia, {"time_to_lawyer": None}, Words(ar="وصلنا."), version_of(plan))
    before = Asked(FIRST, LAST, as_of=then)
    assert queries.goals_of(before, reader=nadia)["time_to_lawyer"].value == 4
    assert queries.goals_of(YEAR, reader=nadia) == {}
    assert queries.words_of(before, reader=nadia) == {"police": Words(ar="وصلنا أسرع.", en="We came sooner.")}
    assert queries.words_of(YEAR, reader=nadia)["police"].told_in("ar") == "وصلنا."
    assert queries.words_of(YEAR, reader=nadia)["police"].told_in("en") is None


@pytest.mark.databases
def test_the_paragraph_is_sealed_and_each_change_is_written_down(make: Maker) -> None:
    nadia = make.reader(make.coordinator())
    plan = actions.begin(None, FIRST, LAST, by=nadia)
    save(plan, nadia, {"time_to_lawyer": 4}, Words(en="We came sooner."))
    save(plan, nadia, {"time_to_lawyer": 3}, Words(en="We came sooner."), version_of(plan))
    table = Narrative.__table__
    sealed = db.session.scalar(select(table.c.en))
    assert sealed is not None
    assert b"sooner" not in bytes(sealed)
    entries = select(AuditEntry.what, AuditEntry.detail).where(AuditEntry.what.startswith("targets."))
    assert list(db.session.execute(entries.order_by(AuditEntry.number)).all()) == [
        ("targets.begun", None),
        ("targets.set", "time_to_lawyer"),
        ("targets.written", "police"),
        ("targets.set", "time_to_lawyer"),
    ]
    twin = versions.twin_of(Target.__table__)  # type: ignore[arg-type]
    assert db.session.execute(select(twin.c.value)).scalars().all() == [4]


def test_the_same_days_and_project_are_one_plan(make: Maker) -> None:
    nadia = make.reader(make.coordinator())
    first = actions.begin(None, FIRST, LAST, by=nadia)
    assert actions.begin(None, FIRST, LAST, by=nadia) is first
    assert actions.begin("core", FIRST, LAST, by=nadia) is not first
    with pytest.raises(EndsBeforeItBegins):
        actions.begin(None, LAST, FIRST, by=nadia)


@pytest.mark.parametrize(
    ("indicator", "value"), [("released_by_police", 101), ("released_by_police", -1), ("time_to_lawyer", -0.5)]
)
def test_a_target_that_no_figure_can_reach_is_refused(make: Maker, indicator: str, value: float) -> None:
    nadia = make.reader(make.coordinator())
    plan = actions.begin(None, FIRST, LAST, by=nadia)
    with pytest.raises(OutOfReach) as refused:
        save(plan, nadia, {indicator: value})
    assert refused.value.field == indicator


def test_a_count_is_whole(make: Maker) -> None:
    nadia = make.reader(make.coordinator())
    plan = actions.begin(None, FIRST, LAST, by=nadia)
    with pytest.raises(OutOfReach):
        actions.save(plan, section("reach"), targets={"children_served": 12.5}, words=NOTHING, version=0, by=nadia)


def test_a_colleagues_targets_are_not_overwritten_unseen(make: Maker) -> None:
    nadia = make.reader(make.coordinator())
    plan = actions.begin(None, FIRST, LAST, by=nadia)
    save(plan, nadia, {"time_to_lawyer": 4})
    with pytest.raises(ChangedMeanwhile):
        save(plan, nadia, {"time_to_lawyer": 5}, version=0)


def test_targets_are_set_on_pages_and_stand_on_the_report(make: Maker, browse: Browse) -> None:
    browser = browse(make.coordinator())
    assert "belong here" in browser.get("/targets").text
    report = browser.get("/reports?first=2016-01-01&last=2016-12-31")
    form = report.click("Targets and words")
    assert form.select_one("#first")["value"] == "2016-01-01"
    page = form.submit(status=303).follow()
    address = page.address
    typed = {"children_served": "٤٥", "services_delivered": "0", "en": "A hard year.\n\nWe went on."}
    page = browser.post(f"{address}/reach", typed, status=303).follow()
    assert "at least 45 children" in page.text
    assert "Nadia" in page.text
    report = browser.get("/reports?first=2016-01-01&last=2016-12-31")
    assert "Target not met: at least 45" in report.text
    assert "Target met: at least 0" in report.text
    assert "A hard year." in report.text
    browser.post(f"{address}/police", {"lawyer_before_questioning": "60"}, status=303)
    assert "at least 60%" in browser.get("/reports?first=2016-01-01&last=2016-12-31").text
    table = browser.get("/reports/as/csv?first=2016-01-01&last=2016-12-31").html.removeprefix("\ufeff")
    lines = {line["indicator"]: line["target"] for line in csv.DictReader(io.StringIO(table))}
    assert (lines["children_served"], lines["cases_opened"]) == ("45", "")
    assert report.click("Targets and words", status=303).location == address
    assert "children_served" not in browser.get(f"{address}/police").html
    assert "1 January 2016 to 31 December 2016" in browser.get("/targets").text


def test_what_is_no_number_and_what_is_out_of_reach_is_said_at_its_field(make: Maker, browse: Browse) -> None:
    browser = browse(make.coordinator())
    plan = year_of(make)
    page = browser.post(f"/targets/{plan}/police", {"time_to_lawyer": "soon"}, status=422)
    assert "Write a number" in page.select_one("#time_to_lawyer-problem").get_text()
    assert page.select_one("#time_to_lawyer")["value"] == "soon"
    page = browser.post(f"/targets/{plan}/police", {"time_to_lawyer": "", "released_by_police": "120%"}, status=422)
    assert "from 0 to 100" in page.select_one("#released_by_police-problem").get_text()
    browser.get(f"/targets/{plan}/shoes", status=404)
    page = browser.post("/targets/add", {"first": "2016-02-01", "last": "2016-01-01"}, status=422)
    assert "ends before it begins" in page.text
    assert db.session.scalar(select(func.count()).select_from(Target)) == 0


def test_what_a_colleague_saved_meanwhile_is_shown_beside_what_was_typed(make: Maker, browse: Browse) -> None:
    nadia, plan = make.reader(make.coordinator()), year_of(make)
    browser = browse(make.coordinator())
    form = browser.get(f"/targets/{plan}/police")
    save(make.fresh(TargetPlan, plan), nadia, {"time_to_lawyer": 3}, Words(en="The colleague's."))
    page = form.submit({"time_to_lawyer": "6"}, status=409)
    assert "The colleague's." in page.text
    assert page.select_one("#time_to_lawyer")["value"] == "6"
    page.submit(status=303)
    assert queries.goals_of(YEAR, reader=nadia)["time_to_lawyer"].value == 6


def test_a_paragraph_warns_that_it_names_nobody(make: Maker, browse: Browse) -> None:
    plan = year_of(make)
    page = browse(make.coordinator()).get(f"/targets/{plan}/court")
    assert "Name nobody" in page.text


def test_the_public_report_has_targets_and_no_paragraph_and_a_report_of_some_cases_has_neither(
    make: Maker, browse: Browse
) -> None:
    nadia = make.reader(make.coordinator())
    plan = actions.begin(None, FIRST, LAST, by=nadia)
    save(plan, nadia, {"time_to_lawyer": 3}, Words(en="Written by the coordinator."))
    asked = "/reports?first=2016-01-01&last=2016-12-31"
    page = browse(make.coordinator()).get(f"{asked}&edition=public")
    assert "The target is at most 3 h" in page.text
    assert "Written by the coordinator" not in page.html
    page = browse(make.lawyer()).get(asked)
    assert "target" not in page.text.casefold()
    assert "Written by the coordinator" not in page.html
    page = browse(make.coordinator()).get(f"{asked}&lawyer={make.lawyer().id}")
    assert "at most 3 h" not in page.text


def test_a_quarter_that_runs_says_so_far(make: Maker, browse: Browse) -> None:
    nadia, today = make.reader(make.coordinator()), clock.today()
    plan = actions.begin(None, today, today + timedelta(days=9), by=nadia)
    actions.save(plan, section("reach"), targets={"children_served": 9}, words=NOTHING, version=0, by=nadia)
    db.session.commit()
    asked = f"/reports?first={today.isoformat()}&last={(today + timedelta(days=9)).isoformat()}"
    assert "So far; the target is at least 9" in browse(make.coordinator()).get(asked).text


def test_nobody_but_the_coordinator_sets_targets(make: Maker, browse: Browse) -> None:
    for member in (make.lawyer(), make.counsellor(), make.administrator()):
        browse(member).get("/targets", status=403)
