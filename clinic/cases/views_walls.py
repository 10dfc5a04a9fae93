"""Walls around a case: who is kept from it, and why."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.access.models import Wall
from clinic.access.permissions import Permission
from clinic.cases import queries, walls
from clinic.cases.forms_walls import BuildWallForm, LiftWallForm
from clinic.cases.models import CaseFile
from clinic.cases.views import bp
from clinic.languages import _
from clinic.staff import queries as staff
from clinic.web.guard import current_reader, needs

P = Permission


def _to_team(case: CaseFile) -> ResponseReturnValue:
    return redirect(url_for(".change_team", case_id=case.id), code=303)


@bp.route("/<uuid:case_id>/wall", methods=["GET", "POST"])
@needs(P.CASE_ASSIGN, case=queries.find_case)
def build_wall(case: CaseFile) -> ResponseReturnValue:
    """Keeps somebody from a case."""
    reader, form = current_reader(), BuildWallForm()
    people = walls.who_can_be_kept_out(case.id, reader=reader)
    form.person.people = lambda: people
    said = form.values("person", "because")
    if form.validate_on_submit() and form.takes(lambda: walls.build_wall(case, by=reader, **said)):
        flash(_("From now on this case does not exist for this person."), "success")
        return _to_team(case)
    return render_template("cases/wall.html", case=case, form=form, people=people)


@bp.route("/walls/<uuid:wall_id>/lift", methods=["GET", "POST"])
@needs(P.CASE_ASSIGN, wall=walls.find_wall)
def lift_wall(wall: Wall) -> ResponseReturnValue:
    """Lets somebody see a case again."""
    reader, form = current_reader(), LiftWallForm()
    case = queries.find_case(wall.case_id, reader=reader) or abort(404)
    if form.validate_on_submit():
        walls.lift_wall(wall, because=form.because.data, by=reader)
        flash(_("The wall is lifted. Put the person on the team if they are to work here again."), "success")
        return _to_team(case)
    name = staff.names_of(reader=reader).get(wall.staff_id, "")
    return render_template("cases/lift_wall.html", case=case, form=form, wall=wall, name=name)
