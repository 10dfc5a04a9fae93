"""What a report asks of the database besides its facts: names, cases, and the report itself."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.cases.queries import is_counted_for, project_names
from clinic.db import session
from clinic.languages import _l
from clinic.law.queries import rule_sets
from clinic.refusals import Refusal
from clinic.reports import closed
from clinic.reports.editions import Edition
from clinic.reports.facts import Population
from clinic.reports.indicator import Figure, Group, Indicator
from clinic.reports.keeping import kept_here
from clinic.reports.keys import OF_STAFF, Names
from clinic.reports.recorded import Recorded
from clinic.reports.report import Question, Report, law_of, rule_sets_of
from clinic.reports.scope import Scope
from clinic.staff.models import StaffMember
from clinic.targets.queries import Asked, goals_of, words_of
from clinic.targets.rules import Goal, Words
from clinic.vocabularies import lists


class NoSuchProject(Refusal):
    """A project that the clinic does not know."""

    message = _l("The clinic has no project with this code.")
    field = "project"


class NoSuchLawyer(Refusal):
    """A username that nobody has."""

    message = _l("Nobody in the clinic has this username.")
    field = "lawyer"


def make_report(question: Question, *, reader: Reader, is_now: bool, indicator: Indicator | None = None) -> Report:
    """The report of a question, as far as the reader sees cases. `is_now`: the records as they stand.

    `indicator`: the one whose figure alone is looked at.
    """
    law = rule_sets()
    lanes = closed.ALL if question.edition is Edition.PUBLIC else closed.lanes_of(reader)  # that one hides all of few
    asked = Scope(Population(), question.period, question.as_of, law_of(law, lists.lists()), lanes)
    scope, figures = _with_facts(asked, question, reader, is_now=is_now, indicator=indicator)
    targets, words = _aimed_at(question, reader, is_now)
    in_force = rule_sets_of(question.period, law)
    of_all = reader.sees_all_cases
    return Report(question, scope, in_force, targets=targets, narrative=words, is_of_all=of_all, figures=figures)


def _with_facts(
    scope: Scope, question: Question, reader: Reader, *, is_now: bool, indicator: Indicator | None
) -> tuple[Scope, dict[str, Figure]]:
    """A scope with its facts, and its figures as far as they are known: kept from before, or read now."""
    kept = kept_here()
    if kept is not None and is_now:
        worked = kept.worked(scope, reader, project=question.project, lawyer=question.lawyer)
        return worked.scope, worked.figures
    if kept is not None:
        kept.let_go_of_figures()  # the facts of the past come beside those of now
    recorded = Recorded(
        reader=reader,
        as_of=None if is_now else question.as_of,
        project=question.project,
        lawyer=question.lawyer,
        within=question.period if indicator and indicator.of_the_period_alone else None,
    )
    return replace(scope, population=recorded), {}


def _aimed_at(question: Question, reader: Reader, is_now: bool) -> tuple[dict[str, Goal], dict[Group, Words]]:
    """The targets and paragraphs of a report of all cases; nothing for a report of some cases alone.

    The public edition has no free text (shared/indicators.md, Editions).
    """
    if question.lawyer is not None or not reader.sees_all_cases:
        return {}, {}
    asked = Asked(*question.period, question.project, None if is_now else question.as_of)
    goals = goals_of(asked, reader=reader)
    if question.edition is Edition.PUBLIC:
        return goals, {}
    return goals, {Group(section): words for section, words in words_of(asked, reader=reader).items()}


def projects(*, reader: Reader) -> dict[str, str]:
    """The name of every project of the clinic, by code."""
    return project_names(reader=reader)


class Colleague(NamedTuple):
    """Somebody who works or worked in the clinic."""

    id: uuid.UUID
    username: str
    name: str
    is_lawyer: bool


def colleagues(*, reader: Reader) -> list[Colleague]:
    """Everybody who works or worked in the clinic, by name."""
    rows = session.execute(
        select(StaffMember.id, StaffMember.username, StaffMember.name, StaffMember.roles)
        .where(StaffMember.clinic_id == reader.clinic_id)
        .order_by(StaffMember.name, StaffMember.username)
    )
    return [Colleague(own, username, name, Role.LAWYER.value in roles) for own, username, name, roles in rows]


def names(projects: Mapping[str, str], staff: Collection[Colleague], edition: Edition) -> Names:
    """What projects and people are called in an edition: a report that leaves the house names no colleague."""
    told = {("project", code): name for code, name in projects.items()}
    if edition is Edition.PUBLIC:
        return told
    times = Counter(one.name for one in staff)
    for one in staff:
        name = one.name if times[one.name] == 1 else f"{one.name} ({one.username})"
        told |= {(key, one.username): name for key in OF_STAFF}
    return told


def cases_of(ids: Collection[uuid.UUID], *, reader: Reader) -> dict[uuid.UUID, CaseFile]:
    """Cases with their child, those alone that the reader's figures count; of an aged one nobody may be named."""
    if not ids:
        return {}
    rows = session.scalars(
        select(CaseFile).where(CaseFile.id.in_(ids), is_counted_for(reader)).options(joinedload(CaseFile.child))
    )
    return {case.id: case for case in rows}
