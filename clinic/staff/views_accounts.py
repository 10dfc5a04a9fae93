"""The administrator's pages: accounts, their roles, their one-time links. No child stands on any of them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.cases.workload import open_cases_of
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.staff import actions, queries
from clinic.staff.forms import AccountForm, CloseAccountForm, NewAccountForm
from clinic.staff.labels import STATE_LABELS, roles_in_words
from clinic.staff.models import AccountState, StaffMember
from clinic.staff.views import bp as bp
from clinic.web.guard import current_reader, needs

P = Permission
_LINK = "link_once"  # where a new link waits in the browser of whoever made it, until the next page shows it


@bp.get("/accounts")
@needs(P.STAFF_WRITE)
def accounts() -> ResponseReturnValue:
    """Every account, those that nobody has opened yet first."""
    found = queries.list_accounts(reader=current_reader())
    groups = [
        (STATE_LABELS[state], [member for member in found if member.state == state])
        for state in (AccountState.WAITING, AccountState.OPEN, AccountState.CLOSED)
    ]
    return render_template("staff/accounts.html", groups=groups, in_words=roles_in_words)


@bp.route("/accounts/add", methods=["GET", "POST"])
@needs(P.STAFF_WRITE)
def add_account() -> ResponseReturnValue:
    """A new account, and the link with which its owner sets a password."""
    form = NewAccountForm()
    if form.validate_on_submit():
        try:
            member = actions.add_account(
                **form.values("username", "name", "language"),
                roles=form.chosen_roles,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _with_a_link(member)
    return render_template("staff/add_account.html", form=form)


def _with_a_link(member: StaffMember) -> ResponseReturnValue:
    """Makes a new link, which the next page shows, once."""
    cookie[_LINK] = [member.id.hex, actions.make_link(member)]
    return redirect(url_for(".edit_account", member_id=member.id), code=303)


@bp.route("/accounts/<uuid:member_id>", methods=["GET", "POST"])
@needs(P.STAFF_WRITE, member=queries.find_member)
def edit_account(member: StaffMember) -> ResponseReturnValue:
    """One account: name, roles and language; its link; its end."""
    form = AccountForm(obj=member)
    if form.validate_on_submit():
        try:
            actions.change_account(
                member, **form.values("name", "language"), roles=form.chosen_roles, by=current_reader().staff_id
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The account is saved."), "success")
            return redirect(url_for(".edit_account", member_id=member.id), code=303)
    return render_template(
        "staff/edit_account.html", form=form, member=member, state=STATE_LABELS[member.state], link=_link_of(member)
    )


def _link_of(member: StaffMember) -> str | None:
    """The link that was just made for this person; it is not shown again."""
    kept = cookie.get(_LINK)
    if not kept or kept[0] != member.id.hex:
        return None
    cookie.pop(_LINK)
    return url_for("staff.welcome", token=kept[1], _external=True)


@bp.post("/accounts/<uuid:member_id>/link")
@needs(P.STAFF_WRITE, member=queries.find_member)
def new_link(member: StaffMember) -> ResponseReturnValue:
    """A new one-time link: for a first sign-in, a forgotten password or an account that was closed."""
    return _with_a_link(member)


@bp.route("/accounts/<uuid:member_id>/close", methods=["GET", "POST"])
@needs(P.STAFF_WRITE, member=queries.find_member)
def close_account(member: StaffMember) -> ResponseReturnValue:
    """Closes an account, after saying how much work still hangs on it."""
    form = CloseAccountForm()
    if form.validate_on_submit():
        try:
            actions.close_account(member, by=current_reader().staff_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The account is closed. Nobody can sign in with it any more."), "success")
            return redirect(url_for(".accounts"), code=303)
    open_cases = open_cases_of(member.id, clinic_id=member.clinic_id)
    return render_template("staff/close_account.html", form=form, member=member, open_cases=open_cases)
