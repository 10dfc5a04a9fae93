"""Who else a case is about; and the coordinator's possible conflicts of interest."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import formats
from clinic.access.permissions import Lane, Permission
from clinic.audit import readings
from clinic.cases import queries as cases
from clinic.cases.models import CaseFile
from clinic.conflicts import actions, labels, queries, telling
from clinic.conflicts.forms import DecideForm, PersonForm
from clinic.conflicts.models import ConflictState, OtherPerson, PossibleConflict
from clinic.languages import _
from clinic.staff.queries import names_of
from clinic.typed import place_in_list
from clinic.web.guard import current_reader, needs

bp = Blueprint("conflicts", __name__, url_prefix="/conflicts")
P = Permission
IDENTITY = frozenset({Lane.FACTS, Lane.IDENTITY})
DECIDED = tuple(state for state in ConflictState if state is not ConflictState.OPEN)


@bp.route("/cases/<uuid:case_id>/people", methods=["GET", "POST"])
@needs(P.CASE_WRITE, case=cases.find_case)
def add_person(case: CaseFile) -> ResponseReturnValue:
    """Adds somebody on another side of a case."""
    form = PersonForm.begun("other_person", subject_id=case.id, case_id=case.id)
    if token := form.sent("other_person", subject_id=case.id):
        told, reader, person_id = form.told(), current_reader(), token.record_id
        if form.takes(lambda: actions.add_person(case, told, by=reader, person_id=person_id)):
            return _saved(case)
    return render_template("conflicts/person.html", form=form, case=case, person=None)


@bp.route("/people/<uuid:other_person_id>", methods=["GET", "POST"])
@needs(P.CASE_WRITE, other_person=queries.find_person)
def correct_person(other_person: OtherPerson) -> ResponseReturnValue:
    """Corrects somebody, or takes them out of the case."""
    person, case, purpose = other_person, other_person.case, "other_person:correct"
    readings.record("case.read", subject="other_person", subject_id=person.id, case_id=case.id, lanes=IDENTITY)
    known = PersonForm.known(person)
    form = PersonForm.begun(purpose, subject_id=person.id, case_id=case.id, version=person.version, data=known)
    sent = form.sent(purpose, subject_id=person.id)
    if sent and form.takes(lambda: _correct(person, form)):
        return _saved(case)
    return render_template("conflicts/person.html", form=form, case=case, person=person)


def _correct(person: OtherPerson, form: PersonForm) -> None:
    told, out = form.told(), form.withdrawn.data
    actions.correct_person(person, told, version=form.made_from, withdrawn=out, by=current_reader())


def _saved(case: CaseFile) -> ResponseReturnValue:
    flash(_("Saved. The clinic's other cases are looked through for this person now."), "success")
    return redirect(url_for("cases.show", case_id=case.id), code=303)


@bp.get("")
@needs(P.CONFLICT_DECIDE)
def index() -> ResponseReturnValue:
    """What waits to be decided, or what was."""
    decided = request.args.get("state") == "decided"
    after = request.args.get("after", 0, type=place_in_list)
    states = DECIDED if decided else (ConflictState.OPEN,)
    rows, more = queries.list_conflicts(states, reader=current_reader(), after=after)
    page = {"rows": rows, "more": more, "after": after, "size": queries.PAGE, "decided": decided}
    return render_template("conflicts/index.html", labels=labels, **page)


@bp.route("/<uuid:conflict_id>", methods=["GET", "POST"])
@needs(P.CONFLICT_DECIDE, conflict=queries.find_conflict)
def decide(conflict: PossibleConflict) -> ResponseReturnValue:
    """What is alike, and what the coordinator decides."""
    of_case = conflict.named_case_id
    form = DecideForm.begun("conflict", subject_id=conflict.id, case_id=of_case, version=conflict.version)
    sent = form.sent("conflict", subject_id=conflict.id)
    if sent and form.takes(lambda: _decide(conflict, form)):
        return redirect(_next_page(conflict), code=303)
    readings.record("conflict.read", subject="possible_conflict", subject_id=conflict.id, lanes=IDENTITY)
    found = queries.whole(conflict, reader=current_reader())
    return render_template("conflicts/decide.html", found=found, form=form, labels=labels)


def _decide(conflict: PossibleConflict, form: DecideForm) -> None:
    actions.decide(
        conflict,
        ConflictState(form.decision.data),
        finding=form.finding.data or "",
        consequence=form.follows,
        version=form.made_from,
        by=current_reader(),
    )


def _next_page(conflict: PossibleConflict) -> str:
    """A conflict stays open before the coordinator, to do what follows; else the next one."""
    if conflict.state == ConflictState.CONFLICT:
        told = telling.concerned_by(conflict, but=current_reader().staff_id)
        if told:
            names = names_of(reader=current_reader())
            who = formats.names_list(names.get(one, "") for one in told)
            flash(_("Kept. These are told to speak with you before they go on: %(names)s.", names=who), "success")
        else:
            flash(_("Kept. Nobody on the teams could be told. Do now what follows from it."), "success")
        return url_for(".decide", conflict_id=conflict.id)
    flash(_("Kept. The teams are no longer asked to wait, and are told so."), "success")
    return url_for(".index")
