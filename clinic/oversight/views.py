"""Who looked at what: for the coordinator all of it, for each person their own."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.emergency.queries import to_be_reviewed
from clinic.languages import _
from clinic.oversight import actions, labels, queries
from clinic.oversight.forms import ReviewForm
from clinic.oversight.rules import Pattern, Unusual
from clinic.staff.models import StaffMember
from clinic.staff.queries import names_of
from clinic.typed import place_in_list
from clinic.web.guard import current_reader, needs

bp = Blueprint("oversight", __name__, url_prefix="/looks")
P = Permission


@bp.get("")
@needs(P.AUDIT_READ)
def index() -> ResponseReturnValue:
    """What is unusual, who opened how many cases day by day, and what was looked into."""
    reader = current_reader()
    days = queries.days(reader=reader)
    return render_template(
        "oversight/index.html",
        days=days[: queries.PAGE],
        waiting=queries.to_be_asked(days, reader=reader),
        reviews=queries.reviews(reader=reader),
        emergencies=to_be_reviewed(reader=reader),
        names=names_of(reader=reader),
        labels=labels,
    )


@bp.get("/mine")
@needs(P.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What the reader opened."""
    return _looks(current_reader().staff_id, None)


@bp.get("/people/<uuid:person_id>")
@needs(P.AUDIT_READ, person=queries.find_person)
def person(person: StaffMember) -> ResponseReturnValue:
    """What one person opened."""
    return _looks(person.id, person)


def _looks(staff_id: uuid.UUID, person: StaffMember | None) -> ResponseReturnValue:
    reader = current_reader()
    looks, more = queries.looks_of(staff_id, reader=reader, before=request.args.get("before", type=place_in_list))
    name = person.name if person else names_of(reader=reader).get(staff_id, "")
    return render_template("oversight/person.html", person=person, name=name, looks=looks, more=more, labels=labels)


@bp.route("/people/<uuid:person_id>/<day>/<pattern>", methods=["GET", "POST"])
@needs(P.AUDIT_READ, person=queries.find_person)
def look_into(person: StaffMember, day: str, pattern: str) -> ResponseReturnValue:
    """Asks about an unusual day, and notes what was found."""
    found = _find(person, day, pattern)
    purpose = f"looks.{found.day}.{found.pattern}"
    form = ReviewForm.begun(purpose, subject_id=person.id)
    sent, finding = form.sent(purpose, subject_id=person.id), form.finding.data or ""
    if sent and form.takes(lambda: actions.look_into(found, finding=finding, by=current_reader())):
        flash(_("Noted. It stands under what was looked into."), "success")
        return redirect(url_for(".index"), code=303)
    said = labels.unusual(found, person.name)
    answer = render_template("oversight/look_into.html", form=form, person=person, found=found, said=said)
    return answer, 422 if form.errors else 200


def _find(person: StaffMember, day: str, pattern: str) -> Unusual:
    try:
        wanted = date.fromisoformat(day), Pattern(pattern)
    except ValueError:
        abort(404)
    found = queries.find_unusual(person.id, *wanted, reader=current_reader())
    return found or abort(404)
