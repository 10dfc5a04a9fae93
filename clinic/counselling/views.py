"""The pages of counselling beside its steps: a group session, entered once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Lane, Permission, Role
from clinic.access.policy import LANES
from clinic.audit import readings
from clinic.cases.models import CaseFile
from clinic.counselling import actions, queries
from clinic.counselling.forms import GroupForm, children_of, form_for, like, lines_of
from clinic.counselling.models import CounsellingSession
from clinic.languages import _n
from clinic.refusals import AlreadyThere, Refusal
from clinic.web.guard import current_reader, needs

bp = Blueprint("counselling", __name__)
_PURPOSE = "group_session"


@bp.route("/counselling/group", methods=["GET", "POST"])
@needs(Permission.GROUP_SESSION)
def record_group() -> ResponseReturnValue:
    """Records a group session: one step in the case of each child."""
    offered = queries.cases_to_group(reader=current_reader())
    form = form_for(offered).begun(_PURPOSE, lane=Lane.SOCIAL.value, data=_begin_with())
    token = form.sent(_PURPOSE)
    if request.method == "GET":
        readings.record("group.begun", subject="group", lanes=frozenset({Lane.IDENTITY}))
    if token is None:
        return _page(form, offered), 422 if form.errors else 200
    try:
        steps = actions.record_group(token.record_id, form.common(), children_of(form, offered), by=current_reader())
    except AlreadyThere as refusal:
        form.refuse(refusal)
        return _page(form, offered, saved=token.record_id), 409
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, offered), 422
    form.saved()
    flash(_n("Saved in the file of %(num)d child.", "Saved in the files of %(num)d children.", len(steps)), "success")
    return redirect(url_for(".group", group_id=token.record_id), code=303)


def _begin_with() -> dict[str, object]:
    """Today, and where the address names an earlier group, its children."""
    earlier = request.args.get("like", type=uuid.UUID)
    steps = queries.find_group(earlier, reader=current_reader()) if earlier else None
    return {"held_on": clock.today(), **like([step.case_id for step in steps or ()])}


def _page(form: GroupForm, offered: Sequence[CaseFile], saved: uuid.UUID | None = None) -> str:
    return render_template(
        "counselling/record_group.html",
        form=form,
        lines=lines_of(form, offered),
        earlier=queries.groups_of(reader=current_reader()),
        saved=saved,
        draft_url=url_for("drafts.keep", place=request.path),
    )


@bp.get("/counselling/groups/<uuid:group_id>")
@needs(Permission.GROUP_SESSION, group=queries.find_group)
def group(group: Sequence[CounsellingSession]) -> ResponseReturnValue:
    """A group session with its children, as far as the reader counsels them."""
    readings.record("group.read", subject="group", subject_id=group[0].group_id, lanes=LANES[Role.COUNSELLOR])
    came = next((step for step in group if step.not_done_reason is None and not step.is_withdrawn), group[0])
    return render_template("counselling/group.html", group=group, came=came)
