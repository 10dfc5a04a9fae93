"""The list of the rooms: their kinds of step and their pages. What is not listed here is not in the house."""

from __future__ import annotations

from importlib import import_module

from flask import Blueprint

from clinic import models
from clinic.cases import kinds


def wire() -> None:
    """Makes models and kinds of step known, for a server and for a command alike."""
    from clinic.cases.kind import NOTE
    from clinic.cases.queries import SIGHT
    from clinic.children.queries import look_through
    from clinic.community.kind import FOLLOWUP as COMMUNITY
    from clinic.complaints.kind import COMPLAINT
    from clinic.counselling.kind import ASSESSMENT, SESSION
    from clinic.court.kind import DECISION, FILING, HEARING, MEASURE
    from clinic.custody.kind import PERIOD
    from clinic.police.kind import ATTENDANCE
    from clinic.prosecution.kind import APPEARANCE
    from clinic.referrals.kind import REFERRAL
    from clinic.school.kind import FOLLOWUP as SCHOOL

    _ = models.ROOMS  # importing it declares every table
    look_through(SIGHT)
    legal = (ATTENDANCE, PERIOD, APPEARANCE, HEARING, FILING, DECISION, MEASURE)
    social = (SESSION, ASSESSMENT, SCHOOL, COMMUNITY, REFERRAL, COMPLAINT)
    kinds.register((*legal, *social, NOTE))


def blueprints(*, demo: bool) -> list[Blueprint]:
    """The pages of every room."""
    from clinic.cases import steps, views_intake, views_opening
    from clinic.cases import views_team as cases
    from clinic.children import views as children
    from clinic.desk import views_tasks as desk
    from clinic.staff import views_accounts as staff

    return [desk.bp, staff.bp, cases.bp, children.bp, steps.bp, *_only_in_a_demonstration(demo=demo)]


def _only_in_a_demonstration(*, demo: bool) -> list[Blueprint]:
    """The design page. Named by its address, because nothing of the house leans on the demonstration."""
    return [import_module("clinic.dev.gallery").bp] if demo else []
