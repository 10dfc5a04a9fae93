"""The list of OWASP's points: each stands in it once, with a mark, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEVELS = """
1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123 2.1:122 2.2:112 2.3:12223 2.4:23 3.1:3 3.2:113 3.3:12223
3.4:11222233 3.5:11122333 3.6:3 3.7:22333 4.1:12233 4.2:23333 4.3:22 4.4:1222 5.1:2 5.2:112333 5.3:113 5.4:222
6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333 6.6:2223 6.7:33 6.8:2222 7.1:222 7.2:1111 7.3:22
7.4:11222 7.5:223 7.6:22 8.1:1233 8.2:1123 8.3:133 8.4:23 9.1:111 9.2:1222 10.1:22 10.2:223 10.3:22223
10.4:1111122222233333 10.5:22222 10.6:22 10.7:222 11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23 11.7:33
12.1:12233 12.2:11 12.3:22223 13.1:2333 13.2:222223 13.3:2233 13.4:1222233 14.1:22 14.2:12223333 14.3:122
15.1:12233 15.2:12233 15.3:1222222 15.4:3333 16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223 17.1:23 17.2:22223333
17.3:22
"""
"""Sections of version 5.0.0 with the level of each of their points, in order."""


def points() -> dict[str, int]:
    """Every point with its level."""
    found = {}
    for section, levels in (each.split(":") for each in LEVELS.split()):
        found |= {f"{section}.{number}": int(level) for number, level in enumerate(levels, 1)}
    return found


def rows() -> list[tuple[str, str, str]]:
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    return re.findall(r"^\| (\d.+?) \| (\S+) \| (.+?) \|$", text, re.MULTILINE)


def named(cell: str) -> list[str]:
    """The points of a cell: one, or from one to another of a section."""
    found = []
    for first, last in re.findall(r"([\d.]+\d)(?:–([\d.]+\d))?", cell):
        section, _dot, begin = first.rpartition(".")
        end = last.rpartition(".")[2] or begin
        assert not last or last.startswith(f"{section}."), cell
        found += [f"{section}.{number}" for number in range(int(begin), int(end) + 1)]
    return found


def test_each_point_stands_there_once():
    told = [point for cell, _mark, _where in rows() for point in named(cell)]
    assert len(points()) == 345
    assert sorted(told) == sorted(points())


def test_a_row_has_a_mark_and_says_where_or_why():
    assert {mark for _cell, mark, _where in rows()} == {"✓", "◐", "✗", "–"}
    assert [cell for cell, _mark, where in rows() if len(where) < 4] == []


def test_what_is_named_is_there():
    told = " ".join(where for _cell, _mark, where in rows())
    paths = set(re.findall(r"`((?:clinic|tests|config)/[\w./]*)`", told))
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    assert len(paths) > 50
