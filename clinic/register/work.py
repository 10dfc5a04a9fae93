"""The register brought in and taken out in the background, where it would keep somebody waiting."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.cases.queries import how_many_visible_to
from clinic.jobs import progress
from clinic.jobs.kinds import JobKind, Ready, Work
from clinic.languages import _, _l, current_language
from clinic.refusals import Refusal
from clinic.register import actions, exporting, outcomes, spool, writing
from clinic.register.actions import Choices
from clinic.register.exporting import Scope
from clinic.register.spool import Upload
from clinic.register.writing import FileFormat

ROWS_AT_ONCE: Final = 500
"""So many rows are brought in while somebody waits."""
CASES_AT_ONCE: Final = 200
"""So many cases are taken out while somebody waits."""
TYPES: Final = {
    FileFormat.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "register.xlsx"),
    FileFormat.CSV: ("application/zip", "register.zip"),
}


class UploadGone(Refusal):
    """The uploaded file is not there any more."""

    message = _l("The uploaded file is not there any more. Upload it again.")


def is_long_to_bring_in(upload: Upload) -> bool:
    """Whether a register has more rows than somebody should wait for."""
    return spool.number_of_rows(upload.source) > ROWS_AT_ONCE


def is_long_to_take_out(*, reader: Reader) -> bool:
    """Whether the reader has more cases than somebody should wait for."""
    return how_many_visible_to(reader, at_most=CASES_AT_ONCE + 1) > CASES_AT_ONCE


def taken_out(reader: Reader, file_format: FileFormat) -> bytes:
    """What the reader may read, as a file; a case that is open in an emergency is not taken along.

    It is recorded. Raises what writing raises.
    """
    scope, language = Scope(replace(reader, emergencies=frozenset())), current_language()
    readings.record("register.exported", subject="register", lanes=scope.recorded_lanes)
    tables = progress.counted("making", exporting.tables(scope, language), len(exporting.sheets_of(scope)))
    return writing.packed(tables, file_format, language)


def _take_out(work: Work) -> Ready:
    file_format = FileFormat(work.asked["format"])
    mimetype, name = TYPES[file_format]
    return Ready(taken_out(work.person, file_format), name, mimetype)


def _look(work: Work) -> Ready:
    choices = Choices(dry_run=True, ignore_unknown_columns=work.asked["aside"])
    outcome = actions.import_register(_upload(work).source, choices, by=work.person)
    return Ready(outcomes.as_kept(outcome))


def _bring_in(work: Work) -> Ready:
    upload, asked = _upload(work), work.asked
    choices = Choices(partial=asked["partial"], file_wins=asked["file_wins"], ignore_unknown_columns=asked["aside"])
    outcome = actions.import_register(upload.source, choices, by=work.person)
    is_used = outcome.written and not outcome.errors
    return Ready(outcomes.as_kept(outcome), used=(upload.id,) if is_used else ())


def _upload(work: Work) -> Upload:
    upload = spool.find(uuid.UUID(work.asked["upload"]), staff_id=work.person.staff_id)
    if upload is None:
        raise UploadGone
    return upload


def _form_in_words(asked: Mapping[str, Any]) -> str:
    return _("A workbook") if asked["format"] == FileFormat.XLSX else _("CSV files")


P = Permission
KINDS: Final = (
    JobKind(
        code="register.take_out",
        label=_l("Take the register out"),
        run=_take_out,
        needs=P.REGISTER_EXPORT,
        is_weighty=True,
        describe=_form_in_words,
    ),
    JobKind(
        code="register.look",
        label=_l("Look at a register"),
        run=_look,
        needs=P.REGISTER_IMPORT,
        opens="register.outcome",
    ),
    JobKind(
        code="register.bring_in",
        label=_l("Bring in a register"),
        run=_bring_in,
        needs=P.REGISTER_IMPORT,
        opens="register.outcome",
    ),
)
