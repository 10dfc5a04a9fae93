"""What was typed and not yet saved, kept on the server, sealed in the lane of its form.

A draft's id is the id in the form's token, so the save that follows removes it. It is offered when the same person
opens the same form again, and goes after 14 days or when the person loses the case.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict

from clinic import clock
from clinic.access.reader import Reader
from clinic.db import session
from clinic.web.models import Draft
from clinic.web.tokens import FormToken

KEPT_FOR = timedelta(days=14)
HELD_FOR = timedelta(minutes=15)
_LEFT_OUT = frozenset({"csrf_token", "form_token", "password", "old"})
_BODY = {
    "identity": "identity_body",
    "legal": "legal_body",
    "social": "social_body",
    "ill_treatment": "ill_treatment_body",
}


def save(token: FormToken, form: MultiDict[str, str], *, place: str, held: bool = False) -> None:
    """Keeps a form as typed under its token's id."""
    draft = session.get(Draft, token.record_id)
    if draft is None:
        draft = Draft(id=token.record_id, staff_id=token.staff_id, case_id=token.case_id, place=place)
        session.add(draft)
    elif draft.staff_id != token.staff_id:
        return
    typed = {name: form.getlist(name) for name in form if name not in _LEFT_OUT}
    setattr(draft, _BODY.get(token.lane, "identity_body"), json.dumps(typed, ensure_ascii=False))
    draft.saved_at, draft.held = clock.now(), held and draft.held is not False  # what was a draft stays one
    session.flush()


def remove(record_id: uuid.UUID) -> None:
    """Removes the draft of a form that was saved."""
    session.execute(delete(Draft).where(Draft.id == record_id), execution_options={"synchronize_session": False})


def offered(place: str, *, staff_id: uuid.UUID) -> Draft | None:
    """The newest draft of this person at a place."""
    since = clock.now() - KEPT_FOR
    return session.scalar(
        select(Draft)
        .where(Draft.staff_id == staff_id, Draft.place == place)
        .where(Draft.saved_at > since)
        .order_by(Draft.saved_at.desc())
        .limit(1)
    )


def typed_in(draft: Draft) -> MultiDict[str, str]:
    """What the draft holds, as a form would send it."""
    for name in _BODY.values():
        text = getattr(draft, name)
        if text is not None:
            return MultiDict([(field, value) for field, values in json.loads(text).items() for value in values])
    return MultiDict()


def age_out() -> None:
    """Removes drafts older than 14 days, and held forms nobody came back for."""
    now = clock.now()
    session.execute(
        delete(Draft).where((Draft.saved_at < now - KEPT_FOR) | (Draft.held & (Draft.saved_at < now - HELD_FOR))),
        execution_options={"synchronize_session": False},
    )


def find_own(draft_id: uuid.UUID, *, reader: Reader) -> Draft | None:
    """A draft of the reader's own."""
    return session.scalar(select(Draft).where(Draft.id == draft_id, Draft.staff_id == reader.staff_id))
