"""Registers that were uploaded and not yet brought in: sealed files beside the database, for who uploaded them alone.

Nothing lies here in clear. What nobody brings in is thrown away after an hour.
"""

from __future__ import annotations

import io
import os
import uuid
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from clinic import clock
from clinic.crypto import current, sealing
from clinic.db import current_clinic
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.register.sources import CsvFiles, NotARegister, Source, Workbook

LANE = "identity"
KEPT_FOR = 3600  # seconds
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
    path: Path
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
    number = 0
    for sheet in source.sheets():
        for _row in sheet.rows():
            number += 1
            if number > MOST_ROWS + 50:  # the headers of the sheets
                raise TooManyRows


def keep(folder: Path, content: bytes, *, staff_id: uuid.UUID) -> uuid.UUID:
    """Seals an upload into the spool, after throwing away what lay there too long."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _throw_away_the_old(folder)
    upload_id = clock.new_id()
    sealed = sealing.seal_bytes(current.ring(), LANE, _place(upload_id, staff_id), content)
    with open(os.open(_path(folder, upload_id, staff_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
    return upload_id


def find(folder: Path, upload_id: uuid.UUID, *, staff_id: uuid.UUID) -> Upload | None:
    """An upload of this person, if it is still there."""
    path = _path(folder, upload_id, staff_id)
    if not path.is_file() or _age(path) > KEPT_FOR:
        return None
    content = sealing.open_bytes(current.ring(), _place(upload_id, staff_id), path.read_bytes())
    return Upload(upload_id, path, content)


def forget(upload: Upload) -> None:
    """Throws an upload away."""
    upload.path.unlink(missing_ok=True)


def _path(folder: Path, upload_id: uuid.UUID, staff_id: uuid.UUID) -> Path:
    return folder / f"{staff_id.hex}-{upload_id.hex}.sealed"


def _place(upload_id: uuid.UUID, staff_id: uuid.UUID) -> bytes:
    return sealing.place(current_clinic.get() or staff_id, "register", staff_id.hex, upload_id)


def _age(path: Path) -> float:
    return clock.now().timestamp() - path.stat().st_mtime


def _throw_away_the_old(folder: Path) -> None:
    for path in folder.glob("*.sealed"):
        if _age(path) > KEPT_FOR:
            path.unlink(missing_ok=True)
