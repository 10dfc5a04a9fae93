"""The rooms keep their shape: the same names, nothing in a doorway, and no web in what decides or writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "clinic"
ROOMS = sorted(folder.name for folder in CLINIC.iterdir() if (folder / "__init__.py").exists())
TEMPLATES = ROOT / "templates"
SHARED_TEMPLATES = {"layout", "macros", "errors", "print", "steps"}  # the pages of a step of any kind
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "data", "info", "misc", "common", "stuff"}
THE_WEB = ("flask", "flask_login", "flask_wtf", "wtforms", "werkzeug")
SEES_THE_WEB = re.compile(
    r"__init__|cli|rooms|rooms|web/.+|\w+/(forms|views)(_\w+)?|\w+/\w+_(forms|views)|dev/\w+|operations/(serving|sealed)"
)
ONE_DIALECT = re.compile(r"""["'](postgresql|sqlite)["']""")


def modules() -> Iterator[Path]:
    """Every module of the clinic."""
    return (file for file in sorted(CLINIC.rglob("*.py")) if "__pycache__" not in file.parts)


def named(file: Path) -> str:
    """The module's place in the clinic, without its ending."""
    return file.relative_to(CLINIC).with_suffix("").as_posix()


def imports(file: Path) -> set[str]:
    """The full names of what a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_lies_in_the_doorway_of_a_room(room):
    assert (CLINIC / room / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_each_module_has_a_name_that_says_something():
    assert [named(file) for file in modules() if set(file.stem.split("_")) & SAYS_NOTHING] == []


def test_only_forms_and_views_know_the_web():
    knowing = {named(file) for file in modules() if any(name.split(".")[0] in THE_WEB for name in imports(file))}
    assert sorted(name for name in knowing if not SEES_THE_WEB.fullmatch(name)) == []


def test_only_the_database_module_tells_dialects_apart():
    telling = {named(file) for file in modules() if ONE_DIALECT.search(file.read_text(encoding="utf-8"))}
    assert telling - {"db", "embedded"} == set()  # the files of SQLite


def test_only_the_clock_asks_what_time_it_is():
    asking = re.compile(r"\b(datetime|dt)\.(now|utcnow|today)\(|\bdate\.today\(")
    found = {named(file) for file in modules() if asking.search(file.read_text(encoding="utf-8"))}
    assert found - {"clock", "crypto/keyring", "dev/make_register"} == set()  # crypto imports nothing of ours


def test_templates_mirror_rooms():
    found = {folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()}
    assert found - SHARED_TEMPLATES - set(ROOMS) == set()
    deep = [
        str(file.relative_to(TEMPLATES))
        for file in TEMPLATES.rglob("*.*")
        if len(file.relative_to(TEMPLATES).parts) > 2
    ]
    assert deep == []


def test_each_template_is_used_and_each_that_is_used_is_there():
    there = {file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*") if file.is_file()}
    texts = [file.read_text(encoding="utf-8") for file in modules()]
    texts += [(TEMPLATES / name).read_text(encoding="utf-8") for name in there]
    said = {
        name
        for text in texts
        for name in re.findall(r"""["']([a-z_]+/[a-z0-9_]+\.(?:html|svg|css|txt|xml|typ))["']""", text)
    }
    errors = {name for name in there if name.startswith("errors/")}
    assert sorted(there - said - errors) == []
    assert sorted(name for name in said - there if name.split("/")[0] in {Path(one).parts[0] for one in there}) == []


def test_tests_mirror_rooms():
    found = {folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir() and folder.name != "__pycache__"}
    assert found - set(ROOMS) - {"site", "journeys", "data", "config", "bench"} == set()


def test_one_sheet_serves_both_directions():
    physical = re.compile(
        r"(?<![\w-])(((margin|padding|border)-(left|right)|left|right)\s*:|(text-align|float):\s*(left|right)\b)",
        re.IGNORECASE,
    )
    for sheet in sorted((CLINIC / "static").rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert [found.group(0) for found in physical.finditer(text)] == [], sheet.name
