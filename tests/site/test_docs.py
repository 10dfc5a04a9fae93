"""What the documents say is there, and what is there they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").rglob("*.md")) + [ROOT / "README.md"]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_names_every_setting_and_no_other():
    known = set(re.findall(r'"((?:CLINIC_[A-Z_]+|PORT))"', _read("config/settings.py")))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", _read("README.md"), re.MULTILINE))
    assert known == told


def test_the_map_names_every_room_and_no_other():
    rooms = {folder.parent.name for folder in (ROOT / "clinic").glob("*/__init__.py")}
    table = _read("docs/README.md").split("## The rooms")[1].split("Beside the rooms")[0]
    told = {name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert rooms == told


def test_every_command_of_make_that_is_told_is_there():
    targets = set(re.findall(r"^([a-z-]+):", _read("Makefile"), re.MULTILINE))
    told = {
        name
        for doc in DOCS
        for name in re.findall(r"(?:`|^ {4}|\$ )make ([a-z-]+)", doc.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert told - targets == set()


def test_the_decisions_are_numbered_in_a_row():
    numbers = [int(file.name[:4]) for file in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_each_link_leads_somewhere(doc):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", doc.read_text(encoding="utf-8"))
    assert [link for link in links if not (doc.parent / link).exists()] == []


def test_each_word_of_the_glossary_has_its_arabic():
    rows = re.findall(r"^\| (.+?) \| (.*?) \|", _read("docs/glossary.md"), re.MULTILINE)
    words = [row for row in rows if row[0] not in ("English", "---") and not row[0].startswith("-")]
    assert len(words) > 100
    assert [english for english, arabic in words if not re.search(r"[\u0621-\u064a]", arabic)] == []
