"""How often one may try: counted in the database, so for every process together, and without a name in clear.

A device on which the account was used before is counted by itself: who guesses elsewhere never locks the owner out.
Other devices count together for an account, and each by itself over all accounts: one that has no cookie of ours more
slowly, because new phones of one model behind one router look alike. An address counts last, because a whole camp may
share one. A name that nobody has is counted like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, func, select

from clinic import clock, db
from clinic.crypto import current, sealing
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff.models import RefusedSignIn
from clinic.staff.origins import Origin

TRIES = 6
WINDOW = timedelta(minutes=15)
A_DAY = timedelta(hours=24)
TRIES_A_DAY = 30
TRIES_OF_WHAT_LOOKS_ALIKE = 3 * TRIES
TRIES_OF_AN_ADDRESS = 60


class TooManyTries(Refusal):
    message = _l("Too many tries. Wait 15 minutes, or ask the administrator for a new link.")


@dataclass(frozen=True, slots=True)
class Try:
    """A try as it is counted."""

    account_hash: str
    device_hash: str
    address_hash: str
    known_device: bool
    named_device: bool
    """Whether the device has a name of its own, or only looks like others."""


def keyed(purpose: str, text: str) -> str:
    """A keyed hash: it can be found again and not be read back."""
    return sealing.lookup_hash(current.ring(), purpose, text).hex()


def account_hash(username: str) -> str:
    """How an account is counted, whether it exists or not."""
    return keyed("account", username.strip().casefold())


def try_of(account: str, origin: Origin) -> Try:
    """A try at an account, named by its hash, from somewhere."""
    device, address = keyed("device", origin.device), keyed("address", origin.address)
    return Try(account, device, address, account in origin.accounts, origin.is_named)


def refuse_too_many(tried: Try) -> None:
    """Raises TooManyTries."""
    counts = list(_limits(tried))
    found = session.execute(
        select(*(_how_many(condition, window) for condition, window, _most in counts)).where(
            RefusedSignIn.clinic_id == db.current_clinic.get(),
            RefusedSignIn.at > clock.now() - A_DAY,
            (RefusedSignIn.account_hash == tried.account_hash)
            | (RefusedSignIn.device_hash == tried.device_hash)
            | (RefusedSignIn.address_hash == tried.address_hash),
        )
    ).one()
    if any((count or 0) >= most for count, (_condition, _window, most) in zip(found, counts, strict=True)):
        raise TooManyTries


def _limits(tried: Try) -> Iterator[tuple[ColumnElement[bool], timedelta, int]]:
    by_account = RefusedSignIn.account_hash == tried.account_hash
    by_device = RefusedSignIn.device_hash == tried.device_hash
    if tried.known_device:
        yield by_account & by_device, WINDOW, TRIES
        yield by_account & by_device, A_DAY, TRIES_A_DAY
        return
    unknown = ~RefusedSignIn.known_device
    yield by_account & unknown, WINDOW, TRIES
    yield by_account & unknown, A_DAY, TRIES_A_DAY
    yield by_device, WINDOW, TRIES if tried.named_device else TRIES_OF_WHAT_LOOKS_ALIKE
    yield (RefusedSignIn.address_hash == tried.address_hash) & unknown, WINDOW, TRIES_OF_AN_ADDRESS


def _how_many(condition: ColumnElement[bool], window: timedelta) -> ColumnElement[int]:
    now = clock.now()  # a try that lies ahead was counted before the clock was set back
    return func.sum(case((condition & RefusedSignIn.at.between(now - window, now + clock.SKEW), 1), else_=0))


def count(tried: Try) -> None:
    """Counts a try that was refused, and drops those that count no more."""
    session.execute(
        delete(RefusedSignIn).where(
            RefusedSignIn.clinic_id == db.current_clinic.get(), RefusedSignIn.at < clock.now() - A_DAY * 30
        ),
        execution_options={"synchronize_session": False},
    )
    session.add(
        RefusedSignIn(
            account_hash=tried.account_hash,
            device_hash=tried.device_hash,
            address_hash=tried.address_hash,
            known_device=tried.known_device,
        )
    )
    session.flush()


def has_just_locked(tried: Try) -> bool:
    """Whether it is this try that makes further ones wait; the owner of the account is told of it, once."""
    by_account = RefusedSignIn.account_hash == tried.account_hash
    same = RefusedSignIn.device_hash == tried.device_hash if tried.known_device else ~RefusedSignIn.known_device
    number = session.scalar(select(_how_many(by_account & same, WINDOW)).where(by_account))
    return number == TRIES


def refused_since(account: str, since: datetime) -> int:
    """How often a sign-in to an account was refused since a moment."""
    found = select(func.count()).where(
        RefusedSignIn.clinic_id == db.current_clinic.get(),
        RefusedSignIn.account_hash == account,
        RefusedSignIn.at > since,
    )
    return session.scalar(found) or 0
