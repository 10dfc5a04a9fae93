"""`clinic report`: the figures of a period on standard output, or in a file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from clinic import clock, db, languages
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.refusals import Refusal
from clinic.reports import queries
from clinic.reports.editions import Edition
from clinic.reports.files import FORMS
from clinic.reports.keys import KEYS, Names
from clinic.reports.report import Question
from clinic.reports.scope import Period
from clinic.staff import clinics
from clinic.typed import Unreadable, parse_date, parse_moment

DAY = "YYYY-MM-DD"


class Day(click.ParamType[date]):
    """A day as people write it."""

    name = DAY

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> date:
        """The day, or what to write instead."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except Unreadable as problem:
            self.fail(str(problem), param, context)


class Knowledge(click.ParamType[datetime]):
    """A moment whose knowledge is meant; a day alone means its end."""

    name = f"{DAY}[ HH:MM]"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> datetime:
        """The moment, or what to write instead."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            return clock.day_ends(parse_date(text)) if len(text) <= len(DAY) else _moment(text)
        except (Unreadable, ValueError) as problem:
            self.fail(str(problem), param, context)


def _moment(text: str) -> datetime:
    """A local moment as people write it, or one with its offset as programs do."""
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        return parse_moment(text).at
    return exact if exact.tzinfo else clock.from_local(exact)


@click.command()
@click.option("--from", "first", type=Day(), required=True, help="The first day of the period.")
@click.option("--to", "last", type=Day(), required=True, help="Its last day, included.")
@click.option("--as-of", type=Knowledge(), help="What was known at this moment; else what is known now.")
@click.option("--by", "keys", multiple=True, type=click.Choice(KEYS), help="Break down by this; may be repeated.")
@click.option("--project", help="The cases of this project alone.")
@click.option("--lawyer", help="The cases of the lawyer with this username alone.")
@click.option("--edition", type=click.Choice([edition.value for edition in Edition]), default=Edition.INTERNAL.value)
@click.option("--lang", type=click.Choice(["ar", "en"]), help="The language of its words; else the clinic's.")
@click.option("--format", "form", type=click.Choice([*FORMS]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write into this file.")
def report(
    first: date,
    last: date,
    as_of: datetime | None,
    keys: tuple[str, ...],
    project: str | None,
    lawyer: str | None,
    edition: str,
    lang: str | None,
    form: str,
    out: Path | None,
) -> None:
    """Print the report of a period."""
    reader = _open()
    now = clock.now()
    is_now = as_of is None or as_of >= now
    try:
        names = _names(reader, project, lawyer, Edition(edition))
        question = Question(
            Period(first, last),
            as_of or now,
            tuple(dict.fromkeys(keys)),
            project=project,
            lawyer=lawyer,
            edition=Edition(edition),
        )
    except Refusal as refusal:
        _refuse(refusal)
    readings.record("report.printed", subject="report")
    made = queries.make_report(question, reader=reader, is_now=is_now)
    with languages.using(lang or reader.language):
        written = FORMS[form].write(made, names, clinics.the_clinic())
    _write(written, out)
    db.session.rollback()


def _open() -> Reader:
    """The clinic of this machine, read by whoever holds its key."""
    from clinic.console import open_or_fail

    open_or_fail()
    clinic = clinics.the_clinic()
    return Reader(clinic.id, clinic.id, "", frozenset(), clinic.language, holds_key=True)


def _names(reader: Reader, project: str | None, lawyer: str | None, edition: Edition) -> Names:
    """What projects and people are called; refuses a project or a lawyer that the clinic does not know."""
    projects, staff = queries.projects(reader=reader), queries.colleagues(reader=reader)
    if project is not None and project not in projects:
        raise queries.NoSuchProject
    if lawyer is not None and lawyer not in {one.username for one in staff}:
        raise queries.NoSuchLawyer
    return queries.names(projects, staff, edition)


def _write(written: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(written, nl=False)
    else:
        out.write_bytes(written)
        click.echo(f"The report is in {out}.", err=True)


def _refuse(refusal: Refusal) -> NoReturn:
    from clinic.console import fail

    fail(refusal.sentence)
