"""The lists of a desk: each is short there, has a page of its own as a whole, and says what belongs in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.conflicts import queries as conflicts
from clinic.desk import coordination, labels, queries
from clinic.desk.labels import Line
from clinic.desk.queries import Listed, Part
from clinic.languages import _l

Lines = Listed[Line]


def _overdue(today: date, part: Part, reader: Reader) -> Lines:
    found = queries.overdue(part, reader=reader, today=today)
    return Listed([labels.line_of_step(step, complete=True) for step in found.rows], found.total)


def _answers(today: date, part: Part, reader: Reader) -> Lines:
    found = queries.answers_overdue(part, reader=reader, today=today)
    return Listed([labels.line_of_answer(step, today) for step in found.rows], found.total)


def _unseen(today: date, part: Part, reader: Reader) -> Lines:
    found = queries.not_seen(part, reader=reader, today=today)
    return Listed([labels.line_of_unseen(case, seen, today) for case, seen in found.rows], found.total)


def _referrals(_today: date, part: Part, reader: Reader) -> Lines:
    found = coordination.waiting_intakes(part, reader=reader)
    return Listed([labels.line_of_intake(intake) for intake in found.rows], found.total)


def _unassigned(today: date, part: Part, reader: Reader) -> Lines:
    found = coordination.unassigned(part, reader=reader, today=today)
    return Listed([labels.line_of_unassigned(case) for case in found.rows], found.total)


def _closings(_today: date, part: Part, reader: Reader) -> Lines:
    found = coordination.closings_to_answer(part, reader=reader)
    return Listed([labels.line_of_closing(proposal, name) for proposal, name in found.rows], found.total)


def _pairs(_today: date, part: Part, reader: Reader) -> Lines:
    found = coordination.likely_pairs(part, reader=reader)
    return Listed([labels.line_of_pair(*row) for row in found.rows], found.total)


_TO_ASK_ABOUT = queries.a_list(lambda reader, _today: conflicts.to_ask_about(reader))


def _ask_first(_today: date, part: Part, reader: Reader) -> Lines:
    found = _TO_ASK_ABOUT(part, reader=reader)
    return Listed([labels.line_of_ask_first(case) for case in found.rows], found.total)


def _quiet(today: date, part: Part, reader: Reader) -> Lines:
    found = coordination.quiet(part, reader=reader, today=today)
    return Listed([labels.line_of_quiet(case, today) for case in found.rows], found.total)


@dataclass(frozen=True, slots=True)
class Section:
    """One list: its title, what it says when it is empty, whose desk it lies on, how its rows are found."""

    code: str
    title: str
    empty: str
    icon: str
    roles: frozenset[Role]
    rows: Callable[[date, Part, Reader], Lines]


_TEAM = frozenset({Role.LAWYER, Role.COUNSELLOR})
_COORDINATOR = frozenset({Role.COORDINATOR})

SECTIONS: Mapping[str, Section] = {
    section.code: section
    for section in (
        Section("overdue", _l("Planned, and nobody wrote what became of it"),
                _l("Nothing is overdue. What was planned and has passed stands here until somebody writes down what "
                   "became of it."), "clock", _TEAM, _overdue),
        Section("ask_first", _l("Ask the coordinator first"),
                _l("You can go on with all your cases. Where the coordinator is to be asked first, the case stands "
                   "here."), "info", _TEAM, _ask_first),
        Section("answers", _l("An answer should have come"),
                _l("No answer is overdue. A referral or a complaint whose answer has not come by its day stands here."),
                "referral", _TEAM | _COORDINATOR, _answers),
        Section("unseen", _l("Not seen for 30 days"),
                _l("Every child in your care was seen in the last 30 days."), "speech",
                frozenset({Role.COUNSELLOR}), _unseen),
        Section("referrals", _l("New referrals"),
                _l("No referral waits for an answer. What the ministry or a school sends is written down under "
                   "“Referrals to us” and waits here."), "referral", _COORDINATOR, _referrals),
        Section("unassigned", _l("Cases that nobody has"),
                _l("Every open case has somebody. A case without a team, or whose people have left, stands here."),
                "people", _COORDINATOR, _unassigned),
        Section("closings", _l("Closings to approve"),
                _l("No closing waits. When a worker proposes to close a case, it stands here for your answer."),
                "check", _COORDINATOR, _closings),
        Section("pairs", _l("Perhaps the same child"),
                _l("No two files look like one child. When a new name resembles one that is there, the pair stands "
                   "here for you to decide."), "people", _COORDINATOR, _pairs),
        Section("quiet", _l("Nothing for 60 days"),
                _l("In every open case something was done in the last 60 days, or is planned."), "moon",
                _COORDINATOR, _quiet),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with the rows that are shown of it."""

    section: Section
    lines: Lines


def is_for(section: Section, reader: Reader) -> bool:
    """Whether a section lies on the desk of this person."""
    return bool(section.roles & reader.roles) and not (section.code == "ask_first" and reader.has(Role.COORDINATOR))


def sections_for(reader: Reader, today: date) -> dict[str, Shown]:
    """The sections of a person's roles, by code, each with its first rows; one statement each."""
    return {
        code: Shown(section, section.rows(today, Part(), reader))
        for code, section in SECTIONS.items()
        if is_for(section, reader)
    }
