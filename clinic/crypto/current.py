"""The key ring of this process, from its start until the seal takes it away."""

from __future__ import annotations

from clinic.crypto.keyring import KeyRing


class Sealed(Exception):
    """This process holds no keys: the clinic was sealed, or has not been opened yet."""


_held: KeyRing | None = None
_at = 0
_behind = False


def install(ring: KeyRing, *, at: int = 0) -> None:
    """Hold this ring for the whole process; `at` is how often the keys had been changed when it was read."""
    global _held, _at, _behind
    _held, _at, _behind = ring, at, _behind and _held is ring


def held_at() -> int:
    """How often the keys had been changed when the ring was read."""
    return _at


def fall_behind() -> None:
    """This process met keys that the master key which it was given does not open."""
    global _behind
    _behind = True


def is_behind() -> bool:
    """Whether this process has to be started again before it can read what newer keys sealed."""
    return _behind


def ring() -> KeyRing:
    """The ring that this process holds. Raises Sealed."""
    if _held is None:
        raise Sealed
    return _held


def is_open() -> bool:
    """Whether this process holds keys."""
    return _held is not None


def forget() -> None:
    """Take the keys out of this process, also from whoever still holds the ring."""
    global _held
    leaving, _held = _held, None
    if leaving is not None:
        leaving.erase()
