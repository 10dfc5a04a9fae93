"""What a connection to PostgreSQL keeps from one page to the next."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from clinic import postgres

pytestmark = pytest.mark.postgres
ASKED = select(func.length(bindparam("word"))).where(text("'kept' = 'kept'"))
PREPARED = text(
    "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE statement LIKE '%kept%'"
)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = postgres.make_engine(postgres_url)
    yield made
    made.dispose()


def ask(engine: Engine, times: int) -> None:
    for _page in range(times):
        with engine.connect() as connection:
            assert connection.scalar(ASKED, {"word": "olive"}) == 5


def test_a_statement_is_worked_out_some_times_however_many_pages_send_it(engine):
    ask(engine, 20)
    with engine.connect() as connection:
        assert tuple(connection.execute(PREPARED).one()) == (14, 5)  # the first is not prepared, and five are tried


def test_a_page_that_only_reads_leaves_nothing_written(engine):
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE kept_word (word text)"))
        connection.commit()
        connection.execute(text("INSERT INTO kept_word VALUES ('olive')"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept_word")) == 0


def test_after_a_failure_everything_is_prepared_anew(engine):
    ask(engine, 3)
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("SELECT 1 / 0"))
    with engine.connect() as connection:
        assert tuple(connection.execute(PREPARED).one()) == (None, None)
    ask(engine, 3)


def test_a_table_that_somebody_changes_meanwhile_costs_one_page_at_most(engine, postgres_url):
    reads = text("SELECT * FROM kept_word")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept_word (word text)"))
    for _page in range(3):
        with engine.connect() as connection:
            connection.execute(reads)
    beside = postgres.make_engine(postgres_url)
    with beside.begin() as connection:
        connection.execute(text("ALTER TABLE kept_word ADD COLUMN letters integer"))
    beside.dispose()
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(reads)
    with engine.connect() as connection:
        assert list(connection.execute(reads).keys()) == ["word", "letters"]


def test_the_connection_that_knows_most_is_used_first(engine):
    with engine.connect() as first, engine.connect() as second:
        used_last = [one.connection.dbapi_connection for one in (first, second)]
    with engine.connect() as again:
        assert again.connection.dbapi_connection is used_last[0]  # returned last


def test_the_columns_of_a_statement_are_told_once_however_many_pages_send_it(engine, monkeypatch):
    told = []

    def noted(cursor):
        told.append(cursor)
        return psycopg.Cursor.description.fget(cursor)

    monkeypatch.setattr(postgres.Cursor, "told", property(noted))
    ask(engine, 1)
    assert told
    told.clear()
    ask(engine, 5)
    assert told == []


def test_whoever_asks_for_the_columns_of_a_result_is_told(engine):
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT 1 AS number, 'olive' AS word")
        assert [(one.name, one.type_display) for one in found.cursor.description] == [
            ("number", "int4"),
            ("word", "text"),
        ]
        assert found.one()._mapping == {"number": 1, "word": "olive"}
        assert not connection.exec_driver_sql("SET LOCAL work_mem = '4MB'").returns_rows


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**40])
def test_a_number_that_its_column_does_not_hold_is_refused_and_not_cut(engine, number):
    counted = Table("counted", MetaData(), Column("few", Integer))
    counted.create(engine)
    with engine.connect() as connection:
        postgres.copy_in(connection, counted, {"few": [2**31 - 1, None, -(2**31)]})
        connection.commit()
        with pytest.raises(DBAPIError):
            postgres.copy_in(connection, counted, {"few": [1, number]})
        assert connection.scalars(select(counted.c.few)).all() == [2**31 - 1, None, -(2**31)]
