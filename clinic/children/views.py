"""Finding a child, the child's page, who the child is, who answers for the child, and likely pairs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Lane, Permission
from clinic.audit import readings
from clinic.children import actions, joining, labels, queries
from clinic.children.forms import CorrectChildForm, GuardianForm, NewChildForm, PairForm, SearchForm
from clinic.children.models import Child, Guardian, LikelyPair
from clinic.children.queries import Resemblance
from clinic.languages import _
from clinic.refusals import ChangedMeanwhile, Refusal
from clinic.typed import place_in_list
from clinic.web.guard import asks, current_reader, needs
from clinic.web.meanwhile import beside_theirs

bp = Blueprint("children", __name__, url_prefix="/children")
P = Permission
IDENTITY = frozenset({Lane.FACTS, Lane.IDENTITY})


@bp.route("/search", methods=["GET", "POST"])
@asks(P.CHILD_READ)
def search() -> ResponseReturnValue:
    """A child or a case, by any part of a name in either script, a phone, a card number or a reference."""
    form = SearchForm()
    hits = None
    if form.validate_on_submit():
        hits = queries.search(form.q.data or "", reader=current_reader())
    intake_id = request.args.get("intake", type=uuid.UUID)  # from which referral to us the person came
    return render_template("children/search.html", form=form, hits=hits, asked=form.q.data, intake_id=intake_id)


@bp.get("/<uuid:child_id>")
@needs(P.CHILD_READ, child=queries.find_child)
def show(child: Child) -> ResponseReturnValue:
    """The child with all cases that the reader sees."""
    if child.merged_into is not None:
        return redirect(url_for(".show", child_id=child.merged_into), code=303)
    cases = _looked_at(child)
    return render_template("children/show.html", child=child, cases=cases, born=labels.birth(child))


def _looked_at(child: Child) -> Sequence[Any]:
    """Notes who reads who the child is; gives the cases that they see, the newest of which the look counts for."""
    cases = queries.seen().cases_of([child.id], current_reader()).get(child.id, ())
    case_id = cases[0].id if cases else None
    readings.record("child.read", subject="child", subject_id=child.id, case_id=case_id, lanes=IDENTITY)
    return cases


def _opened_about(child: Child) -> dict[str, Any]:
    """Notes who opens a form about a child; gives the case with whose loss a draft of it goes."""
    cases = _looked_at(child)
    return {"case_id": cases[0].id if cases else None}


@bp.route("/add", methods=["GET", "POST"])
@needs(P.CHILD_WRITE)
def add() -> ResponseReturnValue:
    """Registers a child with what is known; shows first who may be the same."""
    form, alike = NewChildForm.begun("child"), None
    if token := form.sent("child"):
        alike = queries.likely_same(form.person(), form.unrwa_number.data, reader=current_reader(), but=token.record_id)
        if not alike or form.sure.data:
            try:
                child = register(form, alike, token.record_id)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                form.saved()
                flash(_("The child is registered."), "success")
                return redirect(url_for(".show", child_id=child.id), code=303)
    return render_template("children/add.html", form=form, alike=alike)


def register(form: NewChildForm, alike: Resemblance, child_id: Any) -> Child:
    """Registers the child of a form, and puts who may be the same on the coordinator's desk."""
    reader = current_reader()
    child = actions.register_child(form.told(), by=reader, guardians=[form.guardian_told()], child_id=child_id)
    actions.note_likely(child, alike.everybody, by=reader, asked=form.sure.data == "ask")
    return child


@bp.route("/<uuid:child_id>/correct", methods=["GET", "POST"])
@needs(P.CHILD_WRITE, child=queries.find_child)
def correct(child: Child) -> ResponseReturnValue:
    """Corrects who the child is."""
    known, about = CorrectChildForm.known(child), _opened_about(child)
    form = CorrectChildForm.begun("child:correct", subject_id=child.id, **about, version=child.version, data=known)
    if form.sent("child:correct", subject_id=child.id):
        try:
            actions.correct_child(child, form.told(), version=form.made_from)
        except ChangedMeanwhile:
            last, back = queries.last_change(child, reader=current_reader()), url_for(".show", child_id=child.id)
            both = {"theirs": CorrectChildForm.known(child), "yours": vars(form.told())}
            return beside_theirs(form, **both, version=child.version, last=last, url=back)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            flash(_("Saved."), "success")
            return redirect(url_for(".show", child_id=child.id), code=303)
    return render_template("children/correct.html", form=form, child=child)


