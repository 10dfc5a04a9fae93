"""The pages of the register: bring in a small one after looking at what would happen, take out what one may read."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.access.policy import may
from clinic.access.reader import Reader
from clinic.jobs import actions as jobs
from clinic.jobs import spool as files
from clinic.jobs.models import Job, JobState
from clinic.jobs.queries import find_own
from clinic.jobs.sight import is_lost
from clinic.languages import _, _n
from clinic.refusals import Refusal
from clinic.register import actions, outcomes, spool, work, writing
from clinic.register.actions import Choices, Outcome
from clinic.register.alike import gathered
from clinic.register.forms import BringInForm, TakeOutForm, UploadForm
from clinic.register.problems import name_of_sheet
from clinic.register.spool import Upload
from clinic.register.waiting import Waiting, refuse_more, waiting_uploads
from clinic.register.writing import FileFormat
from clinic.web import proof
from clinic.web.guard import current_reader, needs

bp = Blueprint("register", __name__, url_prefix="/register")
P = Permission
SHOWN = 50
"""How many rows of one kind of problem a page shows."""


def find_upload(upload_id: uuid.UUID, *, reader: Reader) -> Upload | None:
    """An upload of the reader. What background work left for them lies beside it, and is none."""
    if find_own(upload_id, reader=reader) is not None:
        return None
    return spool.find(upload_id, staff_id=reader.staff_id)


def find_outcome(job_id: uuid.UUID, *, reader: Reader) -> Job | None:
    """A register that the reader had looked at or brought in in the background."""
    job = find_own(job_id, reader=reader)
    is_one = job is not None and job.kind in ("register.look", "register.bring_in") and job.state == JobState.DONE
    return job if job is not None and is_one and not is_lost(job, reader=reader) else None


@bp.get("")
@needs(P.REGISTER_EXPORT)
def show() -> ResponseReturnValue:
    """What can be brought in and taken out."""
    return _page(UploadForm(), TakeOutForm())


def _page(upload: UploadForm, take_out: TakeOutForm, status: int = 200) -> ResponseReturnValue:
    waiting = waiting_uploads(reader=current_reader()) if may(current_reader(), P.REGISTER_IMPORT) else []
    shown = {"upload": upload, "take_out": take_out, "waiting": waiting}
    return render_template("register/show.html", address_of=_address_of, **shown), status


def _address_of(waiting: Waiting) -> str:
    """Where a waiting upload is looked at: what was found in the background, else afresh."""
    if waiting.job is None or waiting.job.state not in (JobState.DONE, JobState.WAITING, JobState.RUNNING):
        return url_for(".look", upload_id=waiting.upload_id)
    if waiting.job.is_under_way:
        return url_for("jobs.show", job_id=waiting.job.id)
    return url_for(".outcome", job_id=waiting.job.id)


@bp.post("/upload")
@needs(P.REGISTER_IMPORT)
def upload() -> ResponseReturnValue:
    """Keeps a register, sealed, until it is brought in or a day is over."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            refuse_more(reader=current_reader())
            content = spool.packed(form.chosen())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            upload_id = spool.keep(content, staff_id=current_reader().staff_id)
            return _to_look(Upload(upload_id, content), aside=bool(form.ignore_unknown_columns.data))
    return _page(form, TakeOutForm(formdata=None), 422)


def _to_look(upload: Upload, *, aside: bool) -> ResponseReturnValue:
    """A small register is looked at at once, a large one in the background."""
    if work.is_long_to_bring_in(upload):
        return _in_the_background("register.look", upload=upload.id, aside=aside)
    return redirect(url_for(".look", upload_id=upload.id, aside="yes" if aside else None), code=303)


def _in_the_background(kind: str, **parameters: Any) -> ResponseReturnValue:
    job = jobs.enqueue(kind, by=current_reader().staff_id, **parameters)
    return redirect(url_for("jobs.show", job_id=job.id), code=303)


@bp.get("/uploads/<uuid:upload_id>")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def look(upload: Upload) -> ResponseReturnValue:
    """What would happen. Nothing is written."""
    aside = request.args.get("aside") == "yes"
    form = BringInForm(formdata=None, data={"ignore_unknown_columns": aside})
    choices = Choices(dry_run=True, ignore_unknown_columns=aside)
    outcome = actions.import_register(upload.source, choices, by=current_reader())
    return _looked_at(upload, form, outcome)


