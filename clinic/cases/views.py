"""The lists of cases, the page of a case, opening and correcting one, its history and its summary on paper."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock, formats
from clinic.access.permissions import Lane, Permission
from clinic.access.policy import may
from clinic.audit import readings
from clinic.cases import around, labels, lane_shares, lists, opening, page, queries, sharing
from clinic.cases import history as past
from clinic.cases.cards import card_of
from clinic.cases.forms import CorrectCaseForm, ListForm
from clinic.cases.kinds import is_kind
from clinic.cases.models import CaseFile
from clinic.languages import _
from clinic.refusals import ChangedMeanwhile, Refusal
from clinic.staff import queries as staff
from clinic.typed import place_in_list
from clinic.web.guard import current_reader, needs
from clinic.web.meanwhile import beside_theirs

bp = Blueprint("cases", __name__, url_prefix="/cases")
P = Permission


# --- lists


@bp.get("")
@needs(P.CASE_READ)
def mine() -> ResponseReturnValue:
    """The cases on whose team the reader is."""
    return _list(mine=not current_reader().sees_all_cases or request.args.get("of") == "me")


@bp.get("/all")
@needs(P.CASE_READ)
def every() -> ResponseReturnValue:
    """All cases that the reader may see."""
    return _list(mine=False)


def _list(*, mine: bool) -> ResponseReturnValue:
    after = request.args.get("after", 0, type=place_in_list)
    asked = {name: value for name, value in request.args.items() if name != "after"}
    form = ListForm(formdata=request.args) if asked.keys() - {"of"} else None  # built where it is shown: it offers much
    wanted = form.wanted(mine=mine) if form else lists.Wanted(mine=mine)
    found = lists.find_cases(wanted, reader=current_reader(), after=after)
    names = staff.names_of(reader=current_reader())
    return render_template("cases/list.html", form=form, found=found, names=names, mine=mine, asked=asked)


# --- the page of a case


@bp.get("/<uuid:case_id>")
@needs(P.CASE_READ, case=queries.find_case_to_show)
def show(case: CaseFile) -> ResponseReturnValue:
    """Who and where, the line of steps, and what hangs beside it."""
    kind = request.args.get("kind")
    if kind is not None and not is_kind(kind):
        abort(404)
    after = request.args.get("after", 0, type=place_in_list)
    reader = current_reader()
    beside = around.read(case.id)
    shown_too = lane_shares.all_lanes(lane_shares.given_to(beside.shares, queries.seat_of(case, reader), reader))
    lanes = _lanes(case) | shown_too
    looked_at(case, lanes)
    shown = page.page_of(case, reader, kind=kind, after=after, beside=beside)
    return render_template("cases/show.html", labels=labels, page=shown, case=case, child=case.child, kind=kind)


def looked_at(case: CaseFile, lanes: frozenset[Lane]) -> None:
    """Notes that the reader reads of a case, in these lanes."""
    readings.record("case.read", subject="case_file", subject_id=case.id, case_id=case.id, lanes=lanes)


def _lanes(case: CaseFile) -> frozenset[Lane]:
    return queries.seat_of(case, current_reader()).lanes


@bp.route("/<uuid:case_id>/correct", methods=["GET", "POST"])
@needs(P.CASE_WRITE, case=queries.find_case)
def correct(case: CaseFile) -> ResponseReturnValue:
    """Corrects what the case says."""
    looked_at(case, _lanes(case))
    known = CorrectCaseForm.known(case)
    form = CorrectCaseForm.begun("case:correct", subject_id=case.id, case_id=case.id, version=case.version, data=known)
    if form.sent("case:correct", subject_id=case.id):
        values = {**form.case_values(), **form.values("prosecution_number", "court_number", "summary")}
        try:
            opening.correct_case(case, values, version=form.made_from)
        except ChangedMeanwhile:
            last, back = past.last_change(case, reader=current_reader()), url_for(".show", case_id=case.id)
            theirs = {name: getattr(case, name) for name in values}
            return beside_theirs(form, theirs=theirs, yours=values, version=case.version, last=last, url=back)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            flash(_("Saved."), "success")
            return redirect(url_for(".show", case_id=case.id), code=303)
    return render_template("cases/correct.html", case=case, form=form)


# --- history and paper


@bp.get("/<uuid:case_id>/history")
@needs(P.CASE_READ, case=queries.find_case)
def history(case: CaseFile) -> ResponseReturnValue:
    """Who did what in the case, and who looked at it."""
    reader = current_reader()
    after = request.args.get("after", 0, type=place_in_list)
    readings.record("history.read", subject="case_file", subject_id=case.id, case_id=case.id, lanes=_lanes(case))
    names = staff.names_of(reader=reader)
    done = past.changes_of(case, seat=queries.seat_of(case, reader), names=names, after=after)
    looked = past.readings_of(case, names=names) if may(reader, P.AUDIT_READ) else None
    return render_template("cases/history.html", case=case, done=done, looked=looked, after=after)


@bp.get("/<uuid:case_id>/summary")
@needs(P.CASE_READ, case=queries.find_case_with_family)
def summary(case: CaseFile) -> ResponseReturnValue:
    """The case on paper, with what the reader's lanes hold."""
    reader, lanes = current_reader(), _lanes(case)
    readings.record("case.printed", subject="case_file", subject_id=case.id, case_id=case.id, lanes=lanes)
    names = staff.names_of(reader=reader)
    cards = [card_of(step, lanes, names) for step in page.whole_line(case.id, lanes)]
    consents = page.consents_of(case.id)
    return render_template(
        "cases/summary.html",
        labels=labels,
        case=case,
        child=case.child,
        cards=cards,
        guardians=page.guardians_of(case),
        consents=consents,
        shared=sharing.everything_shared(case.id, consents),
        team_names=formats.names_list(names.get(one.staff_id, "") for one in case.team if one.serves_on(clock.today())),
        clinic_name=g.clinic.name,
        today=clock.today(),
        now=clock.now(),
    )


def id_in_address(name: str) -> uuid.UUID | None:
    """An id after the question mark of the address."""
    return request.args.get(name, type=uuid.UUID)
