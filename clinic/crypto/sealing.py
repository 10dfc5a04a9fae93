"""Values sealed for one place: AES-256-GCM, bound to clinic, table, column and row.

A sealed value is: version (1 byte), key id (4), nonce (12), ciphertext with its tag (16). Version and key id are bound
too. A value that is changed, cut, or copied to another place does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import uuid
from collections.abc import Callable, Iterable

from cryptography.exceptions import InvalidTag

from clinic.crypto.keyring import KeyRing, UnknownKey

_VERSION = b"\x01"
_HEAD = 5
_NONCE = 12
_BODY = _HEAD + _NONCE
_TAG = 16
_HASH = 16
OVERHEAD = _HEAD + _NONCE + _TAG
"""How many bytes a sealed value is longer than what it seals."""


class CannotOpen(Exception):
    """The value does not open here: it was changed or moved, or its key is not on the ring."""


def place(clinic_id: uuid.UUID, table: str, column: str, row_id: uuid.UUID) -> bytes:
    """Where a value lives, as bytes to bind it to. Fixed lengths first, so that no two places read the same."""
    return clinic_id.bytes + row_id.bytes + f"{table}.{column}".encode()


def seal(ring: KeyRing, lane: str, place: bytes, text: str) -> bytes:
    """Encrypt a text with the lane's current key for this place."""
    return seal_bytes(ring, lane, place, text.encode())


def open_(ring: KeyRing, place: bytes, sealed: bytes) -> str:
    """The text that was sealed for this place. Raises CannotOpen."""
    return open_bytes(ring, place, sealed).decode()


def opener(
    ring: KeyRing, clinic_id: uuid.UUID, table: str, column: str
) -> Callable[[Iterable[bytes | None], Iterable[bytes]], list[str | None]]:
    """What opens a column's values of many rows at once, by the bytes of their ids. Raises CannotOpen."""
    before, after = clinic_id.bytes, f"{table}.{column}".encode()
    ways: dict[bytes, tuple[Callable[[bytes, bytes, bytes], bytes], bytes]] = {}

    def way(sealed: bytes) -> tuple[Callable[[bytes, bytes, bytes], bytes], bytes]:
        begins = sealed[:_HEAD]
        found = ways[begins] = ring.cipher(key_number(sealed)).decrypt, begins + before
        return found

    def opened(values: Iterable[bytes | None], row_ids: Iterable[bytes]) -> list[str | None]:
        texts: list[str | None] = []
        try:
            for sealed, row_id in zip(values, row_ids, strict=True):
                if sealed is None:
                    texts.append(None)
                    continue
                if len(sealed) < OVERHEAD:
                    raise InvalidTag
                decrypt, place = ways.get(sealed[:_HEAD]) or way(sealed)
                texts.append(decrypt(sealed[_HEAD:_BODY], sealed[_BODY:], place + row_id + after).decode())
        except (UnknownKey, InvalidTag) as problem:
            raise _why(problem) from None
        return texts

    return opened


def seal_bytes(ring: KeyRing, lane: str, place: bytes, content: bytes) -> bytes:
    """Encrypt a file or a draft with the lane's current key for this place."""
    number = ring.current_number(lane)
    begins, nonce = head(number), os.urandom(_NONCE)
    return begins + nonce + ring.cipher(number).encrypt(nonce, content, begins + place)


def open_bytes(ring: KeyRing, place: bytes, sealed: bytes) -> bytes:
    """The bytes that were sealed for this place. Raises CannotOpen."""
    try:
        cipher = ring.cipher(key_number(sealed))
        return cipher.decrypt(sealed[_HEAD:_BODY], sealed[_BODY:], sealed[:_HEAD] + place)
    except (UnknownKey, InvalidTag) as problem:
        raise _why(problem) from None


def _why(problem: UnknownKey | InvalidTag) -> CannotOpen:
    if isinstance(problem, UnknownKey):
        return CannotOpen("the key of this value is not on the ring")
    return CannotOpen("this value was changed, or belongs to another place")


def key_number(sealed: bytes) -> int:
    """The id of the key that sealed a value: what a rotation asks. Raises CannotOpen."""
    if len(sealed) < OVERHEAD or sealed[:1] != _VERSION:
        raise CannotOpen("this is not a sealed value")
    return int.from_bytes(sealed[1:_HEAD], "big")


def lookup_hash(ring: KeyRing, purpose: str, text: str) -> bytes:
    """The keyed hash by which a phone or card number is kept and found: key id (4 bytes) and 16 of HMAC-SHA256.

    `purpose` ("phone", "card") keeps equal numbers of two kinds apart. Digits are normalised by the caller.
    """
    return _hash(*ring.hash_keys()[0], purpose, text)


def lookup_hashes(ring: KeyRing, purpose: str, text: str) -> list[bytes]:
    """The hash under every key of the ring, the current first: what a search asks while a rotation is under way."""
    return [_hash(number, key, purpose, text) for number, key in ring.hash_keys()]


def mark(ring: KeyRing, purpose: str, text: str) -> bytes:
    """A keyed digest by which the same form or row is recognised again. Its key never changes: its text is not kept."""
    return _hash(*ring.first_hash_key(), purpose, text)


def hash_number(kept: bytes) -> int:
    """The id of the key that made a keyed hash."""
    return int.from_bytes(kept[:4], "big")


def head(number: int) -> bytes:
    """What every value begins with that this key sealed."""
    return _VERSION + number.to_bytes(4, "big")


def reseal(ring: KeyRing, place: bytes, sealed: bytes) -> bytes:
    """The same value for the same place, sealed with its lane's current key. Raises CannotOpen."""
    content = open_bytes(ring, place, sealed)
    return seal_bytes(ring, ring.lane_of(key_number(sealed)), place, content)


def _hash(number: int, key: bytes, purpose: str, text: str) -> bytes:
    message = purpose.encode() + b"\x00" + text.encode()
    return number.to_bytes(4, "big") + hmac.new(key, message, hashlib.sha256).digest()[:_HASH]
