"""What the cookies are called: `__Host-…` wherever the browser came by HTTPS.

A browser takes a cookie of such a name only over HTTPS, for this host alone and for all of its paths, so that neither
another host of the same domain nor somebody on an unencrypted line can put one in its place. Where a browser sees no
HTTPS (an onion service, a trial on loopback) it would refuse the name, and the plain one stands.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface

TOKEN = "_user_id"  # noqa: S105 - where Flask-Login keeps what get_id says, in the session's cookie
_HOST_ALONE = "__Host-"


def named(plain: str) -> str:
    """What a cookie is called on the connection of this request."""
    return _HOST_ALONE + plain if request.is_secure and are_secure() else plain


def are_secure() -> bool:
    """Whether cookies are sent over encrypted connections alone."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


class _Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, under the name that fits the connection."""

    def get_cookie_name(self, app: Flask) -> str:
        """The cookie's name, as Flask asks for it when a request begins and when it ends."""
        return named(super().get_cookie_name(app))


def init_app(app: Flask) -> None:
    """Gives the session's cookie its name."""
    app.session_interface = _Sessions()
