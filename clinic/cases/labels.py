"""What the room of the cases calls things that are no coded list of the clinic."""

from __future__ import annotations

from collections.abc import Iterable

from clinic.access.permissions import Role
from clinic.cases.kinds import Stage
from clinic.cases.models import ConsentForm, ConsentPurpose, IntakeAnswer
from clinic.formats import names_list
from clinic.languages import _l

STAGES = {
    Stage.POLICE: _l("Police"),
    Stage.PROSECUTION: _l("Prosecution"),
    Stage.COURT: _l("Court"),
    Stage.MEASURE: _l("Measure"),
    Stage.COUNSELLING: _l("Counselling"),
    Stage.SCHOOL: _l("School"),
    Stage.COMMUNITY: _l("Community"),
    "closed": _l("Closed"),
}

TEAM_ROLES = {Role.LAWYER.value: _l("lawyer"), Role.COUNSELLOR.value: _l("counsellor")}

_READS_AS = {
    Role.LAWYER: _l("the lawyer of the case"),
    Role.COUNSELLOR: _l("the counsellor of the case"),
    Role.COORDINATOR: _l("the coordinator"),
}


def roles_of(roles: Iterable[Role]) -> str:
    """In which roles somebody reads a case."""
    return names_list(_READS_AS[role] for role in sorted(roles) if role in _READS_AS)


PURPOSES = {
    ConsentPurpose.SERVICE: _l("Our help"),
    ConsentPurpose.REFERRAL: _l("Referral to others"),
    ConsentPurpose.STATISTICS: _l("Figures without a name"),
    ConsentPurpose.STORY: _l("Telling the story"),
}

FORMS = {
    ConsentForm.WRITTEN: _l("Written"),
    ConsentForm.VERBAL: _l("By word of mouth"),
    ConsentForm.PROVISIONAL: _l("For now, to be confirmed"),
}

STOPS = {
    ConsentPurpose.SERVICE: _l(
        "The team does nothing more for the child. What is planned stays on the line until somebody takes it back."
    ),
    ConsentPurpose.REFERRAL: _l("Nothing more is told to them. Ask them what they still hold, and to give it back."),
    ConsentPurpose.STATISTICS: _l(
        "Figures name nobody, so those that were made stay. Nothing of the child is told as an example any more."
    ),
    ConsentPurpose.STORY: _l("The story is told no more. Ask that it is taken down where it was told."),
}
"""What stops when a consent is withdrawn."""

INTAKE_ANSWERS = {
    IntakeAnswer.WAITING: _l("Waiting for an answer"),
    IntakeAnswer.ACCEPTED: _l("Accepted"),
    IntakeAnswer.DECLINED: _l("Declined"),
}
