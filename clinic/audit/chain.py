#!/usr/bin/env python3
"""Checks the chains of an audit: `python3 chain.py AUDIT.jsonl [--key PUBLIC_KEY]`. Needs Python alone, not the clinic.

Two chains, of changes and of readings, of entries without personal text. An entry's hash is SHA-256 over the entry and
the hash before it, as canonical JSON; so a changed, removed, added or moved entry shows. A cut-off end shows against
the head row and against the heads that the clinic signed day by day (Ed25519, RFC 8032): keep a printed one.

Ends with 0 if everything holds, 1 if something is wrong, 2 if the file cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = "sanad-audit-1"
CHANGES, READINGS = "changes", "readings"
NOT_HASHED = ("hash", "salt", "chain")
_l = str  # the clinic translates these sentences

SENTENCES = {
    "changed": _l("%(chain)s: entry %(number)d was changed after it was written."),
    "broken": _l("%(chain)s: entry %(number)d does not follow the one before it: one was changed, added or moved."),
    "missing": _l("%(chain)s: entries %(first)d to %(number)d are missing."),
    "twice": _l("%(chain)s: entry %(number)d stands where another belongs: it was added or moved."),
    "cut": _l("%(chain)s: the end is cut off: entry %(number)d is the last of %(first)d."),
    "headless": _l("%(chain)s: the head does not fit the last entry, %(number)d."),
    "unsigned": _l("The signed head of %(day)s was altered, or was not signed with this clinic's key."),
    "signed_missing": _l("%(chain)s: entry %(number)d, signed on %(day)s, is gone: the end was cut off."),
    "signed_other": _l("%(chain)s: entry %(number)d is not the one signed on %(day)s: history was rewritten."),
    "other_key": _l("The heads are signed with another key than the printed one."),
}


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a chain: a code of SENTENCES and what its sentence names."""

    code: str
    chain: str = ""
    number: int = 0
    first: int = 0
    day: str = ""

    def __str__(self) -> str:
        return SENTENCES[self.code] % self.__dict__


def plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as JSON has it: bytes in hex, moments in ISO 8601 with their zone, ids as text."""
    return {key: _plain(value) for key, value in entry.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def entry_hash(entry: Mapping[str, Any]) -> bytes:
    """SHA-256 over an entry and the hash before it, as canonical JSON: plain values, keys sorted, no spaces."""
    said = {key: _plain(value) for key, value in entry.items() if key not in NOT_HASHED}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()


@dataclass
class Chain:
    """One chain as it is walked, entry by entry in the order in which it lies there."""

    name: str
    signed: Mapping[int, Iterable[tuple[str, str]]] = field(default_factory=dict)  # number: (day, hash) of signed heads
    last: int = 0
    last_hash: str = ""
    _seen: set[int] = field(default_factory=set)

    def take(self, entry: Mapping[str, Any]) -> Iterator[Fault]:
        """What is wrong with the next entry."""
        number = int(entry["number"])
        if entry_hash(entry).hex() != entry["hash"]:
            yield Fault("changed", self.name, number)
        if number > self.last + 1:
            yield Fault("missing", self.name, number - 1, self.last + 1)
        elif number <= self.last:
            yield Fault("twice", self.name, number)
        elif entry["previous"] != self.last_hash:
            yield Fault("broken", self.name, number)
        for day, signed_hash in self.signed.get(number, ()):
            self._seen.add(number)
            if signed_hash != entry["hash"]:
                yield Fault("signed_other", self.name, number, day=day)
        self.last, self.last_hash = number, str(entry["hash"])

    def end(self, head_number: int, head_hash: str) -> Iterator[Fault]:
        """What is wrong at the end, against the head row and against every signed head."""
        if head_number > self.last:
            yield Fault("cut", self.name, self.last, head_number)
        elif (head_number, head_hash) != (self.last, self.last_hash):
            yield Fault("headless", self.name, self.last)
        for number, heads in self.signed.items():
            for day, _hash in heads:
                if number and number not in self._seen:
                    yield Fault("signed_missing", self.name, number, day=day)


def head_text(head: Mapping[str, Any]) -> bytes:
    """The bytes that a daily head signs."""
    names = ("clinic", "day", "at", "changes_number", "changes_hash", "readings_number", "readings_hash")
    said = {name: head[name] for name in names}
    return json.dumps({"format": FORMAT, **said}, sort_keys=True, separators=(",", ":")).encode()


def faults_of_heads(heads: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> Iterator[Fault]:
    """The signed heads that none of the public keys (hex) signed."""
    known = [bytes.fromhex(key) for key in keys]
    for head in heads:
        signature = bytes.fromhex(head["signature"])
        if not any(is_signed(head_text(head), signature, key) for key in known):
            yield Fault("unsigned", day=str(head["day"]))


def signed_numbers(heads: Iterable[Mapping[str, Any]], chain: str) -> dict[int, list[tuple[str, str]]]:
    """What the signed heads say of one chain: number of the entry, and (day, hash) of each head that signed it."""
    found: dict[int, list[tuple[str, str]]] = {}
    for head in heads:
        found.setdefault(int(head[f"{chain}_number"]), []).append((str(head["day"]), str(head[f"{chain}_hash"])))
    return found


# --- Ed25519, verifying alone: RFC 8032, 5.1.7. Signing is done by the clinic with a library.

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]  # X, Y, Z, T of extended coordinates: x = X/Z, y = Y/Z, xy = T/Z (5.1.4)


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the holder of the key signed the message."""
    if len(signature) != 64 or len(public) != 32:
        return False
    key, commitment = _point(public), _point(signature[:32])
    base = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or base is None or scalar >= _ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    return _are_one(_times(scalar, base), _plus(commitment, _times(challenge, key)))


def _point(encoded: bytes) -> _Point | None:
    """The point of the curve that 32 bytes stand for (5.1.3)."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _plus(one: _Point, other: _Point) -> _Point:
    less = (one[1] - one[0]) * (other[1] - other[0]) % _P
    more = (one[1] + one[0]) * (other[1] + other[0]) % _P
    cross = 2 * one[3] * other[3] * _D % _P
    scale = 2 * one[2] * other[2] % _P
    e, f, g, h = more - less, scale - cross, scale + cross, more + less
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    result: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _plus(result, point)
        point = _plus(point, point)
        scalar >>= 1
    return result


def _are_one(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (one[1] * other[2] - other[1] * one[2]) % _P == 0


# --- an exported file


def faults_of_file(lines: Iterable[str], printed_key: str | None = None) -> Iterator[Fault]:
    """What is wrong with an exported audit: first its line of keys and heads, then a line an entry.

    Raises ValueError where the file is not one.
    """
    lines = iter(lines)
    top = json.loads(next(lines, "{}"))
    if top.get("format") != FORMAT:
        raise ValueError("this is not an exported audit of a clinic")
    heads, keys = top["heads"], top["keys"]
    if printed_key is not None and printed_key.lower() not in keys:
        yield Fault("other_key")
    yield from faults_of_heads(heads, keys)
    chains = {name: Chain(name, signed_numbers(heads, name)) for name in (CHANGES, READINGS)}
    for line in lines:
        entry = json.loads(line)
        yield from chains[entry["chain"]].take(entry)
    for name, chain in chains.items():
        yield from chain.end(top[f"{name}_number"], top[f"{name}_hash"])


def main(arguments: list[str]) -> int:
    """The command."""
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--key"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            found = list(faults_of_file(file, arguments[2] if len(arguments) == 3 else None))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        sys.stderr.write(f"{arguments[0]} cannot be read as an audit: {problem}\n")
        return 2
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.stdout.write("Something is wrong.\n" if found else "Everything holds.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
