"""The pages of activities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock, formats
from clinic.access.permissions import Permission
from clinic.activities import actions, queries, rules
from clinic.activities.actions import FIELDS
from clinic.activities.forms import ActivityForm, CorrectionForm, PeriodForm, WithdrawForm
from clinic.activities.models import Activity
from clinic.cases.queries import project_names
from clinic.languages import _
from clinic.refusals import ChangedMeanwhile, Refusal
from clinic.web.guard import current_reader, needs

bp = Blueprint("activities", __name__, url_prefix="/activities")
P = Permission


@bp.get("")
@needs(P.ACTIVITY_READ)
def index() -> ResponseReturnValue:
    """The activities of a period, with their sums."""
    return render_template("activities/index.html", **_list())


@bp.get("/print")
@needs(P.ACTIVITY_READ)
def on_paper() -> ResponseReturnValue:
    """The same list on paper."""
    return render_template("activities/on_paper.html", clinic=g.clinic, **_list())


def _list() -> dict[str, Any]:
    """The list that the address asks for; this year, if it asks for none."""
    form = PeriodForm(request.args if request.args else None, data={"since": _year_began(), "until": clock.today()})
    form.validate()
    since, until, kind = form.since.data, form.until.data, form.kind.data
    rows = queries.list_activities(reader=current_reader(), since=since, until=until, kind=kind)
    asked = {"since": since and since.isoformat(), "until": until and until.isoformat(), "kind": kind}
    named = partial(_called, project_names(reader=current_reader()))
    return {
        "named": named,
        "form": form,
        "rows": rows,
        "totals": rules.totals(rows),
        "asked": asked,
        "today": clock.today(),
    }


def _called(names: Mapping[str, str], codes: Iterable[str]) -> list[str]:
    """What projects are called."""
    return [formats.isolate(names.get(code, code)) for code in codes]


def _year_began() -> date:
    return clock.today().replace(month=1, day=1)


@bp.route("/add", methods=["GET", "POST"])
@needs(P.ACTIVITY_WRITE)
def add() -> ResponseReturnValue:
    """Adds an activity."""
    form = ActivityForm.begun("activity", data={"held_on": clock.today(), "projects": ()})
    if token := form.sent("activity"):
        said, activity_id = form.said(), token.record_id
        if form.takes(lambda: actions.record(said, by=current_reader(), activity_id=activity_id)):
            return _saved()
    return render_template("activities/form.html", form=form, activity=None), 422 if form.errors else 200


@bp.route("/<uuid:activity_id>/correct", methods=["GET", "POST"])
@needs(P.ACTIVITY_WRITE, activity=queries.find_activity)
def correct(activity: Activity) -> ResponseReturnValue:
    """Corrects an activity, with the reason."""
    before = {name: getattr(activity, name) for name in FIELDS}
    form = CorrectionForm.begun("activity.correct", subject_id=activity.id, version=activity.version, data=before)
    if form.sent("activity.correct", subject_id=activity.id):
        try:
            actions.correct(
                activity, form.said(), version=form.made_from, because=form.because.data, by=current_reader()
            )
        except ChangedMeanwhile as refusal:
            return _changed(activity, form, refusal)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            return _saved()
    return render_template("activities/form.html", form=form, activity=activity), 422 if form.errors else 200


def _changed(activity: Activity, form: CorrectionForm, refusal: Refusal) -> ResponseReturnValue:
    """What a colleague saved beside what was typed; saving again from here replaces it."""
    form.refuse(refusal)
    form.version.data = str(activity.version)
    return render_template("activities/form.html", form=form, activity=activity, saved=activity), 409


@bp.route("/<uuid:activity_id>/withdraw", methods=["GET", "POST"])
@needs(P.ACTIVITY_WRITE, activity=queries.find_activity)
def withdraw(activity: Activity) -> ResponseReturnValue:
    """Takes an activity back, with the reason."""
    form = WithdrawForm.begun("activity.withdraw", subject_id=activity.id, version=activity.version)
    if form.sent("activity.withdraw", subject_id=activity.id):
        version, because = form.made_from, form.because.data
        if form.takes(lambda: actions.withdraw(activity, version=version, because=because, by=current_reader())):
            return _saved()
        form.version.data = str(activity.version)
    return render_template("activities/withdraw.html", form=form, activity=activity), 422 if form.errors else 200


def _saved() -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for(".index"), code=303)
