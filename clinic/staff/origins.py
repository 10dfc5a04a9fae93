"""Where a request comes from and what site it was sent to, as far as accounts want to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: the device as it names itself or is named by its cookie, its address, what is known."""

    device: str
    address: str
    accounts: tuple[str, ...] = ()  # hashes of the accounts that were used on this device before
    is_named: bool = False  # by its cookie; else it looks like every other of its model at this address


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser says it is: the name that a passkey is bound to, and the whole origin."""

    name: str
    origin: str
