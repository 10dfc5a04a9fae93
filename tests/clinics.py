"""A clinic for each test: its database, its key ring, its application, and browsers for its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from clinic import create_app, db, languages, rooms
from clinic.children import index
from clinic.crypto import current
from clinic.crypto.keyring import MasterKey
from clinic.staff import clinics, passwords, sessions
from clinic.staff.models import Clinic, StaffMember
from config.settings import Settings
from tests import databases, kept
from tests.browser import Browser
from tests.makers import PASSWORD, Maker

ON_A_SERVER = passwords._hasher, passwords._NOBODY
"""How a server reckons a password: slowly, on purpose. Here it is done as quickly as argon2id can be."""
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64)
passwords._NOBODY = passwords._of_nobody()
_HASH = passwords.hash_password(PASSWORD)


kept.keep()


@pytest.fixture
def clinic(engine_url: str) -> Iterator[Clinic]:
    """An empty clinic in a database of its own; the test acts for it."""
    with a_clinic(engine_url) as made:
        yield made


@contextmanager
def a_clinic(engine_url: str) -> Iterator[Clinic]:
    """An empty clinic in a database, for which everything inside acts."""
    databases.connect(engine_url)
    rooms.wire()
    made = clinics.make_clinic(
        name="Test clinic",
        prefix="DH",
        language="en",
        key=MasterKey.generate(),
        is_demonstration=False,
        factor_required_of=(),
    )
    db.session.commit()
    with db.acting(made.id), languages.using("en"):
        yield made
    db.session.remove()
    db.database().dispose()
    current.forget()
    index.forget()


@pytest.fixture
def make(clinic: Clinic) -> Maker:
    """Makes people, children, cases and steps."""
    return maker_of(clinic)


def maker_of(clinic: Clinic) -> Maker:
    """Makes people whose password is known."""
    return Maker(clinic, _HASH)


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    """The settings of the test's clinic."""
    return Settings(home=tmp_path, database_url=engine_url, secure_cookies=False, pages_a_minute=0)


@pytest.fixture
def app(clinic: Clinic, settings: Settings) -> Flask:
    """The application of the test's clinic."""
    made = create_app(settings)
    made.testing = True
    kept.settle()
    return made


@pytest.fixture
def browse(app: Flask, clinic: Clinic, make: Maker) -> Callable[..., Browser]:
    """A browser in which somebody is signed in, or nobody."""
    return browsers_of(app, clinic, make)


def browsers_of(app: Flask, clinic: Clinic, make: Maker) -> Callable[..., Browser]:
    """Opens browsers for the people of a clinic."""

    def open_browser(person: StaffMember | None = None, language: str | None = None) -> Browser:
        begin = partial(sign_in, clinic=clinic, person=person, language=language)
        return Browser(app, sign_in=begin, names=lambda: make.names, language=language)

    return open_browser


def sign_in(client: FlaskClient, clinic: Clinic, person: StaffMember | None, language: str | None = None) -> None:
    """Begins a session for somebody as the sign-in page does, without the page, and chooses a language."""
    with client.session_transaction() as cookie:
        if language is not None:
            cookie["language"] = language
        if person is not None:
            cookie["_user_id"] = _token(clinic, person)
            cookie["_fresh"] = True


def _token(clinic: Clinic, person: StaffMember) -> str:
    with db.acting(clinic.id, person.id):
        token = sessions.begin_session(db.session.merge(person), device="a test")
        db.session.commit()
    return token


@pytest.fixture(autouse=True)
def the_language_of_nobody() -> Iterator[None]:
    """Each test begins in the language that is spoken where nobody chose: what another test chose does not stay."""
    token = languages._current.set(None)
    yield
    languages._current.reset(token)
