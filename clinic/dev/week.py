"""The demonstration's present: children held now, the week ahead, what waits for an answer. Made through the actions.

Every person here is invented.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.cases import actions, closing, consent, intake
from clinic.cases.consent import ConsentGiven
from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, ConsentForm, ConsentPurpose, Step
from clinic.children import actions as children
from clinic.children.models import Child
from clinic.children.rules import Born, ChildTold, GuardianTold
from clinic.clock import Moment
from clinic.db import session
from clinic.desk import actions as desk
from clinic.vocabularies.fixed import Answer, CaseStatus, ChildRole, StepState


@dataclass(frozen=True)
class Cast:
    """The people of the demonstration in whose name the week is made."""

    lawyer: Reader
    counsellor: Reader
    coordinator: Reader


def plan(staff: Mapping[str, Reader]) -> None:
    """Makes the week around today."""
    cast = Cast(staff["lawyer.rana"], staff["counsellor.huda"], staff["coordinator.nadia"])
    _held_now(cast)
    _hearings_ahead(cast)
    _visits_ahead(cast)
    _what_waits(cast)
    _tasks(cast)


def _ago(hours: float) -> Moment:
    """A moment so many hours ago, to five minutes."""
    at = clock.now() - timedelta(hours=hours)
    return Moment(at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0))


def _ahead(days: int, hour: int, minute: int = 0) -> Moment:
    """A moment of a working day ahead; Friday and Saturday move on to Sunday."""
    day = clock.today() + timedelta(days=days)
    while day.weekday() in (4, 5):
        day += timedelta(days=1)
    return Moment(clock.from_local(datetime(day.year, day.month, day.day, hour, minute)))


@dataclass(frozen=True)
class Invented:
    """An invented child, and the mother who may be called."""

    names: Sequence[str]  # given, father, grandfather, family, Latin
    age: int
    locality: str
    mother: str
    phone: str
    safe: str


KARAM = Invented(
    ("كرم", "يوسف", "إبراهيم", "الجعفري", "Karam Yousef Al-Jaafari"),
    14,
    "dheisheh",
    "أم كرم",
    "0599000101",
    "بعد الرابعة عصرًا",
)
ADAM = Invented(("آدم", "طارق", "حسن", "شاهين", "Adam Tareq Shaheen"), 16, "aida", "أم آدم", "0599000102", "في أي وقت")
LAITH = Invented(
    ("ليث", "سامر", "نبيل", "حماد", "Laith Samer Hammad"),
    15,
    "doha",
    "أم ليث",
    "0599000103",
    "صباحًا فقط، لا يرد الوالد",
)
ZAID = Invented(
    ("زيد", "محمود", "علي", "أبو سرور", "Zaid Mahmoud Abu Srour"),
    17,
    "beit_jibrin",
    "أم زيد",
    "0599000104",
    "بعد السادسة مساءً",
)
WISAM = Invented(
    ("وسام", "خالد", "موسى", "مزهر", "Wisam Khaled Mizher"), 13, "al_khader", "أم وسام", "0599000105", "بعد الظهر"
)


def _child(by: Reader, who: Invented) -> Child:
    given, father, grandfather, family, latin = who.names
    born = clock.today() - timedelta(days=int(who.age * 365.25) + 90)
    told = ChildTold(
        given_name=given,
        father_name=father,
        grandfather_name=grandfather,
        family_name=family,
        name_latin=latin,
        sex="male",
        born=Born(born),
        locality=who.locality,
        refugee_status="registered",
        education_at_intake="attending",
        school_type="unrwa",
    )
    guardian = GuardianTold(
        name=who.mother,
        relationship="mother",
        phone=who.phone,
        safe_to_call=Answer.YES,
        safe_when=who.safe,
        may_say="نتصل من المركز بخصوص النشاط",
    )
    return children.register_child(told, by=by, guardians=[guardian])


def _case(cast: Cast, child: Child, opened: date, offence: str, *, counsellor: bool = True) -> CaseFile:
    team = [(cast.lawyer.staff_id, Role.LAWYER)]
    if counsellor:
        team.append((cast.counsellor.staff_id, Role.COUNSELLOR))
    return actions.open_case(
        child=child,
        by=cast.lawyer,
        opened_on=opened,
        role=ChildRole.ACCUSED,
        referral_source="family",
        offences=[offence],
        offence_on=opened,
        projects=["core"],
        team=team,
    )


def _record(kind: str, case: CaseFile, by: Reader, **values: Any) -> Step:
    return actions.record(kind_of(kind), case, values, by=by)


def _plan(kind: str, case: CaseFile, by: Reader, **values: Any) -> Step:
    return actions.record(kind_of(kind), case, values, by=by, state=StepState.PLANNED)


def _held_now(cast: Cast) -> None:
    """Four children in custody: tonight's, one near the limit, one over it, one on remand."""
    _tonight(cast)
    _before_the_prosecution(cast)
    _over_the_limit(cast)
    _on_remand(cast)


