"""What can be wrong with a register, and the sentence that says so: sheet, row, column, value, what was expected.

An error keeps its row out; a warning is imported and listed. A problem speaks the language of its reader, the names of
sheets and columns too, because the contract accepts both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from clinic.cases.kinds import all_kinds
from clinic.languages import _, current_language
from clinic.register.format import BY_NAME, Sheet
from clinic.register.further import whole_format

FIRST_ISOLATE, END_ISOLATE = "\u2068", "\u2069"
LONGEST_VALUE = 80
MOST_CODES = 40


class Code(StrEnum):
    """What is wrong. The value is the key of the sentence, and stays."""

    UNREADABLE = "unreadable"
    UNKNOWN_SHEET = "unknown_sheet"
    DOUBLED_SHEET = "doubled_sheet"
    NO_HEADER = "no_header"
    UNKNOWN_COLUMN = "unknown_column"
    DOUBLED_COLUMN = "doubled_column"
    MISSING_COLUMN = "missing_column"
    OUTSIDE_COLUMNS = "outside_columns"
    REQUIRED = "required"
    NOT_A_DATE = "not_a_date"
    NOT_A_MOMENT = "not_a_moment"
    NO_SUCH_TIME = "no_such_time"
    WRONG_OFFSET = "wrong_offset"
    NOT_A_CODE = "not_a_code"
    UNKNOWN_AMONG_CODES = "unknown_among_codes"
    NOT_AN_ANSWER = "not_an_answer"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_FIGURE = "not_a_figure"
    NOT_TEXT = "not_text"
    NOT_A_USERNAME = "not_a_username"
    DOUBLED_REFERENCE = "doubled_reference"
    NO_SUCH_ROW = "no_such_row"
    REFUSED_ROW = "refused_row"
    ENDS_BEFORE = "ends_before"
    GOES_WITH = "goes_with"
    REQUIRED_WITH = "required_with"
    OFFENCE_OF_ACCUSED = "offence_of_accused"
    NOT_ADJOURNED = "not_adjourned"
    SENT_OUT = "sent_out"
    BORN_AFTER = "born_after"
    NOT_ANSWERS = "not_answers"
    ROLES_APART = "roles_apart"
    SAME_ROW = "same_row"
    ARRIVED_BEFORE_CALL = "arrived_before_call"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    AHEAD = "ahead"
    CUSTODY_OVERLAPS = "custody_overlaps"
    STILL_SCHEDULED = "still_scheduled"
    NO_CONSENT = "no_consent"
    IGNORED_COLUMN = "ignored_column"
    CONFLICT = "conflict"
    AGED = "aged"
    FOR_THE_KEY = "for_the_key"
    ACCOUNT = "account"


WARNINGS = frozenset(
    {
        Code.SAME_ROW,
        Code.ARRIVED_BEFORE_CALL,
        Code.TOO_YOUNG,
        Code.TOO_OLD,
        Code.AHEAD,
        Code.CUSTODY_OVERLAPS,
        Code.STILL_SCHEDULED,
        Code.NO_CONSENT,
        Code.IGNORED_COLUMN,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell, row or sheet. Row 0 is the sheet as a whole; no sheet is the file as a whole."""

    code: Code
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    expected: str = ""

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS

    @property
    def what(self) -> str:
        """What was expected, or what follows, as one sentence."""
        return SENTENCES[self.code](self)

    @property
    def place(self) -> str:
        """Sheet, row and column, as the reader's language names them."""
        parts = [isolated(name_of_sheet(self.sheet))] if self.sheet else []
        if self.row:
            parts.append(_("row %(row)s", row=self.row))
        if self.column:
            parts.append(isolated(name_of_column(self.sheet, self.column)))
        return _(", ").join(parts)

    @property
    def sentence(self) -> str:
        """Place, value and what was expected, in one line."""
        if self.value:
            return _("%(place)s: %(value)s. %(what)s", place=self.place, value=isolated(self.shown), what=self.what)
        return _("%(place)s: %(what)s", place=self.place, what=self.what) if self.place else self.what

    @property
    def shown(self) -> str:
        """The value on one line, cut where it is long."""
        line = " ".join(self.value.split())
        return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"


def isolated(text: str) -> str:
    """A name, number or code that keeps its own direction between words of the other script."""
    return f"{FIRST_ISOLATE}{text}{END_ISOLATE}"


def _sheet(name: str) -> Sheet | None:
    """A sheet of the whole format; of the contract alone where no room has told its kinds of step."""
    if not all_kinds():
        return BY_NAME.get(name)
    return next((sheet for sheet in whole_format() if sheet.name == name), None)


def name_of_sheet(name: str) -> str:
    """A sheet's name in the reader's language."""
    sheet = _sheet(name)
    return sheet.arabic if sheet and current_language().code == "ar" else name


def name_of_column(sheet: str, column: str) -> str:
    """A column's header in the reader's language."""
    known = _sheet(sheet)
    if known and column in known.at and current_language().code == "ar":
        return known.column(column).arabic
    return column


def _column(problem: Problem, name: str = "") -> str:
    return isolated(name_of_column(problem.sheet, name or problem.expected))


def _codes(problem: Problem) -> str:
    codes = problem.expected.split()
    shown = [isolated(code) for code in codes[:MOST_CODES]]
    return _(", ").join(shown) + (" …" if len(codes) > MOST_CODES else "")


def _columns(problem: Problem) -> str:
    names = problem.expected.split()
    return _(", ").join(isolated(name_of_column(problem.sheet, name)) for name in names) or _("everything")


