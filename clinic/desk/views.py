"""The desk: what each person sees first; the calendar; tasks."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.web.guard import needs

bp = Blueprint("desk", __name__)


@bp.get("/desk")
@needs(Permission.DESK_READ)
def show() -> ResponseReturnValue:
    """What the person who is signed in sees first, for each of their roles."""
    return render_template("desk/show.html")


@bp.get("/calendar")
@needs(Permission.CASE_READ)
def calendar() -> ResponseReturnValue:
    """What lies ahead, day by day."""
    return render_template("desk/calendar.html")
