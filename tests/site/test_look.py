"""The look: one light sheet for both directions, icons that exist, a design page without a fault in both languages."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from tests.drawing import TEMPLATES, design_page, error_page, paper_page
from tests.pages import faults

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "clinic" / "static"
PHYSICAL = re.compile(r"(?<![-\w])(?:margin|padding|border|inset)-(?:left|right|top|bottom)|(?<![-\w(])(?:left|right):")


def _weight(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def _icons() -> set[str]:
    return set(re.findall(r'symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))


@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_design_page_has_no_fault(code: str) -> None:
    assert faults(design_page(code), language=code) == []


@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_paper_of_the_design_page_has_no_fault(code: str) -> None:
    assert faults(paper_page(code), language=code) == []


@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_design_page_speaks_its_language(code: str) -> None:
    assert "Not a valid choice" not in design_page(code)


@pytest.mark.parametrize("code", ["ar", "en"])
@pytest.mark.parametrize("status", ["400", "403", "404", "405", "409", "413", "429"])
def test_an_error_page_has_no_fault(status: str, code: str) -> None:
    assert faults(error_page(status, code), language=code) == []


@pytest.mark.parametrize(
    ("status", "arabic", "english"), [(500, "حدث خطأ", "went wrong"), (503, "لا تُجيب", "does not answer")]
)
def test_the_page_of_a_fault_of_ours_needs_nothing_at_all(status: int, arabic: str, english: str) -> None:
    alone = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    html = alone.get_template(f"errors/{status}.html").render()
    assert faults(html) == []
    assert arabic in html
    assert english in html


def test_the_look_is_light() -> None:
    assert _weight("css/sanad.css") <= 9_100  # the sheet for paper is fetched when something is printed
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
