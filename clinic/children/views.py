"""Finding a child, the child's page, who the child is, who answers for the child, and likely pairs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import formats
from clinic.access.permissions import Lane, Permission
from clinic.audit import readings
from clinic.children import actions, joining, labels, queries
from clinic.children.forms import CorrectChildForm, GuardianForm, NewChildForm, PairForm, SearchForm, told_of, written
from clinic.children.models import Child, Guardian, LikelyPair
from clinic.children.queries import Resemblance
from clinic.children.rules import Born
from clinic.languages import _
from clinic.refusals import ChangedMeanwhile, Refusal
from clinic.typed import place_in_list
from clinic.web.forms import RecordForm
from clinic.web.guard import asks, current_reader, needs

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
    readings.record("child.read", subject="child", subject_id=child.id, lanes=IDENTITY)
    cases = queries.seen().cases_of([child.id], current_reader()).get(child.id, ())
    return render_template("children/show.html", child=child, cases=cases, born=labels.birth(child))


@bp.route("/add", methods=["GET", "POST"])
@needs(P.CHILD_WRITE)
def add() -> ResponseReturnValue:
    """Registers a child with what is known; shows first who may be the same."""
    form, alike = NewChildForm.begun("child"), None
    if form.validate_on_submit() and (token := form.accepted("child")) is not None:
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
    known = CorrectChildForm.known(child)
    form = CorrectChildForm.begun("child:correct", subject_id=child.id, version=child.version, data=known)
    if form.validate_on_submit() and form.accepted("child:correct", subject_id=child.id) is not None:
        try:
            actions.correct_child(child, form.told(), version=form.made_from)
        except ChangedMeanwhile:
            return _conflict(child, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            flash(_("Saved."), "success")
            return redirect(url_for(".show", child_id=child.id), code=303)
    return render_template("children/correct.html", form=form, child=child)


def _conflict(child: Child, form: CorrectChildForm) -> ResponseReturnValue:
    again = CorrectChildForm(data=vars(form.told()))
    last = queries.last_change(child, reader=current_reader())
    return _beside_theirs(child, child.version, form, Answers(again, vars(told_of(child)), vars(form.told())), last)


class Answers(NamedTuple):
    """What a colleague saved and what was typed, by the names of a form's fields."""

    form: RecordForm
    theirs: Mapping[str, Any]
    yours: Mapping[str, Any]

    def differing(self) -> list[dict[str, str]]:
        """What differs, in the words of its field."""
        return [
            {
                "label": self.form[name].label.text,
                "theirs": _words(self.form[name], self.theirs[name]),
                "yours": _words(self.form[name], yours),
            }
            for name, yours in self.yours.items()
            if (self.theirs[name] or None) != (yours or None)
        ]


def _beside_theirs(
    child: Child, version: int, form: RecordForm, answers: Answers, last: tuple[str, datetime]
) -> ResponseReturnValue:
    """What a colleague saved meanwhile, beside what was typed, which can be saved over it."""
    who, at = last
    conflict = {
        "by": formats.isolate(who),
        "at": formats.day_and_time(at),
        "differences": answers.differing(),
        "url": url_for(".show", child_id=child.id),
    }
    form.version.data = str(version)
    return render_template("errors/409.html", conflict=conflict, form=form), 409


def _words(field: Any, value: Any) -> str:
    """An answer in the words of its field."""
    if not value:
        return ""
    if isinstance(value, Born):
        return written(value)
    if value is True:
        return _("Yes")
    choices = getattr(field, "choices", None)
    return str(dict(choices).get(value, value) if choices else value)


# --- guardians


@bp.route("/<uuid:child_id>/guardians/add", methods=["GET", "POST"])
@needs(P.CHILD_WRITE, child=queries.find_child)
def add_guardian(child: Child) -> ResponseReturnValue:
    """Adds somebody who answers for the child."""
    form = GuardianForm.begun("guardian", subject_id=child.id)
    if form.validate_on_submit() and form.accepted("guardian", subject_id=child.id) is not None:
        try:
            actions.add_guardian(child, form.guardian_told())
        except Refusal as refusal:
            form.refuse(_renamed(refusal))
        else:
            form.saved()
            flash(_("Saved."), "success")
            return redirect(_back(child), code=303)
    return render_template("children/guardian.html", form=form, child=child, guardian=None)


@bp.route("/guardians/<uuid:guardian_id>", methods=["GET", "POST"])
@needs(P.CHILD_WRITE, guardian=queries.find_guardian)
def correct_guardian(guardian: Guardian) -> ResponseReturnValue:
    """Corrects a guardian: phone, and when and how it is safe to call."""
    known, version = GuardianForm.known(guardian), guardian.version
    form = GuardianForm.begun("guardian:correct", subject_id=guardian.id, version=version, data=known)
    if form.validate_on_submit() and form.accepted("guardian:correct", subject_id=guardian.id) is not None:
        try:
            actions.correct_guardian(guardian, form.guardian_told(), version=form.made_from, ended=form.ended.data)
        except ChangedMeanwhile:
            return _conflict_about(guardian, form)
        except Refusal as refusal:
            form.refuse(_renamed(refusal))
        else:
            form.saved()
            flash(_("Saved."), "success")
            return redirect(_back(guardian.child), code=303)
    return render_template("children/guardian.html", form=form, child=guardian.child, guardian=guardian)


def _conflict_about(guardian: Guardian, form: GuardianForm) -> ResponseReturnValue:
    typed = form.typed()
    answers = Answers(GuardianForm(formdata=None, data=typed), GuardianForm.known(guardian), typed)
    last = queries.last_change_of_guardian(guardian, reader=current_reader())
    return _beside_theirs(guardian.child, guardian.version, form, answers, last)


def _renamed(refusal: Refusal) -> Refusal:
    """The refusal about the form's own name of the field."""
    refusal.field = f"guardian_{refusal.field}"
    return refusal


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
    if request.method == "GET":
        for child in (both.first, both.second):
            readings.record("child.read", subject="child", subject_id=child.id, lanes=IDENTITY)
    elif form.validate_on_submit():
        _decide(pair, form)
        return redirect(url_for(".pairs"), code=303)
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
