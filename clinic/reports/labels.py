"""What codes, parts and numbers of a report are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clinic import formats
from clinic.languages import _, _l, _n
from clinic.reports.indicator import UNIT_LABELS, Indicator, Shape
from clinic.reports.keys import AGE_LABELS, KEY_LABELS, OF_TIME, OVERLAPPING_KEYS, Names
from clinic.reports.measures import Fields
from clinic.reports.periods import in_words, read
from clinic.targets.rules import Goal, Verdict
from clinic.vocabularies import lists

LEAST_SPREAD: Final = 4
"""Of fewer values nothing is said of their quarters."""
SERVICE_LABELS: Final[Mapping[str, str]] = {
    "advice": _l("Advice"),
    "police": _l("At the police station"),
    "prosecution": _l("Before the prosecution"),
    "court": _l("In court"),
    "counselling": _l("Counselling"),
    "school": _l("School follow-up"),
    "community": _l("Community follow-up"),
}
LISTS: Final[Mapping[str, str]] = {
    "sex": "sex",
    "locality": "locality",
    "refugee_status": "refugee_status",
    "offence": "offence",
    "referral_source": "referral_source",
    "education": "education",
    "police_station": "police_station",
    "court": "court",
}
"""The coded list of each key that has one."""
TABLE_LISTS: Final[Mapping[tuple[str, str], str]] = {
    ("in_custody_at_end", "by_legal_basis"): "legal_basis",
    ("in_custody_at_end", "by_place"): "custody_place",
    ("adjournment_reasons", "by"): "adjournment_reason",
    ("dispositions", "by"): "disposition",
    ("counselling_sessions", "by"): "session_kind",
    ("referrals_made", "by"): "service",
    ("complaints_filed", "by"): "ill_treatment",
    ("activities_held", "by"): "activity_kind",
    ("activity_participants", "by"): "sex",
}
"""The coded list of each table within a figure."""
TABLE_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "kind": (_l("Kind"), _l("%(figure)s, by kind")),
    "service": (_l("Service"), _l("%(figure)s, by service")),
    "sex": (_l("Sex"), _l("%(figure)s, by sex")),
    "about": (_l("What it is about"), _l("%(figure)s, by what they are about")),
    "legal_basis": (_l("Legal basis"), _l("%(figure)s, by legal basis")),
    "place": (_l("Place"), _l("%(figure)s, by place")),
}
"""What the parts of a figure's own table are called, and its title."""
PARTED_BY: Final[Mapping[tuple[str, str], str]] = {
    ("in_custody_at_end", "by_legal_basis"): "legal_basis",
    ("in_custody_at_end", "by_place"): "place",
    ("referrals_made", "by"): "service",
    ("complaints_filed", "by"): "about",
    ("activity_participants", "by"): "sex",
}
"""By what a figure's own table parts it, where that is not its kind."""
NUMBER_LABELS: Final[Mapping[str, str]] = {
    "value": _l("Counted"),
    "numerator": _l("Counted"),
    "denominator": _l("All that are known"),
    "unknown": _l("Not known"),
    "n": _l("Measured"),
    "improved": _l("Better"),
    "unchanged": _l("Unchanged"),
    "worse": _l("Worse"),
}


def code_label(indicator: Indicator, table: str, code: str) -> str:
    """What a code of a figure's own table is called."""
    if indicator.id == "services_delivered":
        return str(SERVICE_LABELS[code])
    return lists.label(TABLE_LISTS[indicator.id, table], code)


def table_labels(indicator: Indicator, table: str) -> tuple[str, str]:
    """What the parts of a figure's own table are called, and the title of the table."""
    parts, title = TABLE_LABELS[PARTED_BY.get((indicator.id, table), "kind")]
    return str(parts), str(title) % {"figure": indicator.title}


def table_note(indicator: Indicator, counts: Mapping[str, int], whole: object) -> str:
    """What must stand under a table whose parts add up to more than its figure."""
    if indicator.id == "complaints_filed" and isinstance(whole, int) and sum(counts.values()) > whole:
        return _("One complaint may be about several things, and stands in a line for each.")
    return ""


def key_note(key: str) -> str:
    """What must stand under a breakdown whose parts may exceed the whole."""
    return _("A case of two projects counts in both.") if key in OVERLAPPING_KEYS else ""


def part_label(key: str, part: str, names: Names | None = None) -> str:
    """What a part of a breakdown is called; a username or the code of a project without a name stands for itself."""
    if key == "age":
        return str(AGE_LABELS[part])
    if key in OF_TIME:
        period = read(part)
        return part if period is None else in_words(period)
    if key in LISTS:
        return lists.label(LISTS[key], part)
    if part == lists.UNKNOWN:
        return _("Not known")
    return formats.isolate((names or {}).get((key, part), part))


