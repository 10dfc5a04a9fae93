"""Known holes in the packages that Sanad is built of: looked up where there is a network, held against offline.

`python -m clinic.dev.advisories look|check`:
`look` asks OSV (https://osv.dev) about every version in the locks, two kinds of request and nothing but names and
versions, and keeps what it says with the day in config/advisories.json. It keeps nothing unless every question was
answered: a service that is not there, or that knows nothing of a question, must never read as "no hole".
`check` ends with 1 where a locked version was never looked up, or has a hole that nobody wrote an exception for.
Exceptions stand in pyproject.toml: [[tool.advisories.accepted]] with id, why and until.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

from clinic import clock

Pin = tuple[str, str]
ROOT = Path(__file__).parents[2]
SOURCE = "https://api.osv.dev"
OLD_AFTER = timedelta(days=35)
"""A look a month, and some days' grace."""
KNOWN: Pin = ("jinja2", "2.4.1")
"""A version with holes that the service must know of: whoever knows nothing of it knows nothing of the others."""
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


class NotLookedUp(Exception):
    """The service was not reached, or did not say what it must."""


@dataclass(frozen=True, slots=True)
class Hole:
    """One advisory about one locked version."""

    id: str
    also: tuple[str, ...]
    fixed_in: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A hole that does not touch a clinic, for a written reason, until a day."""

    id: str
    why: str
    until: date


def pins(folder: Path) -> list[Pin]:
    """Every package and version that is locked."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("requirements*.txt"))]
    return sorted({found for text in texts for found in _PIN.findall(text)})


def look_up(locked: Sequence[Pin], source: str = SOURCE) -> dict[Pin, list[Hole]]:
    """What the service knows of each version. Raises NotLookedUp."""
    try:
        known = _ids_of([KNOWN, *locked], source)
        if not known.pop(KNOWN):
            raise ValueError(f"it knows of no hole in {' '.join(KNOWN)}, which has some")
        told = {each: _asked(f"{source}/v1/vulns/{quote(each)}") for each in sorted(set().union(*known.values()))}
        return {pin: list(_holes(pin, [told[each] for each in sorted(ids)])) for pin, ids in known.items()}
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotLookedUp(f"{source}: {error or type(error).__name__}") from error


def _ids_of(locked: Sequence[Pin], source: str) -> dict[Pin, set[str]]:
    """The advisories that name each version; a long answer comes in parts."""
    found: dict[Pin, set[str]] = {pin: set() for pin in locked}
    asking: list[tuple[Pin, str]] = [(pin, "") for pin in locked]
    while asking:
        results = _asked(f"{source}/v1/querybatch", {"queries": [_query(*each) for each in asking]})["results"]
        if len(results) != len(asking):
            raise ValueError(f"{len(asking)} questions, {len(results)} answers")
        more = []
        for (pin, _token), result in zip(asking, results, strict=True):
            found[pin] |= {str(each["id"]) for each in result.get("vulns", ())}
            more += [(pin, result["next_page_token"])] if result.get("next_page_token") else []
        asking = more
    return found


def _query(pin: Pin, token: str) -> dict[str, Any]:
    query: dict[str, Any] = {"package": {"name": pin[0], "ecosystem": "PyPI"}, "version": pin[1]}
    return {**query, "page_token": token} if token else query


def _asked(address: str, question: Mapping[str, Any] | None = None) -> Any:
    data = json.dumps(question).encode() if question is not None else None
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})  # noqa: S310 - as it was named
    with urllib.request.build_opener().open(request, timeout=60) as answer:
        return json.load(answer)


def _holes(pin: Pin, told: Iterable[Mapping[str, Any]]) -> Iterator[Hole]:
    """The advisories that still stand; one that has several names stands once."""
    seen: set[str] = set()
    for advisory in told:
        names = {advisory["id"], *advisory.get("aliases", ())}
        if not advisory.get("withdrawn") and seen.isdisjoint(names):
            also = tuple(sorted(names - {advisory["id"]}))
            yield Hole(advisory["id"], also, _fixed(pin[0], advisory), str(advisory.get("summary", ""))[:200])
        seen |= names


def _fixed(name: str, advisory: Mapping[str, Any]) -> tuple[str, ...]:
    about = [each for each in advisory.get("affected", ()) if each.get("package", {}).get("name", "").lower() == name]
    ranges = [each for one in about for each in one.get("ranges", ()) if each.get("type") == "ECOSYSTEM"]
    return tuple(sorted({event["fixed"] for each in ranges for event in each["events"] if "fixed" in event}))


def keep(found: Mapping[Pin, Sequence[Hole]], *, day: date, source: str, file: Path) -> None:
    """Writes the record."""
    packages = {"==".join(pin): [asdict(hole) for hole in holes] for pin, holes in sorted(found.items())}
    record = {"source": source, "looked_up": day.isoformat(), "packages": packages}
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def accepted(project: Path) -> list[Accepted]:
    """The exceptions that are written down."""
    rows = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}).get("advisories", {}).get("accepted", [])
    return [Accepted(row["id"], row["why"], row["until"]) for row in rows]


def faults(locked: Sequence[Pin], record: Mapping[str, Any], but: Iterable[Accepted], today: date) -> Iterator[str]:
    """What forbids to go on, in sentences."""
    excepted = {one.id for one in but if one.until >= today and one.why.strip()}
    for name, version in locked:
        holes = record["packages"].get(f"{name}=={version}")
        if holes is None:
            yield f"{name} {version} was never looked up. Where there is a network: make look-up"
        for hole in holes or ():
            if excepted.isdisjoint((hole["id"], *hole["also"])):
                names = ", ".join((hole["id"], *hole["also"]))
                mended = ", ".join(hole["fixed_in"]) or "no version yet"
                yield f"{name} {version} has a known hole: {names}. Mended in {mended}. {hole['summary']}"


def check(root: Path, today: date) -> int:
    """Holds the record against the locks and says how it stands."""
    file = root / "config" / "advisories.json"
    if not file.exists():
        print("advisories  NOT LOOKED UP: nobody has asked for known holes yet. Where there is a network: make look-up")
        return 0
    record = json.loads(file.read_text(encoding="utf-8"))
    found = list(faults(pins(root / "config"), record, accepted(root / "pyproject.toml"), today))
    print("\n".join(found) or f"advisories  ok, looked up on {record['looked_up']}", file=sys.stderr if found else None)
    if today - date.fromisoformat(record["looked_up"]) > OLD_AFTER:
        print(f"advisories  OLD: looked up on {record['looked_up']}. Where there is a network: make look-up")
    return 1 if found else 0


def look(root: Path, today: date, source: str) -> int:
    """Looks everything up and keeps the record; without an answer the old one stays."""
    locked = pins(root / "config")
    try:
        found = look_up(locked, source)
    except NotLookedUp as error:
        print(f"Known holes were NOT looked up. {error}", file=sys.stderr)
        return 1
    keep(found, day=today, source=source, file=root / "config" / "advisories.json")
    holes = sum(map(len, found.values()))
    print(f"{len(found)} versions looked up, {holes} known holes. config/advisories.json says which; then: make check")
    return 0


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Does what was asked for."""
    today = clock.today()
    if list(arguments) == ["look"]:
        return look(root, today, os.environ.get("ADVISORIES_FROM") or SOURCE)
    if list(arguments) == ["check"]:
        return check(root, today)
    print("python -m clinic.dev.advisories look|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
