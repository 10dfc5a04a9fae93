"""The list of the rooms: their kinds of step and their pages. What is not listed here is not in the house."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from flask import Blueprint

from clinic import models
from clinic.cases import around, kinds, parts
from clinic.cases.kinds import StepKind
from clinic.jobs import kinds as work
from clinic.jobs.kinds import JobKind
from clinic.vocabularies import usage


def wire() -> None:
    """Makes models, kinds of step, parts of pages and kinds of work known, for a server and for a command alike."""
    _ = models.ROOMS  # importing it declares every table
    _wire_sight()
    kinds.register(_kinds_of_step())
    usage.register(_where_codes_stand())
    work.register(_kinds_of_work())
    _wire_parts()


def _wire_sight() -> None:
    """What rooms below ask of rooms above them, whom they do not know."""
    from clinic.cases.queries import SIGHT, places_of
    from clinic.cases.sharing import told_by
    from clinic.children.queries import look_through
    from clinic.jobs import sight
    from clinic.referrals.queries import shared_with_referrals
    from clinic.reports.aims import sections
    from clinic.targets import catalogue

    look_through(SIGHT)
    sight.look_through(places_of)
    told_by(referral=shared_with_referrals)
    catalogue.register(sections())


def _kinds_of_step() -> tuple[StepKind, ...]:
    """Every kind of step, the legal ones first."""
    from clinic.cases.kind import NOTE
    from clinic.community.kind import FOLLOWUP as COMMUNITY
    from clinic.complaints.kind import COMPLAINT
    from clinic.counselling.kind import ASSESSMENT, SESSION
    from clinic.court.kind import DECISION, FILING, HEARING, MEASURE
    from clinic.custody.kind import PERIOD
    from clinic.police.kind import ATTENDANCE
    from clinic.prosecution.kind import APPEARANCE
    from clinic.referrals.kind import REFERRAL
    from clinic.school.kind import FOLLOWUP as SCHOOL

    legal = (ATTENDANCE, PERIOD, APPEARANCE, HEARING, FILING, DECISION, MEASURE)
    social = (SESSION, ASSESSMENT, SCHOOL, COMMUNITY, REFERRAL, COMPLAINT)
    return (*legal, *social, NOTE)


def _wire_parts() -> None:
    """What rooms hang on the page of a case."""
    from clinic.calls.parts import LEFT_OPEN, QUESTIONS
    from clinic.conflicts.parts import ASK_FIRST, OTHERS, PEOPLE
    from clinic.counselling.parts import WELLBEING
    from clinic.court.parts import PAPERS
    from clinic.custody.parts import CLOCK
    from clinic.custody.queries import cases_with_child_held
    from clinic.emergency.parts import RUNNING

    around.look_for(others=OTHERS, questions=QUESTIONS)
    parts.register([ASK_FIRST, RUNNING, CLOCK, LEFT_OPEN, PEOPLE, PAPERS, WELLBEING], held=cases_with_child_held)


def _where_codes_stand() -> Iterator[tuple[str, Any]]:
    """Which columns hold codes of which list, in steps and beside them."""
    from clinic.cases.models import CaseFile, CasePeriod, Intake, Step
    from clinic.children.models import Child
    from clinic.conflicts.models import OtherPerson

    for kind in kinds.all_kinds():
        for field in kind.fields:
            if field.list is not None:
                yield field.list, kind.model.__table__.c[kind.column(field)]
    case, child = CaseFile.__table__.c, Child.__table__.c
    yield from (("locality", child.locality), ("age_basis", child.age_basis), ("offence", case.offences))
    yield from (("referral_source", case.referral_source), ("referral_source", Intake.__table__.c.referral_source))
    yield "disposition", case.disposition
    yield "other_person_role", OtherPerson.__table__.c.role
    yield "closure_reason", CasePeriod.__table__.c.closure_reason
    yield "not_done_reason", Step.__table__.c.not_done_reason


def _kinds_of_work() -> Iterator[JobKind]:
    """What is done in the background: because somebody asked, or regularly."""
    from clinic.conflicts import work as conflicts
    from clinic.handover import work as handover
    from clinic.jobs import mail
    from clinic.operations import cleaning
    from clinic.operations import work as operations
    from clinic.oversight import work as oversight
    from clinic.register import work as register
    from clinic.reports import work as reports
    from clinic.retention import work as retention
    from clinic.staff import notices

    mail.register([*notices.MESSAGES, oversight.SIGNED])
    yield from (mail.KIND, *cleaning.KINDS, operations.KIND, oversight.KIND)
    yield from (reports.KIND, handover.KIND, retention.KIND, *conflicts.KINDS, *register.KINDS)


_PAGES = (
    "activities.views",
    "calls.views",
    "cases.views",
    "cases.views_intake",
    "cases.views_opening",
    "cases.views_projects",
    "cases.views_steps",
    "cases.views_team",
    "cases.views_sharing",
    "cases.views_walls",
    "children.views",
    "conflicts.views",
    "counselling.views",
    "desk.views_questions",
    "emergency.views",
    "handover.views",
    "jobs.views",
    "law.views",
    "operations.views",
    "oversight.views",
    "police.views",
    "referrals.views",
    "register.views",
    "reports.views",
    "retention.views",
    "staff.views_accounts",
    "targets.views",
    "vocabularies.views",
)


def blueprints(*, demo: bool) -> list[Blueprint]:
    """The pages of every room, each blueprint once. The design page is the demonstration's."""
    names = (*_PAGES, "dev.gallery") if demo else _PAGES
    found: list[Blueprint] = [import_module(f"clinic.{name}").bp for name in names]
    return list(dict.fromkeys(found))
