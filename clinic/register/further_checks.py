"""What must hold between the cells of the further sheets."""

from __future__ import annotations

import json
from typing import Any

from clinic.access.permissions import Role
from clinic.cases.kinds import is_kind
from clinic.register.cells import BadCell, parser_of, text_of
from clinic.register.checks import RowCheck, RowRule
from clinic.register.format import Sheet
from clinic.register.further import sheet_of_kind
from clinic.register.problems import Code, Problem
from clinic.register.reading import Row
from clinic.targets import catalogue
from clinic.targets.rules import OutOfReach, check_targets
from clinic.vocabularies.fixed import StepState
from clinic.vocabularies.lists import lists


def _of_a_kind(sheet: Sheet) -> RowCheck:
    """A planned or withdrawn step is of a kind that there is."""
    at = sheet.at["kind"]

    def check_row(row: Row) -> Problem | None:
        kind = str(row.values[at])
        if kind and not is_kind(kind):
            return Problem(Code.NOT_A_CODE, sheet.name, row.number, "kind", kind)
        return None

    return check_row


def _answers_of_its_kind(sheet: Sheet) -> RowCheck:
    """What else is said of it are cells of the sheet of its kind."""
    kind, answers = sheet.at["kind"], sheet.at["answers"]

    def check_row(row: Row) -> Problem | None:
        code, text = str(row.values[kind]), str(row.values[answers] or "")
        if not is_kind(code) or not text or _can_be_read(sheet_of_kind(code), text):
            return None
        return Problem(Code.NOT_ANSWERS, sheet.name, row.number, "answers", text)

    return check_row


def _can_be_read(own: Sheet, text: str) -> bool:
    told = _object(text)
    if told is None or not all(name in own.at and isinstance(cell, str) for name, cell in told.items()):
        return False
    try:
        for name, cell in told.items():
            parser_of(own.column(name), lists())(cell)
    except BadCell:
        return False
    return True


def _object(text: str) -> dict[str, Any] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _missed_for_a_reason(sheet: Sheet) -> RowCheck:
    """A step that did not take place has a reason, and one that did stands in the sheet of its kind."""
    state, reason, withdrawn = (sheet.at[name] for name in ("state", "not_done_reason", "withdrawn_at"))

    def check_row(row: Row) -> Problem | None:
        if row.values[state] == StepState.NOT_DONE and row.values[reason] is None:
            return Problem(Code.GOES_WITH, sheet.name, row.number, "state", "not_done", "not_done_reason")
        if row.values[state] == StepState.DONE and row.values[withdrawn] is None:
            return Problem(Code.NOT_A_CODE, sheet.name, row.number, "state", "done", "planned not_done")
        return None

    return check_row


def _withdrawn_at_some_time(sheet: Sheet) -> RowCheck:
    at = sheet.at["withdrawn_at"]

    def check_row(row: Row) -> Problem | None:
        return Problem(Code.REQUIRED, sheet.name, row.number, "withdrawn_at") if row.values[at] is None else None

    return check_row


def _confirmed_by_a_day(sheet: Sheet) -> RowCheck:
    """A provisional consent has a day by which it is to be confirmed."""
    form, day = sheet.at["form"], sheet.at["confirm_by"]

    def check_row(row: Row) -> Problem | None:
        if row.values[form] == "provisional" and row.values[day] is None:
            return Problem(Code.GOES_WITH, sheet.name, row.number, "form", "provisional", "confirm_by")
        return None

    return check_row


def _not_both_at_once(sheet: Sheet) -> RowCheck:
    """Nobody is coordinator and administrator at once."""
    at = sheet.at["roles"]

    def check_row(row: Row) -> Problem | None:
        roles = row.values[at]
        if isinstance(roles, tuple) and {Role.COORDINATOR.value, Role.ADMINISTRATOR.value} <= set(roles):
            return Problem(Code.ROLES_APART, sheet.name, row.number, "roles", text_of(roles))
        return None

    return check_row


def _of_a_list(sheet: Sheet) -> RowCheck:
    """An entry of a list belongs to a list that there is; a fixed list takes no new code."""
    name, code = sheet.at["list_name"], sheet.at["code"]

    def check_row(row: Row) -> Problem | None:
        vocabulary = str(row.values[name])
        if vocabulary not in lists():
            return Problem(Code.NOT_A_CODE, sheet.name, row.number, "list_name", vocabulary)
        if lists()[vocabulary].fixed and str(row.values[code]) not in lists()[vocabulary]:
            codes = " ".join(lists()[vocabulary].codes)
            return Problem(Code.NOT_A_CODE, sheet.name, row.number, "code", str(row.values[code]), codes)
        return None

    return check_row


def _with_attributes(sheet: Sheet) -> RowCheck:
    at = sheet.at["attributes"]

    def check_row(row: Row) -> Problem | None:
        text = str(row.values[at] or "{}")
        return (
            None if _object(text) is not None else Problem(Code.NOT_ANSWERS, sheet.name, row.number, "attributes", text)
        )

    return check_row


def _of_an_aim(sheet: Sheet) -> RowCheck:
    """A target is set for a figure of the report, and is one that the figure can reach."""
    indicator, value = sheet.at["indicator"], sheet.at["value"]
    section_of = {aim.indicator: section for section in catalogue.sections() for aim in section.aims}

    def check_row(row: Row) -> Problem | None:
        code, target = str(row.values[indicator]), row.values[value]
        if not code or not isinstance(target, float | None):
            return None  # a cell that could not be read is told already
        if code not in section_of:
            return Problem(Code.NOT_A_CODE, sheet.name, row.number, "indicator", code, " ".join(section_of))
        try:
            check_targets(section_of[code], {code: target})
        except OutOfReach:
            return Problem(Code.NOT_A_FIGURE, sheet.name, row.number, "value", text_of(target))
        return None

    return check_row


def _of_a_section(sheet: Sheet) -> RowCheck:
    """A paragraph stands in a section of the report."""
    at = sheet.at["section"]

    def check_row(row: Row) -> Problem | None:
        code = str(row.values[at])
        if code and catalogue.section_of(code) is None:
            codes = " ".join(section.code for section in catalogue.sections())
            return Problem(Code.NOT_A_CODE, sheet.name, row.number, "section", code, codes)
        return None

    return check_row


_STATES: tuple[RowRule, ...] = (_of_a_kind, _answers_of_its_kind, _missed_for_a_reason)
FURTHER_RULES: dict[str, tuple[RowRule, ...]] = {
    "planned": _STATES,
    "withdrawn": (_of_a_kind, _answers_of_its_kind, _withdrawn_at_some_time),
    "consents": (_confirmed_by_a_day,),
    "people": (_not_both_at_once,),
    "lists": (_of_a_list, _with_attributes),
    "targets": (_of_an_aim,),
    "narratives": (_of_a_section,),
}
