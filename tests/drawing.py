"""Pages drawn from their templates alone, without an application: for tests of the look and of the script."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from clinic import formats, languages
from clinic.dev import gallery
from clinic.web.templating import once

TEMPLATES = Path(__file__).parents[1] / "templates"


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
    pages.filters["once"] = once
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
        "results_waiting": 0,
    }


def design_page(code: str) -> str:
    """The design page in a language."""
    with languages.using(code):
        return _pages().get_template("dev/design.html").render(**_around(code), **gallery.sample())


def paper_page(code: str) -> str:
    """The paper of the design page in a language."""
    with languages.using(code):
        return _pages().get_template("dev/paper.html").render(**_around(code), say=gallery.say, here="/x")


def error_page(status: str, code: str) -> str:
    """The page of an error in a language."""
    with languages.using(code):
        return _pages().get_template(f"errors/{status}.html").render(**_around(code))
