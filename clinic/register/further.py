"""What the clinic holds beyond the contract: further columns after those of its sheets, and further sheets.

Export writes them, import takes them back, and a file without them is complete. The further columns of a step are the
fields that its room describes (`kind.py`); here they get their Arabic headers. docs/register.md names them all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from clinic import languages
from clinic.cases.kinds import Field, Shape, StepKind, all_kinds, kind_of
from clinic.register import beside, kept
from clinic.register.format import CASE_REF, OF_A_CASE, SHEETS, STEP_REF, Column, Kind, Lane, Sheet

_KINDS = {
    Shape.MOMENT: Kind.MOMENT,
    Shape.DATE: Kind.DATE,
    Shape.ANSWER: Kind.ANSWER,
    Shape.CODE: Kind.CODE,
    Shape.CODES: Kind.CODES,
    Shape.NUMBER: Kind.NUMBER,
    Shape.LINE: Kind.TEXT,
    Shape.TEXT: Kind.TEXT,
}

FIELD_OF = {
    ("counselling_session", "kind"): "session_kind",
    ("community_followup", "kind"): "community_kind",
}
"""The columns of the contract that bear another name than the room's field."""

HEADERS = {
    "account": "رواية الطفل",
    "against": "المشكو منه",
    "agreed": "المتفق عليه حتى المرة القادمة",
    "amount": "المبلغ بالدينار",
    "answer": "نص الرد",
    "answer_due_on": "موعد الرد المتوقع",
    "answered_on": "تاريخ الرد",
    "appeal_until": "آخر موعد للاستئناف",
    "appealed_on": "تاريخ الاستئناف",
    "assessed_on": "تاريخ التقييم",
    "assessment_kind": "نوع التقييم",
    "bail": "الكفالة",
    "bail_amount": "مبلغ الكفالة بالدينار",
    "began_on": "تاريخ البدء",
    "case_not_revealed": "لم تُكشف القضية",
    "charges": "التهم لدى النيابة",
    "child_agrees": "موافقة الطفل على الشكوى",
    "child_seen": "مقابلة الطفل",
    "closed_session": "جلسة سرية",
    "complainant_consents": "موافقة المشتكي على الوساطة",
    "conditions_note": "ظروف الاحتجاز",
    "confession": "اعتراف",
    "confession_note": "عن الاعتراف",
    "contact": "جهة الاتصال في المدرسة",
    "contact_person": "الشخص في الجهة",
    "court": "المحكمة",
    "court_number": "رقم المحكمة",
    "days_extended": "أيام التمديد",
    "days_ordered": "أيام التوقيف المقررة",
    "decided_on": "تاريخ القرار",
    "disposition": "الحكم أو القرار",
    "due_to_end_on": "موعد الانتهاء المقرر",
    "ended_on": "تاريخ الانتهاء",
    "ending": "كيف انتهى",
    "family_told": "إبلاغ الأهل",
    "family_told_at": "وقت إبلاغ الأهل",
    "family_visit_on": "تاريخ آخر زيارة للأهل",
    "filed_on": "تاريخ التقديم أو الطلب",
    "holding_body": "الجهة المحتجزة",
    "injuries_note": "وصف الإصابات",
    "injuries_seen": "إصابات ظاهرة",
    "judge": "القاضي",
    "lawyer_visit": "زيارة المحامي",
    "legal_text": "للمحامين",
    "length_days": "المدة بالأيام",
    "measure": "التدبير أو العقوبة",
    "medical_examination": "فحص طبي",
    "medical_report": "تقرير طبي",
    "needs": "احتياجات الطفل",
    "next_at": "موعد الجلسة القادمة",
    "next_on": "الموعد القادم",
    "next_purpose": "غرض الجلسة القادمة",
    "note": "ملاحظة",
    "noted_on": "تاريخ الملاحظة",
    "number": "الرقم لدى الجهة",
    "order": "نص القرار وما قيل",
    "order_ends_on": "انتهاء مدة القرار",
    "order_number": "رقم القرار",
    "ordered_by": "من أمر بالتوقيف",
    "prosecutor": "وكيل النيابة",
    "protection_counsellor_present": "حضور مرشد حماية الطفولة",
    "questioned": "استجواب الطفل",
    "questioned_before_lawyer": "استجواب قبل وصول المحامي",
    "release_reason": "سبب انتهاء الفترة",
    "result": "النتيجة",
    "review_on": "موعد إعادة التقييم",
    "risk_level": "مستوى الخطورة",
    "safe_at_home": "الأمان في البيت",
    "said_as": "صفة الزيارة أمام المدرسة",
    "setting": "مكان الجلسة",
    "shared": "ما أُبلغت به الجهة",
    "social_report_there": "وجود تقرير البحث الاجتماعي",
    "social_text": "للمرشدين",
    "solitary": "عزل انفرادي",
    "statement_language": "لغة الورقة الموقعة",
    "statement_note": "ما قاله الطفل",
    "strengths": "نقاط القوة",
    "supervised_by": "المشرف على التدبير",
    "team_text": "للفريق كله",
    "themes": "محاور الجلسة",
    "told": "من أُبلغ",
    "told_of_charge": "إبلاغه بالتهمة",
    "told_of_rights": "إبلاغه بحقوقه",
    "what": "الورقة",
    "with_whom": "لدى من",
    "without_consent": "سبب الإحالة بلا موافقة",
}
"""The Arabic headers of the further columns, by their names."""

