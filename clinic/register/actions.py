"""Importing a register: read and checked whole, compared with what the clinic holds, then written in one transaction.

Flushes, never commits. What is reported can be read before anything is written. On the embedded database others save
meanwhile: the rows are gathered aside and put in at the end (decision 0024). What they save may touch what the register
is about; then all is looked at anew, and the last time nobody else saves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy.exc import IntegrityError

from clinic import db, gathering, sizes, versions
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases import bulk, team
from clinic.cases.models import Project
from clinic.children.actions import count_a_change_of_names, names_came_in
from clinic.conflicts import watching
from clinic.db import session
from clinic.gathering import Gathering
from clinic.jobs import progress
from clinic.languages import _l
from clinic.memory import collection_at_rest
from clinic.refusals import Refusal
from clinic.register import across, meanwhile, queries, reading
from clinic.register.beside import LISTS
from clinic.register.bringing import Bringing, bringing
from clinic.register.corrections import Corrector
from clinic.register.further import whole_format
from clinic.register.meanwhile import Overtaken
from clinic.register.plan import Plan, plan_of
from clinic.register.problems import Problem
from clinic.register.reading import OneSheet, ReadRegister
from clinic.register.records import Known, Writing
from clinic.register.shapes import References
from clinic.register.sources import Source
from clinic.register.step_writers import StepWriter
from clinic.register.writers import Writer
from clinic.staff.models import Clinic
from clinic.vocabularies import lists
from clinic.vocabularies.lists import Edit, Lists
from clinic.vocabularies.queries import own_lists

TRIES: Final = 3
"""So often others may have saved meanwhile what a register is about; then they wait."""


class NotEmpty(Refusal):
    """Known from the start is asked for a clinic that holds records already."""

    message = _l("Only into an empty clinic can an import be known from the records' own dates.")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """How an import is to be done."""

    dry_run: bool = False
    partial: bool = False
    file_wins: bool = False
    known_from_start: bool = False
    ignore_unknown_columns: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a sheet."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass
class Outcome:
    """What an import did or would do."""

    register: ReadRegister
    written: bool = False
    counts: dict[str, Counts] = field(default_factory=dict)
    conflicts: list[Problem] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    """Usernames that became accounts which the administrator has to open."""
    projects: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return self.register.errors

    @property
    def is_refused(self) -> bool:
        """Whether errors keep everything out."""
        return not self.written and bool(self.errors)


def import_register(source: Source, choices: Choices, *, by: Reader | None = None) -> Outcome:
    """Imports a register, or says what would happen, to somebody or to who holds the key. Raises NotEmpty.

    A case that a wall keeps from somebody is for them as if it were not there: not compared, not written. So is, of a
    record that is there, a cell of a lane that they do not read; a new row comes in as it is.
    Nothing is written if a row has an error, unless `partial`; errors of whole sheets keep everything out always.
    """
    with lists.using(lists_with(source)):
        return _import(source, choices, by)


def _import(source: Source, choices: Choices, by: Reader | None) -> Outcome:
    for _try in range(TRIES):
        try:
            return _tried(source, choices, by, None if choices.dry_run else gathering.begin())
        except Overtaken:
            session.rollback()
    return _tried(source, choices, by, None)


def _tried(source: Source, choices: Choices, by: Reader | None, aside: Gathering | None) -> Outcome:
    since = meanwhile.end_of_chain() if aside else 0
    who = bringing(by)
    register = looked_at(source, choices, who.unseen)
    outcome = Outcome(register)
    if register.errors and (register.is_broken or not choices.partial):
        return outcome
    if not choices.dry_run and not aside:
        _begin_writing()
    if choices.known_from_start and not queries.is_empty():
        raise NotEmpty
    plan = plan_of(register, file_wins=choices.file_wins, by=who)
    _tell(outcome, plan)
    if not choices.dry_run:
        progress.tell("writing")
        _carry_out(plan, choices, who, aside, since)
        outcome.written = True
    return outcome


def lists_with(source: Source) -> Lists:
    """The clinic's lists with what the register's own sheet of lists says of them: its rows may bear these codes."""
    own = own_lists()
    told = reading.read(OneSheet(source, LISTS.sheet), lists=own, sheets=[LISTS.sheet])
    if told.errors:
        return own
    at = LISTS.sheet.at
    rows = (row.values for row in told.rows(LISTS.sheet.name) if row.values[at["list_name"]] in own)
    edits = (
        Edit(
            str(values[at["list_name"]]),
            str(values[at["code"]]),
            str(values[at["en"]]),
            str(values[at["ar"]]),
            int(str(values[at["position"]])),
            bool(values[at["retired"]]),
            json.loads(str(values[at["attributes"]] or "{}")),
        )
        for values in rows
    )
    return own.overlaid(edits)


def _begin_writing() -> None:
    """Ends the reading in which the register was checked, during which others could save, and begins to write."""
    if not session.connection().get_execution_options().get("writes"):
        session.rollback()
        db.begin_writing()


@collection_at_rest()
def looked_at(source: Source, choices: Choices, unseen: frozenset[str] = frozenset()) -> ReadRegister:
    """The register read and checked, with the bad rows left out if the good ones are to go in."""
    held = queries.held_references(unseen)
    register = reading.read(
        source,
        lists=lists.lists(),
        sheets=whole_format(),
        ignore_unknown_columns=choices.ignore_unknown_columns,
    )
    progress.tell("checking")
    held = replace(held, born_on=queries.births_of(across.children_not_told(register, held)))
    across.check(register, held=held)
    if choices.partial and register.errors and not register.is_broken:
        across.leave_out_bad_rows(register, held=held)
    return register


def _tell(outcome: Outcome, plan: Plan) -> None:
    outcome.counts = {
        name: Counts(len(found.new) + found.unseen, len(found.changed), found.same)
        for name, found in plan.sheets.items()
        if found.new or found.changed or found.same or found.unseen
    }
    outcome.conflicts, outcome.accounts, outcome.projects = plan.conflicts, list(plan.accounts), plan.projects


def _carry_out(plan: Plan, choices: Choices, by: Bringing, aside: Gathering | None, since: int) -> None:
    """Writes a plan: the new rows, what is corrected, what is derived; last the rows for which others wait."""
    if plan.changes_nothing:
        return
    counted, has_children = _counted(plan), bool(plan.new("children"))
    lists_changed = bool(plan.new("lists") or plan.new("projects") or plan.projects)
    writing = Writing(lists.lists(), _known(), by.staff_id, by.lanes, choices.known_from_start)
    writer = Writer(plan, writing)
    steps = StepWriter(writer)
    if aside:
        _gather(aside, writer, steps)
        _put_in(aside, plan, writer, since)
    else:
        _write_new(writer, steps)
    for code in plan.projects:
        session.add(Project(code=code, name=code))
    _correct(plan, steps)
    session.flush()
    bulk.rederive_many(writer.touched, made=writer.made)
    watching.ask_about_all()
    sizes.learn(session.connection())
    if has_children and not aside:
        names_came_in()
    if lists_changed:
        session.get_one(Clinic, db.current_clinic.get()).lists_changed += 1
    _record(counted, writer, by)


@collection_at_rest()
def _write_new(writer: Writer, steps: StepWriter) -> None:
    """Writes the new rows: first what others refer to, then what refers to it."""
    writer.people()
    steps.beside(before_cases=True)
    writer.children()
    writer.cases()
    steps.beside(before_cases=False)
    steps.steps()
    steps.activities()
    steps.merged()


def _gather(aside: Gathering, writer: Writer, steps: StepWriter) -> None:
    """Puts the new rows together while others save, with what is derived for the new cases."""
    with aside.gathers():
        _write_new(writer, steps)
    with aside.looked_at_alone():
        bulk.rederive_many(writer.made, made=writer.made)
    writer.touched -= writer.made


def _put_in(aside: Gathering, plan: Plan, writer: Writer, since: int) -> None:
    """Puts the new rows in. Raises Overtaken where others saved meanwhile what the register is about."""
    refers = aside.look_up()
    aside.begin_writing()
    writer.writing.moment = versions.moment_of(session())
    saved = meanwhile.saved_since(since)
    meanwhile.refuse_what_bears_upon(saved, plan, refers, is_alone=writer.writing.from_start)
    has_children = bool(plan.new("children"))
    try:
        aside.put_in({"names_at": count_a_change_of_names()} if has_children else {})
    except IntegrityError as taken:
        if saved:
            raise Overtaken from taken
        raise


def _correct(plan: Plan, steps: StepWriter) -> None:
    """Writes over the records that changed rows are about."""
    corrector = Corrector(steps)
    for found in plan.sheets.values():
        if found.changed:
            corrector.correct(found.sheet, found.changed)


def _known() -> Known:
    """The ids of everything that the clinic holds, by what it is called."""
    references = References()
    return Known(
        {reference: db.read_id(stored) for stored, reference in references.children.items()},
        {reference: db.read_id(stored) for stored, reference in references.cases.items()},
        {username: db.read_id(stored) for stored, username in references.people.items()},
    )


def _counted(plan: Plan) -> str:
    new = sum(len(found.new) for found in plan.sheets.values())
    changed = sum(len(found.changed) for found in plan.sheets.values())
    return f"new={new} changed={changed}"


def _record(counted: str, writer: Writer, by: Bringing) -> None:
    """One entry in the chain, with the digest of the list of all that was written; teams hear of who joined them."""
    if by.reader is not None and not by.holds_key:
        team.tell_of_joined(writer.joined, by=by.reader)
    chain.record("register.imported", detail=f"{counted} sha256={writer.written.digest}")
