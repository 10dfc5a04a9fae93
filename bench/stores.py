"""The databases that are measured: registers made by chance, brought in by the importer that a clinic uses.

What is made is kept in a folder that the repository ignores, and made anew when the tables have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.server import PROGRAMS, ROOT, environment

SEED = "7"
FIRST, LAST = "2021-01-01", "2026-10-31"


@dataclass(frozen=True)
class Ran:
    """What a command took: seconds, the most memory in MB, and seconds of processor."""

    seconds: float
    megabytes: float
    spent: float


@dataclass(frozen=True)
class Store:
    """A clinic with so many cases on one kind of database."""

    engine: str
    cases: int
    folder: Path
    url: str = ""

    @property
    def settings(self) -> dict[str, str]:
        """Where it is, for the commands of the clinic."""
        encrypted = {"CLINIC_ENCRYPTED_FILE": "yes" if self.engine == "encrypted" else "no"}
        database = {"CLINIC_DATABASE_URL": self.url} if self.url else encrypted
        own = {"CLINIC_HOME": str(self.folder / "home"), "CLINIC_KEY": str(self.folder / "key")}
        return {**own, **database, "CLINIC_PAGES_A_MINUTE": "0"}  # a measure asks faster than anybody works

    @property
    def told(self) -> dict[str, Any]:
        """What its data say: see bench/people.py."""
        told: dict[str, Any] = json.loads((self.folder / "people.json").read_text(encoding="utf-8"))
        return told

    @property
    def imported(self) -> Ran:
        """What bringing the register in took when it was made."""
        return Ran(**json.loads((self.folder / "imported.json").read_text(encoding="utf-8")))


def run(command: list[str], settings: Mapping[str, str], out: Path | None = None) -> Ran:
    """Runs a command of ours to its end."""
    began = time.perf_counter()
    with open(out or os.devnull, "wb") as file:
        process = subprocess.Popen(command, env=environment(**settings), cwd=ROOT, stdout=file, stderr=subprocess.PIPE)
        complaint = process.stderr.read() if process.stderr else b""
        _process_id, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\n{complaint.decode()[-2000:]}")
    return Ran(time.perf_counter() - began, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)


def clinic(*arguments: str) -> list[str]:
    """A command of the clinic."""
    return [str(PROGRAMS / "clinic"), *arguments]


def fingerprint() -> str:
    """Changes with the tables and the register maker: what was built before is of no use then."""
    known = hashlib.sha256(f"{SEED} {FIRST} {LAST}".encode())
    maker = ROOT / "clinic" / "dev" / "make_register.py"
    for file in [*sorted((ROOT / "migrations" / "versions").glob("*.py")), maker]:
        known.update(file.read_bytes())
    return known.hexdigest()[:12]


def forget_what_is_of_no_use(folder: Path) -> None:
    """Removes what was built for other tables than those of today."""
    for there in folder.glob("[0-9a-f]" * 12):
        if there.name != fingerprint():
            shutil.rmtree(there)


def register(folder: Path, cases: int, suffix: str = "") -> Path:
    """The invented register of so many cases: a folder of CSV files, or a workbook."""
    path = folder / fingerprint() / f"register-{cases}{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        say(f"making a register of {cases:,} cases{' as a workbook' if suffix else ''}")
        span = ["--seed", SEED, "--from", FIRST, "--to", LAST]
        maker = [sys.executable, "-m", "clinic.dev.make_register"]
        unfinished = path.with_name(f"unfinished-{path.name}")
        run([*maker, "--cases", str(cases), *span, "--out", str(unfinished)], {})
        unfinished.rename(path)
    return path


def built(folder: Path, engine: str, cases: int, url: str = "") -> Store:
    """The clinic of so many cases, made if it is not there yet."""
    store = Store(engine, cases, folder / fingerprint() / f"{engine}-{cases}", url)
    if url or not (store.folder / "people.json").exists():
        shutil.rmtree(store.folder, ignore_errors=True)
        source = register(folder, cases)
        say(f"bringing {cases:,} cases into {engine}")
        empty_clinic(store)
        ran = brought_in(store, source)
        (store.folder / "imported.json").write_text(json.dumps(vars(ran)))
        unfinished = store.folder / "people.unfinished"
        run([sys.executable, "-m", "bench.people"], store.settings, unfinished)
        unfinished.rename(store.folder / "people.json")
    return store


def empty_clinic(store: Store) -> None:
    """Makes a clinic without cases, as a real one is made."""
    store.folder.mkdir(parents=True, exist_ok=True)
    named = ["--name", "Bench", "--admin", "admin.bench", "--key-out", store.settings["CLINIC_KEY"]]
    run(clinic("init", *named), store.settings)


def brought_in(store: Store, source: Path) -> Ran:
    """Brings a register in, with what it took."""
    return run(clinic("import", str(source)), store.settings)


def copied(store: Store, to: Path) -> Store:
    """A copy to be measured, so that what is kept stays as it is. A database on a server is measured itself."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(store.folder, to)
    return Store(store.engine, store.cases, to, store.url)


def say(text: str) -> None:
    """What is going on, on standard error."""
    print(text, file=sys.stderr, flush=True)


def of_others(folder: Path, source: Path) -> Path:
    """The same register under other references, as if of other children."""
    to = folder / "others"
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    for sheet in source.glob("*.csv"):
        text = sheet.read_text(encoding="utf-8")
        (to / sheet.name).write_text(re.sub(r"\b(DH|C|A)(-\d)", r"\g<1>X\2", text), encoding="utf-8")
    return to