_STEP_SHEETS = {
    "filing": ("filings", "الأوراق"),
    "decision": ("decisions", "القرارات"),
    "measure": ("measures", "التدابير"),
    "assessment": ("assessments", "التقييمات"),
    "note": ("notes", "الملاحظات"),
}

WORKER = Column("worker", "العامل", Kind.USERNAME, further=True)
FOLLOWS = Column("follows_ref", "تتبع الخطوة رقم", Kind.REFERENCE, further=True)
NOT_KNOWN = "not_known"
EXTRAS = {
    "counselling_session": (Column("group_ref", "رقم المجموعة", Kind.REFERENCE, further=True),),
    "referral": (Column("consent_ref", "رقم الموافقة", Kind.REFERENCE, further=True),),
}
"""What a kind of step holds beside the fields of its form."""


_LARGEST = 999_999_999
_JOINS = {
    ("children", "merged_into_ref"): ("merged_into_ref", "children"),
    ("cases", "merged_into_ref"): ("merged_into_ref", "cases"),
    ("referrals", "consent_ref"): ("consent_ref", "consents"),
}
"""The further columns that must refer to a row that there is."""


def field_name(sheet: Sheet, column: str) -> str:
    """The name of the database column that a column of a sheet of steps stands for."""
    return FIELD_OF.get((sheet.kind, column), column)


@cache
def whole_format() -> tuple[Sheet, ...]:
    """The sheets of the contract with their further columns, and the further sheets. Needs the rooms' kinds."""
    return (*map(_with_further_columns, SHEETS), *_further_step_sheets(), PLANNED, WITHDRAWN, *beside.SHEETS)


def sheet_of_kind(code: str) -> Sheet:
    """The sheet in which the steps of a kind are told."""
    return next(sheet for sheet in whole_format() if sheet.kind == code)


def _with_further_columns(sheet: Sheet) -> Sheet:
    columns = _columns_of_step(sheet) if sheet.kind else kept.FURTHER_COLUMNS.get(sheet.name, ())
    joins = tuple(join for column in columns if (join := _JOINS.get((sheet.name, column.name))))
    return replace(sheet, columns=(*sheet.columns, *columns), joins=(*sheet.joins, *joins))


def _columns_of_step(sheet: Sheet) -> tuple[Column, ...]:
    kind = kind_of(sheet.kind)
    covered = {field_name(sheet, name) for name in sheet.at}
    fields = [_column_of(kind, field) for field in kind.fields if kind.column(field) not in covered]
    worker = () if "counsellor" in sheet.at else (WORKER,)
    return (*fields, *worker, FOLLOWS, _not_known(kind), *EXTRAS.get(kind.code, ()))


def _not_known(kind: StepKind) -> Column:
    """The questions that were asked again, and to which nobody knows the answer."""
    names = tuple(field.name for field in kind.fields)
    return Column(NOT_KNOWN, "ما لا يعرفه أحد", Kind.CODES, unknown=False, own_codes=names, further=True)


def _column_of(kind: StepKind, field: Field, required: bool = False) -> Column:
    name = kind.column(field)
    return Column(
        name,
        HEADERS.get(name) or _in_arabic(field),
        _KINDS[field.shape],
        required,
        field.list or "",
        Lane(kind.lane(field.name).value),
        maximum=max(field.most or 0, _LARGEST),
        may_be_ahead=True,
        further=True,
    )


def _in_arabic(field: Field) -> str:
    """The words of the form, for a field that has no header yet."""
    with languages.using("ar"):
        return str(field.label)


def _further_step_sheets() -> tuple[Sheet, ...]:
    return tuple(_step_sheet(kind) for kind in all_kinds() if kind.code in _STEP_SHEETS)


def _step_sheet(kind: StepKind) -> Sheet:
    name, arabic = _STEP_SHEETS[kind.code]
    fields = [_column_of(kind, field, required=field.name == kind.when) for field in kind.fields]
    columns = (CASE_REF, *fields, WORKER, FOLLOWS, _not_known(kind), STEP_REF)
    when = kind.column(kind.by_name[kind.when])
    return Sheet(name, arabic, columns, joins=OF_A_CASE, when=when, kind=kind.code, further=True)


_STATE_COLUMNS = (
    kept.column("kind", "نوع الخطوة", required=True),
    CASE_REF,
    kept.column("at", "الموعد", Kind.MOMENT, required=True),
    kept.column("state", "الحالة", Kind.CODE, of="step_state", required=True),
    kept.column("not_done_reason", "سبب عدم الإنجاز", Kind.CODE, of="not_done_reason"),
    kept.column("withdrawn_at", "وقت السحب", Kind.STAMP),
    kept.column("withdrawn_by", "من سحبها", Kind.USERNAME),
    kept.column("withdrawn_because", "سبب السحب", Kind.TEXT, Lane.IDENTITY),
    kept.column("answers", "باقي الخانات"),
    WORKER,
    FOLLOWS,
    STEP_REF,
)
PLANNED = Sheet("planned", "المخطط", _STATE_COLUMNS, joins=OF_A_CASE, when="at", further=True)
WITHDRAWN = Sheet("withdrawn", "المسحوب", _STATE_COLUMNS, joins=OF_A_CASE, when="at", further=True)
"""Steps that did not take place, or that were taken back: other sheets hold what took place."""
