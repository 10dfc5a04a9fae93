"""The look: one light sheet for both directions, icons that exist, and a design page without a fault in either language."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from clinic import formats, languages
from clinic.dev import gallery
from tests.pages import faults

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "clinic" / "static"
TEMPLATES = ROOT / "templates"
PHYSICAL = re.compile(r"(?<![-\w])(?:margin|padding|border|inset)-(?:left|right|top|bottom)|(?<![-\w(])(?:left|right):")


def _weight(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def _icons() -> set[str]:
    return set(re.findall(r'symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))


def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    languages.install_jinja(pages)
    formats.install_jinja(pages)
    pages.globals.update(
        asset=lambda name: f"/static/{name}",
        csrf_token=lambda: "token",
        demo=True,
        get_flashed_messages=lambda with_categories=False: [("success", "✓"), ("error", "!")],
    )
    return pages


def _around(code: str) -> dict[str, object]:
    link = {"label": "1", "url": "/x", "icon": "home", "current": True}
    return {
        "language": languages.LANGUAGES[code],
        "reader": SimpleNamespace(name="…", initials="…"),
        "nav": [SimpleNamespace(key="desk", **link)],
        "tabs": [SimpleNamespace(key="call", **link)],
        "search_url": "/x",
        "call_url": "/x",
        "language_url": "/x",
        "sign_out_url": "/x",
    }


@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_design_page_has_no_fault(code: str) -> None:
    with languages.using(code):
        html = _pages().get_template("dev/design.html").render(**_around(code), **gallery.sample())
    assert faults(html, language=code) == []


@pytest.mark.parametrize("code", ["ar", "en"])
@pytest.mark.parametrize("status", ["400", "403", "404", "409", "413", "429"])
def test_an_error_page_has_no_fault(status: str, code: str) -> None:
    with languages.using(code):
        html = _pages().get_template(f"errors/{status}.html").render(**_around(code))
    assert faults(html, language=code) == []


def test_the_page_of_a_fault_of_ours_needs_nothing_at_all() -> None:
    alone = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    html = alone.get_template("errors/500.html").render()
    assert faults(html) == []
    assert "حدث خطأ" in html
    assert "went wrong" in html


def test_the_look_is_light() -> None:
    assert _weight("css/sanad.css", "css/print.css") <= 9_500
    assert _weight("js/sanad.js") <= 8_000
    assert _weight("icons.svg", "favicon.svg") <= 3_000


@pytest.mark.parametrize("name", ["css/sanad.css", "css/print.css"])
def test_a_sheet_serves_both_directions(name: str) -> None:
    assert PHYSICAL.findall((STATIC / name).read_text(encoding="utf-8")) == []


def test_every_icon_that_a_page_asks_for_is_drawn() -> None:
    asked = {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in re.findall(r'\bicon\("([\w-]+)"', page.read_text(encoding="utf-8"))
    }
    asked |= {
        name
        for module in (ROOT / "clinic").rglob("*.py")
        for name in re.findall(r'\bicon="([\w-]+)"', module.read_text(encoding="utf-8"))
    }
    assert asked - _icons() == set()
