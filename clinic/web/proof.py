"""Asking again who it is, before a weighty act: code, passkey or password, good for five minutes.

An act that comes too late is answered with the question, which carries along everything that was typed and goes to the
same address: once answered, the act is done as it was sent. Nothing is lost and nothing is kept.
"""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from clinic import db
from clinic.refusals import Refusal
from clinic.staff import proving, sessions
from clinic.staff.forms import ProofForm
from clinic.web.cookies import TOKEN
from clinic.web.origin import origin, site

PREFIX = "proof_"


def missing() -> ResponseReturnValue | None:
    """Nothing if the person proved who they are, just now or within five minutes; else the page that asks."""
    if sessions.is_fresh(g.signed_in):
        return None
    form = ProofForm()
    if was_asked():
        try:
            _prove(form)
        except Refusal as refusal:
            refusal.field = f"{PREFIX}{refusal.field}"
            form.refuse(refusal)
        else:
            return None
    return page(form)


def was_asked() -> bool:
    """Whether what is done comes from the page that asks. If a file were its answer, the browser would stay there."""
    return any(name.startswith(PREFIX) for name in request.form)


def _prove(form: ProofForm) -> None:
    """In a transaction of its own: what follows may be a file, which commits nothing."""
    db.session.rollback()
    db.begin_writing()
    proving.prove_again(
        g.signed_in,
        origin=origin(),
        site=site(),
        password=form.proof_password.data or "",
        code=form.proof_code.data or "",
        passkey=form.proof_passkey.data or "",
    )
    token = sessions.renew_token(g.signed_in)
    db.session.commit()
    cookie[TOKEN] = token
    db.begin_writing()


def page(form: ProofForm | None = None, back: str = "") -> ResponseReturnValue:
    """The page that asks. What was typed travels along in it."""
    form = form or ProofForm(formdata=None)
    return render_template(
        "staff/prove.html",
        form=form,
        member=g.signed_in.staff_member,
        held=_typed() if request.method == "POST" else [],
        back=back,
    )


def _typed() -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name in request.form
        if name != "csrf_token" and not name.startswith(PREFIX)
        for value in request.form.getlist(name)
    ]
