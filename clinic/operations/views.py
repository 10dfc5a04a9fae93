"""The page that seals the clinic."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic import formats
from clinic.access.permissions import Permission
from clinic.languages import _
from clinic.operations import actions, seal
from clinic.operations.forms import SealAloneForm
from clinic.refusals import Refusal
from clinic.staff.queries import names_of
from clinic.web.guard import current_reader, needs, public

bp = Blueprint("operations", __name__, url_prefix="/operations")
P = Permission
GOODBYE = 2.0  # seconds


@bp.get("/seal")
@needs(P.SIGNED_IN)
def show_seal() -> ResponseReturnValue:
    """What sealing means, and who has to press what."""
    return _page(SealAloneForm(formdata=None))


@bp.post("/seal")
@needs(P.SIGNED_IN, fresh=True)
def ask_to_seal() -> ResponseReturnValue:
    """The first of two persons asks."""
    actions.ask(by=current_reader())
    flash(_("Now a second person has to confirm, within ten minutes."), "success")
    return redirect(url_for(".show_seal"), code=303)


@bp.post("/seal/confirm")
@needs(P.SIGNED_IN, fresh=True)
def confirm_seal() -> ResponseReturnValue:
    """The second person seals the clinic."""
    try:
        actions.confirm(by=current_reader())
    except Refusal as refusal:
        flash(refusal.sentence, "warning")
        return redirect(url_for(".show_seal"), code=303)
    return _sealed()


@bp.post("/seal/alone")
@needs(P.CASE_CLOSE, fresh=True)
def seal_alone() -> ResponseReturnValue:
    """A coordinator seals the clinic at once."""
    form = SealAloneForm()
    if not form.validate_on_submit():
        return _page(form)
    actions.alone(reason=form.reason.data or "", by=current_reader())
    return _sealed()


def _page(form: SealAloneForm) -> ResponseReturnValue:
    reader = current_reader()
    waiting = actions.waiting(reader=reader)
    asked_by = formats.isolate(names_of(reader=reader).get(waiting.asked_by, "")) if waiting else ""
    page = render_template("operations/seal.html", form=form, waiting=waiting, asked_by=asked_by)
    return page, 422 if form.errors else 200


@bp.get("/sealed")
@public
def sealed() -> ResponseReturnValue:
    """The last page that a clinic shows before it is sealed."""
    return render_template("operations/sealed.html")


def _sealed() -> ResponseReturnValue:
    """Saves, and once the answer is on its way takes the keys away; the goodbye is fetched in the moment between."""
    settings = current_app.config["SETTINGS"]
    answer = redirect(url_for(".sealed"), code=303)
    answer.call_on_close(lambda: seal.shut(settings, after=GOODBYE))
    return answer
