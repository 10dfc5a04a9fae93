"""Who brings a register in: which lanes count for them, what does not exist, what is not theirs to bring.

What an import tells of a row, new, the same or corrected, tells what the clinic holds. So a cell that the person does
not read is neither compared nor written, and a record of a case that a wall keeps from them is as if it were not there.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from clinic.access.reader import Reader
from clinic.register import queries
from clinic.register.beside import FOR_THE_KEY
from clinic.register.format import ALL_LANES, OPEN_LANES, Lane, Sheet


@dataclass(frozen=True, slots=True)
class Bringing:
    """Somebody who brings a register in; whoever holds the clinic's key is nobody by name."""

    reader: Reader | None = None
    unseen: frozenset[str] = frozenset()
    """The references of cases and children that do not exist for them."""

    @property
    def holds_key(self) -> bool:
        return self.reader is None or self.reader.holds_key

    @property
    def lanes(self) -> frozenset[Lane]:
        """The lanes that are compared with what the clinic holds, and written over it."""
        return ALL_LANES if self.holds_key else OPEN_LANES

    @property
    def staff_id(self) -> uuid.UUID | None:
        return self.reader.staff_id if self.reader is not None else None

    def brings(self, sheet: Sheet) -> bool:
        """Whether the rows of a sheet are theirs to bring in: who decides, confirms and is kept out is no table's."""
        return self.holds_key or all(sheet is not held.sheet for held in FOR_THE_KEY)


BY_THE_KEY = Bringing()


def bringing(reader: Reader | None) -> Bringing:
    """Somebody as they bring a register in now."""
    return Bringing(reader, queries.unseen_by(reader))
