"""Sign-in in one step or two, one-time links, the language switch."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from clinic import clock, db, languages
from clinic.access.permissions import Permission
from clinic.refusals import Refusal
from clinic.staff import actions, notices, passkeys, proving, queries, sessions
from clinic.staff.forms import NewPasswordForm, PasskeyForm, SecondFactorForm, SignInForm
from clinic.staff.labels import notice_in_words, roles_in_words
from clinic.staff.models import AccountState, StaffMember
from clinic.web import drafts
from clinic.web.guard import needs, public
from clinic.web.origin import device, origin, remember, site
from clinic.web.who import SignedIn

bp = Blueprint("staff", __name__)
_HALF = "half"
"""Where the browser keeps, signed by us, whose password it knew, until the second factor follows."""
_HALF_LASTS = 600


def safe(back: str | None) -> str:
    """An address of this site, or the desk."""
    parts = urlsplit(back or "")
    inside = (
        back and back.startswith("/") and not back.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    )
    return back if inside and back else url_for("desk.show")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Username and password; or a passkey, which the page's second form sends elsewhere."""
    back = request.args.get("back")
    if g.reader is not None and request.method == "GET":
        return redirect(safe(back), code=303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            member = proving.check_password(
                username=form.username.data or "", password=form.password.data or "", origin=origin()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return enter(member, means="password", back=back)
    return _sign_in_page(form)


def _sign_in_page(form: SignInForm, passkey: PasskeyForm | None = None) -> ResponseReturnValue:
    return render_template(
        "staff/sign_in.html",
        form=form,
        passkey=passkey or PasskeyForm(formdata=None),
        back=request.args.get("back"),
        demo_accounts=_demo_accounts(),
    )


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


def enter(member: StaffMember, *, means: str, back: str | None = None) -> ResponseReturnValue:
    """Signs somebody in whose password or link was right, or asks for the second factor where they have one."""
    if member.factor_since is None:
        return begin(member, means=means, back=back)
    cookie[_HALF] = [member.id.hex, int(clock.now().timestamp()), _fingerprint(member)]
    return redirect(url_for(".second", back=back), code=303)


def _fingerprint(member: StaffMember) -> str:
    """Ties half a sign-in to the password that it began with."""
    return sessions.digest(member.password_hash or "")[:16]


def _half_signed_in() -> StaffMember | None:
    """Whose password this browser knew, at most ten minutes ago."""
    member_hex, at, fingerprint = cookie.get(_HALF) or ("", 0, "")
    member = queries.find_by_hex(member_hex)
    if member is None or clock.now().timestamp() - at > _HALF_LASTS or member.state != AccountState.OPEN:
        return None
    return member if fingerprint == _fingerprint(member) else None


def begin(member: StaffMember, *, means: str, back: str | None = None) -> ResponseReturnValue:
    """Begins a session for somebody who proved who they are, and tells what they must hear."""
    db.current_actor.set(member.id)
    token = proving.complete(member, means=means, origin=origin(), device=device())
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    drafts.age_out()
    login_user(SignedIn(token))
    told = [notice_in_words(notice.what, notice.number) for notice in notices.take_untold(member)]
    for sentence in list(dict.fromkeys(told))[-3:]:
        flash(sentence, "warning")
    return remember(redirect(safe(back), code=303), member)


@bp.route("/sign-in/second", methods=["GET", "POST"])
@public
def second() -> ResponseReturnValue:
    """The second factor: a code, or a passkey of the same person."""
    member, back = _half_signed_in(), request.args.get("back")
    if member is None:
        return redirect(url_for(".sign_in", back=back), code=303)
    passkey = PasskeyForm()
    form = SecondFactorForm(formdata=None) if passkey.passkey.data else SecondFactorForm()
    if passkey.is_submitted() and (passkey.passkey.data or form.validate()):
        try:
            means = _second_of(member, form, passkey)
        except Refusal as refusal:
            (passkey if passkey.passkey.data else form).refuse(refusal)
        else:
            return begin(member, means=means, back=back)
    has_passkey = bool(passkeys.passkeys_of(member.id))
    return render_template("staff/second.html", form=form, passkey=passkey, has_passkey=has_passkey, back=back)


def _second_of(member: StaffMember, form: SecondFactorForm, passkey: PasskeyForm) -> str:
    if passkey.passkey.data:
        passkeys.use(credential=passkey.passkey.data, site=site(), member=member)
        return "passkey"
    return proving.check_code(member, form.code.data or "", origin=origin())


@bp.post("/sign-in/passkey")
@public
def sign_in_with_passkey() -> ResponseReturnValue:
    """A passkey alone, which says whose it is."""
    form, back = PasskeyForm(), request.args.get("back")
    try:
        member = passkeys.use(credential=form.passkey.data or "", site=site())
    except Refusal as refusal:
        form.refuse(refusal)
        return _sign_in_page(SignInForm(formdata=None), form)
    return begin(member, means="passkey", back=back)


@bp.get("/passkeys/challenge")
@public
def passkey_challenge() -> ResponseReturnValue:
    """What the browser is asked for the passkey of whoever sits there."""
    return as_json(passkeys.options_to_use(site()))


@bp.get("/passkeys/own-challenge")
@public
def own_challenge() -> ResponseReturnValue:
    """What the browser is asked for a passkey of the person who is signed in, or half."""
    member = g.signed_in.staff_member if g.signed_in else _half_signed_in()
    return as_json(passkeys.options_to_use(site(), member))


def as_json(text: str) -> Response:
    """An answer for the script of the page."""
    return Response(text, mimetype="application/json")


@bp.post("/sign-out")
@needs(Permission.SIGNED_IN, before_factor=True)
def sign_out() -> ResponseReturnValue:
    """Ends this session; the browser forgets the pages that it kept."""
    sessions.end_session(g.signed_in)
    logout_user()
    answer = redirect(url_for("staff.sign_in"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


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
            actions.use_link(member, form.password.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return enter(member, means="link")
    return render_template("staff/welcome.html", form=form, member=member)


@bp.get("/language/<code>")
@public
def speak(code: str) -> ResponseReturnValue:
    """Changes the language in this browser and goes back."""
    if code in languages.LANGUAGES:
        cookie["language"] = code
    return redirect(safe(request.args.get("back")), code=303)
