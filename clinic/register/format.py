"""The shape of the clinic's register: its sheets and columns, as data, in the order of the contract (docs/register.md).

A column says what its cells hold, whether they must be filled, which list they are taken from and who may read them
(its lane, see `clinic.access`). Reading, checking and writing go by this table alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

UNKNOWN = "unknown"
"""What a starred name or code holds where it is not known; every answer has it among its codes."""


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMERAL = "numeral"  # a text of digits, such as a phone number
    REFERENCE = "reference"
    USERNAME = "username"
    CODE = "code"
    CODES = "codes"
    ANSWER = "answer"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"
    DECIMAL = "decimal"  # a number that need not be whole
    FLAG = "flag"  # yes or no, never unknown
    STAMP = "stamp"  # when something was entered, to the microsecond


class Lane(StrEnum):
    """Whose eyes a column is for."""

    IDENTITY = "identity"
    LEGAL = "legal"
    SOCIAL = "social"
    ILL_TREATMENT = "ill_treatment"
    FACTS = "facts"


ALL_LANES = frozenset(Lane)
OPEN_LANES = frozenset({Lane.FACTS, Lane.IDENTITY})
"""The lanes of everybody who sees a case at all."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet. `vocabulary` names the list of a code; a column of codes without one takes new codes."""

    name: str
    arabic: str
    kind: Kind = Kind.TEXT
    required: bool = False
    vocabulary: str = ""
    lane: Lane = Lane.FACTS
    unknown: bool = True
    """Whether a code may be `unknown`."""
    own_codes: tuple[str, ...] = ()
    """The codes, where they are the program's own and in no list."""
    minimum: int = 0
    maximum: int = 999_999
    may_be_ahead: bool = False
    """Whether a date to come is what the column is for."""
    further: bool = False
    """Beyond the contract's columns: export writes it after them, a file without it is complete."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its columns, and what tells its rows apart."""

    name: str
    arabic: str
    columns: tuple[Column, ...]
    reference: str = ""
    """The column of the clinic's own reference, unique in the sheet; empty for sheets of steps."""
    joins: tuple[tuple[str, str], ...] = ()
    """Columns that refer to rows of other sheets: (column, sheet)."""
    when: str = ""
    """The starred moment or date by which a row without a reference is recognised."""
    beside: tuple[str, ...] = ()
    """What besides case and moment tells steps apart: place, court, kind, service, body."""
    kind: str = ""
    """The kind of step that its rows are; empty for what is no step."""
    further: bool = False

    @cached_property
    def at(self) -> dict[str, int]:
        """Where each column stands in a row."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @property
    def holds_steps(self) -> bool:
        return bool(self.kind)

    @cached_property
    def confidential(self) -> tuple[int, ...]:
        """Where the cells stand that not everybody reads who sees the case."""
        return tuple(place for place, column in enumerate(self.columns) if column.lane not in OPEN_LANES)

    def column(self, name: str) -> Column:
        return self.columns[self.at[name]]

    def of_kind(self, *kinds: Kind) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind in kinds)


def _ref(name: str, arabic: str, required: bool = True) -> Column:
    return Column(name, arabic, Kind.REFERENCE, required)


def _text(name: str, arabic: str, lane: Lane = Lane.FACTS, required: bool = False) -> Column:
    return Column(name, arabic, Kind.TEXT, required, lane=lane)


def _numeral(name: str, arabic: str) -> Column:
    return Column(name, arabic, Kind.NUMERAL, lane=Lane.IDENTITY)


def _code(name: str, arabic: str, vocabulary: str, required: bool = False, lane: Lane = Lane.FACTS) -> Column:
    return Column(name, arabic, Kind.CODE, required, vocabulary, lane)


def _codes(name: str, arabic: str, vocabulary: str, required: bool = False, lane: Lane = Lane.FACTS) -> Column:
    return Column(name, arabic, Kind.CODES, required, vocabulary, lane)


def _certain(name: str, arabic: str, vocabulary: str) -> Column:
    """A code that stands for something when blank, so that it cannot be unknown."""
    return Column(name, arabic, Kind.CODE, vocabulary=vocabulary, unknown=False)


def _answer(name: str, arabic: str) -> Column:
    return Column(name, arabic, Kind.ANSWER)


def _date(name: str, arabic: str, required: bool = False, lane: Lane = Lane.FACTS) -> Column:
    return Column(name, arabic, Kind.DATE, required, lane=lane)


def _moment(name: str, arabic: str, required: bool = False) -> Column:
    return Column(name, arabic, Kind.MOMENT, required)


def _number(name: str, arabic: str, maximum: int = 999_999, lane: Lane = Lane.FACTS) -> Column:
    return Column(name, arabic, Kind.NUMBER, maximum=maximum, lane=lane)


def _username(name: str, arabic: str) -> Column:
    return Column(name, arabic, Kind.USERNAME)


CASE_REF = _ref("case_ref", "رقم القضية")
STEP_REF = Column("step_ref", "رقم الخطوة", Kind.REFERENCE)
OF_A_CASE = (("case_ref", "cases"),)
_LAWYER_ATTENDED = _answer("lawyer_attended", "حضور المحامي")
_GUARDIAN_PRESENT = _answer("guardian_present", "حضور ولي الأمر")


def _steps(name: str, arabic: str, *columns: Column, kind: str, when: str, beside: tuple[str, ...] = ()) -> Sheet:
    joined = (CASE_REF, *columns, STEP_REF)
    return Sheet(name, arabic, joined, joins=OF_A_CASE, when=when, beside=beside, kind=kind)


CHILDREN = Sheet(
    "children",
    "الأطفال",
    (
        _ref("child_ref", "رقم الطفل"),
        _text("given_name", "الاسم", Lane.IDENTITY, required=True),
        _text("father_name", "اسم الأب", Lane.IDENTITY),
        _text("grandfather_name", "اسم الجد", Lane.IDENTITY),
        _text("family_name", "العائلة", Lane.IDENTITY, required=True),
        _text("name_latin", "الاسم باللاتينية", Lane.IDENTITY),
        _code("sex", "الجنس", "sex", required=True),
        _date("date_of_birth", "تاريخ الميلاد", lane=Lane.IDENTITY),
        _certain("date_of_birth_precision", "دقة تاريخ الميلاد", "date_precision"),
        _code("refugee_status", "صفة اللجوء", "refugee_status"),
        _numeral("unrwa_number", "رقم كرت المؤن"),
        _code("locality", "مكان السكن", "locality"),
        _answer("disability", "إعاقة"),
        _code("education_at_intake", "الوضع التعليمي عند الاستقبال", "education"),
        _text("school_name", "المدرسة", Lane.IDENTITY),
        _code("school_type", "نوع المدرسة", "school_type"),
        _text("guardian_name", "ولي الأمر", Lane.IDENTITY),
        _code("guardian_relationship", "صلة القرابة", "relationship"),
        _numeral("guardian_phone", "هاتف ولي الأمر"),
    ),
    reference="child_ref",
)

CASES = Sheet(
    "cases",
    "القضايا",
    (
        CASE_REF,
        _ref("child_ref", "رقم الطفل"),
        _date("opened_on", "تاريخ فتح الملف", required=True),
        _certain("child_role", "صفة الطفل", "child_role"),
        _code("referral_source", "مصدر الإحالة", "referral_source", required=True),
        _codes("alleged_offence", "التهمة", "offence"),
        _date("offence_on", "تاريخ الواقعة"),
        _codes("projects", "المشاريع", ""),
        _date("consent_given_on", "تاريخ الموافقة"),
        _username("lawyer", "المحامي"),
        _username("counsellor", "المرشد"),
        _code("disposition", "الحكم أو القرار", "disposition"),
        _date("disposition_on", "تاريخ الحكم"),
        _date("closed_on", "تاريخ إغلاق الملف"),
        _code("closure_reason", "سبب الإغلاق", "closure_reason"),
    ),
    reference="case_ref",
    joins=(("child_ref", "children"),),
)

POLICE_ATTENDANCES = _steps(
    "police_attendances",
    "التمثيل في مركز الشرطة",
    _moment("arrested_at", "وقت التوقيف", required=True),
    _code("apprehension", "طريقة الإحضار", "apprehension"),
    _code("police_station", "مركز الشرطة", "police_station", required=True),
    _moment("lawyer_notified_at", "وقت إبلاغ المحامي"),
    _LAWYER_ATTENDED,
    _moment("lawyer_arrived_at", "وقت وصول المحامي"),
    _moment("questioned_at", "وقت الاستجواب"),
    _GUARDIAN_PRESENT,
    _answer("guardian_sent_out", "إخراج ولي الأمر"),
    _code("holding_body", "الجهة المحتجزة", "holding_body"),
    _answer("protection_counsellor_present", "حضور مرشد حماية الطفولة"),
    _answer("ill_treatment_alleged", "ادعاء سوء معاملة"),
    _codes("ill_treatment_kinds", "أشكال سوء المعاملة", "ill_treatment", lane=Lane.ILL_TREATMENT),
    _answer("statement_signed", "توقيع إفادة"),
    _moment("left_police_at", "وقت مغادرة الشرطة"),
    _code("police_outcome", "نتيجة", "police_outcome"),
    kind="police_attendance",
    when="arrested_at",
)

PROSECUTION_APPEARANCES = _steps(
    "prosecution_appearances",
    "المثول أمام النيابة",
    _moment("appeared_at", "وقت المثول", required=True),
    _text("prosecution_office", "مكتب النيابة", Lane.IDENTITY),
    _LAWYER_ATTENDED,
    _GUARDIAN_PRESENT,
    _code("decision", "القرار", "prosecution_decision"),
    kind="prosecution_appearance",
    when="appeared_at",
)

CUSTODY_PERIODS = _steps(
    "custody_periods",
    "فترات التوقيف والاحتجاز",
    _code("place", "المكان", "custody_place", required=True),
    _code("legal_basis", "السند القانوني", "legal_basis", required=True),
    _moment("began_at", "بداية", required=True),
    _moment("ended_at", "نهاية"),
    _answer("separated_from_adults", "الفصل عن البالغين"),
    _answer("family_visit", "زيارة الأهل"),
    _answer("education_access", "التعليم"),
    kind="custody_period",
    when="began_at",
    beside=("place",),
)

HEARINGS = _steps(
    "hearings",
    "الجلسات",
    _code("court", "المحكمة", "court", required=True),
    _moment("scheduled_at", "موعد الجلسة", required=True),
    _code("purpose", "الغرض", "hearing_purpose"),
    _code("status", "الحالة", "hearing_status", required=True),
    _code("adjournment_reason", "سبب التأجيل", "adjournment_reason"),
    _LAWYER_ATTENDED,
    _answer("child_attended", "حضور الطفل"),
    _GUARDIAN_PRESENT,
    kind="hearing",
    when="scheduled_at",
    beside=("court",),
)

COUNSELLING_SESSIONS = _steps(
    "counselling_sessions",
    "جلسات الإرشاد",
    _date("held_on", "التاريخ", required=True),
    _code("kind", "النوع", "session_kind", required=True),
    _username("counsellor", "المرشد"),
    _number("duration_minutes", "المدة بالدقائق"),
    _number("wellbeing_score", "تقييم الطفل", maximum=10, lane=Lane.SOCIAL),
    _text("note", "ملاحظة", Lane.SOCIAL),
    kind="counselling_session",
    when="held_on",
    beside=("kind",),
)

SCHOOL_FOLLOWUPS = _steps(
    "school_followups",
    "متابعة المدرسة",
    _date("visited_on", "تاريخ الزيارة", required=True),
    _code("school_status", "وضع المدرسة", "school_status", required=True),
    _code("obstacle", "العائق", "school_obstacle"),
    _text("action", "الإجراء", Lane.IDENTITY),
    kind="school_followup",
    when="visited_on",
)

COMMUNITY_FOLLOWUPS = _steps(
    "community_followups",
    "المتابعة المجتمعية",
    _date("held_on", "التاريخ", required=True),
    _code("kind", "النوع", "community_kind", required=True),
    _text("result", "النتيجة", Lane.IDENTITY),
    kind="community_followup",
    when="held_on",
    beside=("kind",),
)

REFERRALS = _steps(
    "referrals",
    "الإحالات",
    _date("referred_on", "تاريخ الإحالة", required=True),
    _text("agency", "الجهة", Lane.IDENTITY, required=True),
    _code("service", "الخدمة", "service", required=True),
    _code("status", "الحالة", "referral_status", required=True),
    _date("completed_on", "تاريخ الإنجاز"),
    kind="referral",
    when="referred_on",
    beside=("service",),
)

COMPLAINTS = _steps(
    "complaints",
    "الشكاوى",
    _date("filed_on", "تاريخ التقديم", required=True),
    _code("body", "الجهة", "complaint_body", required=True),
    _codes("about", "الموضوع", "ill_treatment", required=True, lane=Lane.ILL_TREATMENT),
    _code("status", "الحالة", "complaint_status", required=True),
    _date("answered_on", "تاريخ الرد"),
    kind="complaint",
    when="filed_on",
    beside=("body",),
)

ACTIVITIES = Sheet(
    "activities",
    "الأنشطة",
    (
        _ref("activity_ref", "رقم النشاط"),
        _date("held_on", "التاريخ", required=True),
        _code("kind", "النوع", "activity_kind", required=True),
        _code("audience", "الفئة", "audience"),
        _number("participants_female", "المشاركات"),
        _number("participants_male", "المشاركون"),
        _text("title", "العنوان"),
    ),
    reference="activity_ref",
)

SHEETS: tuple[Sheet, ...] = (
    CHILDREN,
    CASES,
    POLICE_ATTENDANCES,
    PROSECUTION_APPEARANCES,
    CUSTODY_PERIODS,
    HEARINGS,
    COUNSELLING_SESSIONS,
    SCHOOL_FOLLOWUPS,
    COMMUNITY_FOLLOWUPS,
    REFERRALS,
    COMPLAINTS,
    ACTIVITIES,
)
"""The sheets in the order in which they are read, checked and written."""

BY_NAME: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