# --- guardians


@bp.route("/<uuid:child_id>/guardians/add", methods=["GET", "POST"])
@needs(P.CHILD_WRITE, child=queries.find_child)
def add_guardian(child: Child) -> ResponseReturnValue:
    """Adds somebody who answers for the child."""
    form = GuardianForm.begun("guardian", subject_id=child.id, **_opened_about(child))
    sent = form.sent("guardian", subject_id=child.id)
    if sent and form.takes(lambda: actions.add_guardian(child, form.guardian_told())):
        flash(_("Saved."), "success")
        return redirect(_back(child), code=303)
    return render_template("children/guardian.html", form=form, child=child, guardian=None)


@bp.route("/guardians/<uuid:guardian_id>", methods=["GET", "POST"])
@needs(P.CHILD_WRITE, guardian=queries.find_guardian)
def correct_guardian(guardian: Guardian) -> ResponseReturnValue:
    """Corrects a guardian: phone, and when and how it is safe to call."""
    known, subject = GuardianForm.known(guardian), {"subject_id": guardian.id, **_opened_about(guardian.child)}
    form = GuardianForm.begun("guardian:correct", **subject, version=guardian.version, data=known)
    if form.sent("guardian:correct", subject_id=guardian.id):
        try:
            actions.correct_guardian(guardian, form.guardian_told(), version=form.made_from, ended=form.ended.data)
        except ChangedMeanwhile:
            last = queries.last_change_of_guardian(guardian, reader=current_reader())
            both, back = (GuardianForm.known(guardian), form.typed()), url_for(".show", child_id=guardian.child_id)
            return beside_theirs(form, theirs=both[0], yours=both[1], version=guardian.version, last=last, url=back)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            flash(_("Saved."), "success")
            return redirect(_back(guardian.child), code=303)
    return render_template("children/guardian.html", form=form, child=guardian.child, guardian=guardian)


def _back(child: Child) -> str:
    """To the case from which the page was opened, else to the child."""
    case_id = request.args.get("case", type=uuid.UUID)
    return url_for("cases.show", case_id=case_id) if case_id else url_for(".show", child_id=child.id)


# --- likely pairs


@bp.get("/pairs")
@needs(P.DUPLICATES_DECIDE)
def pairs() -> ResponseReturnValue:
    """The pairs of files that may be of one child."""
    after = request.args.get("after", 0, type=place_in_list)
    found = queries.pairs_to_decide(reader=current_reader(), after=after, limit=26)
    more = len(found) > 25
    return render_template("children/pairs.html", pairs=found[:25], after=after, more=more, reasons=labels.reasons)


@bp.route("/pairs/<uuid:pair_id>", methods=["GET", "POST"])
@needs(P.DUPLICATES_DECIDE, pair=queries.find_pair)
def decide(pair: LikelyPair) -> ResponseReturnValue:
    """One child or two?"""
    both = queries.pair_with_children(pair, reader=current_reader())
    form = PairForm(both.first, both.second)
    if form.validate_on_submit():
        _decide(pair, form)
        return redirect(url_for(".pairs"), code=303)
    for child in (both.first, both.second):
        _looked_at(child)
    return render_template(
        "children/decide.html", both=both, form=form, reasons=labels.reasons, written_birth=labels.birth
    )


def _decide(pair: LikelyPair, form: PairForm) -> None:
    reader = current_reader()
    if form.kept is None:
        actions.find_different(pair, by=reader)
        flash(_("Kept as two children."), "success")
    else:
        joining.join_children(pair, kept=form.kept, by=reader)
        flash(_("The two files are one now."), "success")
