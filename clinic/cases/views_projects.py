"""The pages of the funding projects, for the coordinator."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.cases import projects as funding
from clinic.cases.forms import AddProjectForm, ProjectForm
from clinic.cases.models import Project
from clinic.cases.views import bp
from clinic.languages import _
from clinic.web.guard import current_reader, needs

P = Permission


@bp.get("/projects")
@needs(P.VOCABULARY_EDIT)
def projects() -> ResponseReturnValue:
    """Every project, and what it is called."""
    return render_template("cases/projects.html", found=funding.list_projects(reader=current_reader()))


@bp.route("/projects/add", methods=["GET", "POST"])
@needs(P.VOCABULARY_EDIT)
def add_project() -> ResponseReturnValue:
    """Adds a project."""
    form = AddProjectForm()
    said = form.values("code", "name", "name_ar", "ended_on")
    if form.validate_on_submit() and form.takes(lambda: funding.add_project(by=current_reader(), **said)):
        return _saved()
    return render_template("cases/project.html", form=form, project=None)


@bp.route("/projects/<uuid:project_id>", methods=["GET", "POST"])
@needs(P.VOCABULARY_EDIT, project=funding.find_project)
def change_project(project: Project) -> ResponseReturnValue:
    """Changes what a project is called, and when it ended."""
    form = ProjectForm(obj=project)
    if form.validate_on_submit():
        funding.change_project(project, **form.values("name", "name_ar", "ended_on"))
        return _saved()
    return render_template("cases/project.html", form=form, project=project)


def _saved() -> ResponseReturnValue:
    flash(_("Saved. Forms and reports say it so from now on."), "success")
    return redirect(url_for(".projects"), code=303)
