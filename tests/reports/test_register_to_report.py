"""From a register to the report: imported into an empty clinic, the figures are those expected, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clinic import clock, db
from clinic.access.reader import Reader
from clinic.cli import main
from clinic.crypto import current
from clinic.register.actions import Choices, import_register
from clinic.register.sources import source_at
from clinic.reports import queries
from clinic.reports.indicator import Indicator
from clinic.reports.indicators import INDICATORS
from clinic.reports.report import Question
from clinic.reports.scope import Period
from clinic.staff.models import Clinic
from tests.reports.register_facts import DATA, register
from tests.reports.test_expected_figures import EXPECTED, same

FILES = {"edge": DATA / "edge", "register": DATA / "register.xlsx"}


def told(
    clinic: Clinic,
    first: str,
    last: str,
    *,
    as_of: datetime | None = None,
    keys: tuple[str, ...] = (),
    indicator: Indicator | None = None,
) -> Any:
    reader = Reader(clinic.id, clinic.id, "", frozenset(), holds_key=True)  # as the command asks: all lanes
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    question = Question(period, as_of or clock.now(), keys)
    return queries.make_report(question, reader=reader, is_now=as_of is None, indicator=indicator)


@pytest.mark.databases
@pytest.mark.parametrize("name", FILES)
def test_an_imported_register_gives_the_expected_figures(clinic: Clinic, name: str) -> None:
    outcome = import_register(source_at(FILES[name]), Choices())
    assert outcome.written, outcome.errors
    db.session.commit()
    for path in EXPECTED:
        of, first, last = path.stem.split("_")
        if of == name:
            expected = json.loads(path.read_text(encoding="utf-8"))["indicators"]
            fields = told(clinic, first, last).fields
            wrong = {key: (fields[key], expected[key]) for key in expected if not same(fields[key], expected[key])}
            assert not wrong


@pytest.mark.databases
def test_a_figure_asked_for_alone_is_that_of_the_report(clinic: Clinic) -> None:
    import_register(source_at(FILES["register"]), Choices())
    db.session.commit()
    quarter = ("2015-10-01", "2015-12-31")
    told_together = told(clinic, *quarter, keys=("sex", "month")).fields
    for name, indicator in INDICATORS.items():
        alone = told(clinic, *quarter, keys=("sex", "month"), indicator=indicator)
        assert alone.says(name) == told_together[name], name


@pytest.mark.databases
def test_every_breakdown_is_that_of_the_register_itself(clinic: Clinic) -> None:
    from clinic.reports.keys import KEYS
    from tests.reports.asking import report

    import_register(source_at(FILES["register"]), Choices())
    db.session.commit()
    recorded = told(clinic, "2015-09-01", "2016-08-31", keys=KEYS).fields
    written = report(register("register"), "2015-09-01", "2016-08-31", keys=KEYS).fields
    wrong = {key: (recorded[key], written[key]) for key in written if not same(recorded[key], written[key])}
    assert not wrong


def test_what_is_known_from_the_start_is_known_at_its_own_date(clinic: Clinic) -> None:
    import_register(source_at(FILES["register"]), Choices(known_from_start=True))
    db.session.commit()
    half = told(clinic, "2014-09-01", "2016-08-31", as_of=datetime(2015, 9, 1, tzinfo=UTC)).fields
    assert (
        40
        < half["children_served"]["value"]
        < told(clinic, "2014-09-01", "2016-08-31").fields["children_served"]["value"]
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty clinic of the command line."""
    monkeypatch.setenv("CLINIC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CLINIC_KEY", str(tmp_path / "key"))
    monkeypatch.delenv("CLINIC_DATABASE_URL", raising=False)
    made = clinic_command("init", "--name", "Test clinic", "--admin", "adam", "--key-out", str(tmp_path / "key"))
    assert made.exit_code == 0, made.output
    yield tmp_path
    db.session.remove()
    db.database().dispose()
    current.forget()


def clinic_command(*arguments: str) -> Any:
    """Runs the command as a process of its own would, with nothing left over."""
    return copy_context().run(CliRunner().invoke, main, list(arguments))


def run(*arguments: str) -> Any:
    """The report of 2016."""
    return clinic_command("report", "--from", "2016-01-01", "--to", "2016-12-31", *arguments)


def test_the_command_prints_the_report_on_standard_output(home: Path) -> None:
    printed = run("--format", "json")
    assert printed.exit_code == 0, printed.output
    form = json.loads(printed.stdout)
    assert list(form) == ["period", "as_of", "edition", "rule_sets", "indicators"]
    assert form["indicators"]["children_served"] == {"value": 0}
    file = home / "report.html"
    assert run("--format", "html", "--lang", "ar", "--out", str(file)).exit_code == 0
    assert 'dir="rtl"' in file.read_text(encoding="utf-8")
    assert run("--format", "csv", "--by", "sex", "--by", "month").stdout.startswith("\ufeffgroup,")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--format", "json", "--edition", "public", "--by", "sex"), 1, "totals alone"),
        (("--format", "json", "--project", "nowhere"), 1, "no project"),
        (("--format", "json", "--lawyer", "nobody"), 1, "Nobody"),
        (("--format", "json", "--by", "shoe_size"), 2, "shoe_size"),
        (("--format", "docx"), 2, "pdf"),
        (("--format", "json", "--to", "2015-01-01"), 1, "ends before it begins"),
        (("--format", "json", "--as-of", "soon"), 2, "as-of"),
    ],
)
@pytest.mark.usefixtures("home")
def test_the_command_refuses_in_words(arguments: tuple[str, ...], status: int, words: str) -> None:
    refused = run(*arguments)
    assert refused.exit_code == status
    assert refused.stdout == ""
    assert words in refused.stderr
