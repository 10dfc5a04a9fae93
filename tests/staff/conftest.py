"""What the tests of accounts share: the clinic's clock moved forward, people with an app, clinics that require it."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from clinic import clock, db
from clinic.staff import actions, factors, passwords
from clinic.staff.models import StaffMember
from tests.clinics import ON_A_SERVER

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def later(monkeypatch):
    """Moves the clinic's clock forward."""
    real = clock.told

    def move(**span):
        monkeypatch.setattr(clock, "told", lambda: real() + timedelta(**span))

    return move


@pytest.fixture
def as_on_a_server(monkeypatch):
    """Passwords are reckoned as slowly as on a server."""
    hasher, of_nobody = ON_A_SERVER
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_NOBODY", of_nobody)


@pytest.fixture
def code():
    """The code that the app shows now, or so many half minutes away."""
    return lambda steps=0: pyotp.TOTP(SECRET).generate_otp(int(clock.now().timestamp()) // 30 + steps)


@pytest.fixture
def with_app(code):
    """Gives somebody an app; its codes from the next half minute on are unused. Result: the recovery codes."""

    def give(member):
        codes = factors.add_app(db.session.merge(member), secret=SECRET, code=code(-1))
        db.session.commit()
        return codes

    return give


@pytest.fixture
def required(clinic):
    """The clinic requires a second factor of these roles."""

    def require(*roles):
        actions.require_factor_of(roles)
        db.session.commit()

    return require


@pytest.fixture
def fresh_of():
    """An account as it stands in the database now."""

    def read(member_id):
        db.session.expire_all()
        return db.session.get_one(StaffMember, member_id)

    return read
