"""Sign-in, one-time links, the language switch and the own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from clinic import clock, db, languages
from clinic.access.permissions import Permission
from clinic.cases import team
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.staff import actions, devices, queries
from clinic.staff.forms import ChangePasswordForm, NewPasswordForm, SignInForm
from clinic.staff.labels import roles_in_words
from clinic.staff.models import StaffMember, StaffSession
from clinic.web import drafts
from clinic.web.guard import current_reader, needs, public
from clinic.web.who import SignedIn

bp = Blueprint("staff", __name__)


def _safe(back: str | None) -> str:
    """An address of this site, or the desk."""
    parts = urlsplit(back or "")
    inside = (
        back and back.startswith("/") and not back.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    )
    return back if inside and back else url_for("desk.show")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Username and password."""
    if g.reader is not None and request.method == "GET":
        return redirect(_safe(request.args.get("back")), code=303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            member = actions.sign_in(
                username=form.username.data or "", password=form.password.data or "", device=_device()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _begin(member)
            return redirect(_safe(request.args.get("back")), code=303)
    return render_template("staff/sign_in.html", form=form, demo_accounts=_demo_accounts())


def _demo_accounts() -> list[dict[str, str]]:
    """The people of the demonstration, for the sign-in page; nobody in a real clinic."""
    if not g.clinic.is_demonstration:
        return []
    kept = current_app.config["SETTINGS"].home / "demo-accounts.json"
    return [
        {
            "username": account.username,
            "name": account.name,
            "roles": roles_in_words(account.role.split(",")),
            "password": account.password,
        }
        for account in queries.demo_accounts(kept)
    ]


def _begin(member: StaffMember) -> None:
    db.current_actor.set(member.id)
    token = actions.begin_session(member, device=_device())
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    drafts.age_out()
    team.remove_lost_drafts()
    login_user(SignedIn(token))


def _device() -> str:
    return f"{request.remote_addr} {request.user_agent.string}"[:200]


@bp.post("/sign-out")
@needs(Permission.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """Ends this session."""
    actions.end_session(g.signed_in)
    logout_user()
    return redirect(url_for("staff.sign_in"), code=303)


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> ResponseReturnValue:
    """The one-time link: choose a password and be signed in."""
    try:
        member = actions.find_by_link(token)
    except Refusal as refusal:
        return render_template("staff/link_no_longer.html", sentence=refusal.sentence), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            actions.set_password(member, form.password.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _begin(member)
            return redirect(url_for("desk.show"), code=303)
    return render_template("staff/welcome.html", form=form, member=member)


@bp.get("/language/<code>")
@public
def speak(code: str) -> ResponseReturnValue:
    """Changes the language in this browser and goes back."""
    if code in languages.LANGUAGES:
        cookie["language"] = code
    return redirect(_safe(request.args.get("back")), code=303)


@bp.route("/account", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def account() -> ResponseReturnValue:
    """The own account: password and sessions."""
    form = ChangePasswordForm()
    member = g.signed_in.staff_member
    if form.validate_on_submit():
        try:
            actions.change_password(member, old=form.old.data or "", new=form.password.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _begin(member)
            flash(_("Your password was changed. Other browsers were signed out."), "success")
            return redirect(url_for(".account"), code=303)
    roles = roles_in_words(member.roles)
    return render_template("staff/account.html", form=form, member=member, roles=roles, sessions=_own_sessions())


def _own_sessions() -> list[dict[str, Any]]:
    """Where this person is signed in, each browser in the words that its owner recognises."""
    settings, moment = current_app.config["SETTINGS"], clock.now()
    found = queries.sessions_of(
        current_reader().staff_id,
        used_after=moment - timedelta(minutes=settings.idle_minutes + 5),
        begun_after=moment - timedelta(hours=settings.session_hours),
    )
    return [
        {
            "id": each.id,
            "browser": devices.browser_of(each.device),
            "address": devices.address_of(each.device),
            "used_at": each.used_at,
            "began_at": each.began_at,
            "is_this_one": each.id == g.signed_in.id,
        }
        for each in found
    ]


@bp.post("/account/sessions/<uuid:session_id>/end")
@needs(Permission.SIGNED_IN, session=queries.find_own_session)
def end_session(session: StaffSession) -> ResponseReturnValue:
    """Signs out another browser of one's own."""
    actions.end_session(session)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for(".account"), code=303)


@bp.post("/account/sessions/end-others")
@needs(Permission.SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    """Signs out every browser of one's own but this."""
    actions.end_sessions(g.signed_in.staff_member, but=g.signed_in.id)
    flash(_("Every other browser is signed out."), "success")
    return redirect(url_for(".account"), code=303)