def _not_a_code(problem: Problem) -> str:
    if not problem.expected:
        return _("There is nothing of this name.")
    return _("Expected one of the list: %(codes)s.", codes=_codes(problem))


SENTENCES: dict[Code, Callable[[Problem], str]] = {
    Code.UNREADABLE: lambda p: _("This cannot be read. Save it as UTF-8 CSV or as .xlsx and try again."),
    Code.UNKNOWN_SHEET: lambda p: _("There is no sheet of this name in the register. Rename it or remove it."),
    Code.DOUBLED_SHEET: lambda p: _("This sheet is there twice. Put all its rows in one sheet."),
    Code.NO_HEADER: lambda p: _("The first row must hold the names of the columns."),
    Code.UNKNOWN_COLUMN: lambda p: _("There is no column of this name in this sheet. Rename it or remove it."),
    Code.DOUBLED_COLUMN: lambda p: _("This column is there twice. Keep one."),
    Code.MISSING_COLUMN: lambda p: _("This column is required and is missing."),
    Code.OUTSIDE_COLUMNS: lambda p: _("This cell stands in a column without a name."),
    Code.REQUIRED: lambda p: _("This cell must be filled."),
    Code.NOT_A_DATE: lambda p: _("Expected a date, as in %(example)s.", example=isolated("2016-03-28")),
    Code.NOT_A_MOMENT: lambda p: _(
        "Expected a date and time, as in %(example)s; the date alone when the time is not known.",
        example=isolated("2016-03-28 14:05"),
    ),
    Code.NO_SUCH_TIME: lambda p: _(
        "This time did not occur, because the clocks went forward. Write the time one hour later."
    ),
    Code.WRONG_OFFSET: lambda p: _("The clocks here stood at %(offset)s then.", offset=isolated(p.expected)),
    Code.NOT_A_CODE: _not_a_code,
    Code.UNKNOWN_AMONG_CODES: lambda p: _("Write unknown alone, or the codes that are known."),
    Code.NOT_AN_ANSWER: lambda p: _("Expected yes, no or unknown."),
    Code.NOT_A_NUMBER: lambda p: _("Expected a whole number."),
    Code.OUT_OF_RANGE: lambda p: _("Expected a whole number in the range %(range)s.", range=isolated(p.expected)),
    Code.NOT_A_FIGURE: lambda p: _("Expected a number that this figure can reach, such as 45 or 62.5."),
    Code.NOT_TEXT: lambda p: _("Expected a text. This cell holds something else."),
    Code.NOT_A_USERNAME: lambda p: _("Expected a username: one word without spaces."),
    Code.DOUBLED_REFERENCE: lambda p: _(
        "This reference is used again in row %(rows)s. Each row needs its own.", rows=isolated(p.expected)
    ),
    Code.NO_SUCH_ROW: lambda p: _(
        "There is no row with this reference in the sheet %(sheet)s.", sheet=isolated(name_of_sheet(p.expected))
    ),
    Code.REFUSED_ROW: lambda p: _(
        "The row it refers to in the sheet %(sheet)s was refused.", sheet=isolated(name_of_sheet(p.expected))
    ),
    Code.ENDS_BEFORE: lambda p: _("This lies before %(start)s. Correct one of the two.", start=_column(p)),
    Code.GOES_WITH: lambda p: _("Fill %(other)s too, or leave both blank.", other=_column(p)),
    Code.REQUIRED_WITH: lambda p: _("Required when %(other)s is yes.", other=_column(p)),
    Code.OFFENCE_OF_ACCUSED: lambda p: _("Required when the child is accused."),
    Code.NOT_ADJOURNED: lambda p: _("Only a hearing that was adjourned has a reason for it."),
    Code.SENT_OUT: lambda p: _(
        "A guardian who was sent out was not present. Write no here, or no in %(other)s.", other=_column(p)
    ),
    Code.BORN_AFTER: lambda p: _(
        "The child was born after the case %(case)s was opened. Correct one of the two dates.",
        case=isolated(p.expected),
    ),
    Code.NOT_ANSWERS: lambda p: _("Leave this cell as export wrote it: names of columns with their texts."),
    Code.ROLES_APART: lambda p: _("Nobody can be coordinator and administrator at once."),
    Code.SAME_ROW: lambda p: _("This row is the same as row %(row)s. It is kept once.", row=p.expected),
    Code.ARRIVED_BEFORE_CALL: lambda p: _("The lawyer arrived before being called."),
    Code.TOO_YOUNG: lambda p: _("A service before the child was six years old."),
    Code.TOO_OLD: lambda p: _("A service after the child was twenty-one years old."),
    Code.AHEAD: lambda p: _("This date is still to come."),
    Code.CUSTODY_OVERLAPS: lambda p: _(
        "This overlaps with another period of the same child, row %(row)s.", row=p.expected
    ),
    Code.STILL_SCHEDULED: lambda p: _("This hearing has passed and is still marked as scheduled."),
    Code.NO_CONSENT: lambda p: _("No consent 30 days after the file was opened."),
    Code.CONFLICT: lambda p: _(
        "The record was changed in the application since, so it was left as it is. The row differs in: %(columns)s.",
        columns=_columns(p),
    ),
    Code.AGED: lambda p: _("The time of this file was over and only facts are left of it, so the row was left out."),
    Code.ACCOUNT: lambda p: _("An account that is here is changed on its own page alone. The row was left out."),
    Code.FOR_THE_KEY: lambda p: _(
        "Only whoever holds the clinic's key brings this in, with clinic import. The row was left out."
    ),
    Code.IGNORED_COLUMN: lambda p: _("This column is not part of the register. It was kept aside."),
}
