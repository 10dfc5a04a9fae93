"""The file made in the background: a file that somebody can take, and the line that says so, come together or not."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from clinic import clock
from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.audit import readings
from clinic.cases import consent as ledger
from clinic.cases import queries as cases
from clinic.cases import sharing
from clinic.cases.models import CaseFile, Consent
from clinic.db import session
from clinic.handover.files import FORMS
from clinic.handover.queries import own_file
from clinic.jobs import actions as jobs
from clinic.jobs.kinds import JobKind, Ready, Work, begin_writing
from clinic.jobs.models import Job
from clinic.languages import _, _l
from clinic.refusals import Refusal
from clinic.staff.models import Clinic

CODE: Final = "handover"


class NothingToHandOver(Refusal):
    """The case, or the consent, does not exist any more for whoever asked."""

    message = _l("This file cannot be handed over any more. Look at the case and its consents.")


def ask(
    case: CaseFile, consent: Consent, *, to_whom: str, form: str, language: str, by: Reader, sharing_id: uuid.UUID
) -> Job:
    """Asks for the file. Raises what sharing refuses."""
    sharing.refuse_unless_allowed(consent, _what(form), to_whom, clock.today())
    job = jobs.enqueue(
        CODE,
        by=by.staff_id,
        private=json.dumps({"to_whom": to_whom}),
        language=language,
        case=case.id,
        consent=consent.id,
        sharing=sharing_id,
        form=form,
    )
    chain.record("child.file_asked_for", subject=case.child, case_id=case.id, detail=form)
    return job


def _what(form: str) -> str:
    return _("The child's own file (%(form)s)", form=form.upper())


def _hand_over(work: Work) -> Ready:
    case, _consent = _found(work)
    lanes = cases.seat_of(case, work.person).lanes
    readings.record("child.file_made", subject="child", subject_id=case.child_id, case_id=case.id, lanes=lanes)
    form = FORMS[work.asked["form"]]
    content = form.write(own_file(case, reader=work.person), session.get_one(Clinic, work.person.clinic_id))
    begin_writing()  # setting in type took a while: what was found may have changed
    _note(work)
    return Ready(content, form.name, form.mimetype)


def _found(work: Work) -> tuple[CaseFile, Consent]:
    case = cases.find_case_with_family(uuid.UUID(work.asked["case"]), reader=work.person)
    consent = ledger.find_consent(uuid.UUID(work.asked["consent"]), reader=work.person)
    if case is None or consent is None or consent.case_id != case.id:
        raise NothingToHandOver
    return case, consent


def _note(work: Work) -> None:
    """In the ledger, under the consent; in the chain of what was done."""
    case, consent = _found(work)
    form = work.asked["form"]
    sharing.note_shared(
        consent,
        what=_what(form),
        to_whom=json.loads(work.job.private or "{}").get("to_whom"),
        shared_on=clock.today(),
        by=work.person,
        sharing_id=uuid.UUID(work.asked["sharing"]),
    )
    chain.record("child.handed_over", subject=case.child, case_id=case.id, detail=form)


def _form_in_words(asked: Mapping[str, Any]) -> str:
    return str(asked["form"]).upper()


def _references(jobs: Collection[Job], reader: Reader) -> dict[uuid.UUID, str]:
    """The reference of the case of each file, of those cases alone that the reader may see now."""
    case_of = {job.id: uuid.UUID(job.parameters["case"]) for job in jobs}
    told = cases.references_of(set(case_of.values()), reader=reader)
    return {job_id: told[case_id] for job_id, case_id in case_of.items() if case_id in told}


KIND: Final = JobKind(
    code=CODE,
    label=_l("The child's own file"),
    run=_hand_over,
    needs=Permission.CASE_HAND_OVER,
    is_weighty=True,
    describe=_form_in_words,
    codes_of=_references,
)
