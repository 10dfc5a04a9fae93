"""The further sheets of what is no step: guardians, consents, teams and whatever else stands beside the cases."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from clinic.access.models import Wall
from clinic.access.permissions import Role
from clinic.cases.models import (
    CasePeriod,
    ClosingAnswer,
    ClosingProposal,
    Consent,
    ConsentForm,
    ConsentPurpose,
    Intake,
    IntakeAnswer,
    Project,
    Sharing,
    Task,
    TeamMember,
)  # fmt: skip
from clinic.children.models import Guardian, LikelyPair, PairState
from clinic.law.models import RuleSetConfirmation
from clinic.register.aims import AIMS
from clinic.register.format import Column, Kind, Lane, Sheet
from clinic.register.holds import HOLDS
from clinic.register.kept import (
    CASE,
    CHILD,
    PERSON,
    ROW,
    Kept,
    column,
    column_of_case,
    column_of_codes,
    column_of_date,
    column_of_identity,
    column_of_person,
    column_of_reference,
)  # fmt: skip
from clinic.register.sides import POSSIBLE_CONFLICTS, SIDES
from clinic.staff.models import StaffMember
from clinic.vocabularies.models import VocabularyTerm


class TeamRole(StrEnum):
    """As what somebody is on the team of a case."""

    LAWYER = "lawyer"
    COUNSELLOR = "counsellor"


class SpokenLanguage(StrEnum):
    """In which language somebody reads the pages."""

    ARABIC = "ar"
    ENGLISH = "en"


GUARDIANS = Kept(
    Sheet(
        "guardians",
        "أولياء الأمور",
        (
            Column("child_ref", "رقم الطفل", Kind.REFERENCE, True, further=True),
            column_of_reference("guardian_ref", "رقم ولي الأمر"),
            column("position", "الترتيب", Kind.NUMBER),
            column_of_identity("name", "الاسم"),
            column("relationship", "صلة القرابة", Kind.CODE, of="relationship"),
            column("phone", "الهاتف", Kind.NUMERAL, Lane.IDENTITY),
            column("safe_to_call", "الاتصال آمن", Kind.ANSWER),
            column_of_identity("safe_when", "متى وكيف يكون الاتصال آمناً"),
            column_of_identity("may_say", "ما يمكن قوله"),
            column_of_date("ended_on", "تاريخ الانتهاء"),
        ),
        joins=(("child_ref", "children"),),
        further=True,
    ),
    Guardian,
    {"child_ref": "child_id", "guardian_ref": "id"},
    {"child_ref": CHILD, "guardian_ref": ROW},
    known_by=("child_ref", "position"),
)

CONSENTS = Kept(
    Sheet(
        "consents",
        "الموافقات",
        (
            column_of_case(),
            column_of_reference("consent_ref", "رقم الموافقة"),
            column_of_codes("purpose", "الغرض", ConsentPurpose, required=True),
            column_of_codes("form", "الشكل", ConsentForm, required=True),
            column("given_by_guardian", "من ولي الأمر", Kind.FLAG, required=True),
            column("given_by_child", "من الطفل", Kind.FLAG, required=True),
            column("refused", "رفض", Kind.FLAG, required=True),
            column_of_date("given_on", "التاريخ", required=True),
            column_of_date("until", "حتى"),
            column_of_date("confirm_by", "يؤكد قبل"),
            column_of_date("confirmed_on", "تاريخ التأكيد"),
            column_of_date("withdrawn_on", "تاريخ السحب"),
            column_of_identity("to_whom", "لمن"),
            column_of_identity("note", "ملاحظة"),
            column_of_identity("withdrawn_because", "سبب السحب"),
        ),
        reference="consent_ref",
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    Consent,
    {"case_ref": "case_id", "consent_ref": "id"},
    {"case_ref": CASE, "consent_ref": ROW},
    known_by=("case_ref", "purpose", "given_on"),
)

SHARINGS = Kept(
    Sheet(
        "sharings",
        "ما شورك",
        (
            column_of_case(),
            column_of_reference("sharing_ref", "رقم المشاركة"),
            Column("consent_ref", "رقم الموافقة", Kind.REFERENCE, True, further=True),
            column_of_date("shared_on", "التاريخ", required=True),
            column_of_identity("to_whom", "لمن"),
            column_of_identity("what", "ما شورك"),
        ),
        joins=(("case_ref", "cases"), ("consent_ref", "consents")),
        further=True,
    ),
    Sharing,
    {"case_ref": "case_id", "sharing_ref": "id", "consent_ref": "consent_id"},
    {"case_ref": CASE, "sharing_ref": ROW, "consent_ref": ROW},
    known_by=("case_ref", "consent_ref", "shared_on", "to_whom"),
)

TEAM = Kept(
    Sheet(
        "team",
        "الفريق",
        (
            column_of_case(),
            column_of_person("username", "اسم المستخدم", required=True),
            column_of_codes("role", "الدور", TeamRole, required=True),
            column_of_date("since", "من", required=True),
            column_of_date("until", "حتى"),
            column_of_person("assigned_by", "من كلّفه"),
            column("assigned_at", "وقت التكليف", Kind.STAMP),
            column_of_identity("note", "ملاحظة"),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    TeamMember,
    {"case_ref": "case_id", "username": "staff_id"},
    {"case_ref": CASE, "username": PERSON, "assigned_by": PERSON},
    known_by=("case_ref", "username", "role", "since"),
)

PERIODS = Kept(
    Sheet(
        "periods",
        "فترات الملف",
        (
            column_of_case(),
            column_of_date("opened_on", "تاريخ الفتح", required=True),
            column_of_date("closed_on", "تاريخ الإغلاق"),
            column("closure_reason", "سبب الإغلاق", Kind.CODE, of="closure_reason"),
            column_of_person("opened_by", "من فتحه"),
            column_of_person("closed_by", "من أغلقه"),
            column_of_identity("note", "ملاحظة"),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    CasePeriod,
    {"case_ref": "case_id"},
    {"case_ref": CASE, "opened_by": PERSON, "closed_by": PERSON},
    known_by=("case_ref", "opened_on"),
)

CLOSINGS = Kept(
    Sheet(
        "closings",
        "طلبات الإغلاق",
        (
            column_of_case(),
            column_of_date("closed_on", "تاريخ الإغلاق", required=True),
            column("reason", "السبب", Kind.CODE, of="closure_reason", required=True),
            column_of_person("proposed_by", "من اقترحه", required=True),
            column("proposed_at", "وقت الاقتراح", Kind.STAMP, required=True),
            column_of_codes("answer", "الرد", ClosingAnswer),
            column_of_person("answered_by", "من ردّ"),
            column("answered_at", "وقت الرد", Kind.STAMP),
            column_of_identity("note", "ملاحظة"),
            column_of_identity("answer_note", "ملاحظة الرد"),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    ClosingProposal,
    {"case_ref": "case_id"},
    {"case_ref": CASE, "proposed_by": PERSON, "answered_by": PERSON},
    known_by=("case_ref", "proposed_at"),
)

TASKS = Kept(
    Sheet(
        "tasks",
        "المهام",
        (
            column_of_reference("task_ref", "رقم المهمة"),
            column_of_case(required=False),
            column_of_identity("what", "المهمة"),
            column_of_date("due_on", "الموعد"),
            column_of_person("assigned_to", "المكلف", required=True),
            column_of_person("made_by", "من أنشأها"),
            column("made_at", "وقت الإنشاء", Kind.STAMP),
            column("done_at", "وقت الإنجاز", Kind.STAMP),
            column_of_person("done_by", "من أنجزها"),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    Task,
    {"task_ref": "id", "case_ref": "case_id"},
    {"task_ref": ROW, "case_ref": CASE, "assigned_to": PERSON, "made_by": PERSON, "done_by": PERSON},
    known_by=("case_ref", "what", "due_on", "assigned_to"),
)

INTAKES = Kept(
    Sheet(
        "intakes",
        "الإحالات الواردة",
        (
            column_of_reference("intake_ref", "رقم الإحالة الواردة"),
            column_of_date("received_on", "تاريخ الورود", required=True),
            column("referral_source", "مصدر الإحالة", Kind.CODE, of="referral_source", required=True),
            column("urgent", "عاجلة", Kind.FLAG),
            column_of_identity("referrer", "المُحيل"),
            column("referrer_phone", "هاتف المُحيل", Kind.NUMERAL, Lane.IDENTITY),
            column_of_identity("child_name", "اسم الطفل كما ذُكر"),
            column_of_identity("child_about", "عن الطفل"),
            column_of_identity("wish", "المطلوب"),
            column_of_codes("answer", "الرد", IntakeAnswer),
            column_of_person("answered_by", "من ردّ"),
            column("answered_at", "وقت الرد", Kind.STAMP),
            column_of_identity("answer_note", "ملاحظة الرد"),
            column_of_case(required=False),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    Intake,
    {"intake_ref": "id", "case_ref": "case_id"},
    {"intake_ref": ROW, "case_ref": CASE, "answered_by": PERSON},
    known_by=("received_on", "referral_source", "child_name"),
)

PAIRS = Kept(
    Sheet(
        "pairs",
        "أطفال متشابهون",
        (
            Column("first_ref", "رقم الطفل الأول", Kind.REFERENCE, True, further=True),
            Column("second_ref", "رقم الطفل الثاني", Kind.REFERENCE, True, further=True),
            column("score", "درجة التشابه", Kind.NUMBER, required=True),
            column("reasons", "أوجه التشابه", Kind.CODES),
            column("asked", "طُلب النظر", Kind.FLAG),
            column_of_codes("state", "الحالة", PairState, required=True),
            column("found_at", "وقت الملاحظة", Kind.STAMP),
            column_of_person("found_by", "من لاحظ"),
            column("decided_at", "وقت القرار", Kind.STAMP),
            column_of_person("decided_by", "من قرر"),
        ),
        joins=(("first_ref", "children"), ("second_ref", "children")),
        further=True,
    ),
    LikelyPair,
    {"first_ref": "first_id", "second_ref": "second_id"},
    {"first_ref": CHILD, "second_ref": CHILD, "found_by": PERSON, "decided_by": PERSON},
    known_by=("first_ref", "second_ref"),
)

WALLS = Kept(
    Sheet(
        "walls",
        "الحواجز",
        (
            column_of_case(),
            column_of_person("username", "اسم المستخدم", required=True),
            column_of_person("built_by", "من وضعه", required=True),
            column("built_at", "وقت الوضع", Kind.STAMP, required=True),
            column("lifted_at", "وقت الرفع", Kind.STAMP),
            column_of_person("lifted_by", "من رفعه"),
            column_of_identity("because", "السبب"),
            column_of_identity("lifted_because", "سبب الرفع"),
        ),
        joins=(("case_ref", "cases"),),
        further=True,
    ),
    Wall,
    {"case_ref": "case_id", "username": "staff_id"},
    {"case_ref": CASE, "username": PERSON, "built_by": PERSON, "lifted_by": PERSON},
    known_by=("case_ref", "username", "built_at"),
)

PROJECTS = Kept(
    Sheet(
        "projects",
        "قائمة المشاريع",
        (
            column("code", "الرمز", Kind.NUMERAL, required=True),
            column("name", "الاسم", required=True),
            column("name_ar", "الاسم بالعربية"),
            column_of_date("ended_on", "تاريخ الانتهاء"),
        ),
        further=True,
    ),
    Project,
    known_by=("code",),
)

CONFIRMATIONS = Kept(
    Sheet(
        "confirmations",
        "تأكيد القواعد",
        (
            column("code", "القاعدة", required=True),
            column("digest", "البصمة", required=True),
            column_of_person("confirmed_by", "من أكدها", required=True),
            column("confirmed_at", "وقت التأكيد", Kind.STAMP, required=True),
        ),
        further=True,
    ),
    RuleSetConfirmation,
    refers={"confirmed_by": PERSON},
    known_by=("code", "digest"),
)

PEOPLE = Kept(
    Sheet(
        "people",
        "العاملون",
        (
            column_of_person("username", "اسم المستخدم", required=True),
            column("name", "الاسم", required=True),
            column_of_codes("roles", "الأدوار", Role, Kind.CODES),
            column_of_codes("language", "اللغة", SpokenLanguage),
            column("phone", "الهاتف", Kind.NUMERAL, Lane.IDENTITY),
            column("email", "البريد الإلكتروني", lane=Lane.IDENTITY),
            column("closed_at", "وقت إغلاق الحساب", Kind.STAMP),
        ),
        further=True,
    ),
    StaffMember,
    known_by=("username",),
)

LISTS = Kept(
    Sheet(
        "lists",
        "القوائم",
        (
            column("list_name", "القائمة", required=True),
            column("code", "الرمز", required=True),
            column("en", "بالإنجليزية", required=True),
            column("ar", "بالعربية", required=True),
            column("position", "الترتيب", Kind.NUMBER, required=True),
            column("retired", "متوقف", Kind.FLAG),
            column("added", "مضاف", Kind.FLAG),
            column("attributes", "خصائص"),
        ),
        further=True,
    ),
    VocabularyTerm,
    known_by=("list_name", "code"),
)

BESIDE: Sequence[Kept] = (
    LISTS, PEOPLE, PROJECTS, GUARDIANS, PERIODS, TEAM, CONSENTS, SHARINGS, CLOSINGS, TASKS, INTAKES, PAIRS, WALLS,
    HOLDS, *SIDES, CONFIRMATIONS, *AIMS,
)  # fmt: skip
FOR_THE_KEY: Sequence[Kept] = (WALLS, CONFIRMATIONS, POSSIBLE_CONFLICTS)
"""What nobody takes out or brings in without the clinic's key: who is kept from whom, what was decided or confirmed."""
SHEETS: tuple[Sheet, ...] = tuple(kept.sheet for kept in BESIDE)
