"""The administrator's pages: accounts, their roles, their one-time links; what a coordinator agrees to. No child."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.cases.workload import open_cases_of, open_cases_of_each, open_tasks_of, open_tasks_of_each
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.staff import actions, agreements, queries, rules
from clinic.staff.forms import (
    AccountForm,
    AnswerRequestForm,
    CloseAccountForm,
    FactorRuleForm,
    NewAccountForm,
    NewLinkForm,
)
from clinic.staff.labels import ROLE_LABELS, STATE_LABELS, roles_in_words
from clinic.staff.models import AccountRequest, AccountState, StaffMember
from clinic.staff.views_own import bp as bp
from clinic.web.guard import current_reader, needs
from clinic.web.qr import picture_for_a_phone

P = Permission
_LINK = "link_once"  # where a new link waits in the browser of whoever made it, until the next page shows it


@bp.get("/accounts")
@needs(P.STAFF_WRITE)
def accounts() -> ResponseReturnValue:
    """Every account, those that nobody has opened yet first."""
    found = queries.list_accounts(reader=current_reader())
    groups = [
        (STATE_LABELS[state], [member for member in found if member.state == state])
        for state in (AccountState.WAITING, AccountState.OPEN, AccountState.LEAVING, AccountState.CLOSED)
    ]
    return render_template("staff/accounts.html", groups=groups, in_words=roles_in_words)


@bp.route("/accounts/add", methods=["GET", "POST"])
@needs(P.STAFF_WRITE, fresh=True)
def add_account() -> ResponseReturnValue:
    """A new account, and the link with which its owner sets a password."""
    form = NewAccountForm()
    if form.validate_on_submit():
        try:
            member = actions.add_account(
                **form.values("username", "name", "language", "email"),
                roles=form.chosen_roles,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _with_a_link(member)
    return render_template("staff/add_account.html", form=form)


def _with_a_link(member: StaffMember, *, renews_factor: bool = False) -> ResponseReturnValue:
    """Makes a new link, which the next page shows, once; or asks a coordinator to agree to it."""
    token = agreements.link(member, by=current_reader().staff_id, renews_factor=renews_factor)
    if token is None:
        flash(_("A coordinator is asked to agree. Then you make the link here."), "info")
    else:
        cookie[_LINK] = [member.id.hex, token]
    return redirect(url_for(".edit_account", member_id=member.id), code=303)


@bp.route("/accounts/<uuid:member_id>", methods=["GET", "POST"])
@needs(P.STAFF_WRITE, fresh=True, member=queries.find_member)
def edit_account(member: StaffMember) -> ResponseReturnValue:
    """One account: name, roles and language; its link; its end."""
    form = AccountForm(obj=member)
    if form.validate_on_submit():
        try:
            done = agreements.give_roles(member, form.chosen_roles, by=current_reader().staff_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            actions.describe(member, **form.values("name", "language", "email"))
            asked = _("A coordinator is asked to agree to the new roles. Until then the old ones hold.")
            flash(_("The account is saved.") if done else asked, "success" if done else "info")
            return redirect(url_for(".edit_account", member_id=member.id), code=303)
    return _account_page(member, form)


def _account_page(member: StaffMember, form: AccountForm) -> ResponseReturnValue:
    link = _link_of(member)
    return render_template(
        "staff/edit_account.html",
        form=form,
        member=member,
        state=STATE_LABELS[member.state],
        link=link,
        picture=picture_for_a_phone(link) if link else None,
        asked=agreements.about(member),
        new_link=NewLinkForm(formdata=None),
    )


def _link_of(member: StaffMember) -> str | None:
    """The link that was just made for this person; it is not shown again."""
    kept = cookie.get(_LINK)
    if not kept or kept[0] != member.id.hex:
        return None
    cookie.pop(_LINK)
    return url_for("staff.welcome", token=kept[1], _external=True)


@bp.post("/accounts/<uuid:member_id>/link")
@needs(P.STAFF_WRITE, fresh=True, member=queries.find_member)
def new_link(member: StaffMember) -> ResponseReturnValue:
    """A new one-time link: for a first sign-in, a forgotten password, a lost phone or an account that was closed."""
    return _with_a_link(member, renews_factor=bool(NewLinkForm().renews_factor.data))


@bp.post("/accounts/<uuid:member_id>/sign-out")
@needs(P.STAFF_WRITE, fresh=True, member=queries.find_member)
def sign_out_everywhere(member: StaffMember) -> ResponseReturnValue:
    """Ends the sessions of somebody whose phone or computer is lost."""
    actions.sign_out(member)
    flash(_("This person is signed out everywhere. A lost password or phone needs a new link besides."), "success")
    return redirect(url_for(".edit_account", member_id=member.id), code=303)


@bp.route("/accounts/two-steps", methods=["GET", "POST"])
@needs(P.STAFF_WRITE, fresh=True)
def factor_rule() -> ResponseReturnValue:
    """Of which roles the clinic asks two steps."""
    needed = rules.roles_that_need_a_factor(g.signed_in.clinic)
    form = FactorRuleForm(data={"roles": [role.value for role in needed]})
    if form.validate_on_submit():
        actions.require_factor_of(form.chosen_roles)
        flash(_("Saved. Who has no second step yet is led to set one up at their next page."), "success")
        return redirect(url_for(".accounts"), code=303)
    protected = queries.protected_by_role(reader=current_reader())
    return render_template("staff/factor_rule.html", form=form, protected=protected, labels=ROLE_LABELS)


@bp.route("/accounts/<uuid:member_id>/close", methods=["GET", "POST"])
@needs(P.STAFF_WRITE, fresh=True, member=queries.find_member)
def close_account(member: StaffMember) -> ResponseReturnValue:
    """Closes an account, or lets it leave until its open cases are handed over."""
    form, open_cases = CloseAccountForm(), open_cases_of(member.id, clinic_id=member.clinic_id)
    open_tasks = open_tasks_of(member.id, clinic_id=member.clinic_id)
    work, by = open_cases + open_tasks, current_reader().staff_id
    if form.validate_on_submit() and form.takes(lambda: actions.close_account(member, by=by, open_work=work)):
        left = _("Nobody can sign in with it any more. Its work stands on the coordinators' desk.")
        closed = _("The account is closed. Nobody can sign in with it any more.")
        flash(left if work else closed, "success")
        return redirect(url_for(".accounts"), code=303)
    waiting = {"open_cases": open_cases, "open_tasks": open_tasks}
    return render_template("staff/close_account.html", form=form, member=member, **waiting)


@bp.get("/accounts/requests")
@needs(P.STAFF_AGREE)
def requests() -> ResponseReturnValue:
    """What administrators ask a coordinator to agree to."""
    reader = current_reader()
    return render_template(
        "staff/requests.html",
        waiting=agreements.waiting(reader=reader),
        names=queries.names_of(reader=reader),
        in_words=roles_in_words,
        form=AnswerRequestForm(formdata=None),
    )


@bp.post("/accounts/requests/<uuid:request_id>")
@needs(P.STAFF_AGREE, fresh=True, request=agreements.find_request)
def answer_request(request: AccountRequest) -> ResponseReturnValue:
    """Agrees, or does not."""
    agreed = AnswerRequestForm().answer.data == "agree"
    try:
        agreements.answer(request, agreed=agreed, by=current_reader().staff_id)
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash(
            _("Agreed. The administrator is told.") if agreed else _("Not agreed. The administrator is told."),
            "success",
        )
    return redirect(url_for(".requests"), code=303)


@bp.get("/accounts/leaving")
@needs(P.CASE_ASSIGN)
def leaving() -> ResponseReturnValue:
    """Who leaves the clinic, and how many of their open cases and tasks wait to be handed over."""
    reader = current_reader()
    found = queries.list_leaving(reader=reader)
    ids = [member.id for member in found]
    numbers, tasks = open_cases_of_each(ids, reader=reader), open_tasks_of_each(ids, reader=reader)
    return render_template("staff/leaving.html", leaving=found, numbers=numbers, tasks=tasks, in_words=roles_in_words)