@bp.get("/outcomes/<uuid:job_id>")
@needs(P.REGISTER_IMPORT, job=find_outcome)
def outcome(job: Job) -> ResponseReturnValue:
    """What was found or done in the background."""
    kept = files.find(job.id, staff_id=current_reader().staff_id)
    upload = find_upload(uuid.UUID(job.parameters["upload"]), reader=current_reader())
    if kept is None:
        abort(404)
    found = outcomes.read(kept.content)
    if upload is None or found.written:
        return render_template("register/outcome.html", upload=upload, outcome=found, told=_told(found))
    return _looked_at(
        upload, BringInForm(formdata=None, data={"ignore_unknown_columns": job.parameters["aside"]}), found
    )


def _looked_at(upload: Upload, form: BringInForm, outcome: Outcome, status: int = 200) -> ResponseReturnValue:
    shown = {"upload": upload, "form": form, "outcome": outcome, "most": SHOWN}
    return render_template("register/look.html", gathered=gathered, sheet_name=name_of_sheet, **shown), status


@bp.post("/uploads/<uuid:upload_id>")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def bring_in(upload: Upload) -> ResponseReturnValue:
    """Brings a register in."""
    form = BringInForm()
    choices = form.choices()
    if work.is_long_to_bring_in(upload):
        asked = {"partial": choices.partial, "file_wins": choices.file_wins, "aside": choices.ignore_unknown_columns}
        return _in_the_background("register.bring_in", upload=upload.id, **asked)
    outcome = actions.import_register(upload.source, choices, by=current_reader())
    if not outcome.written:
        return _looked_at(upload, form, outcome, 422)
    _say(outcome)
    if outcome.errors:
        return redirect(url_for(".look", upload_id=upload.id), code=303)
    spool.forget(upload, staff_id=current_reader().staff_id)
    return redirect(url_for(".show"), code=303)


def _say(outcome: Outcome) -> None:
    flash(_told(outcome), "success")
    if outcome.accounts:
        names = _(", ").join(outcome.accounts)
        flash(_("New accounts, to be opened by the administrator: %(names)s", names=names), "info")


def _told(outcome: Outcome) -> str:
    """What an import did, in a few sentences."""
    new = sum(found.new for found in outcome.counts.values())
    changed = sum(found.changed for found in outcome.counts.values())
    told = [
        _n("%(num)d new record.", "%(num)d new records.", new),
        _n("%(num)d record was corrected.", "%(num)d records were corrected.", changed),
    ]
    if outcome.conflicts:
        left = _n(
            "%(num)d conflict was left as it is.", "%(num)d conflicts were left as they are.", len(outcome.conflicts)
        )
        told.append(left)
    return " ".join([_("The register is in."), *told])


@bp.get("/uploads/<uuid:upload_id>/problems")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def problems(upload: Upload) -> ResponseReturnValue:
    """The rows with a problem, as a workbook of the same shape."""
    choices = Choices(dry_run=True, partial=True, ignore_unknown_columns=True)
    outcome = actions.import_register(upload.source, choices, by=current_reader())
    return _file(writing.problem_workbook(upload.source, outcome.register), FileFormat.XLSX, "problems.xlsx")


@bp.post("/uploads/<uuid:upload_id>/forget")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def forget(upload: Upload) -> ResponseReturnValue:
    """Throws an upload away."""
    spool.forget(upload, staff_id=current_reader().staff_id)
    flash(_("The upload was thrown away. Nothing was written."), "info")
    return redirect(url_for(".show"), code=303)


@bp.post("/export")
@needs(P.REGISTER_EXPORT, fresh=True)
def take_out() -> ResponseReturnValue:
    """What the reader may read, as a file."""
    form = TakeOutForm()
    if not form.validate():
        return _page(UploadForm(formdata=None), form, 422)
    file_format = FileFormat(form.file_format.data)
    if proof.was_asked() or work.is_long_to_take_out(reader=current_reader()):
        return _in_the_background("register.take_out", format=file_format.value)
    try:
        content = work.taken_out(current_reader(), file_format)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(UploadForm(formdata=None), form, 422)
    return _file(content, file_format, work.TYPES[file_format][1])


def _file(content: bytes, file_format: FileFormat, name: str) -> Response:
    answer = Response(content, mimetype=work.TYPES[file_format][0])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
