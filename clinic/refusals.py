"""What the domain answers when it will not: a named exception with a sentence for the person who asked."""

from __future__ import annotations

from typing import ClassVar

from clinic.languages import _l


class Refusal(Exception):
    """The domain refuses. `message` says what to do; `field` names the answer it is about, if one."""

    message: ClassVar[str] = _l("This cannot be done.")
    field: str | None = None
    lacks: ClassVar[str] = ""
    """What the file lacks, if another page is where it is written down."""

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self._own = message
        if field is not None:
            self.field = field

    @property
    def sentence(self) -> str:
        """The sentence in the reader's language."""
        return str(self.message if self._own is None else self._own)


class ChangedMeanwhile(Refusal):
    """Somebody saved this record after the page was opened."""

    message = _l("Somebody changed this record after you opened it.")


class AlreadyThere(Refusal):
    """A record with this id exists with other content."""

    message = _l("This form was saved already with other answers.")
