"""The measures as a table to read and as JSON, each beside the figure that it must reach."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import audit_cost
from bench.measures import AT_ONCE, DuringImport, Floors, Found
from bench.operations import GOALS
from bench.server import WORKERS

PEERS = {"case page, whole": 77}
"""Requests a second at concurrency 8 of the fastest of the four systems measured on such a machine."""
SMALL, FULL = 1_000, 20_000
GROWTH = 1.3
RECORD = "what chain and history add to a save, as seen"


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, what came of it, the figure, and whether it is reached."""

    what: str
    engine: str
    cases: int
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    beside: str = ""

    @property
    def is_reached(self) -> bool | None:
        """Whether the figure is reached; None where there is none."""
        if self.most is not None:
            return self.value <= self.most
        return self.value >= self.least if self.least is not None else None

    @property
    def figure(self) -> str:
        """The figure in words."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:.0f}" if self.least is not None else ""


def lines_of(found: Sequence[Found]) -> list[Line]:
    """Every line, clinic by clinic, then how they grow."""
    lines = [line for one in found for line in [*_pages(one), *_commands(one), *_weights(one)]]
    return [*lines, *_growth(found)]


def _pages(one: Found) -> Iterator[Line]:
    floors = one.floors
    for name, measured in one.operations.items():
        goal, p50 = GOALS[name], measured.one.p50
        spent = measured.one.spent
        beside = f"p95 {measured.one.p95:.1f}, {one.statements[name]} statements, {measured.one.bytes:,} bytes; "
        beside += f"by processor {spent:.1f} ms, {floors.ratio_spent(spent):.1f} × rows"
        if goal.ratio is not None:
            ratio = floors.ratio(p50)
            yield Line(name, one.engine, one.cases, ratio, "× rows", most=goal.ratio, beside=f"{p50:.1f} ms, {beside}")
        else:
            most = goal.milliseconds.get(one.engine, goal.milliseconds.get(""))
            yield Line(name, one.engine, one.cases, p50, "ms", most=most, beside=beside)
        if measured.eight is not None:
            yield _at_once(one, name, measured.eight.per_second)


def _at_once(one: Found, name: str, rate: float) -> Line:
    least = None
    if name in PEERS:
        least = max(one.floors.rows[AT_ONCE].per_second / 5, PEERS[name])
    return Line(f"{name}, {AT_ONCE} at once", one.engine, one.cases, rate, "a second", least=least)


def _commands(one: Found) -> Iterator[Line]:
    is_full = one.cases == FULL
    for form, ran in one.imported.items():
        most = {"csv": 60.0, "xlsx": 90.0}[form] if is_full else None
        beside = f"{ran.spent:.1f} s of processor"
        yield Line(f"import from {form.upper()}", one.engine, one.cases, ran.seconds, "s", most=most, beside=beside)
        memory = 400.0 if is_full else None
        yield Line(f"memory of the import from {form.upper()}", one.engine, one.cases, ran.megabytes, "MB", most=memory)
    for form, ran in one.exported.items():
        most = {"csv": 4.0, "xlsx": 20.0}[form] if is_full else None
        beside = f"{ran.spent:.1f} s of processor, {ran.megabytes:.0f} MB at most"
        yield Line(f"export as {form.upper()}", one.engine, one.cases, ran.seconds, "s", most=most, beside=beside)


def _weights(one: Found) -> Iterator[Line]:
    beside = f"{one.cold_spent:.2f} s of processor"
    yield Line("cold start", one.engine, one.cases, one.cold_start, "s", most=1.5, beside=beside)
    for when, megabytes in one.megabytes.items():
        yield Line(f"memory of the server, {when}", one.engine, one.cases, megabytes, "MB", most=260)
    yield Line("saves acknowledged and lost by a kill", one.engine, one.cases, one.lost, "", most=0)
    if one.record is not None:
        more, most = one.record.record_seen, audit_cost.AT_MOST
        yield Line(RECORD, one.engine, one.cases, more, "%", most=most, beside=str(one.record))
    if one.during_import is not None:
        yield from _meanwhile(one, one.during_import)


def _meanwhile(one: Found, met: DuringImport) -> Iterator[Line]:
    beside = f"p95 {met.page.p95:.1f} at its worst; {met.quiet.p50:.1f} ms, p95 {met.quiet.p95:.1f} before"
    yield Line("case page while a register comes in", one.engine, one.cases, met.page.p50, "ms", beside=beside)
    beside = f"of {met.saves} saves; {met.refused} were told to press again"
    yield Line("longest save meanwhile", one.engine, one.cases, met.longest_save, "s", beside=beside)


def _growth(found: Sequence[Found]) -> Iterator[Line]:
    """How much slower each operation gets from the smallest to the largest clinic of an engine.

    What is compared is how often each holds the floor measured beside its own clinic: between the two lies half an hour
    in which the machine itself may have become slower, and milliseconds would say so of every page.
    """
    for engine in dict.fromkeys(one.engine for one in found):
        of_engine = sorted((one for one in found if one.engine == engine), key=lambda one: one.cases)
        small, large = of_engine[0], of_engine[-1]
        if small.cases == large.cases:
            continue
        rows = large.cases / small.cases
        for name, measured in large.operations.items():
            was = small.floors.ratio(small.operations[name].one.p50)
            grown = large.floors.ratio(measured.one.p50) / was
            most = rows if measured.eight is None else GROWTH
            what = f"{name}: growth from {small.cases:,} cases"
            yield Line(what, engine, large.cases, grown, "×", most=most)


def machine() -> dict[str, str]:
    """What it was measured on."""
    memory = next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in line)
    known = platform.freedesktop_os_release()
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory) / 1024 / 1024:.0f} GB",
        "system": known.get("PRETTY_NAME", platform.system()),
        "python": platform.python_version(),
        "processes": f"{WORKERS}, one of them beside the pages",
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def as_table(found: Sequence[Found], lines: Sequence[Line]) -> str:
    """The table of docs/performance.md."""
    head = [
        " · ".join(f"{name}: {value}" for name, value in machine().items()),
        "",
        "The floors, beside each clinic:",
        "",
        *(f"- {one.engine}, {one.cases:,} cases: {_floors(one.floors)}" for one in found),
        "",
        "| Engine | Cases | What | Measured | Must reach | | |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, lines)])


def _floors(floors: Floors) -> str:
    one, eight = floors.rows[1], floors.rows[AT_ONCE]
    return (
        f"hello {floors.hello[1].p50:.2f} ms, {floors.hello[AT_ONCE].per_second:.0f} a second at 8; "
        f"rows {one.p50:.2f} ms, {eight.per_second:.0f} a second at 8; "
        f"by processor {floors.hello[1].spent:.2f} and {one.spent:.2f} ms"
    )


def _row(line: Line) -> str:
    mark = {True: "yes", False: "**no**", None: ""}[line.is_reached]
    value = f"{line.value:,.0f}" if line.value >= 100 else f"{line.value:.2f}"
    cells = [line.engine, f"{line.cases:,}", line.what, f"{value} {line.unit}".strip(), line.figure, mark, line.beside]
    return f"| {' | '.join(cells)} |"


def as_object(found: Sequence[Found], lines: Sequence[Line]) -> dict[str, Any]:
    """Everything, for a program."""
    return {
        "machine": machine(),
        "clinics": [asdict(one) for one in found],
        "lines": [{**asdict(line), "is_reached": line.is_reached} for line in lines],
    }
