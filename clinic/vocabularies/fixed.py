"""The fixed lists: codes that the program itself decides by. Their labels are in config/vocabularies.toml; a test
keeps the two equal.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Sex(StrEnum):
    """What is recorded of a child."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class DatePrecision(StrEnum):
    """How well a birth date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class RefugeeStatus(StrEnum):
    """Whether the child is a refugee, and registered."""

    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    NOT_REFUGEE = "not_refugee"
    UNKNOWN = "unknown"


class Education(StrEnum):
    """Where the child stands at intake."""

    ATTENDING = "attending"
    IRREGULAR = "irregular"
    OUT_OF_SCHOOL = "out_of_school"
    VOCATIONAL = "vocational"
    WORKING = "working"
    COMPLETED = "completed"
    UNKNOWN = "unknown"


class SchoolType(StrEnum):
    """Who runs the school."""

    UNRWA = "unrwa"
    GOVERNMENT = "government"
    PRIVATE = "private"
    OTHER = "other"


class Relationship(StrEnum):
    """What a guardian is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"
    OTHER = "other"


class ChildRole(StrEnum):
    """What the child is in the case."""

    ACCUSED = "accused"
    COMPLAINANT = "complainant"
    WITNESS = "witness"
    ADVICE_ONLY = "advice_only"


class Apprehension(StrEnum):
    """How the child came to the police."""

    ARREST = "arrest"
    SUMMONS = "summons"


class PoliceOutcome(StrEnum):
    """How the time at the police ended."""

    RELEASED = "released"
    DIVERTED = "diverted"
    REFERRED_TO_PROSECUTION = "referred_to_prosecution"
    TRANSFERRED = "transferred"


class ProsecutionDecision(StrEnum):
    """What the prosecution decided."""

    RELEASE = "release"
    RELEASE_ON_BAIL = "release_on_bail"
    DETAIN = "detain"
    EXTEND_DETENTION = "extend_detention"
    MEDIATION = "mediation"
    REFER_TO_COURT = "refer_to_court"
    DISMISS = "dismiss"


class LegalBasis(StrEnum):
    """On whose word a child is held."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    COURT_REMAND = "court_remand"
    SENTENCE = "sentence"


class HearingPurpose(StrEnum):
    """What a hearing is for."""

    REMAND = "remand"
    PLEA = "plea"
    TRIAL = "trial"
    MEDIATION = "mediation"
    VERDICT = "verdict"
    APPEAL = "appeal"
    REVIEW = "review"


class HearingStatus(StrEnum):
    """What became of a hearing."""

    SCHEDULED = "scheduled"
    HELD = "held"
    ADJOURNED = "adjourned"
    CANCELLED = "cancelled"


class SessionKind(StrEnum):
    """Who sits in a counselling session."""

    INDIVIDUAL = "individual"
    FAMILY = "family"
    GROUP = "group"


class SchoolStatus(StrEnum):
    """How the child stands at school at a follow-up."""

    ATTENDING = "attending"
    IRREGULAR = "irregular"
    OUT_OF_SCHOOL = "out_of_school"
    RE_ENROLLED = "re_enrolled"
    VOCATIONAL = "vocational"
    COMPLETED = "completed"


class CommunityKind(StrEnum):
    """What was done in the community."""

    HOME_VISIT = "home_visit"
    FAMILY_MEETING = "family_meeting"
    COMMUNITY_MEDIATION = "community_mediation"
    VOCATIONAL_PLACEMENT = "vocational_placement"
    RECREATION = "recreation"


class Service(StrEnum):
    """What a child is referred for."""

    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    EDUCATION = "education"
    VOCATIONAL = "vocational"
    SHELTER = "shelter"
    CASH = "cash"
    LEGAL = "legal"
    OTHER = "other"


class ReferralStatus(StrEnum):
    """What became of a referral."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COMPLETED = "completed"
    LAPSED = "lapsed"


class ComplaintStatus(StrEnum):
    """What became of a complaint."""

    FILED = "filed"
    ANSWERED = "answered"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class ActivityKind(StrEnum):
    """What the clinic held."""

    TRAINING = "training"
    AWARENESS_SESSION = "awareness_session"
    NETWORK_MEETING = "network_meeting"
    ADVOCACY = "advocacy"


class Audience(StrEnum):
    """Whom an activity was for."""

    POLICE = "police"
    PROSECUTORS = "prosecutors"
    JUDGES = "judges"
    LAWYERS = "lawyers"
    TEACHERS = "teachers"
    PARENTS = "parents"
    CHILDREN = "children"
    COMMUNITY = "community"
    AUTHORITIES = "authorities"


class CaseStatus(StrEnum):
    """The clinic's own status of a case."""

    OPEN = "open"
    CLOSING_PROPOSED = "closing_proposed"
    CLOSED = "closed"


class ProceedingStatus(StrEnum):
    """How far the proceeding is; derived, never typed."""

    NONE = "none"
    POLICE = "police"
    PROSECUTION = "prosecution"
    COURT = "court"
    DECIDED = "decided"
    APPEALED = "appealed"
    MEASURE_RUNNING = "measure_running"
    ENDED = "ended"


class StepState(StrEnum):
    """Whether a step is planned, took place, or did not."""

    PLANNED = "planned"
    DONE = "done"
    NOT_DONE = "not_done"


class Answer(StrEnum):
    """An answer that may be unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


FIXED: Final[dict[str, type[StrEnum]]] = {
    "sex": Sex,
    "date_precision": DatePrecision,
    "refugee_status": RefugeeStatus,
    "education": Education,
    "school_type": SchoolType,
    "relationship": Relationship,
    "child_role": ChildRole,
    "apprehension": Apprehension,
    "police_outcome": PoliceOutcome,
    "prosecution_decision": ProsecutionDecision,
    "legal_basis": LegalBasis,
    "hearing_purpose": HearingPurpose,
    "hearing_status": HearingStatus,
    "session_kind": SessionKind,
    "school_status": SchoolStatus,
    "community_kind": CommunityKind,
    "service": Service,
    "referral_status": ReferralStatus,
    "complaint_status": ComplaintStatus,
    "activity_kind": ActivityKind,
    "audience": Audience,
    "case_status": CaseStatus,
    "proceeding_status": ProceedingStatus,
    "step_state": StepState,
    "answer": Answer,
}
"""The lists of the file by name."""
