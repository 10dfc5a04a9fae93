"""The measures of one clinic on one engine: pages, saves, the report, the export, the import, memory and cold start."""

from __future__ import annotations

import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bench import floor, server, stores
from bench.audit_cost import Cost
from bench.client import Ask, Spec, Told
from bench.operations import CASE, STEP, Operation, operations
from bench.stores import LAST, Ran, Store, clinic, run, say

AT_ONCE = 8
COLD_STARTS = 3


@dataclass
class Floors:
    """What the same machine does with nothing behind it, in milliseconds."""

    hello: dict[int, Told] = field(default_factory=dict)
    rows: dict[int, Told] = field(default_factory=dict)

    def with_those(self, later: Floors) -> Floors:
        """The mean of these and of those that were measured later."""

        def mean(one: Told, other: Told) -> Told:
            told = {name: (value + getattr(other, name)) / 2 for name, value in asdict(one).items()}
            return Told(**told | {"bytes": one.bytes, "times": one.times})

        hello = {at_once: mean(told, later.hello[at_once]) for at_once, told in self.hello.items()}
        return Floors(hello, {at_once: mean(told, later.rows[at_once]) for at_once, told in self.rows.items()})

    def ratio_spent(self, milliseconds: float) -> float:
        """The same by what each takes of the processor."""
        hello, rows = self.hello[1].spent, self.rows[1].spent
        return (milliseconds - hello) / (rows - hello)

    def ratio(self, milliseconds: float, at_once: int = 1) -> float:
        """How much more than `hello` an operation takes, by what `rows` takes more."""
        hello, rows = self.hello[at_once].p50, self.rows[at_once].p50
        return (milliseconds - hello) / (rows - hello)


@dataclass(frozen=True)
class Measured:
    """One operation on one clinic."""

    name: str
    one: Told
    eight: Told | None


@dataclass(frozen=True)
class DuringImport:
    """What people meet while a register comes in."""

    quiet: Told
    """A case page before."""
    page: Told
    """The case page of the slowest quarter of a minute or so."""
    longest_save: float
    """Seconds."""
    saves: int
    refused: int
    """Saves that waited in vain and were told to press again."""


@dataclass
class Found:
    """Everything that was measured of one clinic on one engine."""

    engine: str
    cases: int
    floors: Floors
    operations: dict[str, Measured] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)
    imported: dict[str, Ran] = field(default_factory=dict)
    exported: dict[str, Ran] = field(default_factory=dict)
    cold_start: float = 0
    cold_spent: float = 0
    megabytes: dict[str, float] = field(default_factory=dict)
    lost: int = 0
    """Saves that were acknowledged and not found after the server was killed."""
    during_import: DuringImport | None = None
    record: Cost | None = None
    """What the record of changes adds to a save."""


def floors(folder: Path, port: int, times: int) -> Floors:
    """Both floors, by the same client, on the same machine: right before a clinic and right after it, for machines have
    slow minutes."""
    file = folder / "floor.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        floor.fill(file)
    found = Floors()
    with server.floor("hello", port, "/", {}) as running:
        for at_once in (1, AT_ONCE):
            found.hello[at_once] = _asked(running, [Ask("/", floor.HELLO)], times, at_once)
    asks = [Ask(f"/{team}", f"R-{team:05d}") for team in range(1, 200)]
    with server.floor("rows", port, "/1", {floor.FILE: str(file)}) as running:
        for at_once in (1, AT_ONCE):
            found.rows[at_once] = _asked(running, asks, times, at_once)
    return found


