"""What of a figure may leave the clinic: the public edition has totals alone, and no small number can be worked out.

A count from 1 to k-1 is shown as `<k`. A percentage is withheld when its denominator is below 10, or when its numerator
or the rest is from 1 to k-1; a spread when n is below 10, its least and greatest always. Then, as the figures of one
report hang together (cases carried in and opened, less closed, are those open at the end), further numbers are withheld
until no hidden one follows from those shown, nor from the reports of the periods before and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, cast

from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.reports.measures import Fields

K: Final = 5
LEAST: Final = 10
"""Below so many known rows neither a percentage nor a spread is told."""
TABLES: Final = frozenset({"by", "by_legal_basis", "by_place", "breakdown"})


class Edition(StrEnum):
    """For whom a report is."""

    INTERNAL = "internal"
    PUBLIC = "public"


class PublicHasTotalsAlone(Refusal):
    """A breakdown was asked for in the public edition."""

    message = _l("The public edition has totals alone. Leave out the breakdown, or choose the internal edition.")


Cell = tuple[str, str]
"""One count: the id of its indicator and the name of the field."""
Equation = tuple[tuple[int, Cell], ...]
"""Counts, each times a factor, that add up to nothing."""

_ALL = "all"


def _adds_up(*cells: tuple[int, str, str]) -> Equation:
    return tuple((factor, (indicator, number)) for factor, indicator, number in cells)


def _looks_at(rows: str, indicator: str, known: str = "denominator") -> Equation:
    """The known and the unknown rows of an indicator are the rows that it looks at, which others look at too."""
    return _adds_up((1, indicator, known), (1, indicator, "unknown"), (-1, rows, _ALL))


FLOW: Final = _adds_up(
    (1, "cases_carried_in", "value"),
    (1, "cases_opened", "value"),
    (1, "cases_reopened", "value"),
    (-1, "cases_closed", "value"),
    (-1, "cases_open_at_end", "value"),
)

EQUATIONS: Final[tuple[Equation, ...]] = (
    FLOW,
    *(
        _looks_at("attendances", indicator)
        for indicator in (
            "lawyer_before_questioning",
            "guardian_at_questioning",
            "counsellor_at_questioning",
            "ill_treatment_alleged",
            "held_over_police_limit",
            "released_by_police",
        )
    ),
    _looks_at("long custody", "family_contact"),
    _looks_at("long custody", "education_in_custody"),
    _looks_at("hearings", "adjournment_rate"),
    _looks_at("hearings", "lawyer_at_hearings"),
    _adds_up((1, "hearings", _ALL), (-1, "hearings_held", "value"), (-1, "adjournment_reasons", "value")),
    _adds_up((1, "adjournment_rate", "numerator"), (-1, "adjournment_reasons", "value")),
    _looks_at("decided", "time_to_disposition", "n"),
    _adds_up((1, "dispositions", "value"), (-1, "decided", _ALL)),
    _adds_up(
        (1, "diversion_rate", "denominator"),
        (-1, "diversion_rate", "numerator"),
        (-1, "custodial_sentence_rate", "denominator"),
    ),
    _looks_at("counselled", "sustained_counselling"),
    _looks_at("counselled", "wellbeing_change", "n"),
    _adds_up((1, "children_counselled", "value"), (-1, "counselled", _ALL)),
    _adds_up(
        (1, "wellbeing_change", "improved"),
        (1, "wellbeing_change", "unchanged"),
        (1, "wellbeing_change", "worse"),
        (-1, "wellbeing_change", "n"),
    ),
    _looks_at("referred", "referrals_completed"),
    _adds_up((1, "referrals_made", "value"), (-1, "referred", _ALL)),
)
"""How the figures of one report hang together."""

BESIDE: Final[frozenset[Cell]] = frozenset({("cases_carried_in", "value"), ("cases_open_at_end", "value")})
"""Counts that the report of the period before or after tells too: to withhold one here would hide nothing. Where one is
small, nothing is told of what came and went between the two, from which several reports together would narrow it."""

COUNTS: Final = ("value", "numerator", "denominator", "unknown", "n", "improved", "unchanged", "worse")


def public(figures: Mapping[str, Fields], k: int = K) -> dict[str, Fields]:
    """The figures as they may be published: totals alone, small numbers hidden."""
    totals = {name: {key: value for key, value in of.items() if key not in TABLES} for name, of in figures.items()}
    hiding = _Hiding(totals, k)
    hiding.hide_small()
    hiding.hide_what_follows()
    return {name: {key: hiding.shown(name, key, value) for key, value in of.items()} for name, of in totals.items()}


@dataclass
class _Hiding:
    """Which counts are hidden, and what a reader could still work out of them."""

    figures: Mapping[str, Fields]
    k: int
    small: set[Cell] = field(default_factory=set)
    withheld: set[Cell] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    """Indicators of which the measure itself is not told."""

    def hide_small(self) -> None:
        for name, of in self.figures.items():
            if "numerator" in of:
                self._hide_small_percentage(name, of)
            elif "n" in of and cast(int, of["n"]) < LEAST:
                self.silent.add(name)
        self.small = {cell for cell in self._counts() if 0 < self._number(cell) < self.k} - self.withheld
        if self.small & BESIDE:
            self.withheld |= {cell for _, cell in FLOW if cell in self._counts()} - BESIDE

    def _hide_small_percentage(self, name: str, of: Fields) -> None:
        counted, known = cast(int, of["numerator"]), cast(int, of["denominator"])
        if known < LEAST or 0 < counted < self.k or 0 < known - counted < self.k:
            self._withhold((name, "value"))

    def hide_what_follows(self) -> None:
        """Withholds one more number until no hidden one is found.

        The rest of its own percentage, which costs least; else the smallest that stands beside it; else, of one that is
        told as smaller than k, even that.
        """
        while found := self._found():
            own = sorted(cell for cell in found if self._is_told_in_part(cell[0]))
            if own:
                self._withhold(own[0])
                continue
            beside = [cell for cell in self._beside(found) - BESIDE if not self._is_hidden(cell)]
            beside = beside or [cell for cell in found - BESIDE if cell not in self.withheld]
            if not beside:
                return
            self._withhold(min(beside, key=lambda cell: (self._number(cell) == 0, self._number(cell), cell)))

    def _is_told_in_part(self, name: str) -> bool:
        """Whether it is a percentage of which some number is hidden and another told."""
        return "numerator" in self.figures[name] and (name, "numerator") not in self.withheld

    def shown(self, name: str, key: str, value: object) -> object:
        """A field as it is published."""
        if (name, key) in self.withheld or key in ("min", "max"):
            return None
        if (name, key) in self.small:
            return f"<{self.k}"
        if name in self.silent and key in ("value", "median", "q1", "q3", "mean"):
            return None
        return value

    def _withhold(self, cell: Cell) -> None:
        """Hides a count; of a percentage all four numbers, which tell each other."""
        name, _ = cell
        if "numerator" in self.figures[name]:
            self.withheld |= {(name, key) for key in self.figures[name]}
        else:
            self.withheld.add(cell)

    def _counts(self) -> Iterator[Cell]:
        for name, of in self.figures.items():
            is_number = set(of) == {"value"}
            for key in of:
                if key in COUNTS and (key != "value" or is_number):
                    yield name, key

    def _number(self, cell: Cell) -> int:
        return cast(int, self.figures[cell[0]].get(cell[1], 0))

    def _is_hidden(self, cell: Cell) -> bool:
        return cell in self.small or cell in self.withheld

    def _beside(self, found: set[Cell]) -> set[Cell]:
        """The published counts that share an equation with a found one, or with what links two of them."""
        linked = set(found)
        for _round in range(2):
            for equation in EQUATIONS:
                cells = {cell for _, cell in equation}
                if cells & linked:
                    linked |= {cell for cell in cells if cell in linked or cell[1] == _ALL or self._is_published(cell)}
        return {cell for cell in linked - found if self._is_published(cell)}

    def _is_published(self, cell: Cell) -> bool:
        return cell[0] in self.figures and cell[1] in self.figures[cell[0]]

    def _found(self) -> set[Cell]:
        """The hidden counts whose value follows from what is shown."""
        bounds = self._bounds()
        return {cell for cell in self.small | self.withheld if cell in bounds and bounds[cell][0] == bounds[cell][1]}

    def _bounds(self) -> dict[Cell, tuple[float, float]]:
        """Between what each count must lie for a reader who knows how the figures hang together."""
        bounds = {cell: self._at_first(cell) for equation in EQUATIONS for _, cell in equation}
        while sum(_tighten(equation, bounds) for equation in EQUATIONS):
            pass
        return bounds

    def _at_first(self, cell: Cell) -> tuple[float, float]:
        if cell in self.withheld or cell[0] not in self.figures:
            return 0, float("inf")
        if cell in self.small:
            return 1, self.k - 1
        return self._number(cell), self._number(cell)


def _tighten(equation: Equation, bounds: dict[Cell, tuple[float, float]]) -> bool:
    """Narrows each count of an equation by what the others leave it; answers whether one was narrowed."""
    changed = False
    for factor, cell in equation:
        least = most = 0.0
        for other_factor, other in equation:
            if other != cell:
                low, high = bounds[other]
                least += other_factor * (low if other_factor > 0 else high)
                most += other_factor * (high if other_factor > 0 else low)
        low, high = (-most, -least) if factor > 0 else (least, most)
        narrowed = max(low, bounds[cell][0]), min(high, bounds[cell][1])
        if narrowed != bounds[cell]:
            bounds[cell], changed = narrowed, True
    return changed
