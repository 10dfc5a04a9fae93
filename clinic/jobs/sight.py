"""What somebody saw when their work was done: what came of it is theirs for as long as they see all of that.

Which places that are follows from teams and roles, of which the room of the cases knows; it hands that over.
"""

from __future__ import annotations

from collections.abc import Callable

from clinic.access.reader import Reader
from clinic.jobs.models import Job

SEEN = "seen"
"""Under this name the answer of a job keeps the places that its reader had, as keyless digests."""
_places: Callable[[Reader], frozenset[str]] | None = None


def look_through(places: Callable[[Reader], frozenset[str]]) -> None:
    """Makes this the way in which the places of a reader are found; done once, where the house is wired."""
    global _places
    _places = places


def places_of(reader: Reader) -> frozenset[str]:
    """The places from which a reader sees cases, now."""
    if _places is None:
        raise RuntimeError("nobody said from where a reader sees cases")
    return _places(reader)


def is_lost(job: Job, *, reader: Reader) -> bool:
    """Whether what came of a job may hold what its reader sees no longer: they left a team, or lost a role."""
    seen = job.answer.get(SEEN, ())
    return bool(seen) and not places_of(reader).issuperset(seen)