def _asked(running: server.Server, asks: list[Ask], times: int, at_once: int) -> Told:
    running.ask(Spec(server.HOST, running.port, asks, at_once, max(20, times // 4)))  # warm
    return running.ask(Spec(server.HOST, running.port, asks, at_once, times))


@dataclass
class Sitting:
    """One clinic with its server, measured from cold start to export."""

    store: Store
    port: int
    times: int
    floors: Floors
    found: Found = field(init=False)
    saved: int = 0

    def __post_init__(self) -> None:
        self.found = Found(self.store.engine, self.store.cases, self.floors, imported={"csv": self.store.imported})

    def measure(self) -> Found:
        """Measures everything of it."""
        starts = [self._cold_start() for _ in range(COLD_STARTS)]
        self.found.cold_start, self.found.cold_spent = (statistics.median(kind) for kind in zip(*starts, strict=True))
        with server.clinic(self.store.settings, self.port) as running:
            running.settle()
            self._operations(running)
            self.found.megabytes = {"after all that": running.megabytes, "at its most": running.peak}
            running.kill()
        for form in ("csv", "xlsx"):
            self.found.exported[form] = self._export(form)
        self.found.lost = self._lost()
        self.found.statements = self._statements()
        return self.found

    def _lost(self) -> int:
        """Saves that were acknowledged before the server was killed, and are not in the export."""
        with open(self._out("csv") / "prosecution_appearances.csv", encoding="utf-8-sig") as file:
            there = sum("Bethlehem" in line and f"{LAST} 10:30" in line for line in file)
        return self.saved - there

    def _out(self, form: str) -> Path:
        return self.store.folder / ("register.xlsx" if form == "xlsx" else "register")

    def _cold_start(self) -> tuple[float, float]:
        with server.clinic(self.store.settings, self.port) as running:
            return running.cold_start, running.cold_spent

    def _statements(self) -> dict[str, int]:
        told = (self.store.folder / "people.json").read_bytes()
        ran = subprocess.run(
            [sys.executable, "-m", "bench.statements"],
            input=told,
            capture_output=True,
            env=server.environment(**self.store.settings),
            cwd=server.ROOT,
        )
        if ran.returncode:
            raise SystemExit(ran.stderr.decode()[-3000:])
        counts: dict[str, int] = json.loads(ran.stdout)
        return counts

    def _operations(self, running: server.Server) -> None:
        told = self.store.told
        people = ("", told["lawyer"], told["coordinator"])
        cookies = {who: running.sign_in(who, told["password"]) if who else "" for who in people}
        for operation in operations(told, self.times):
            say(f"  {operation.name}")
            specs = [self._spec(operation, cookies, told["lawyer"], at_once) for at_once in (1, AT_ONCE)]
            one = self._warm_then(running, specs[0])
            eight = None if operation.alone else self._warm_then(running, specs[1])
            self.saved += 2 * (self._warm_times(specs[0]) + operation.times) if operation.name == STEP else 0
            self.found.operations[operation.name] = Measured(operation.name, one, eight)

    def _spec(self, operation: Operation, cookies: dict[str, str], saver: str, at_once: int) -> Spec:
        return Spec(
            server.HOST,
            self.port,
            operation.asks,
            at_once,
            operation.times,
            cookie=cookies[operation.who],
            before=operation.before,
            before_cookie=cookies[saver] if operation.before else "",
        )

    def _warm_then(self, running: server.Server, spec: Spec) -> Told:
        running.ask(replace(spec, before=None, times=self._warm_times(spec)))
        return running.ask(spec)

    @staticmethod
    def _warm_times(spec: Spec) -> int:
        """Enough for a process to have seen each page; by eight at once the second one sees them, too."""
        return max(2 * len(spec.asks), 10)

    def _export(self, form: str) -> Ran:
        say(f"  export as {form}")
        command = clinic("export", "--format", form, "--out", str(self._out(form)), "--all-lanes")
        return run(command, self.store.settings)


def import_of_workbook(folder: Path, store: Store) -> Ran:
    """Bringing the same register in from a workbook, into an embedded database."""
    source = stores.register(folder, store.cases, ".xlsx")
    beside = Store("plain" if store.url else store.engine, store.cases, folder / "workbook")
    shutil.rmtree(beside.folder, ignore_errors=True)
    say(f"bringing {store.cases:,} cases in from a workbook")
    stores.empty_clinic(beside)
    return stores.brought_in(beside, source)


def during_import(folder: Path, store: Store, port: int, times: int) -> DuringImport:
    """A case page and saves while a register of other children is brought in."""
    source = stores.of_others(folder, stores.register(folder, store.cases))
    told = store.told
    case, step = (one for one in operations(told, times) if one.name in (CASE, STEP))
    with server.clinic(store.settings, port) as running:
        cookie = running.sign_in(told["lawyer"], told["password"])
        page = Spec(server.HOST, port, case.asks, 1, times, cookie)
        running.ask(page)
        quiet, slowest, saves = running.ask(page), [], Saves(running, replace(page, asks=step.asks[:1], times=1))
        say("  a case page and saves while a register comes in")
        with (
            _meanwhile(lambda: run(clinic("import", str(source)), store.settings)) as importing,
            _meanwhile(lambda: saves.go_on(importing)),
        ):
            while importing.is_alive():
                slowest.append(running.ask(page))
    return DuringImport(quiet, max(slowest, key=lambda one: one.p95), max(saves.taken), len(saves.taken), saves.refused)


@dataclass
class Saves:
    """One save a second."""

    running: server.Server
    spec: Spec
    taken: list[float] = field(default_factory=list)
    refused: int = 0

    def go_on(self, importing: threading.Thread) -> None:
        """Saves as long as the import lasts."""
        while importing.is_alive():
            began = time.perf_counter()
            try:
                self.taken.append(self.running.ask(self.spec).p50 / 1000)
            except SystemExit:  # the client was told to press again
                self.refused += 1
                self.taken.append(time.perf_counter() - began)
            time.sleep(1)


@contextlib.contextmanager
def _meanwhile(deed: Any) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=deed)
    thread.start()
    yield thread
    thread.join()
