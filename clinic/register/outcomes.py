"""What an import did or would do, kept for the page that tells of it: problems, counts and names, without the rows."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from clinic.register.actions import Counts, Outcome
from clinic.register.problems import Code, Problem
from clinic.register.reading import ReadRegister


def as_kept(outcome: Outcome) -> bytes:
    """An outcome as it waits, sealed."""
    kept = {
        "problems": [asdict(problem) for problem in outcome.register.problems],
        "written": outcome.written,
        "counts": {name: asdict(counts) for name, counts in outcome.counts.items()},
        "conflicts": [asdict(problem) for problem in outcome.conflicts],
        "accounts": outcome.accounts,
        "projects": outcome.projects,
    }
    return json.dumps(kept, ensure_ascii=False).encode()


def read(kept: bytes) -> Outcome:
    """The outcome that waited."""
    told: dict[str, Any] = json.loads(kept)
    return Outcome(
        ReadRegister({}, [_problem(values) for values in told["problems"]]),
        written=told["written"],
        counts={name: Counts(**values) for name, values in told["counts"].items()},
        conflicts=[_problem(values) for values in told["conflicts"]],
        accounts=told["accounts"],
        projects=told["projects"],
    )


def _problem(values: dict[str, Any]) -> Problem:
    return Problem(**{**values, "code": Code(values["code"])})
