"""The own account: password, browsers, what happened with it; the second factor; proving again who one is."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from clinic import clock
from clinic.access.permissions import Permission
from clinic.cases.queries import cases_visible_to
from clinic.crypto import current
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.staff import devices, factors, notices, passkeys, proving, queries, rules, sessions
from clinic.staff.forms import ChangePasswordForm, CodeAppForm, PasskeyForm
from clinic.staff.labels import MEANS_LABELS, notice_in_words, roles_in_words
from clinic.staff.models import Passkey, StaffMember, StaffNotice, StaffSession
from clinic.staff.views import as_json, begin, safe
from clinic.staff.views import bp as bp
from clinic.web import proof
from clinic.web.guard import current_reader, needs
from clinic.web.origin import device, origin, site
from clinic.web.qr import picture_of

P = Permission
_CODES = "codes_once"  # where new recovery codes wait in the browser of their owner, until the next page shows them
_SECRET_LASTS = 1800


def _me() -> StaffMember:
    member: StaffMember = g.signed_in.staff_member
    return member


@bp.route("/account", methods=["GET", "POST"])
@needs(P.SIGNED_IN)
def account() -> ResponseReturnValue:
    """The own account: password, browsers, and what happened with it."""
    form, member = ChangePasswordForm(), _me()
    old, new = form.old.data or "", form.password.data or ""
    change = partial(proving.change_password, member, old=old, new=new, origin=origin())
    if form.validate_on_submit() and form.takes(change):
        answer = begin(member, means="password", back=url_for(".account"))
        flash(_("Your password was changed. Other browsers were signed out."), "success")
        return answer
    return render_template(
        "staff/account.html",
        form=form,
        member=member,
        roles=roles_in_words(member.roles),
        sessions=_own_sessions(),
        notices=_own_notices(),
    )


def _own_notices() -> list[tuple[StaffNotice, str]]:
    """What this person was told, in words."""
    reader = current_reader()
    found = notices.list_own(reader=reader, cases=cases_visible_to(reader))
    return [(each, notice_in_words(each.what, each.number)) for each in found]


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
            "means": MEANS_LABELS.get(each.means or "", ""),
            "used_at": each.used_at,
            "began_at": each.began_at,
            "is_this_one": each.id == g.signed_in.id,
        }
        for each in found
    ]


@bp.post("/account/sessions/<uuid:session_id>/end")
@needs(P.SIGNED_IN, session=queries.find_own_session)
def end_session(session: StaffSession) -> ResponseReturnValue:
    """Signs out another browser of one's own."""
    sessions.end_session(session)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for(".account"), code=303)


@bp.post("/account/sessions/end-others")
@needs(P.SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    """Signs out every browser of one's own but this."""
    sessions.end_sessions(_me(), but=g.signed_in.id)
    flash(_("Every other browser is signed out."), "success")
    return redirect(url_for(".account"), code=303)


@bp.route("/account/prove", methods=["GET", "POST"])
@needs(P.SIGNED_IN, fresh=True, before_factor=True)
def prove() -> ResponseReturnValue:
    """Asks who it is before a page that only reads something weighty, and goes on there."""
    if request.method == "GET":
        return proof.page(back=safe(request.args.get("back")))
    return redirect(safe(request.form.get("back")), code=303)


@bp.get("/account/protection")
@needs(P.SIGNED_IN, before_factor=True)
def protection() -> ResponseReturnValue:
    """The second factor: what there is, and what can be added."""
    member = _me()
    return render_template(
        "staff/protection.html",
        member=member,
        must=rules.must_set_up_a_factor(member, g.signed_in.clinic),
        app=factors.app_of(member),
        passkeys=[(each, devices.browser_of(each.device)) for each in passkeys.passkeys_of(member.id)],
        codes_left=factors.codes_left(member),
        new_codes=cookie.pop(_CODES, None),
        form=PasskeyForm(formdata=None),
    )


def _changed(codes: list[str], sentence: str) -> ResponseReturnValue:
    """After a changed factor every other browser is signed out; new recovery codes are shown on the next page, once."""
    sessions.end_sessions(_me(), but=g.signed_in.id)
    if codes:
        cookie[_CODES] = codes
    flash(sentence, "success")
    return redirect(url_for(".protection"), code=303)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current.ring().derive("secrets of code apps"), salt=_me().id.hex)


@bp.route("/account/protection/app", methods=["GET", "POST"])
@needs(P.SIGNED_IN, fresh=True, before_factor=True)
def code_app() -> ResponseReturnValue:
    """An app that counts codes: its secret as a picture, and its first code."""
    form, member = CodeAppForm(), _me()
    secret = _secret_of(form)
    if form.validate_on_submit():
        try:
            codes = factors.add_app(member, secret=secret, code=form.code.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _changed(codes, _("The app is set up. From now on you sign in with password and code."))
    picture = picture_of(factors.address_of(member, secret))
    return render_template("staff/code_app.html", form=form, secret=secret, picture=picture)


def _secret_of(form: CodeAppForm) -> str:
    """The secret that the form carries, if we signed it for this person within half an hour; else a new one."""
    try:
        secret = str(_signer().loads(form.secret.data or "", max_age=_SECRET_LASTS))
    except BadSignature:
        secret = factors.new_secret()
        form.secret.data = str(_signer().dumps(secret))
    return secret


@bp.post("/account/protection/app/remove")
@needs(P.SIGNED_IN, fresh=True)
def remove_code_app() -> ResponseReturnValue:
    """Forgets the app."""
    factors.remove_app(_me())
    return _changed([], _("The app is removed."))


@bp.post("/account/protection/codes")
@needs(P.SIGNED_IN, fresh=True)
def new_recovery_codes() -> ResponseReturnValue:
    """New recovery codes instead of the old ones."""
    codes = factors.new_codes(_me()) if _me().factor_since else []
    return _changed(codes, _("The old recovery codes work no more."))


@bp.get("/account/passkeys/options")
@needs(P.SIGNED_IN, before_factor=True)
def passkey_options() -> ResponseReturnValue:
    """What the browser is asked for a new passkey."""
    return as_json(passkeys.options_to_make(_me(), site()))


@bp.post("/account/passkeys")
@needs(P.SIGNED_IN, fresh=True, before_factor=True)
def add_passkey() -> ResponseReturnValue:
    """Keeps a new passkey."""
    form = PasskeyForm()
    try:
        codes = passkeys.add(_me(), credential=form.passkey.data or "", site=site(), device=device())
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".protection"), code=303)
    return _changed(codes, _("The passkey is set up. You can sign in with it alone."))


@bp.post("/account/passkeys/<uuid:passkey_id>/remove")
@needs(P.SIGNED_IN, fresh=True, passkey=passkeys.find_own)
def remove_passkey(passkey: Passkey) -> ResponseReturnValue:
    """Forgets a passkey."""
    passkeys.remove(_me(), passkey)
    return _changed([], _("The passkey is removed."))
