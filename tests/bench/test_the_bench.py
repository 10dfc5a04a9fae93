"""The bench measures what it says: both floors answer, the client counts, and believes no answer that is not right."""

from __future__ import annotations

import socket

import pytest

from bench import floor, server, telling
from bench.client import Ask, Spec, Told
from bench.measures import Floors, Found, Measured
from bench.operations import GOALS, SIGN_IN
from bench.stores import Ran
from bench.telling import Line


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind((server.HOST, 0))
        return free.getsockname()[1]


@pytest.fixture
def rows(tmp_path, port, monkeypatch):
    """The server of the floor of 25 rows, with a few of them."""
    monkeypatch.setattr(floor, "TEAMS", 3)
    floor.fill(tmp_path / "floor.db")
    with server.floor("rows", port, "/1", {floor.FILE: str(tmp_path / "floor.db")}) as running:
        yield running


def asked(running, ask, times=12):
    return running.ask(Spec(server.HOST, running.port, [ask], 2, times))


def test_the_floor_of_rows_answers_and_the_client_counts_what_it_takes(rows):
    told = asked(rows, Ask("/1", "R-00001"))
    assert told.times == 12
    assert 0 < told.p50 <= told.p95
    assert told.spent > 0
    assert told.bytes > 1000
    assert rows.megabytes > 20


def test_the_client_believes_no_answer_that_holds_something_else(rows):
    with pytest.raises(SystemExit, match="without 'R-99999'"):
        asked(rows, Ask("/1", "R-99999"))
    with pytest.raises(SystemExit, match="answered 404"):
        asked(rows, Ask("/nobody", "R-00001"))


def test_the_floor_of_hello_answers(port):
    with server.floor("hello", port, "/", {}) as running:
        assert asked(running, Ask("/", floor.HELLO)).times == 12


def test_a_line_of_the_table_says_whether_its_figure_is_reached():
    assert Line("export", "plain", 1, 3.9, "s", most=4).is_reached
    assert not Line("requests", "plain", 1, 70, "a second", least=77).is_reached
    assert Line("import", "plain", 1, 70, "s").is_reached is None


def test_what_an_export_took_stands_beside_the_figure_for_the_full_clinic():
    found = Found("plain", telling.FULL, Floors(), exported={"csv": Ran(3.5, 120.0, 3.2)}, imported={})
    [line] = [line for line in telling.lines_of([found]) if line.what == "export as CSV"]
    assert (line.most, line.is_reached) == (4.0, True)
    assert "3.2 s of processor" in line.beside


def _told(milliseconds):
    return Told(milliseconds, milliseconds, 1000 / milliseconds, 2000, 100, spent=milliseconds)


def _clinic(cases, *, slower=1.0):
    """A clinic whose sign-in page costs twice the floor, on a machine that is so many times slower."""
    floors = Floors({1: _told(0.3 * slower)}, {1: _told(2.3 * slower), telling.AT_ONCE: _told(10 * slower)})
    page = Measured(SIGN_IN, _told(4.3 * slower), _told(20 * slower))
    return Found("plain", cases, floors, {SIGN_IN: page}, {SIGN_IN: 1})


def test_a_machine_that_became_slower_is_no_growth():
    found = [_clinic(1_000), _clinic(20_000, slower=1.6)]
    [line] = [line for line in telling.lines_of(found) if "growth" in line.what]
    assert line.value == pytest.approx(1.0)
    assert line.is_reached


def test_a_machine_that_became_slower_meanwhile_is_measured_before_and_after():
    fast, slow = _clinic(1_000).floors, _clinic(1_000, slower=3).floors
    between = fast.with_those(slow)
    assert (between.hello[1].p50, between.rows[1].spent) == pytest.approx((0.6, 4.6))
    assert between.ratio(4.3 * 2) == pytest.approx(2.0)
    assert between.rows[telling.AT_ONCE].times == 100


def test_every_operation_has_a_goal():
    from bench.operations import operations

    told = {
        "lawyer": "huda",
        "coordinator": "nadia",
        "cases": [("1", "DH-1")],
        "children": [("a", "b")],
        "newest": "DH-1",
    }
    assert {one.name for one in operations(told, 40)} == set(GOALS)
