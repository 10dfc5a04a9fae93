"""Registers that were uploaded and not yet brought in. They wait, sealed, for who uploaded them alone."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from clinic.jobs import spool
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.register.sources import CsvFiles, NotARegister, Source, UnreadableSheet, Workbook

MOST_ROWS = 5_000
LARGEST_UNPACKED = 200_000_000


class TooManyRows(Refusal):
    """More rows than a page can bring in."""

    message = _l("A page can bring in up to 5,000 rows. Bring in more with the command `clinic import`.")
    field = "files"


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded register that waits to be looked at and brought in."""

    id: uuid.UUID
    content: bytes

    @property
    def source(self) -> Source:
        return source_of(self.content)


def packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Uploaded files as one: a workbook as it is, CSV files packed together. Raises NotARegister, TooManyRows."""
    named = [(PurePath(name.replace("\\", "/")), content) for name, content in files if name]
    if len(named) == 1 and named[0][0].suffix.lower() == ".xlsx":
        content = named[0][1]
    elif named and all(name.suffix.lower() == ".csv" for name, _content in named):
        content = _packed_csv(named)
    else:
        raise NotARegister(field="files")
    _refuse_too_many(source_of(content))
    return content


def _packed_csv(files: Sequence[tuple[PurePath, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name.name, content)
    return made.getvalue()


def source_of(content: bytes) -> Source:
    """The register in packed files. Raises NotARegister."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise TooManyRows
            if not all(part.filename.lower().endswith(".csv") for part in parts):
                return Workbook(content)
            return CsvFiles({PurePath(part.filename).stem: _in_memory(archive.read(part)) for part in parts})
    except zipfile.BadZipFile as broken:
        raise NotARegister(field="files") from broken


def _in_memory(content: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(content)


def _refuse_too_many(source: Source) -> None:
    if number_of_rows(source) > MOST_ROWS:
        raise TooManyRows


def number_of_rows(source: Source) -> int:
    """How many rows a register has, its headers aside; not counted further than a page would bring in."""
    number = 0
    for sheet in source.sheets():
        with suppress(UnreadableSheet):  # which is told, row by row, where the register is looked at
            for place, _row in enumerate(sheet.rows()):
                number += place > 0
                if number > MOST_ROWS:
                    break
    return number


def keep(content: bytes, *, staff_id: uuid.UUID) -> uuid.UUID:
    """Seals an upload into the spool."""
    return spool.keep(content, staff_id=staff_id)


def find(upload_id: uuid.UUID, *, staff_id: uuid.UUID) -> Upload | None:
    """An upload of this person, if it is still there."""
    kept = spool.find(upload_id, staff_id=staff_id)
    return Upload(kept.id, kept.content) if kept else None


def forget(upload: Upload, *, staff_id: uuid.UUID) -> None:
    """Throws an upload away."""
    spool.forget(upload.id, staff_id=staff_id)
