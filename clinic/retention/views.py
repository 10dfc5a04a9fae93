"""How long files stay: who falls due, what is held, the rules, and the runs to which two persons agree."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Permission
from clinic.cases import queries as cases
from clinic.cases.models import CaseFile
from clinic.languages import _
from clinic.retention import actions, queries, rules, work
from clinic.retention.forms import HoldForm
from clinic.retention.models import AgeingRun, LegalHold, Outcome
from clinic.staff.queries import names_of
from clinic.web.buttons import carry_out
from clinic.web.guard import current_reader, needs

bp = Blueprint("retention", __name__, url_prefix="/retention")
P = Permission
PAGE = 25


@bp.get("")
@needs(P.RETENTION_MANAGE)
def index() -> ResponseReturnValue:
    """Who falls due within the next days, what is held, and by which rules."""
    reader, today, in_force = current_reader(), clock.today(), rules.in_force()
    due = queries.due_by(queries.soon(today, in_force), in_force, reader=reader)
    after = max(0, request.args.get("after", 0, type=int))
    return render_template(
        "retention/index.html",
        due=due[after : after + PAGE],
        total=len(due),
        after=after,
        size=PAGE,
        holds=queries.holds(reader=reader),
        names=names_of(reader=reader),
        rules=in_force,
        today=today,
        can_be_proposed=any(one.on <= today and not one.is_held for one in due),
        run=queries.open_run(reader=reader),
    )


@bp.route("/cases/<uuid:case_id>/hold", methods=["GET", "POST"])
@needs(P.RETENTION_MANAGE, case=cases.find_case)
def hold(case: CaseFile) -> ResponseReturnValue:
    """Keeps the file of a case until somebody lifts the hold."""
    form = HoldForm()
    reason = form.reason.data or ""
    if form.validate_on_submit() and form.takes(lambda: actions.hold(case, reason=reason, by=current_reader())):
        flash(_("The file stays until the hold is lifted."), "success")
        return redirect(url_for(".index"), code=303)
    return render_template("retention/hold.html", case=case, form=form)


@bp.post("/holds/<uuid:hold_id>/lift")
@needs(P.RETENTION_MANAGE, hold=queries.find_hold)
def lift(hold: LegalHold) -> ResponseReturnValue:
    """The rules decide again."""
    lifted = _("The hold is lifted.")
    return carry_out(lambda: actions.lift(hold, by=current_reader()), done=lifted, back=url_for(".index"))


# --- runs


@bp.get("/runs")
@needs(P.RETENTION_AGREE)
def runs() -> ResponseReturnValue:
    """The run that waits for a second person or goes on, and those that were carried out."""
    reader = current_reader()
    run, ended = queries.open_run(reader=reader), queries.runs_ended(reader=reader)
    return render_template(
        "retention/runs.html",
        run=run,
        ended=ended,
        files=queries.outcomes_of([*ended, *([run] if run else [])]),
        cases=queries.references_in(run, reader=reader) if run and run.agreed_at is None else (),
        rests=run is not None and run.agreed_at is not None and not work.is_under_way(run),
        names=names_of(reader=reader),
        open_until=run.proposed_at + queries.OPEN_FOR if run else None,
        Outcome=Outcome,
    )


@bp.post("/runs")
@needs(P.RETENTION_MANAGE, fresh=True)
def propose() -> ResponseReturnValue:
    """The first of two persons proposes to age what is due."""
    proposed = _("Proposed. Now a second person has to agree.")
    return carry_out(lambda: actions.propose(by=current_reader()), done=proposed, back=url_for(".runs"))


@bp.post("/runs/<uuid:run_id>/agree")
@needs(P.RETENTION_AGREE, fresh=True, run=queries.find_run)
def agree(run: AgeingRun) -> ResponseReturnValue:
    """The second person agrees, and the run begins."""
    begun = _("The run has begun. It goes on in the background.")
    return carry_out(lambda: work.agree_and_begin(run, by=current_reader()), done=begun, back=url_for(".runs"))


@bp.post("/runs/<uuid:run_id>/withdraw")
@needs(P.RETENTION_MANAGE, run=queries.find_run)
def withdraw(run: AgeingRun) -> ResponseReturnValue:
    """The proposal is taken back."""
    taken_back = _("The proposal is taken back.")
    return carry_out(lambda: actions.withdraw(run, by=current_reader()), done=taken_back, back=url_for(".runs"))


@bp.post("/runs/<uuid:run_id>/resume")
@needs(P.RETENTION_AGREE, fresh=True, run=queries.find_run)
def resume(run: AgeingRun) -> ResponseReturnValue:
    """A run that was agreed to and stopped goes on."""
    resumed = _("The run goes on in the background.")
    return carry_out(lambda: work.resume(run, by=current_reader()), done=resumed, back=url_for(".runs"))


@bp.app_errorhandler(cases.AgedCase)
def aged(case: cases.AgedCase) -> ResponseReturnValue:
    """Says what is left where a case was, whatever page of it was asked for."""
    return render_template("retention/aged.html", reference=case.reference, aged_on=case.aged_on), 410
