"""Problems of one kind told once: what is wrong with a column, and the rows in which it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.languages import _
from clinic.register.problems import Problem, isolated, name_of_column, name_of_sheet


@dataclass(frozen=True, slots=True)
class Alike:
    """Problems of one code in one column of one sheet, in the order of the rows. There is at least one."""

    problems: tuple[Problem, ...]

    @property
    def is_one_sentence(self) -> bool:
        """Whether the same is to be done about each."""
        return len({problem.what for problem in self.problems}) == 1

    @property
    def what(self) -> str:
        """What is to be done; about the first row, where each row asks for something else."""
        first = self.problems[0].what
        return first if self.is_one_sentence else _("For example: %(sentence)s", sentence=first)

    @property
    def place(self) -> str:
        """Sheet and column; the row too where there is but one."""
        first = self.problems[0]
        if len(self.problems) == 1:
            return first.place
        names = [name_of_sheet(first.sheet)] if first.sheet else []
        names += [name_of_column(first.sheet, first.column)] if first.column else []
        return _(", ").join(isolated(name) for name in names)


def gathered(problems: Iterable[Problem]) -> list[Alike]:
    """Problems gathered by what they are and where they stand; what is met most comes first."""
    by_kind: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        by_kind.setdefault((problem.sheet, problem.column, problem.code.value), []).append(problem)
    return sorted((Alike(tuple(found)) for found in by_kind.values()), key=lambda alike: -len(alike.problems))
