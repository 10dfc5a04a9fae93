"""The list of the rooms: their kinds of step and their pages. What is not listed here is not in the house."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from flask import Blueprint

from clinic import models
from clinic.cases import kinds, parts
from clinic.jobs import kinds as work
from clinic.jobs.kinds import JobKind
from clinic.vocabularies import usage


def wire() -> None:
    """Makes models and kinds of step known, for a server and for a command alike."""
    from clinic.calls.parts import LEFT_OPEN
    from clinic.cases.kind import NOTE
    from clinic.cases.queries import SIGHT
    from clinic.cases.sharing import told_by
    from clinic.children.queries import look_through
    from clinic.community.kind import FOLLOWUP as COMMUNITY
    from clinic.complaints.kind import COMPLAINT
    from clinic.counselling.kind import ASSESSMENT, SESSION
    from clinic.counselling.parts import WELLBEING
    from clinic.court.kind import DECISION, FILING, HEARING, MEASURE
    from clinic.court.parts import PAPERS
    from clinic.custody.kind import PERIOD
    from clinic.custody.parts import CLOCK
    from clinic.custody.queries import cases_with_child_held
    from clinic.jobs import mail
    from clinic.police.kind import ATTENDANCE
    from clinic.prosecution.kind import APPEARANCE
    from clinic.referrals.kind import REFERRAL
    from clinic.referrals.queries import shared_with_referrals
    from clinic.reports.aims import sections
    from clinic.school.kind import FOLLOWUP as SCHOOL
    from clinic.staff import notices
    from clinic.targets import catalogue

    _ = models.ROOMS  # importing it declares every table
    look_through(SIGHT)
    legal = (ATTENDANCE, PERIOD, APPEARANCE, HEARING, FILING, DECISION, MEASURE)
    social = (SESSION, ASSESSMENT, SCHOOL, COMMUNITY, REFERRAL, COMPLAINT)
    kinds.register((*legal, *social, NOTE))
    usage.register(_where_codes_stand())
    work.register(_kinds_of_work())
    mail.register(notices.MESSAGES)
    catalogue.register(sections())
    told_by(shared_with_referrals)
    parts.register([CLOCK, LEFT_OPEN, PAPERS, WELLBEING], held=cases_with_child_held)


def _where_codes_stand() -> Iterator[tuple[str, Any]]:
    """Which columns hold codes of which list, in steps and beside them."""
    from clinic.cases.models import CaseFile, CasePeriod, Intake, Step
    from clinic.children.models import Child

    for kind in kinds.all_kinds():
        for field in kind.fields:
            if field.list is not None:
                yield field.list, kind.model.__table__.c[kind.column(field)]
    case, child = CaseFile.__table__.c, Child.__table__.c
    yield from (("locality", child.locality), ("age_basis", child.age_basis), ("offence", case.offences))
    yield from (("referral_source", case.referral_source), ("referral_source", Intake.__table__.c.referral_source))
    yield "disposition", case.disposition
    yield "closure_reason", CasePeriod.__table__.c.closure_reason
    yield "not_done_reason", Step.__table__.c.not_done_reason


def _kinds_of_work() -> Iterator[JobKind]:
    """What is done in the background: because somebody asked, or regularly."""
    from clinic.jobs import mail
    from clinic.operations import cleaning
    from clinic.operations import work as operations
    from clinic.oversight import work as oversight
    from clinic.register import work as register
    from clinic.reports import work as reports

    mail.register([oversight.SIGNED])
    yield from (mail.KIND, *cleaning.KINDS, operations.KIND, oversight.KIND, reports.KIND, *register.KINDS)


def blueprints(*, demo: bool) -> list[Blueprint]:
    """The pages of every room."""
    from clinic.activities import views as activities
    from clinic.calls import views as calls
    from clinic.cases import views as cases
    from clinic.cases import views_intake, views_opening, views_projects, views_team
    from clinic.cases import views_steps as steps
    from clinic.children import views as children
    from clinic.counselling import views as counselling
    from clinic.desk import views_questions as desk
    from clinic.jobs import views as jobs
    from clinic.law import views as law
    from clinic.operations import views as operations
    from clinic.oversight import views as oversight
    from clinic.police import views as police
    from clinic.referrals import views as referrals
    from clinic.register import views as register
    from clinic.reports import views as reports
    from clinic.staff import views_accounts as staff
    from clinic.targets import views as targets
    from clinic.vocabularies import views as vocabularies

    _ = (views_intake, views_opening, views_projects, views_team)  # their pages are of the blueprint of the cases
    own = [calls.bp, law.bp, police.bp, counselling.bp, referrals.bp, activities.bp, vocabularies.bp, register.bp]
    return [
        *own,
        jobs.bp,
        operations.bp,
        oversight.bp,
        desk.bp,
        staff.bp,
        cases.bp,
        children.bp,
        steps.bp,
        reports.bp,
        targets.bp,
        *_only_in_a_demonstration(demo=demo),
    ]


def _only_in_a_demonstration(*, demo: bool) -> list[Blueprint]:
    """The design page. Named by its address, because nothing of the house leans on the demonstration."""
    return [import_module("clinic.dev.gallery").bp] if demo else []
