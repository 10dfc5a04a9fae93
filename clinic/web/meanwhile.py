"""What a colleague saved while somebody typed, beside what was typed: nobody saves over what they have not seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from clinic import formats
from clinic.languages import _
from clinic.web.forms import RecordForm


class Difference(NamedTuple):
    """One field in which both differ, in the words of the field."""

    label: str
    theirs: str
    yours: str


def beside_theirs(
    form: RecordForm,
    *,
    theirs: Mapping[str, Any],
    yours: Mapping[str, Any],
    version: int,
    last: tuple[str, datetime],
    url: str,
) -> ResponseReturnValue:
    """The page of both, with status 409, from which what was typed can be sent once more, over what is saved.

    `theirs` and `yours`: the answers by the names of the form's fields. `version`: that of the record as it is saved
    now. `last`: who saved it, by name, and when (UTC). `url`: where it is looked at.
    """
    who, at = last
    conflict = {
        "by": formats.isolate(who),
        "at": formats.day_and_time(at),
        "differences": [
            Difference(form[name].label.text, _in_words(form[name], theirs[name]), _in_words(form[name], typed))
            for name, typed in yours.items()
            if _answer(theirs[name]) != _answer(typed)
        ],
        "url": url,
    }
    form.version.data = str(version)
    return render_template("errors/409.html", conflict=conflict, form=form), 409


def _answer(value: Any) -> Any:
    """What was answered; nothing typed, nothing chosen and not ticked are all None, and nought is an answer."""
    return None if value is False or value in ("", ()) else value


def _in_words(field: Any, value: Any) -> str:
    """An answer as its field says it."""
    if _answer(value) is None:
        return ""
    if hasattr(field, "in_words"):
        return str(field.in_words(value))
    if value is True:
        return _("Yes")
    if isinstance(value, date):
        return formats.day(value)
    offered = {each[0]: each[1] for each in field.iter_choices()} if hasattr(field, "iter_choices") else {}
    values = value if isinstance(value, tuple) else (value,)
    return _(", ").join(str(offered.get(str(each), each)) for each in values)
