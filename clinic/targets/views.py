"""The pages of targets, for the coordinator."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import formats
from clinic.access.permissions import Permission
from clinic.cases.queries import project_choices
from clinic.languages import _
from clinic.refusals import ChangedMeanwhile, Refusal
from clinic.staff.queries import names_of
from clinic.targets import actions, catalogue, queries
from clinic.targets.catalogue import Section
from clinic.targets.forms import PlanForm, SectionForm, as_data, form_for
from clinic.targets.models import TargetPlan
from clinic.typed import Unreadable, parse_date
from clinic.web.guard import current_reader, needs

bp = Blueprint("targets", __name__, url_prefix="/targets")
P = Permission


@bp.get("")
@needs(P.TARGET_EDIT)
def index() -> ResponseReturnValue:
    """The periods that have targets or paragraphs."""
    plans = queries.list_plans(reader=current_reader())
    held = {plan.project for plan, _targets, _words in plans}
    names = dict(project_choices(reader=current_reader(), held=held))
    return render_template("targets/index.html", plans=plans, names=names, days_of=_days_of)


@bp.route("/add", methods=["GET", "POST"])
@needs(P.TARGET_EDIT)
def add() -> ResponseReturnValue:
    """Chooses the days and the project; the plan of these is made if there is none."""
    there = _plan_asked_for()
    if there is not None and request.method == "GET":
        return redirect(url_for(".show", plan_id=there.id), code=303)
    projects = dict(project_choices(reader=current_reader(), held={request.args.get("project", "")}))
    form = PlanForm.of(projects, _asked_for())
    if form.validate_on_submit():
        try:
            plan = actions.begin(form.project.data or None, form.first.data, form.last.data, by=current_reader())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".show", plan_id=plan.id), code=303)
    return render_template("targets/add.html", form=form), 422 if form.errors else 200


@bp.get("/<uuid:plan_id>")
@needs(P.TARGET_EDIT, plan=queries.find_plan)
def show(plan: TargetPlan) -> ResponseReturnValue:
    """The targets and paragraphs of a period, section by section."""
    sections = catalogue.sections()
    kept = queries.kept_of(plan, sections)
    names = names_of(reader=current_reader())
    return render_template("targets/show.html", sections=sections, kept=kept, staff=names, **_about(plan))


@bp.route("/<uuid:plan_id>/<section>", methods=["GET", "POST"])
@needs(P.TARGET_EDIT, plan=queries.find_plan)
def edit(plan: TargetPlan, section: str) -> ResponseReturnValue:
    """Sets the targets of a section and writes its paragraph."""
    of, subject = _section(section), plan.id
    kept = queries.kept_of(plan, [of])[of.code]
    purpose = f"targets.{of.code}"
    form = form_for(of).begun(purpose, subject_id=subject, lane="facts", version=kept.version, data=as_data(kept))
    if form.sent(purpose, subject_id=subject):
        try:
            actions.save(plan, of, targets=form.targets, words=form.words, version=form.made_from, by=current_reader())
        except ChangedMeanwhile as refusal:
            form.refuse(refusal)
            form.version.data = str(kept.version)
            return _form_page(plan, form, saved=kept), 409
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _saved(plan, form)
    return _form_page(plan, form), 422 if form.errors else 200


def _section(code: str) -> Section:
    section = catalogue.section_of(code)
    if section is None:
        abort(404)
    return section


def _form_page(plan: TargetPlan, form: SectionForm, **more: Any) -> str:
    return render_template("targets/edit.html", form=form, section=form.section, **more, **_about(plan))


def _about(plan: TargetPlan) -> dict[str, Any]:
    """What every page of a plan says of it."""
    names = dict(project_choices(reader=current_reader(), held={plan.project}))
    project = formats.isolate(names.get(plan.project, plan.project)) if plan.project else _("All projects")
    address = {"first": plan.first.isoformat(), "last": plan.last.isoformat(), "project": plan.project or None}
    return {"plan": plan, "project": project, "days": _days_of(plan), "report_asked": address}


def _days_of(plan: TargetPlan) -> str:
    return _("%(first)s to %(last)s", first=formats.day(plan.first), last=formats.day(plan.last))


def _asked_for() -> dict[str, Any]:
    """The days and the project that the address names: those of the report that somebody comes from."""
    return {"project": request.args.get("project", ""), "first": _day("first"), "last": _day("last")}


def _plan_asked_for() -> TargetPlan | None:
    first, last = _day("first"), _day("last")
    if first is None or last is None:
        return None
    return queries.plan_of(first, last, request.args.get("project"), reader=current_reader())


def _day(name: str) -> date | None:
    try:
        return parse_date(request.args.get(name, ""))
    except Unreadable:
        return None


def _saved(plan: TargetPlan, form: SectionForm) -> ResponseReturnValue:
    form.saved()
    flash(_("Saved. The report of this period shows it from now on."), "success")
    return redirect(url_for(".show", plan_id=plan.id, _anchor=form.section.code), code=303)
