"""What funds the clinic: projects are called by their names, in both languages, wherever a case or an activity is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases import queries
from clinic.cases.models import Project


@pytest.fixture
def nadia(make):
    return make.coordinator("Nadia")


@pytest.fixture
def project(nadia):
    project = Project(code="justice", name="Justice for children", name_ar="عدالة الأطفال")
    db.session.add(project)
    db.session.commit()
    return project


def test_a_project_is_added_with_its_names_and_offered_where_a_case_is_opened(browse, nadia):
    said = {"code": "core_2026", "name": "Core funding", "name_ar": "التمويل الأساسي"}
    page = browse(nadia).post("/cases/projects/add", said).follow()
    assert "Core funding" in page.text
    assert "التمويل الأساسي" in page.text
    assert "Core funding" in browse(nadia).get("/cases/open").text


def test_two_projects_have_two_codes_of_small_letters(browse, nadia, project):
    for code, answer in (("justice", "Another project has this code"), ("Core 1", "Small Latin letters")):
        page = browse(nadia).post("/cases/projects/add", {"code": code, "name": "x"}, status=(200, 422))
        assert answer in page.text


def test_a_case_says_what_its_project_is_called_and_not_its_code(browse, make, nadia, project):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda], projects=("justice",))
    text = browse(huda).get(f"/cases/{case.id}").text
    assert "Justice for children" in text
    browse(nadia).post(f"/cases/projects/{project.id}", {"name": "Rights at work"}).follow()
    assert "Rights at work" in browse(huda).get(f"/cases/{case.id}").text


def test_a_project_that_ended_is_offered_no_longer_but_stays_where_it_stands(browse, make, nadia, project):
    ended = clock.today().replace(year=clock.today().year - 1).isoformat()
    browse(nadia).post(f"/cases/projects/{project.id}", {"name": "Justice", "ended_on": ended}).follow()
    reader = make.reader(nadia)
    assert queries.project_choices(reader=reader) == []
    assert queries.project_choices(reader=reader, held={"justice"}) == [("justice", "Justice")]
    assert db.session.scalars(select(Project.ended_on)).one() is not None
