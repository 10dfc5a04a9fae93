"""The two sheets hold no rule that no page needs, and no page names a class that no rule is for."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "clinic" / "static" / "css"
SAYERS = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "clinic" / "static" / "js").glob("*.js"),
    *(file for file in (ROOT / "clinic").rglob("*.py") if "translations" not in file.parts),
]
NOTE = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{")
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
ATTRIBUTE = re.compile(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', re.DOTALL)
COMPUTED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
QUOTED = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'')


def _styled() -> set[str]:
    """The classes that a rule is for."""
    text = NOTE.sub("", "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS.glob("*.css")))
    selectors = (re.sub(r'"[^"]*"', "", selector) for selector in RULE.findall(text))
    return {name for selector in selectors for name in CLASS.findall(selector)}


def _written(text: str) -> set[str]:
    """The classes that stand as they are in a page."""
    return {name for value in ATTRIBUTE.findall(text) for name in COMPUTED.sub(" ", value).split()}


def _computed(text: str) -> set[str]:
    """The words quoted inside what a page works out for a class."""
    parts = (part for value in ATTRIBUTE.findall(text) for part in COMPUTED.findall(value))
    return {word for part in parts for pair in QUOTED.findall(part) for one in pair for word in one.split()}


def _said() -> set[str]:
    """Every word that a page, the script or the code of a page may put into a class: those written, and all quoted."""
    said: set[str] = set()
    for file in SAYERS:
        text = file.read_text(encoding="utf-8")
        said |= _written(text) | _computed(text)
        said |= {word for pair in QUOTED.findall(text) for part in pair for word in re.findall(r"[\w-]+", part)}
    return said


def test_every_rule_is_for_something_that_a_page_has():
    assert sorted(_styled() - _said()) == []


def test_every_class_of_a_page_has_a_rule():
    pages = {file: _written(file.read_text(encoding="utf-8")) for file in (ROOT / "templates").rglob("*.html")}
    styled = _styled()
    assert {file.name: names - styled for file, names in pages.items() if names - styled} == {}
