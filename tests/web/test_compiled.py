"""Templates that were compiled beforehand are read as long as they are what would be compiled, and never written."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from jinja2.environment import Environment as AnyEnvironment

from clinic.web import compiled
from clinic.web.compiled import Compiled, compile_all

PAGE = "web/page.html"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "templates"


def _environment(folder: Path, text: str = "{{ 1 + x }}") -> Environment:
    return Environment(loader=DictLoader({PAGE: text}), bytecode_cache=Compiled(folder), autoescape=True)


def _page(environment: Environment) -> str:
    return environment.get_template(PAGE).render(x=2)


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of what is compiled from now on."""
    names: list[str | None] = []
    compile_ = AnyEnvironment.compile

    def told(environment: Environment, source: str, name: str | None = None, filename: str | None = None) -> object:
        names.append(name)
        return compile_(environment, source, name, filename)

    monkeypatch.setattr(AnyEnvironment, "compile", told)
    return names


def test_what_is_compiled_is_read_and_not_compiled_again(folder: Path, compiles: list[str | None]) -> None:
    assert compile_all(_environment(folder), [PAGE], folder) == 1
    compiles.clear()
    assert _page(_environment(folder)) == "3"
    assert compile_all(_environment(folder), [PAGE], folder) == 0
    assert compiles == []


def test_another_text_is_compiled_as_it_is_now(folder: Path, compiles: list[str | None]) -> None:
    compile_all(_environment(folder), [PAGE], folder)
    compiles.clear()
    changed = _environment(folder, "{{ 2 + x }}")
    assert _page(changed) == "4"
    assert compiles == [PAGE]
    assert compile_all(changed, [PAGE], folder) == 1
    assert compile_all(changed, [PAGE], folder) == 0


def test_other_rules_compile_it_anew(folder: Path, compiles: list[str | None], monkeypatch: pytest.MonkeyPatch) -> None:
    compile_all(_environment(folder), [PAGE], folder)
    compiles.clear()
    monkeypatch.setattr(compiled, "_rules", lambda: "others")
    assert _page(_environment(folder)) == "3"
    assert compiles == [PAGE]


@pytest.mark.parametrize("kept", [b"", b"no code", slice(40), slice(32)])
def test_what_is_broken_is_as_if_it_were_not_there(
    folder: Path, kept: bytes | slice, compiles: list[str | None]
) -> None:
    compile_all(_environment(folder), [PAGE], folder)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[kept] if isinstance(kept, slice) else kept)
    compiles.clear()
    assert _page(_environment(folder)) == "3"
    assert compiles == [PAGE]


def test_who_serves_writes_nothing(folder: Path) -> None:
    folder.mkdir()
    assert _page(_environment(folder)) == "3"
    assert list(folder.iterdir()) == []


def test_every_page_of_the_house_is_compiled_by_what_makes_them(folder: Path, app, compiles: list[str | None]) -> None:
    names = app.jinja_env.list_templates(extensions=["html"])
    assert compile_all(app.jinja_env, names, folder) == len(names)
    compiles.clear()
    kept = app.jinja_env.overlay(bytecode_cache=Compiled(folder), cache_size=-1)
    for name in names:
        kept.get_template(name)
    assert compiles == []