def _tonight(cast: Cast) -> None:
    child = _child(cast.lawyer, KARAM)
    taken = _ago(5)
    case = _case(cast, child, taken.local_date, "theft")
    _record(
        "police_attendance",
        case,
        cast.lawyer,
        arrested=taken,
        apprehension="arrest",
        police_station="bethlehem_city",
        holding_body="criminal_investigation",
        lawyer_notified=_ago(3.5),
        lawyer_attended=Answer.YES,
        lawyer_arrived=_ago(3),
        told_of_rights=Answer.NO,
        questioned_before_lawyer=Answer.YES,
        questioned=_ago(4.25),
        guardian_present=Answer.NO,
        guardian_sent_out=Answer.YES,
        note="طلب الطفل أن لا يُسأل أمام والده. المحضر بلا توقيع.",
    )
    _record("custody_period", case, cast.lawyer, place="police_cell", legal_basis="police", began=taken)
    _agreed_at_night(case, cast)


def _agreed_at_night(case: CaseFile, cast: Cast) -> None:
    given = ConsentGiven(
        purpose=ConsentPurpose.SERVICE,
        by_guardian=True,
        by_child=True,
        form=ConsentForm.PROVISIONAL,
        given_on=clock.today(),
        confirm_by=clock.today() + timedelta(days=7),
    )
    consent.give_consent(case, given, by=cast.lawyer)


def _before_the_prosecution(cast: Cast) -> None:
    child = _child(cast.lawyer, ADAM)
    case = _case(cast, child, _ago(40).local_date, "brawl")
    attendance = {"apprehension": "summons", "police_station": "bethlehem_juvenile", "lawyer_attended": Answer.NO}
    left = {"left_police": _ago(31), "police_outcome": "referred_to_prosecution", "told_of_rights": Answer.YES}
    _record("police_attendance", case, cast.lawyer, arrested=_ago(40), **attendance, **left)
    _record(
        "custody_period",
        case,
        cast.lawyer,
        place="police_cell",
        legal_basis="police",
        began=_ago(40),
        ended=_ago(31),
        separated_from_adults=Answer.NO,
    )
    _detained(case, cast)


def _detained(case: CaseFile, cast: Cast) -> None:
    _record(
        "prosecution_appearance",
        case,
        cast.lawyer,
        appeared=_ago(31),
        prosecution_office="نيابة بيت لحم",
        lawyer_attended=Answer.YES,
        guardian_present=Answer.YES,
        decision="detain",
    )
    _record("custody_period", case, cast.lawyer, place="dar_al_amal", legal_basis="prosecution", began=_ago(31))
    _plan(
        "hearing",
        case,
        cast.lawyer,
        scheduled=_ahead(1, 10),
        court="bethlehem_magistrate",
        purpose="remand",
        status="scheduled",
    )


def _over_the_limit(cast: Cast) -> None:
    child = _child(cast.lawyer, LAITH)
    case = _case(cast, child, _ago(26).local_date, "bodily_harm")
    _record(
        "police_attendance",
        case,
        cast.lawyer,
        arrested=_ago(26),
        apprehension="arrest",
        police_station="beit_sahour_st",
        lawyer_notified=_ago(20),
        lawyer_attended=Answer.YES,
        lawyer_arrived=_ago(19),
        told_of_rights=Answer.UNKNOWN,
        questioned_before_lawyer=Answer.NO,
        ill_treatment_alleged=Answer.YES,
        ill_treatment_kinds=("threats", "denial_basic"),
    )
    _record("custody_period", case, cast.lawyer, place="police_cell", legal_basis="police", began=_ago(26))


def _on_remand(cast: Cast) -> None:
    child = _child(cast.lawyer, ZAID)
    case = _case(cast, child, _ago(24 * 11).local_date, "damage")
    _record(
        "custody_period",
        case,
        cast.lawyer,
        place="police_cell",
        legal_basis="police",
        began=_ago(24 * 11),
        ended=_ago(24 * 10),
    )
    _record(
        "custody_period",
        case,
        cast.lawyer,
        place="dar_al_amal",
        legal_basis="court_remand",
        began=_ago(24 * 10),
        separated_from_adults=Answer.YES,
        family_visit=Answer.YES,
    )
    _extended(case, cast)


