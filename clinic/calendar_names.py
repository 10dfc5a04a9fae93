"""The names of months and days of the week, as CLDR has them for those who read and write here.

Babel has them too, with all that is known of a language: 4 MB of each process that writes a date. A test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a language's calendar; months from 1, weekdays from Monday."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]


_LEVANT: Final = (
    *("", "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)
_ARABIC_DAYS: Final = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")

NAMES: Final = {
    "ar": Names(_LEVANT, _LEVANT, _ARABIC_DAYS, _ARABIC_DAYS),
    "en": Names(
        (
            *("", "January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ),
}
"""By the language of the pages: in Arabic the months are those of the Levant, of which nobody knows shorter names."""

OF_EGYPT: Final = (
    *("", "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
    *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
)
"""The other Arabic months, which people type too."""
