"""A form that meets an ended session is kept, sealed, for 15 minutes and offered after sign-in to the same person."""

from __future__ import annotations

from datetime import timedelta

from flask import g, request

from clinic import db
from clinic.web import drafts, tokens

LASTS = timedelta(minutes=15)


def keep() -> bool:
    """Keeps the form that was just sent, if its token is one that we signed for somebody; answers whether it did."""
    token = tokens.read(request.form.get("form_token", ""))
    if token is None:
        return False
    with db.acting(g.clinic.id, token.staff_id):
        drafts.save(token, request.form, place=request.path, held=True)
    g.saves = True
    return True