def _extended(case: CaseFile, cast: Cast) -> None:
    held = {"court": "bethlehem_magistrate", "purpose": "remand", "status": "held", "lawyer_attended": Answer.YES}
    _record("hearing", case, cast.lawyer, scheduled=_ago(24 * 10), days_extended=15, **held)
    _record("filing", case, cast.lawyer, what="social_inquiry_report", filed_on=clock.today() - timedelta(days=9))
    _plan(
        "hearing",
        case,
        cast.lawyer,
        scheduled=_ahead(5, 9, 30),
        court="bethlehem_magistrate",
        purpose="remand",
        status="scheduled",
    )


def _open_cases(lead: Any, number: int) -> Iterator[CaseFile]:
    """Some open cases of accused children of the register that a person leads."""
    open_ones = (CaseFile.status == CaseStatus.OPEN, CaseFile.role == ChildRole.ACCUSED, CaseFile.source == "import")
    wanted = select(CaseFile).where(lead, *open_ones)
    return iter(session.scalars(wanted.order_by(CaseFile.opened_on.desc(), CaseFile.id).limit(number)).all())


def _hearings_ahead(cast: Cast) -> None:
    """Hearings of the next two weeks, two of them at the same hour."""
    times = ((2, 9, 30), (2, 9, 30), (4, 11, 0), (6, 10, 0), (8, 9, 0), (11, 12, 30))
    purposes = itertools.cycle(("trial", "plea", "trial", "verdict"))
    for case, (days, hour, minute) in zip(
        _open_cases(CaseFile.lawyer_id == cast.lawyer.staff_id, 12), times, strict=False
    ):
        when = {"scheduled": _ahead(days, hour, minute), "status": "scheduled"}
        _plan("hearing", case, cast.lawyer, court="bethlehem_magistrate", purpose=next(purposes), **when)


def _visits_ahead(cast: Cast) -> None:
    """Sessions and visits: some to come, some that should have been."""
    today = clock.today()
    for number, case in enumerate(_open_cases(CaseFile.counsellor_id == cast.counsellor.staff_id, 8)):
        day = today + timedelta(days=(number - 2) * 2)
        if number % 3 == 2:
            _plan("school_followup", case, cast.counsellor, visited_on=day)
        else:
            _plan("counselling_session", case, cast.counsellor, held_on=day, session_kind="individual")


def _what_waits(cast: Cast) -> None:
    """Referrals to answer, a closing to approve, a case without a team."""
    today = clock.today()
    told = (
        ("social_development", "مازن خليل ربايعة", "١٤ سنة، مخيم الدهيشة، موقوف منذ أمس", "تمثيل أمام النيابة", True),
        ("school", "سجى عمر العزة", "١٣ سنة، متغيبة عن المدرسة منذ القضية", "إرشاد ومتابعة مدرسية", False),
        ("family", "", "عائلة من الخضر تسأل عن ابنها، ١٦ سنة", "استشارة", False),
    )
    for days, (source, name, about, wish, urgent) in enumerate(told):
        values = {"referral_source": source, "child_name": name or None, "child_about": about, "wish": wish}
        intake.note_intake(
            {**values, "urgent": urgent, "received_on": today - timedelta(days=days)}, by=cast.coordinator
        )
    for case in list(_open_cases(CaseFile.lawyer_id == cast.lawyer.staff_id, 30))[-2:]:
        closing.propose_closing(
            case,
            reason="proceedings_ended",
            closed_on=today,
            by=cast.lawyer,
            note="انتهت الإجراءات، والطفل منتظم في المدرسة.",
        )
    _without_a_team(cast)


def _without_a_team(cast: Cast) -> None:
    child = _child(cast.coordinator, WISAM)
    actions.open_case(
        child=child,
        by=cast.coordinator,
        opened_on=clock.today() - timedelta(days=1),
        role=ChildRole.COMPLAINANT,
        referral_source="social_development",
    )


def _tasks(cast: Cast) -> None:
    """Something to do for each."""
    cases = list(_open_cases(CaseFile.lawyer_id == cast.lawyer.staff_id, 4))
    texts = ("توكيل من أم الطفل", "متابعة رد الشكوى", "نسخة عن محضر الجلسة")
    for number, (case, what) in enumerate(zip(cases, texts, strict=False)):
        due = clock.today() + timedelta(days=number - 1)
        desk.add_task(
            task_id=clock.new_id(),
            case=case,
            what=what,
            due_on=due,
            assigned_to=cast.lawyer.staff_id,
            by=cast.lawyer,
            team=frozenset({cast.lawyer.staff_id}),
        )
