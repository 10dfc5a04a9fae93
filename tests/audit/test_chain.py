"""The chain of changes, and the log of readings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.audit import readings
from clinic.audit.chain import entry_hash
from clinic.audit.models import AuditEntry, reading
from clinic.cases import actions
from clinic.clock import Moment
from tests.makers import Maker

pytestmark = pytest.mark.databases


def entries() -> list[dict[str, object]]:
    columns = AuditEntry.__table__.columns
    return [dict(row._mapping) for row in db.session.execute(select(*columns).order_by(AuditEntry.number))]


def test_each_entry_holds_the_hash_of_the_one_before(make: Maker) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("police_attendance", case, by=huda, arrested=Moment(clock.now()), lawyer_attended="no")
    chain = entries()
    assert [entry["number"] for entry in chain] == list(range(1, len(chain) + 1))
    assert all(bytes(later["previous"]) == bytes(earlier["hash"]) for earlier, later in pairwise(chain))  # type: ignore[call-overload]
    assert all(entry_hash(entry) == bytes(entry["hash"]) for entry in chain)  # type: ignore[call-overload]


def test_an_entry_names_fields_and_no_text(make: Maker) -> None:
    huda = make.lawyer()
    step = make.step(
        "police_attendance", make.case(team=[huda]), by=huda, arrested=Moment(clock.now()), lawyer_attended="no"
    )
    actions.correct(step, {"note": "what he told me"}, version=1, because="forgotten", by=make.reader(huda))
    db.session.commit()
    last = entries()[-1]
    assert (last["what"], "note" in last["fields"]) == ("police_attendance.corrected", True)  # type: ignore[operator]
    assert "what he told me" not in repr(last)


def test_what_is_rolled_back_leaves_no_entry(make: Maker) -> None:
    huda = make.lawyer()
    before = len(entries())
    actions.open_case(
        child=make.child(), by=make.reader(huda), opened_on=clock.today(), role="witness", referral_source="family"
    )
    db.session.rollback()
    make.lawyer("Karim")
    assert [entry["what"] for entry in entries()[before:]] == ["account.added"]


def test_a_reading_is_there_though_the_page_rolls_back(make: Maker) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    with db.acting(make.clinic.id, huda.id):
        readings.record("case.read", subject="case_file", subject_id=case.id, case_id=case.id)
        readings.record("case.read", subject="case_file", subject_id=case.id, case_id=case.id)
        db.session.rollback()
    with db.database().readings.connect() as connection:
        rows = connection.execute(select(reading).order_by(reading.c.number)).all()
    assert [(row.number, row.who, row.case_id) for row in rows] == [(1, huda.id, case.id), (2, huda.id, case.id)]
    assert bytes(rows[1].previous) == bytes(rows[0].hash)
