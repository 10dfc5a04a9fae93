"""Importing a register into a clinic, again, corrected, in part; the same on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from clinic import db
from clinic.cases.models import CaseFile, Step
from clinic.children.models import Child
from clinic.register import actions
from clinic.register.actions import Choices
from clinic.register.sources import source_at

DATA = Path(__file__).parents[1] / "data"

pytestmark = pytest.mark.databases


def bring(source, **choices):
    outcome = actions.import_register(source, Choices(**choices))
    db.session.commit()
    return outcome


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_clinics_own_workbook_goes_in_whole_and_again_without_change(clinic):
    first = bring(source_at(DATA / "register.xlsx"))
    assert first.errors == []
    assert (count(Child), count(CaseFile), count(Step)) == (110, 120, 1183)
