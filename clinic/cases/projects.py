"""The funding projects that cases and activities count for: what they are called, and when one has ended.

A code stands in records and reports, so it never changes; what it is called does.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import Project
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff.models import Clinic


class CodeInUse(Refusal):
    """Two projects of one code."""

    message = _l("Another project has this code. Choose another one.")
    field = "code"


def list_projects(*, reader: Reader) -> Sequence[Project]:
    """Every project of the clinic, those that run first."""
    wanted = select(Project).where(Project.clinic_id == reader.clinic_id)
    return session.scalars(wanted.order_by(Project.ended_on.is_not(None), Project.name, Project.code)).all()


def find_project(project_id: uuid.UUID, *, reader: Reader) -> Project | None:
    """A project of the reader's clinic."""
    return session.scalar(select(Project).where(Project.id == project_id, Project.clinic_id == reader.clinic_id))


def add_project(*, code: str, name: str, name_ar: str | None, ended_on: date | None, by: Reader) -> Project:
    """Adds a project. Raises CodeInUse."""
    there = select(Project.id).where(Project.clinic_id == by.clinic_id, Project.code == code)
    if session.scalar(there) is not None:
        raise CodeInUse
    project = Project(code=code, name=name, name_ar=name_ar, ended_on=ended_on)
    session.add(project)
    _said_anew(by.clinic_id)
    chain.record("project.added", subject=project, detail=code)
    return project


def _said_anew(clinic_id: uuid.UUID) -> None:
    """Every process reads the names again."""
    session.get_one(Clinic, clinic_id).lists_changed += 1
    session.flush()


def change_project(project: Project, *, name: str, name_ar: str | None, ended_on: date | None) -> None:
    """Changes what a project is called, and when it ended."""
    project.name, project.name_ar, project.ended_on = name, name_ar, ended_on
    _said_anew(project.clinic_id)
    chain.record("project.changed", subject=project, detail=project.code)
