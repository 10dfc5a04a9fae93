"""A button of a page that asks nothing besides."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from clinic.refusals import Refusal


def carry_out(deed: Callable[[], object], *, done: str | None, back: str) -> ResponseReturnValue:
    """Does what a button asks for and goes back, where it is told that it was done, or why it was not.

    `done`: the sentence that tells it; None where the page shows it.
    """
    try:
        deed()
    except Refusal as refusal:
        flash(refusal.sentence, "warning")
    else:
        if done is not None:
            flash(done, "success")
    return redirect(back, code=303)