def key_label(key: str) -> str:
    """What a key is called."""
    return str(KEY_LABELS[key])


def quantity(shape: Shape, value: object) -> str:
    """A number as its shape is written: 12 · 42.9% · 10.2 h · 3.5 days · +0.5."""
    if isinstance(value, str):
        return formats.code(value)  # a hidden count: <5
    if not isinstance(value, int | float):
        return "–"
    if shape is Shape.PERCENTAGE:
        return formats.percent(value)
    if shape is Shape.HOURS:
        return _hours(float(value))
    if shape is Shape.DAYS:
        return _days(float(value))
    if shape is Shape.POINTS:
        return formats.code(f"{'+' if value > 0 else ''}{formats.number(float(value))}")
    return formats.number(value)


def _hours(number: float) -> str:
    """Hours; a whole number as its language counts, which in Arabic is another word from 3 to 10."""
    if _is_counted(number):
        return _n("%(num)d h", "%(num)d h", round(number))
    return _("%(number)s h", number=formats.number(number))


def _days(number: float) -> str:
    """Days, as hours."""
    if _is_counted(number):
        return _n("%(num)d day", "%(num)d days", round(number))
    return _("%(number)s days", number=formats.number(number))


def _is_counted(number: float) -> bool:
    return round(number, 1).is_integer() and 1 <= number < 1000


def count(value: object) -> str:
    """A count, hidden ones included."""
    return quantity(Shape.NUMBER, value)


def under(indicator: Indicator, fields: Fields) -> str:
    """What stands under a figure, always: of how many, and how many are not known."""
    if is_withheld(fields):
        return withheld()
    told = [of_how_many(fields) or str(UNIT_LABELS[indicator.unit])]
    unknown = fields.get("unknown", 0)
    if unknown:
        told.append(_("%(number)s not known", number=count(unknown)))
    return " · ".join(told)


def is_withheld(fields: Fields) -> bool:
    """Whether a figure has a value that its edition does not tell."""
    return fields["value"] is None and fields.get("denominator", fields.get("n")) != 0


def withheld() -> str:
    """What stands where a figure is not told."""
    return _("withheld: the numbers are small")


def of_how_many(fields: Fields) -> str:
    """What a percentage, a mean or a median is of; nothing of a count."""
    if "numerator" in fields:
        return _("%(counted)s of %(known)s", counted=count(fields["numerator"]), known=count(fields["denominator"]))
    if "mean" in fields:
        return _("mean of %(number)s", number=count(fields["n"]))
    if "median" in fields:
        return _("median of %(number)s", number=count(fields["n"]))
    return ""


def goal_in_words(shape: Shape, goal: Goal) -> str:
    """At least 60% · at most 4 h."""
    told = formats.share(goal.value) if shape is Shape.PERCENTAGE else quantity(shape, goal.value)
    return _("at most %(target)s", target=told) if goal.is_at_most else _("at least %(target)s", target=told)


def target_in_words(shape: Shape, goal: Goal, verdict: Verdict | None) -> str:
    """What stands under a figure that has a target: what was aimed at, and whether it was reached."""
    target = goal_in_words(shape, goal)
    return {
        Verdict.MET: _("Target met: %(target)s", target=target),
        Verdict.MISSED: _("Target not met: %(target)s", target=target),
        Verdict.RUNNING: _("So far; the target is %(target)s", target=target),
        None: _("The target is %(target)s", target=target),
    }[verdict]


def standing_in_words(verdict: Verdict | None) -> str:
    """Whether a target was reached, in a word; nothing where that cannot be said."""
    words = {Verdict.MET: _("Met"), Verdict.MISSED: _("Not met"), Verdict.RUNNING: _("The period is not over")}
    return words.get(verdict, "") if verdict else ""


def spread_in_words(shape: Shape, fields: Fields) -> str:
    """How values are spread about the median; nothing where that is not told, or where there are too few for it."""
    known = fields.get("n")
    if not isinstance(known, int) or known < LEAST_SPREAD or fields.get("q1") is None:
        return ""
    middle = _(
        "The middle half lies between %(low)s and %(high)s.",
        low=quantity(shape, fields["q1"]),
        high=quantity(shape, fields["q3"]),
    )
    if fields.get("min") is None:
        return middle
    ends = _("Least %(low)s, most %(high)s.", low=quantity(shape, fields["min"]), high=quantity(shape, fields["max"]))
    return f"{middle} {ends}"


def rows_in_words(indicator: Indicator, number: int) -> str:
    """How many rows a list has."""
    return _n("%(num)d row", "%(num)d rows", number) + f" · {UNIT_LABELS[indicator.unit]}"
