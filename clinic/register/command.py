"""`clinic import` and `clinic export`: the register in and out, for whoever holds the machine and the key."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from clinic import db, languages
from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.console import fail, open_or_fail
from clinic.languages import _, _n
from clinic.operations import at_terminal
from clinic.refusals import Refusal
from clinic.register import actions, by_two, writing
from clinic.register.actions import Choices, Outcome
from clinic.register.exporting import Scope
from clinic.register.problems import Problem
from clinic.register.sources import Source, source_at
from clinic.register.writing import FileFormat
from clinic.staff import clinics

DEVICE = "clinic export"
LANGUAGE = click.option("--lang", type=click.Choice(["ar", "en"]), help="The language of names and messages.")


@click.command(name="import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--partial", is_flag=True, help="Bring in the good rows; the bad ones come back in a workbook.")
@click.option("--problems", type=click.Path(path_type=Path), help="Where that workbook goes; else beside PATH.")
@click.option("--file-wins", is_flag=True, help="A changed row also changes a record that was changed here since.")
@click.option("--known-from-start", is_flag=True, help="Into an empty clinic: records are known from their own dates.")
@click.option("--ignore-unknown-columns", is_flag=True, help="Keep columns aside that are not part of the register.")
@LANGUAGE
def import_(path: Path, problems: Path | None, lang: str | None, **choices: bool) -> None:
    """Bring in a register: a workbook (.xlsx), or a folder of CSV files. See docs/register.md."""
    _open()
    languages.use(lang or "en")
    try:
        readings.record("register.compared", subject="register")
        source = source_at(path)
        outcome = actions.import_register(source, Choices(**choices))
    except Refusal as refusal:
        _refuse(refusal)
    _tell(outcome)
    if outcome.written:
        db.session.commit()
    else:
        db.session.rollback()
    if choices["partial"] and outcome.errors and not outcome.register.is_broken:
        _give_back(source, outcome, problems or path.with_name(f"{path.stem}-problems.xlsx"))
    if outcome.errors or outcome.conflicts:
        sys.exit(1)


def _open() -> Reader:
    """The clinic of this machine, read by whoever holds its key."""
    open_or_fail()
    clinic = clinics.the_clinic()
    return Reader(clinic.id, clinic.id, "", frozenset(), clinic.language, holds_key=True)


def _refuse(refusal: Refusal) -> NoReturn:
    db.session.rollback()
    fail(refusal.sentence)


def _tell(outcome: Outcome) -> None:
    """Problems on standard error; what became of the rows on standard output."""
    for problem in outcome.register.problems:
        label = _("warning") if problem.is_warning else _("error")
        click.echo(f"{label}: {_plain(problem)}", err=True)
    for problem in outcome.conflicts:
        click.echo(f"{_('conflict')}: {_plain(problem)}", err=True)
    for name, counts in outcome.counts.items():
        click.echo(
            _(
                "%(sheet)s: %(new)s new, %(changed)s changed, %(same)s unchanged",
                sheet=name,
                new=counts.new,
                changed=counts.changed,
                same=counts.same,
            )
        )
    for username in outcome.accounts:
        click.echo(_("New account, to be opened by the administrator: %(username)s", username=username))
    for code in outcome.projects:
        click.echo(_("New project: %(code)s", code=code))
    click.echo(summary(outcome), err=True)


def _plain(problem: Problem) -> str:
    """The sentence; in English without the marks that isolate its parts, which a terminal may show."""
    sentence = problem.sentence
    return sentence if languages.current_language().is_rtl else sentence.replace("\u2068", "").replace("\u2069", "")


def summary(outcome: Outcome) -> str:
    """What happened, in one sentence."""
    errors, conflicts = len(outcome.errors), len(outcome.conflicts)
    if outcome.written and errors:
        return _n("%(num)d problem. The good rows are in.", "%(num)d problems. The good rows are in.", errors)
    if errors:
        return _n("%(num)d problem. Nothing was written.", "%(num)d problems. Nothing was written.", errors)
    if conflicts:
        return _n("%(num)d conflict was left as it is.", "%(num)d conflicts were left as they are.", conflicts)
    return _("The register is in.") if outcome.written else _("Nothing was written: this was a trial.")


def _give_back(source: Source, outcome: Outcome, path: Path) -> None:
    """Writes the workbook of rows with a problem, for its owner alone."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(writing.problem_workbook(source, outcome.register))
    click.echo(_("The rows with a problem are in %(path)s.", path=path), err=True)


@click.command()
@click.option("--format", "form", type=click.Choice([form.value for form in FileFormat]), required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder (csv) or workbook (xlsx).")
@click.option("--as", "username", help="Write what this person may read; their password and code are asked for.")
@click.option("--all-lanes", is_flag=True, help="Write everything, as whoever holds the key. It is recorded.")
@LANGUAGE
def export(form: str, out: Path, username: str | None, all_lanes: bool, lang: str | None) -> None:
    """Write out the register: a folder of CSV files, or a workbook. See docs/register.md."""
    if (username is None) == (not all_lanes):
        raise click.UsageError("Say whose lanes to write: --as USERNAME, or --all-lanes.")
    key_holder = _open()
    languages.use(lang or "en")
    try:
        reader = at_terminal.proven(username, Permission.REGISTER_EXPORT, device=DEVICE) if username else key_holder
        scope = Scope(reader)
        readings.record("register.exported", subject="register", lanes=scope.recorded_lanes)
        by_two.write(scope, out, FileFormat(form), languages.language_of(lang or "en"))
    except Refusal as refusal:
        _refuse(refusal)
    db.session.rollback()
    click.echo(_("The register is in %(path)s. It is not encrypted: keep it safe.", path=out), err=True)
