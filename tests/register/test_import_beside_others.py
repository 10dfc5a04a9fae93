"""On PostgreSQL, which has many writers, nobody waits for a register: what all writers change is taken last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, text, update

from clinic import db
from clinic.cases import bulk
from clinic.children.models import Child
from clinic.register import actions
from clinic.register.actions import Choices
from clinic.staff.models import Clinic
from tests.clinics import a_clinic
from tests.register.registers import csv_files, whole

pytestmark = pytest.mark.postgres


@pytest.fixture
def on_a_server(postgres_url: str) -> Iterator[Clinic]:
    with a_clinic(postgres_url) as made:
        yield made


def who_does_not_wait() -> Connection:
    """A connection of somebody else, who is refused what would have to wait."""
    beside = db.database().main.connect()
    beside.execute(text("SET LOCAL lock_timeout = '1s'"))
    return beside


def test_others_save_new_children_while_a_register_is_written_and_all_are_found(on_a_server, monkeypatch):
    """An index of names in memory asks for what was counted after the count that it knows."""
    derive, counted = bulk.rederive_many, []

    def with_a_save(*arguments, **named):
        with who_does_not_wait() as beside:
            beside.execute(update(Clinic).values(names_changed=Clinic.names_changed + 1))
            counted.append(beside.scalar(select(Clinic.names_changed)))
            beside.commit()
        derive(*arguments, **named)

    monkeypatch.setattr(bulk, "rederive_many", with_a_save)
    assert actions.import_register(csv_files(whole()), Choices()).written
    db.session.commit()
    assert len(counted) == 1
    assert set(db.session.scalars(select(Child.names_at))) == {counted[0] + 1}
    assert db.session.scalar(select(Clinic.names_changed)) == counted[0] + 1
