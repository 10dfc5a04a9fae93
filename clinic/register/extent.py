"""How far the cells of a workbook reach, asked before it is read: the reader makes room for every cell up to the last.

A single cell that claims to stand in row 1,000,000 of column XFD would ask for more memory than any computer has.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

MOST_CELLS = 10_000_000
LONGEST_ROW_NUMBER, LONGEST_LETTERS = 7, 3  # 1048576 and XFD are the last of a spreadsheet
_AT_ONCE = 1 << 20
_ELEMENT = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s>/])([^>]*)>")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]*)["']""")
_NO_CELLS = ("xl/sharedStrings.xml", "xl/styles.xml")


def reaches_too_far(packed: zipfile.ZipFile) -> bool:
    """Whether a part of the workbook has its cells too far apart to be read."""
    parts = [part for part in packed.infolist() if part.filename not in _NO_CELLS and not part.is_dir()]
    return any(_reaches_too_far(_elements(packed, part)) for part in parts)


def _reaches_too_far(elements: Iterator[tuple[bytes, bytes]]) -> bool:
    row = column = last_row = last_column = 0
    for name, said in elements:
        place = _PLACE.search(said)
        letters, digits = place.groups() if place else (b"", b"")
        if len(digits) > LONGEST_ROW_NUMBER or len(letters) > LONGEST_LETTERS:
            return True
        if name == b"row":
            row, column = int(digits) if digits else row + 1, 0
            continue
        column = column_number(letters.upper()) + 1 if letters else column + 1
        if not said.endswith(b"/"):  # one that holds nothing takes no room
            last_row, last_column = max(last_row, int(digits or row)), max(last_column, column)
    return last_row * last_column > MOST_CELLS


def _elements(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """The rows and cells of a part, each with its attributes."""
    rest = b""
    with packed.open(part) as opened:
        while chunk := opened.read(_AT_ONCE):
            text = rest + chunk
            cut = text.rfind(b"<") if text.rfind(b"<") > text.rfind(b">") else len(text)
            rest = text[cut:] if len(text) - cut < _AT_ONCE else b""
            yield from ((found[1], found[2]) for found in _ELEMENT.finditer(text, 0, cut))


def column_number(letters: bytes) -> int:
    """Which column letters mean, the first being 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
