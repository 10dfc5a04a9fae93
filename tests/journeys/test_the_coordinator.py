"""A coordinator takes a referral, opens the case with its team, makes the report and opens a figure."""

from __future__ import annotations

import re

from sqlalchemy import select

from clinic import db
from clinic.cases.models import CaseFile, TeamMember


def test_a_coordinator_takes_a_referral_assigns_a_team_and_opens_a_figure(walk, make):
    huda, salma = make.lawyer("Huda"), make.counsellor("Salma")
    nadia = walk(make.coordinator("Nadia")).look("desk")

    nadia.goto("/cases/intakes").look("referrals, none").follow("/cases/intakes/add").look("a referral, empty")
    nadia.give("child_name", "آدم التجريبي").give("referral_source", "social_development")
    nadia.give("wish", "مرافقة أمام النيابة").press("Save", within="main").look("the referral noted")
    nadia.goto("/desk").look("desk with the referral").goto("/cases/intakes").press("آدم التجريبي", within="main")
    nadia.look("the referral").press("Accept: open a case").look("a case, half filled")
    nadia.give("offences", "theft").give("lawyer", str(huda.id))
    nadia.press("Open the case", within="main").is_at(r"/cases/[0-9a-f-]{36}.*").look("the new case")

    db.session.rollback()
    case = db.session.scalars(select(CaseFile)).one()
    nadia.goto(f"/cases/{case.id}/team").look("the team")
    nadia.give("role", "counsellor").give("person", str(salma.id)).press("Save", within="main").look("the whole team")
    db.session.rollback()
    team = db.session.scalars(select(TeamMember.staff_id).where(TeamMember.case_id == case.id)).all()
    assert set(team) == {huda.id, salma.id}

    nadia.goto("/reports").look("the report of the last quarter").press("After").look("the report of this quarter")
    figure = nadia.page.locator('main a[href^="/reports/figures/cases_opened"]').filter(visible=True).first
    assert re.findall(r"\d+", figure.inner_text()) == ["1"]
    figure.click()
    nadia.is_at(r"/reports/figures/cases_opened.*").look("a figure and its rows")
    assert case.reference in nadia.text
    assert nadia.page.locator("main tbody tr").filter(has_text=case.reference).count() == 1
