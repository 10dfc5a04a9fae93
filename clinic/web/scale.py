"""A whole number of few, which is pressed: on a phone that is one tap where typing is four."""

from __future__ import annotations

from collections.abc import Iterator

from wtforms.fields.choices import Choice  # type: ignore[attr-defined]  # its stubs are older

from clinic import formats
from clinic.languages import _
from clinic.web.fields import WholeNumberField


class ScaleField(WholeNumberField):
    """Each number is a button to press, and the last button takes the answer back."""

    kind = "scale"

    def iter_choices(self) -> Iterator[Choice]:
        """The buttons, from `least` to `most`."""
        for number in range(self.least, (self.most or 0) + 1):
            yield Choice(str(number), formats.number(number), number == self.data, {})
        yield Choice("", _("No answer"), False, {})
