"""Sanad: `create_app` wires the rooms. Nothing imports it but what starts a server."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from clinic.staff.models import Clinic
    from config.settings import Settings


def create_app(settings: Settings) -> Flask:
    """The application of the clinic whose database is connected and whose key ring is installed."""
    from flask import Flask

    from clinic import db, rooms
    from clinic.crypto import current
    from clinic.jobs import spool
    from clinic.retention import rules as retention
    from clinic.staff import clinics, notices
    from clinic.web import addresses, guard
    from clinic.web.templating import Templates

    clinic = clinics.the_clinic()
    db.session.expunge(clinic)  # outlives every session, so that no rollback can empty it
    rooms.wire()
    spool.lie_in(settings.home / "spool")
    notices.use_mail(settings.mail is not None)
    retention.use(settings.retention)
    app = Flask(__name__, template_folder=str(Path(__file__).parents[1] / "templates"))
    app.jinja_environment = Templates
    app.url_rule_class = addresses.Rule
    app.config.update(_configuration(settings, secret=current.ring().derive("session cookie"), clinic=clinic))
    _dress(app, settings, clinic)
    for blueprint in rooms.blueprints(demo=clinic.is_demonstration):
        app.register_blueprint(blueprint)
    app.add_url_rule("/", "front", guard.public(_front))
    return app


def _dress(app: Flask, settings: Settings, clinic: Clinic) -> None:
    """Puts around every page what all have in common, in the order in which a request meets it."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    from clinic.web import compression, cookies, draft_pages, errors, headers, pace, saving, shell, uploads, who
    from clinic.web.forgery import Protection

    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    cookies.init_app(app)
    uploads.init_app(app)
    headers.init_app(app)
    compression.init_app(app)
    saving.init_app(app)
    who.init_app(app, settings, clinic)
    pace.init_app(app, pages_a_minute=0 if clinic.is_demonstration else settings.pages_a_minute)
    Protection(app)
    shell.init_app(app, demo=clinic.is_demonstration)
    errors.init_app(app)
    draft_pages.init_app(app)


def _configuration(settings: Settings, *, secret: bytes, clinic: Clinic) -> dict[str, object]:
    return {
        "SECRET_KEY": secret,
        "SESSION_COOKIE_NAME": "sanad",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_REFRESH_EACH_REQUEST": False,  # the server ends it; no page signs the cookie anew
        "SESSION_COOKIE_SECURE": settings.secure_cookies and not clinic.is_demonstration,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "MAX_CONTENT_LENGTH": settings.upload_megabytes * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "SETTINGS": settings,
    }


def _front() -> ResponseReturnValue:
    """The address without a path: to the desk, which asks who it is."""
    from flask import redirect, url_for

    return redirect(url_for("desk.show"), code=303)
