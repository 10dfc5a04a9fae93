"""What must hold between the cells of one row of a register.

Errors keep a row out; warnings are imported and listed. Every rule here stands under "Checks between cells" of the
contract (docs/register.md). Where a cell could not be read, the rules about it keep silent: its problem is told
already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from clinic import clock
from clinic.clock import Moment
from clinic.register.cells import Value, text_of
from clinic.register.format import Kind, Sheet
from clinic.register.problems import Code, Problem
from clinic.register.reading import BAD, Row, SheetRows

CONSENT_WITHIN = timedelta(days=30)

RowCheck = Callable[[Row], Problem | None]
RowRule = Callable[[Sheet], RowCheck]


def check_rows(found: SheetRows, *, now: datetime, more: Sequence[RowRule] = ()) -> Iterator[Problem]:
    """The problems between the cells of each row of a sheet, by the rules of the sheet and by these besides."""
    checks = [*_checks_of(found.sheet, now), *(make(found.sheet) for make in more)]
    for row in found.rows:
        for check_row in checks:
            problem = check_row(row)
            if problem is not None:
                yield problem


def _checks_of(sheet: Sheet, now: datetime) -> Iterator[RowCheck]:
    today = clock.local_date(now)
    for start, end in ENDS.get(sheet.name, ()):
        yield _ends_after_it_begins(sheet, start, end)
    for one, other in TOGETHER.get(sheet.name, ()):
        if one not in sheet.at:
            continue
        yield _both_or_neither(sheet, one, other)
        yield _both_or_neither(sheet, other, one)
    yield from (make(sheet) for make in RULES.get(sheet.name, ()))
    if sheet.name == "cases":
        yield _consent_in_time(sheet, today)
    if sheet.name == "hearings":
        yield _no_longer_scheduled(sheet, now)
    yield from _not_ahead(sheet, today)


ENDS = {
    "cases": (("opened_on", "disposition_on"), ("opened_on", "closed_on")),
    "police_attendances": (("arrested_at", "left_police_at"),),
    "custody_periods": (("began_at", "ended_at"),),
    "referrals": (("referred_on", "completed_on"),),
    "complaints": (("filed_on", "answered_on"),),
    "measures": (("began_on", "ended_on"),),
    "periods": (("opened_on", "closed_on"),),
    "target_periods": (("first", "last"),),
    "targets": (("first", "last"),),
    "narratives": (("first", "last"),),
}
"""The ends that must not lie before their beginnings."""

TOGETHER = {
    "cases": (("disposition", "disposition_on"), ("closed_on", "closure_reason")),
    "periods": (("closed_on", "closure_reason"),),
    "withdrawn": (("withdrawn_at", "withdrawn_by"),),
    "activities": (("withdrawn_at", "withdrawn_by"),),
    "holds": (("lifted_at", "lifted_by"),),
}
"""The cells that are filled both or neither."""


def is_before(one: Value, other: Value) -> bool:
    """Whether a date or moment surely lies before another."""
    if isinstance(one, Moment) and isinstance(other, Moment):
        return clock.is_after(other, one) is True
    return isinstance(one, date) and isinstance(other, date) and one < other


def _ends_after_it_begins(sheet: Sheet, start: str, end: str) -> RowCheck:
    starts, ends = sheet.at[start], sheet.at[end]

    def check_row(row: Row) -> Problem | None:
        if is_before(row.values[ends], row.values[starts]):
            return Problem(Code.ENDS_BEFORE, sheet.name, row.number, end, text_of(row.values[ends]), start)
        return None

    return check_row


def _both_or_neither(sheet: Sheet, one: str, other: str) -> RowCheck:
    places = sheet.at[one], sheet.at[other]

    def check_row(row: Row) -> Problem | None:
        given, missing = row.values[places[0]], row.values[places[1]]
        if given is not None and given is not BAD and missing is None:
            return Problem(Code.GOES_WITH, sheet.name, row.number, one, text_of(given), other)
        return None

    return check_row


def _arrival_of_who_attended(sheet: Sheet) -> RowCheck:
    attended, arrived = sheet.at["lawyer_attended"], sheet.at["lawyer_arrived_at"]

    def check_row(row: Row) -> Problem | None:
        if row.values[attended] == "yes" and row.values[arrived] is None:
            return Problem(Code.REQUIRED_WITH, sheet.name, row.number, "lawyer_arrived_at", expected="lawyer_attended")
        return None

    return check_row


def _sent_out_is_not_present(sheet: Sheet) -> RowCheck:
    present, sent_out = sheet.at["guardian_present"], sheet.at["guardian_sent_out"]

    def check_row(row: Row) -> Problem | None:
        if row.values[present] == row.values[sent_out] == "yes":
            return Problem(Code.SENT_OUT, sheet.name, row.number, "guardian_present", "yes", "guardian_sent_out")
        return None

    return check_row


def _called_before_arriving(sheet: Sheet) -> RowCheck:
    notified, arrived = sheet.at["lawyer_notified_at"], sheet.at["lawyer_arrived_at"]

    def check_row(row: Row) -> Problem | None:
        if is_before(row.values[arrived], row.values[notified]):
            value = text_of(row.values[arrived])
            return Problem(Code.ARRIVED_BEFORE_CALL, sheet.name, row.number, "lawyer_arrived_at", value)
        return None

    return check_row


def _accused_of_something(sheet: Sheet) -> RowCheck:
    role, offence = sheet.at["child_role"], sheet.at["alleged_offence"]

    def check_row(row: Row) -> Problem | None:
        if row.values[role] in (None, "accused") and row.values[offence] is None:
            return Problem(Code.OFFENCE_OF_ACCUSED, sheet.name, row.number, "alleged_offence")
        return None

    return check_row


def _reason_of_an_adjournment(sheet: Sheet) -> RowCheck:
    status, reason = sheet.at["status"], sheet.at["adjournment_reason"]

    def check_row(row: Row) -> Problem | None:
        if row.values[reason] and row.values[status] not in (BAD, "adjourned"):
            value = text_of(row.values[reason])
            return Problem(Code.NOT_ADJOURNED, sheet.name, row.number, "adjournment_reason", value)
        return None

    return check_row


RULES: dict[str, tuple[RowRule, ...]] = {
    "cases": (_accused_of_something,),
    "police_attendances": (_arrival_of_who_attended, _sent_out_is_not_present, _called_before_arriving),
    "hearings": (_reason_of_an_adjournment,),
}


def _consent_in_time(sheet: Sheet, today: date) -> RowCheck:
    opened, given = sheet.at["opened_on"], sheet.at["consent_given_on"]

    def check_row(row: Row) -> Problem | None:
        opened_on = row.values[opened]
        if row.values[given] is None and isinstance(opened_on, date) and opened_on + CONSENT_WITHIN < today:
            return Problem(Code.NO_CONSENT, sheet.name, row.number, "consent_given_on")
        return None

    return check_row


def _not_ahead(sheet: Sheet, today: date) -> Iterator[RowCheck]:
    """A date to come is told, other than that of a hearing which is scheduled."""
    tomorrow = clock.day_ends(today)
    status = sheet.at["status"] if sheet.name == "hearings" else None

    def of(place: int, name: str) -> RowCheck:
        def check_row(row: Row) -> Problem | None:
            value = row.values[place]
            ahead = value.at >= tomorrow if isinstance(value, Moment) else isinstance(value, date) and value > today
            if ahead and not (status is not None and row.values[status] == "scheduled"):
                return Problem(Code.AHEAD, sheet.name, row.number, name, text_of(value))
            return None

        return check_row

    for column in sheet.of_kind(Kind.DATE, Kind.MOMENT):
        if not column.may_be_ahead:
            yield of(sheet.at[column.name], column.name)


def _no_longer_scheduled(sheet: Sheet, now: datetime) -> RowCheck:
    status, scheduled = sheet.at["status"], sheet.at["scheduled_at"]

    def check_row(row: Row) -> Problem | None:
        at = row.values[scheduled]
        if row.values[status] == "scheduled" and is_before(at, Moment(now)):
            return Problem(Code.STILL_SCHEDULED, sheet.name, row.number, "scheduled_at", text_of(at))
        return None

    return check_row
