"""What keeps other sites from acting in a person's name, and from guessing what a page holds by how long it is.

Each page carries a token that its forms send back (CSRF). A compressed page that says again what another site put into
its address would tell that site letter by letter what else it holds (BREACH). So the token looks another way in every
answer, and a page that another site leads to is shown without what stands after the question mark.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import cycle
from typing import Any, Final

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect, generate_csrf
from flask_wtf.form import FlaskForm

PAD: Final = 16
_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})


class Protection(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's own, which reads the token from behind its mask."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = token  # for macros, which see no context
        app.context_processor(lambda: {"csrf_token": token})
        app.before_request(_without_a_question)

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return unmasked(sent) if sent else None


class _OfForms(FlaskForm.Meta.csrf_class):  # type: ignore[misc]
    """The token of a form's hidden field. Whether what came back is right, `Protection` has said before."""

    def generate_csrf_token(self, _field: Any) -> str:
        return token()


class Meta(FlaskForm.Meta):  # type: ignore[misc]
    """What a form of ours takes from Flask-WTF, with the token masked."""

    csrf_class = _OfForms


def token() -> str:
    """The token as this answer shows it."""
    if "token_shown" not in g:
        g.token_shown = masked(generate_csrf())
    shown: str = g.token_shown
    return shown


def masked(plain: str) -> str:
    """A token that looks another way each time: a pad of chance, and the token under it."""
    pad = secrets.token_bytes(PAD)
    return urlsafe_b64encode(pad + _under(pad, plain.encode())).decode()


def unmasked(text: str) -> str | None:
    """The token behind its mask; None for what is none."""
    try:
        sent = urlsafe_b64decode(text.encode())
        return _under(sent[:PAD], sent[PAD:]).decode()
    except ValueError:
        return None


def _under(pad: bytes, content: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(content, cycle(pad), strict=False))


def _without_a_question() -> ResponseReturnValue | None:
    """Leads who comes from another site to the page as such."""
    is_led_here = request.headers.get("Sec-Fetch-Site") in _ELSEWHERE and request.method in ("GET", "HEAD")
    if not (is_led_here and request.query_string) or request.endpoint is None or request.endpoint == "static":
        return None
    return redirect(url_for(request.endpoint, **(request.view_args or {})), code=303)
