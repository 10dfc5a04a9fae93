"""When it goes wrong: databases are held, full or gone, clocks are set back.

Each ends in a clear sentence, and nothing is kept by halves. The server that is killed: `test_killed.py`.
"""

from __future__ import annotations

import sqlite3
from contextvars import Context
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import OperationalError

from clinic import clock, db, embedded
from clinic.audit import verifying
from clinic.audit.models import AuditEntry
from clinic.cases.models import Note, Step
from tests.browser import filled

SAYING = "what was heard at the station"


def halves() -> dict[str, int]:
    """Steps without their details or their entry, entries without their step."""
    base = db.session.scalar(select(func.count()).select_from(Step.__table__))
    details = db.session.scalar(select(func.count()).select_from(Note.__table__))
    noted = select(func.count()).where(AuditEntry.what == "note.recorded")
    return {"steps": base or 0, "details": details or 0, "entries": db.session.scalar(noted) or 0}


# --- a database that does not take what is sent


@pytest.fixture
def writing(make, browse):
    """Huda's browser on a form with a note typed in it, and how often each thing was kept."""
    huda = make.lawyer("Huda")
    case = make.case(team=[huda], opened_on=clock.today() - timedelta(days=20))
    browser = browse(huda, language="en")
    page = browser.get(f"/cases/{case.id}/steps/add/note")
    typed = {"noted_on": str(clock.today()), "team_text": SAYING}
    form = {**filled(page.select_one("main form[method=post]")), **typed}
    sending = partial(send, browser.client, page.address, form)
    return SimpleNamespace(send=sending, browser=browser, address=page.address)


def send(client: Any, address: str, form: dict[str, Any], **other: str) -> Any:
    """Sends the form as it is, whatever comes of it."""
    db.session.rollback()
    return Context().run(client.post, address, data={**form, **other}, buffered=True)


def tells_to_try_again(answer: Any) -> bool:
    said = answer.get_data(as_text=True)
    return answer.status_code == 503 and "does not answer" in said and "what you typed is still there" in said


def test_a_database_that_another_holds_is_told_and_the_same_form_is_taken_later(writing, engine_url, monkeypatch):
    monkeypatch.setattr(embedded, "PATIENCE", 0.1)
    db.session.remove()
    holder = sqlite3.connect(engine_url.removeprefix(embedded.PREFIX), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert tells_to_try_again(writing.send())
    writing.browser.get("/desk")  # reading goes on
    holder.execute("ROLLBACK")
    holder.close()
    assert writing.send().status_code == 303
    assert halves() == {"steps": 1, "details": 1, "entries": 1}


def test_a_full_disk_is_told_and_nothing_is_written_by_halves(writing, monkeypatch):
    before = halves()
    pages = db.session.scalar(text("PRAGMA page_count"))
    monkeypatch.setattr(embedded, "_PRAGMAS", [*embedded._PRAGMAS, f"max_page_count={pages}"])
    db.session.remove()
    db.database().main.dispose()
    answers = [writing.send(team_text="long " * 4000) for _each in range(2)]
    assert all(tells_to_try_again(answer) for answer in answers)
    assert halves() == before
    assert list(verifying.faults()) == []
    monkeypatch.undo()
    db.session.remove()
    db.database().main.dispose()
    assert writing.send().status_code == 303


@pytest.mark.databases
def test_who_meets_a_database_that_fails_in_the_commit_is_told(writing, monkeypatch):
    def full() -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(db.session, "commit", full)
        writing.browser.client.application.testing = False
        assert tells_to_try_again(writing.send())
    assert halves() == {"steps": 0, "details": 0, "entries": 0}
    assert writing.send().status_code == 303


def test_who_only_opens_a_page_is_not_told_that_something_was_not_saved(writing, monkeypatch):
    def away(*_query: object, **_more: object) -> None:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    writing.browser.client.application.testing = False
    with monkeypatch.context() as patched:
        patched.setattr(db.session, "scalar", away)
        patched.setattr(db.session, "scalars", away)
        patched.setattr(db.session, "execute", away)
        answer = Context().run(writing.browser.client.get, writing.address, buffered=True)
    said = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "Nothing is lost" in said
    assert "not saved" not in said
    assert f'<a class="button main" href="{writing.address}">' in said


@pytest.mark.databases
def test_a_database_that_was_gone_is_found_again(writing, engine_url, databases):
    if not engine_url.startswith("postgresql"):
        pytest.skip("the embedded database is a file of this process")
    name = make_url(engine_url).database
    assert name is not None
    writing.browser.get("/desk")
    databases._administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    databases._administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    assert tells_to_try_again(writing.send())
    databases._administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert writing.send().status_code == 303


# --- a clock that is set back


@pytest.mark.databases
def test_a_clock_set_back_breaks_neither_session_nor_chain_nor_saving(writing, make, monkeypatch):
    assert writing.send().status_code == 303
    now = clock.told
    monkeypatch.setattr(clock, "told", lambda: now() - timedelta(days=3))
    page = writing.browser.get(writing.address)
    typed = {"noted_on": str(clock.today()), "team_text": "before"}
    answer = writing.browser.send(page.address, {**filled(page.select_one("main form[method=post]")), **typed})
    assert answer.status == 303
    monkeypatch.undo()
    assert "/sign-in" in writing.browser.get("/desk", status=303).location  # three days later, as the session knows
    assert halves() == {"steps": 2, "details": 2, "entries": 2}
    assert list(verifying.faults()) == []
