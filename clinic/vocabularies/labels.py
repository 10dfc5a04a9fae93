"""What the lists and the attributes of their codes are called."""

from __future__ import annotations

from collections.abc import Mapping

from clinic.languages import _, _l
from clinic.vocabularies.lists import Attribute

LISTS: Mapping[str, str] = {
    "locality": _l("Places where children live"),
    "referral_source": _l("Who sends children to us"),
    "offence": _l("Offences"),
    "disposition": _l("Decisions"),
    "closure_reason": _l("Reasons for closing a case"),
    "police_station": _l("Police stations"),
    "holding_body": _l("Bodies that hold children"),
    "ill_treatment": _l("Kinds of ill-treatment"),
    "custody_place": _l("Places of custody"),
    "court": _l("Courts"),
    "adjournment_reason": _l("Reasons for adjourning a hearing"),
    "school_obstacle": _l("What stands in the way of school"),
    "complaint_body": _l("Bodies that receive complaints"),
    "age_basis": _l("What an estimated age rests on"),
    "paper_language": _l("Languages of the paper signed"),
    "release_reason": _l("Why a child was released"),
    "paper": _l("Papers of the court"),
    "paper_result": _l("Results of a paper"),
    "bail": _l("Bail"),
    "measure_ending": _l("How a measure ended"),
    "not_done_reason": _l("Why a planned step did not take place"),
    "session_theme": _l("What a session was about"),
    "session_setting": _l("Where a session was held"),
    "assessment_kind": _l("Kinds of assessment"),
    "risk_level": _l("Levels of risk"),
    "school_contact": _l("Whom one speaks to at school"),
    "other_person_role": _l("Other sides of a case"),
    "sex": _l("Sex"),
    "date_precision": _l("How well a birth date is known"),
    "refugee_status": _l("Refugee status"),
    "education": _l("Education at intake"),
    "school_type": _l("Kinds of school"),
    "relationship": _l("Guardians"),
    "child_role": _l("Roles of the child"),
    "apprehension": _l("Arrest or summons"),
    "police_outcome": _l("How the time at the police ended"),
    "prosecution_decision": _l("Decisions of the prosecution"),
    "legal_basis": _l("On whose word a child is held"),
    "hearing_purpose": _l("Purposes of hearings"),
    "hearing_status": _l("What became of a hearing"),
    "session_kind": _l("Kinds of session"),
    "school_status": _l("How a child stands in school"),
    "community_kind": _l("Kinds of community follow-up"),
    "service": _l("Services that children are referred for"),
    "referral_status": _l("What became of a referral"),
    "complaint_status": _l("What became of a complaint"),
    "activity_kind": _l("Kinds of activity"),
    "audience": _l("Whom activities are for"),
    "case_status": _l("Status of a case"),
    "proceeding_status": _l("Stages of the proceeding"),
    "step_state": _l("States of a step"),
    "answer": _l("Answers"),
}

ATTRIBUTES: Mapping[str, str] = {
    "kind": _l("Kind"),
    "class": _l("Class"),
    "group": _l("Group"),
    "custodial": _l("Deprives of liberty"),
    "authorised": _l("Allowed to hold children"),
    "level": _l("Level"),
    "high": _l("Shown as a warning"),
    "waits": _l("Somebody has to answer it"),
}

_VALUES: Mapping[str, str] = {
    "camp": _l("Camp"),
    "town": _l("Town"),
    "village": _l("Village"),
    "other": _l("Other"),
    "property": _l("Against property"),
    "person": _l("Against a person"),
    "public": _l("Against public order"),
    "none": _l("No measure"),
    "diversion": _l("Diversion"),
    "sentence": _l("Sentence"),
    "police": _l("Police"),
    "juvenile": _l("For juveniles"),
    "adult": _l("For adults"),
    "magistrate": _l("Magistrate"),
    "first_instance": _l("First instance"),
    "appeal": _l("Appeal"),
}


def list_label(name: str) -> str:
    """What a list is called."""
    return str(LISTS.get(name, name))


def attribute_label(attribute: str) -> str:
    """What an attribute is called."""
    return str(ATTRIBUTES.get(attribute, attribute))


def value_label(value: Attribute | None) -> str:
    """What a value of an attribute is called."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(_VALUES.get(value or "", value or _("not said")))
