"""The demonstration's past: an invented register of the last eighteen months, brought in through the importer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from clinic.db import session
from clinic.dev import make_register
from clinic.register import actions
from clinic.register.actions import Choices
from clinic.register.sources import source_at

CASES = 90
SEED = 20
MONTHS = 18


class NotWhole(RuntimeError):
    """The invented register did not import whole, which is a fault of ours."""


def bring_in(*, until: date, say: Callable[[str], None]) -> None:
    """Writes an invented register that ends on a day and imports it, known from its own dates."""
    first = until - timedelta(days=MONTHS * 30)
    rows = make_register.Register(CASES, SEED, first, until - timedelta(days=1)).build()
    with tempfile.TemporaryDirectory(prefix="sanad-demo-") as folder:
        make_register.write(rows, Path(folder) / "register")
        outcome = actions.import_register(source_at(Path(folder) / "register"), Choices(known_from_start=True))
        session.commit()
    if outcome.errors:
        raise NotWhole(str(outcome.errors[0]))
    say(f"Brought in {len(rows['cases'])} invented cases of the last {MONTHS} months.")
