"""Who wants to write to a file waits until nobody else does, and looks again as often however long."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from clinic import embedded

AGAIN = 40


@pytest.fixture(params=[None, bytes(32)], ids=["plain", "encrypted"])
def engine(tmp_path, request):
    engine = embedded.make_engine(f"{embedded.PREFIX}{tmp_path / 'clinic.db'}", request.param)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE note (said TEXT)"))
        connection.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def looks(monkeypatch):
    """What happens between two looks: nothing, at once; how long each was to be."""
    waited = []
    monkeypatch.setattr(embedded.time, "sleep", waited.append)
    return waited


def writing(engine, **more):
    return engine.connect().execution_options(writes=True, **more)


def begin(connection):
    """Begins as every transaction does, with its first statement."""
    connection.execute(text("INSERT INTO note VALUES ('said')"))


def patience_of(connection):
    return connection.exec_driver_sql("PRAGMA busy_timeout").scalar()


def test_who_waited_long_looks_as_often_as_who_came_just_now(engine, looks, monkeypatch):
    with writing(engine) as first, writing(engine) as second:
        begin(first)

        def wait(seconds):
            looks.append(seconds)
            if len(looks) == AGAIN:
                first.commit()

        monkeypatch.setattr(embedded.time, "sleep", wait)
        begin(second)
        second.commit()
    assert looks == [looks[0]] * AGAIN
    assert looks[0] <= 0.005
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar() == 2


def test_who_waited_in_vain_is_refused_and_can_write_later(engine, looks):
    with writing(engine) as first, writing(engine, patience=0.02) as second:
        begin(first)
        with pytest.raises(OperationalError, match="locked"):
            begin(second)
        second.rollback()
        assert looks, "it looked more than once"
        first.rollback()
        begin(second)
        assert patience_of(second) == embedded.PATIENCE * 1000, "what else may be held for a moment is waited for"


def test_what_is_refused_for_another_reason_is_not_waited_for(engine, looks):
    with writing(engine) as connection:
        begin(connection)
        with pytest.raises(OperationalError, match="within a transaction"):
            embedded._begin(connection)
    assert looks == []
