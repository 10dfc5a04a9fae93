"""How long files stay: the rules, who falls due, and what holds a file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from clinic import clock, db
from clinic.audit.models import AuditEntry
from clinic.cases import closing
from clinic.cases.models import CaseFile
from clinic.children.models import Child
from clinic.retention import actions, queries, rules
from clinic.retention.models import LegalHold
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import CaseStatus, DatePrecision

SHIPPED = rules.read(rules.SHIPPED)
TODAY = date(2026, 3, 1)
GROWN = {"born_on": "2000-05-04", "birth_precision": DatePrecision.DAY, "birth_year": 2000}


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def nadia(make):
    return make.coordinator("Nadia")


@pytest.fixture
def closed(make, huda):
    """Makes a closed case of a child."""

    def make_one(child=None, *, closed_on=date(2016, 4, 1), reason="goals_met", **born):
        child = child or make.child(**(born or GROWN))
        case = make.case(child=child, team=[huda], opened_on=closed_on - timedelta(days=60))
        case.status = CaseStatus.CLOSED
        case.periods[-1].closed_on, case.periods[-1].closure_reason = closed_on, reason
        db.session.commit()
        return case

    return make_one


def due(make, nadia, day=TODAY):
    reader = make.reader(db.session.merge(nadia))
    return [[one.case.id for one in each.cases] for each in queries.due_by(day, SHIPPED, reader=reader)]


# --- the rules


def test_a_file_is_kept_until_both_spans_are_over():
    assert SHIPPED.kept_until("goals_met", date(2016, 1, 1), date(2017, 6, 1)) == date(2023, 1, 1)
    assert SHIPPED.kept_until("goals_met", date(2016, 1, 1), date(2025, 6, 1)) == date(2030, 6, 1)


def test_every_reason_named_in_the_rules_is_one_of_the_clinic(app):
    known = {term.code for term in lists.lists()["closure_reason"].terms}
    assert SHIPPED.reasons.keys() <= known


def test_what_is_not_known_of_a_birth_keeps_the_file_longer(clinic):
    opened = date(2016, 3, 1)
    by_day = Child(born_on="2000-05-04", birth_precision=DatePrecision.DAY)
    by_month = Child(born_on="2000-05-01", birth_precision=DatePrecision.MONTH)
    by_year = Child(born_on="2000-01-01", birth_precision=DatePrecision.YEAR)
    estimated = Child(estimated_age=15, estimated_on=date(2016, 3, 1))
    told = [SHIPPED.of_age_on(child, opened) for child in (by_day, by_month, by_year, estimated, Child())]
    assert told == [date(2018, 5, 4), date(2018, 5, 31), date(2018, 12, 31), date(2019, 3, 1), date(2027, 3, 1)]


def test_a_clinic_has_rules_of_its_own(tmp_path):
    own = tmp_path / "retention.toml"
    own.write_text("of_age = 18\nyoungest = 7\nsoon_days = 30\n[kept]\nafter_closing = 2\nafter_of_age = 1\n")
    rules.use(own)
    try:
        assert rules.in_force().span_for("death") == rules.Span(2, 1)
    finally:
        rules.use(None)


@pytest.mark.parametrize("wrong", ["-1", '"seven"', "1000", "true"])
def test_rules_that_make_no_sense_are_refused(tmp_path, wrong):
    own = tmp_path / "retention.toml"
    own.write_text(f"of_age = {wrong}\nyoungest = 7\nsoon_days = 30\n[kept]\nafter_closing = 2\nafter_of_age = 1\n")
    with pytest.raises(rules.BadRetention):
        rules.use(own)


# --- who falls due


@pytest.mark.databases
def test_who_is_grown_and_long_closed_falls_due(make, nadia, closed):
    case = closed()
    closed(closed_on=date(2024, 1, 1))
    closed(born_on="2012-01-01", birth_precision=DatePrecision.DAY, birth_year=2012)
    assert due(make, nadia) == [[case.id]]


@pytest.mark.databases
def test_an_open_case_of_the_child_keeps_the_file(make, nadia, huda, closed):
    case = closed()
    make.case(child=db.session.merge(case).child, team=[huda])
    assert due(make, nadia) == []


def test_the_case_that_keeps_longest_decides(make, nadia, closed):
    first = closed()
    second = closed(first.child, closed_on=date(2018, 6, 1))
    assert due(make, nadia) == [[second.id, first.id]]
    assert due(make, nadia, date(2025, 5, 31)) == []


def test_a_case_that_was_opened_again_counts_from_its_last_closing(make, nadia, closed):
    case = closed()
    closing.reopen(case, by=make.reader(nadia), opened_on=date(2020, 1, 1), note=None)
    case.status = CaseStatus.CLOSED
    case.periods[-1].closed_on, case.periods[-1].closure_reason = date(2020, 2, 1), "goals_met"
    db.session.commit()
    assert due(make, nadia) == []
    assert due(make, nadia, date(2027, 2, 1)) == [[case.id]]


def test_the_list_tells_references_and_no_names(browse, nadia, closed):
    case = closed(closed_on=date(2010, 1, 1), born_on="1994-01-01", birth_precision=DatePrecision.DAY, birth_year=1994)
    page = browse(nadia).get("/retention")
    assert case.reference in page.text
    assert "Goals of the plan met" in page.text
    assert db.session.get_one(CaseFile, case.id).child.short_name not in page.text


# --- holds


@pytest.mark.databases
def test_a_hold_keeps_a_file_until_it_is_lifted(browse, make, nadia, closed):
    case = closed(closed_on=date(2010, 1, 1), born_on="1994-01-01", birth_precision=DatePrecision.DAY, birth_year=1994)
    page = browse(nadia).get("/retention").click("Keep").submit({"reason": "الشكوى لم يُجب عنها"}).follow()
    assert "الشكوى لم يُجب عنها" in page.text
    assert not page.has(f"a[href='/retention/cases/{case.id}/hold']")
    assert queries.due_by(clock.today(), SHIPPED, reader=make.reader(db.session.merge(nadia)))[0].is_held
    page = page.submit(form="form[action$='/lift']").follow()
    assert "None is." in page.text
    told = db.session.scalars(select(AuditEntry.what).where(AuditEntry.what.like("hold.%"))).all()
    assert sorted(told) == ["hold.lifted", "hold.placed"]
    assert db.session.scalars(select(LegalHold)).one().lifted_by == nadia.id


def test_a_case_is_held_once(browse, nadia, closed):
    case = closed()
    browse(nadia).post(f"/retention/cases/{case.id}/hold", {"reason": "محكمة"})
    page = browse(nadia).post(f"/retention/cases/{case.id}/hold", {"reason": "محكمة"}, status=(200, 422))
    assert "already" in page.text
    assert db.session.scalar(select(func.count()).select_from(LegalHold)) == 1


def test_only_a_coordinator_holds_files(browse, huda, closed):
    case = closed()
    browse(huda).get("/retention", status=403)
    browse(huda).get(f"/retention/cases/{case.id}/hold", status=403)


def test_a_hold_is_lifted_once(make, nadia, closed):
    reader = make.reader(nadia)
    held = actions.hold(db.session.merge(closed()), reason="محكمة", by=reader)
    actions.lift(held, by=reader)
    with pytest.raises(actions.LiftedAlready):
        actions.lift(held, by=reader)
