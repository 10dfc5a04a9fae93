"""The pages of the register: bring in a small one after looking at what would happen, take out what one may read."""

from __future__ import annotations

import uuid
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.languages import _, _n, current_language
from clinic.refusals import Refusal
from clinic.register import actions, exporting, spool, writing
from clinic.register.actions import Choices, Outcome
from clinic.register.exporting import Scope
from clinic.register.forms import BringInForm, TakeOutForm, UploadForm
from clinic.register.problems import name_of_sheet
from clinic.register.spool import Upload
from clinic.register.writing import FileFormat
from clinic.web.guard import asks, current_reader, needs

bp = Blueprint("register", __name__, url_prefix="/register")
P = Permission
SHOWN = 200
"""How many problems a page shows."""
TYPES = {
    FileFormat.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "register.xlsx"),
    FileFormat.CSV: ("application/zip", "register.zip"),
}


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].home / "spool"
    return folder


def find_upload(upload_id: uuid.UUID, *, reader: Reader) -> Upload | None:
    """An upload of the reader."""
    return spool.find(_folder(), upload_id, staff_id=reader.staff_id)


@bp.get("")
@needs(P.REGISTER_EXPORT)
def show() -> ResponseReturnValue:
    """What can be brought in and taken out."""
    return _page(UploadForm(), TakeOutForm())


def _page(upload: UploadForm, take_out: TakeOutForm, status: int = 200) -> ResponseReturnValue:
    return render_template("register/show.html", upload=upload, take_out=take_out), status


@bp.post("/upload")
@needs(P.REGISTER_IMPORT)
def upload() -> ResponseReturnValue:
    """Keeps a register, sealed, until it is brought in or an hour is over."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            content = spool.packed(form.chosen())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            upload_id = spool.keep(_folder(), content, staff_id=current_reader().staff_id)
            aside = "yes" if form.ignore_unknown_columns.data else None
            return redirect(url_for(".look", upload_id=upload_id, aside=aside), code=303)
    return _page(form, TakeOutForm(formdata=None), 422)


@bp.get("/uploads/<uuid:upload_id>")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def look(upload: Upload) -> ResponseReturnValue:
    """What would happen. Nothing is written."""
    aside = request.args.get("aside") == "yes"
    form = BringInForm(formdata=None, data={"ignore_unknown_columns": aside})
    outcome = actions.import_register(upload.source, Choices(dry_run=True, ignore_unknown_columns=aside))
    return _looked_at(upload, form, outcome)


def _looked_at(upload: Upload, form: BringInForm, outcome: Outcome, status: int = 200) -> ResponseReturnValue:
    shown = {"upload": upload, "form": form, "outcome": outcome, "most": SHOWN, "sheet_name": name_of_sheet}
    return render_template("register/look.html", **shown), status


@bp.post("/uploads/<uuid:upload_id>")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def bring_in(upload: Upload) -> ResponseReturnValue:
    """Brings a register in."""
    form = BringInForm()
    choices = Choices(
        partial=bool(form.partial.data),
        file_wins=bool(form.file_wins.data),
        ignore_unknown_columns=bool(form.ignore_unknown_columns.data),
    )
    outcome = actions.import_register(upload.source, choices, by=current_reader().staff_id)
    if not outcome.written:
        return _looked_at(upload, form, outcome, 422)
    _say(outcome)
    if outcome.errors:
        return redirect(url_for(".look", upload_id=upload.id), code=303)
    spool.forget(upload)
    return redirect(url_for(".show"), code=303)


def _say(outcome: Outcome) -> None:
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
    flash(" ".join([_("The register is in."), *told]), "success")
    if outcome.accounts:
        names = _(", ").join(outcome.accounts)
        flash(_("New accounts, to be opened by the administrator: %(names)s", names=names), "info")


@bp.get("/uploads/<uuid:upload_id>/problems")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def problems(upload: Upload) -> ResponseReturnValue:
    """The rows with a problem, as a workbook of the same shape."""
    outcome = actions.import_register(upload.source, Choices(dry_run=True, partial=True, ignore_unknown_columns=True))
    return _file(writing.problem_workbook(upload.source, outcome.register), FileFormat.XLSX, "problems.xlsx")


@bp.post("/uploads/<uuid:upload_id>/forget")
@needs(P.REGISTER_IMPORT, upload=find_upload)
def forget(upload: Upload) -> ResponseReturnValue:
    """Throws an upload away."""
    spool.forget(upload)
    flash(_("The upload was thrown away. Nothing was written."), "info")
    return redirect(url_for(".show"), code=303)


@bp.post("/export")
@asks(P.REGISTER_EXPORT, fresh=True)
def take_out() -> ResponseReturnValue:
    """What the reader may read, as a file."""
    form, scope = TakeOutForm(), Scope(current_reader())
    if not form.validate():
        return _page(UploadForm(formdata=None), form, 422)
    file_format = FileFormat(form.file_format.data)
    readings.record("register.exported", subject="register", lanes=scope.recorded_lanes)
    tables = exporting.tables(scope, current_language())
    try:
        content = writing.packed(tables, file_format, current_language())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(UploadForm(formdata=None), form, 422)
    return _file(content, file_format, TYPES[file_format][1])


def _file(content: bytes, file_format: FileFormat, name: str) -> Response:
    answer = Response(content, mimetype=TYPES[file_format][0])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
