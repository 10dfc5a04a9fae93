"""What the room of the children calls things that are no coded list."""

from __future__ import annotations

from collections.abc import Iterable

from clinic import formats
from clinic.children.models import Child
from clinic.languages import _, _l
from clinic.vocabularies.fixed import DatePrecision

REASONS = {
    "given": _l("given name"),
    "father": _l("father's name"),
    "grandfather": _l("grandfather's name"),
    "family": _l("family name"),
    "latin": _l("name in Latin letters"),
    "birth_date": _l("birth date"),
    "birth_date_turned": _l("birth date with day and month exchanged"),
    "birth_year": _l("year of birth"),
    "locality": _l("where they live"),
    "card": _l("card number"),
}


def reasons(codes: Iterable[str]) -> str:
    """What speaks for two files being of one child."""
    return _(", ").join(str(REASONS[code]) for code in codes if code in REASONS)


def birth(child: Child) -> str | None:
    """The birth date as well as it is known."""
    born = child.birth_date
    if born is None:
        return None
    if child.birth_precision == DatePrecision.YEAR:
        return str(born.year)
    return formats.month(born) if child.birth_precision == DatePrecision.MONTH else formats.day(born)
