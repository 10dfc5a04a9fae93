"""What the index of names knows of a child, as one string of bytes: twenty thousand of them lie in every process."""

from __future__ import annotations

import json
from datetime import date

from clinic.children.sameness import Parts, Person

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def packed(person: Person) -> bytes:
    """A person as bytes."""
    birth = person.birth.toordinal() if person.birth else None
    told = (person.parts, person.latin, person.further, birth, person.birth_precision, person.locality)
    return _ENCODER.encode(told).encode("utf-8", "surrogatepass")


def unpacked(told: bytes) -> Person:
    """The person that was packed."""
    parts, latin, further, birth, precision, locality = json.loads(told.decode("utf-8", "surrogatepass"))
    return Person(Parts(*parts), latin, tuple(further), birth and date.fromordinal(birth), precision, locality)
