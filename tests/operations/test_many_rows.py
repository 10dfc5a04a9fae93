"""Many rows put into a table at once, on each database: by the same types, in the transaction at hand."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Enum,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    select,
)  # fmt: skip
from sqlalchemy.exc import IntegrityError

from clinic.db import Codes, Id, UtcDateTime, session
from clinic.rows import insert_rows
from tests import databases

pytestmark = pytest.mark.databases


class Fruit(StrEnum):
    OLIVE = "olive"
    ALMOND = "almond"


KINDS = MetaData()
BASKET = Table("basket", KINDS, Column("id", Id, primary_key=True))
ONE_OF_EACH = Table(
    "one of each",
    KINDS,
    Column("id", Id, primary_key=True),
    Column("basket_id", Id, ForeignKey("basket.id")),
    Column("told_at", UtcDateTime),
    Column("codes", Codes),
    Column("order", Text),  # a word that means something to a database
    Column(
        "fruit", Enum(Fruit, native_enum=False, length=40, values_callable=lambda kind: [one.value for one in kind])
    ),
    Column("on_day", Date),
    Column("few", Integer),
    Column("many", BigInteger),
    Column("score", Double),
    Column("is_ripe", Boolean),
    Column("sealed", LargeBinary),
    Column("more", JSON),
)
NAMES = list(ONE_OF_EACH.c.keys())


@pytest.fixture(autouse=True)
def tables(engine_url: str) -> Iterator[None]:
    """Both tables in the database that the session works on."""
    connected = databases.connect(engine_url)
    KINDS.create_all(connected.main)
    yield
    session.remove()
    connected.dispose()


def row(**values: Any) -> dict[str, Any]:
    """A row that names every column."""
    return {**dict.fromkeys(NAMES), "id": uuid.uuid4(), "more": {}, **values}


FULL = row(
    told_at=datetime(2026, 3, 1, 9, 30, 0, 125, tzinfo=UTC),
    codes=("a", "b"),
    order="زيتون\tand\\N a\nline",
    fruit=Fruit.ALMOND,
    on_day=date(2026, 3, 1),
    few=-(2**31),
    many=2**62,
    score=0.1,
    is_ripe=False,
    sealed=bytes(range(256)),
    more={"name": "لوز", "ripe": True},
)


def kept() -> list[dict[str, Any]]:
    return [dict(one) for one in session.execute(select(ONE_OF_EACH).order_by(ONE_OF_EACH.c.few)).mappings()]


def test_every_kind_of_value_is_read_as_it_was_given():
    empty = row(few=1)
    insert_rows(ONE_OF_EACH, [FULL, empty])
    session.commit()
    assert kept() == [FULL, empty]


def test_columns_may_be_named_in_any_order_and_left_out():
    insert_rows(ONE_OF_EACH, [{"more": {}, "few": few, "id": uuid.uuid4()} for few in (3, 2)])
    assert [(one["few"], one["order"]) for one in kept()] == [(2, None), (3, None)]


def test_rows_are_of_the_transaction_at_hand():
    insert_rows(ONE_OF_EACH, [FULL])
    assert session.scalar(select(func.count()).select_from(ONE_OF_EACH)) == 1
    session.rollback()
    assert kept() == []


def test_a_row_that_refers_to_nothing_is_refused_and_the_session_goes_on():
    with pytest.raises(IntegrityError):
        insert_rows(ONE_OF_EACH, [row(basket_id=uuid.uuid4())])
    session.rollback()
    insert_rows(ONE_OF_EACH, [FULL])
    assert kept() == [FULL]


def test_an_id_that_is_taken_is_refused():
    insert_rows(BASKET, [{"id": FULL["id"]}])
    with pytest.raises(IntegrityError):
        insert_rows(BASKET, [{"id": FULL["id"]}])
