"""One's own work: how far it is, and what waits. Nobody else's is there."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.audit import readings
from clinic.jobs import actions, labels, progress, queries, sight, spool
from clinic.jobs.kinds import kind_of
from clinic.jobs.models import Job, JobState
from clinic.jobs.rules import KEPT_FOR
from clinic.languages import _
from clinic.staff import sessions
from clinic.web import proof
from clinic.web.guard import current_reader, needs

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("")
@needs(Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """Everything that the reader asked for and that still runs or waits."""
    return render_template("jobs/index.html", **_told(list(queries.list_own(reader=current_reader()))))


@bp.get("/<uuid:job_id>")
@needs(Permission.SIGNED_IN, job=queries.find_own)
def show(job: Job) -> ResponseReturnValue:
    """One piece of work. The page may be left; the work goes on."""
    return render_template("jobs/show.html", job=job, **_told([job]))


def _told(jobs: list[Job]) -> dict[str, object]:
    under_way = [job.id for job in jobs if job.is_under_way]
    return {
        "jobs": jobs,
        "under_way": bool(under_way),
        "progress": progress.of_jobs(under_way),
        "title_of": labels.title_of,
        "codes": labels.codes_of(jobs, current_reader()),
        "states": labels.STATE_LABELS,
        "tones": labels.TONES,
        "parts": labels.PARTS,
        "problem_of": labels.problem_of,
        "opens": _opens,
        "kept_until": lambda job: job.ended_at + KEPT_FOR,
    }


def _opens(job: Job) -> str | None:
    """What the button of a job that is done says."""
    if job.state != JobState.DONE:
        return None
    if job.file_name:
        return _("Download")
    return _("See what came of it") if kind_of(job.kind).opens else None


@bp.post("/<uuid:job_id>/result")
@needs(Permission.SIGNED_IN, job=queries.find_own)
def result(job: Job) -> ResponseReturnValue:
    """To what waited: the file, or the page that tells what came of it. No notice tells of it any more."""
    if _opens(job) is None:
        abort(404)
    if sight.is_lost(job, reader=current_reader()):
        return _thrown_away(job)
    asked = proof.missing() if kind_of(job.kind).is_weighty else None
    if asked is not None:
        return asked
    if job.file_name and proof.was_asked():
        flash(_("It is you. Press once more, and the file comes."), "success")
        return redirect(url_for(".show", job_id=job.id), code=303)
    actions.look_at(job)
    return redirect(url_for(kind_of(job.kind).opens or ".file", job_id=job.id), code=303)


def _thrown_away(job: Job) -> ResponseReturnValue:
    """What may hold a case that the reader has lost since is given to nobody."""
    actions.drop(job)
    flash(_("You have left a team or a role since it was made, so it was thrown away. Ask for it again."), "warning")
    return redirect(url_for(".index"), code=303)


@bp.get("/<uuid:job_id>/file")
@needs(Permission.SIGNED_IN, job=queries.find_own)
def file(job: Job) -> ResponseReturnValue:
    """The file that waited. A weighty one is reached through its button alone, which asks who it is."""
    if kind_of(job.kind).is_weighty and not sessions.is_fresh(g.signed_in):
        return redirect(url_for(".show", job_id=job.id), code=303)
    if sight.is_lost(job, reader=current_reader()):
        return redirect(url_for(".show", job_id=job.id), code=303)  # its button throws it away
    readings.record("job.result_taken", subject="job", subject_id=job.id)
    kept = spool.find(job.id, staff_id=current_reader().staff_id) if job.file_name else None
    if kept is None:
        flash(_("The file is not there any more. Ask for it again."), "warning")
        return redirect(url_for(".index"), code=303)
    answer = Response(kept.content, mimetype=job.mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{job.file_name}"'
    return answer


@bp.post("/<uuid:job_id>/drop")
@needs(Permission.SIGNED_IN, job=queries.find_own)
def drop(job: Job) -> ResponseReturnValue:
    """Throws a piece of work away, whether it waits, runs or is ready."""
    actions.drop(job)
    flash(_("It was thrown away."), "info")
    return redirect(url_for(".index"), code=303)
