"""Who sends the request, for which clinic, in which language: read once, before anything else."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin

from clinic import clock, db, languages
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.cases import emergencies
from clinic.operations import keys
from clinic.staff import clinics, sessions
from clinic.staff.models import AccountState, Clinic, StaffSession
from clinic.vocabularies import lists
from clinic.vocabularies import queries as own
from clinic.web.cookies import TOKEN
from config.settings import Settings


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, for Flask-Login: known by the token of a session that the server can end."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        """The session's token, which stands in the signed cookie."""
        return self.token


def init_app(app: Flask, settings: Settings, clinic: Clinic) -> None:
    """Sets clinic, reader and language for each request, and takes them away after it."""
    manager = LoginManager(app)
    manager.session_protection = None  # our sessions are the server's own: ended there, not guessed at here
    manager.user_loader(lambda token: SignedIn(token) if g.get("reader") else None)

    @app.before_request
    def _who() -> None:
        g.clinic = clinic
        db.current_clinic.set(clinic.id)
        db.current_actor.set(None)
        signed_in = _session_of(settings)
        g.signed_in = signed_in
        g.reader = reader_of(signed_in) if signed_in else None
        if signed_in:
            db.current_actor.set(signed_in.staff_id)
            readings.in_emergency.set(emergencies.reached_by(g.reader))
        languages.use(_language(clinic))
        if request.endpoint != "static":
            own.put_in_force()

    @app.teardown_request
    def _nobody(_error: BaseException | None) -> None:
        db.current_clinic.set(None)
        db.current_actor.set(None)
        readings.in_emergency.set(frozenset())
        lists.use(None)


def reader_of(signed_in: StaffSession) -> Reader:
    """The reader whose session this is."""
    member = signed_in.staff_member
    roles = frozenset(Role(role) for role in member.roles)
    opened = emergencies.open_to(member)
    return Reader(member.id, member.clinic_id, member.name, roles, member.language, emergencies=opened)


def _session_of(settings: Settings) -> StaffSession | None:
    """The session of the cookie, unless it was ended, idle for too long or too old."""
    if request.endpoint == "static":
        return None
    token = cookie.get(TOKEN)
    signed_in = sessions.find_session(token, to_change=request.method == "POST") if token else None
    if signed_in is None or signed_in.staff_member.state != AccountState.OPEN:
        return None
    clinics.keep_keys_fresh(signed_in.clinic, lambda: keys.key_of(settings))
    moment = clock.now()
    idle = moment - signed_in.used_at > timedelta(minutes=settings.idle_minutes + 5)
    if idle or moment - signed_in.began_at > timedelta(hours=settings.session_hours):
        return None
    sessions.touch_session(signed_in, writing=request.method == "POST")
    return signed_in


def _language(clinic: Clinic) -> str:
    """What the person chose in this browser, else their account's, else the clinic's."""
    chosen = cookie.get("language")
    if chosen:
        return str(chosen)
    return g.reader.language if g.reader else clinic.language
