"""What holds for an activity, and the sums over a list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from clinic.cases import dates
from clinic.languages import _l
from clinic.refusals import Refusal


class NobodyThere(Refusal):
    """A number of participants below none."""

    message = _l("Write how many took part as a whole number, 0 or more.")
    field = "participants_female"


class Counted(Protocol):
    """What the sums need to know of an activity."""

    @property
    def participants_female(self) -> int | None: ...

    @property
    def participants_male(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a list: of those whose participants were counted."""

    number: int
    female: int
    male: int
    uncounted: int

    @property
    def participants(self) -> int:
        """Everybody who took part, as far as they were counted."""
        return self.female + self.male


def totals(activities: Iterable[Counted]) -> Totals:
    """The sums of a list of activities; one of which neither number is known is uncounted."""
    counted = list(activities)
    return Totals(
        number=len(counted),
        female=sum(one.participants_female or 0 for one in counted),
        male=sum(one.participants_male or 0 for one in counted),
        uncounted=sum(1 for one in counted if one.participants_female is None and one.participants_male is None),
    )


def check(values: Mapping[str, Any]) -> None:
    """An activity took place by today, with nobody or more in it."""
    dates.refuse_a_day_to_come("held_on", values.get("held_on"))
    for name in ("participants_female", "participants_male"):
        if values.get(name) is not None and values[name] < 0:
            raise NobodyThere(field=name)
