"""An address that a template writes is the one that Flask writes, whatever stands in it."""

from __future__ import annotations

from typing import Any

import flask
import pytest
from flask import Flask
from werkzeug import routing

from clinic.clock import new_id
from clinic.web import addresses
from clinic.web.addresses import url_for

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("desk.show", {}),
    ("cases.show", {"case_id": new_id()}),
    ("cases.show", {"case_id": new_id(), "kind": "hearing"}),
    ("cases.show", {"kind": None, "case_id": new_id(), "after": 25}),
    ("steps.add", {"kind_code": "note", "case_id": new_id()}),
    ("children.correct_guardian", {"guardian_id": new_id(), "case": new_id()}),
    ("static", {"filename": "css/sanad.css", "v": "a b%"}),
    ("cases.every", {"stage": "لا"}),
]


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_an_address_is_the_same_however_it_is_made(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    with app.test_request_context("/"):
        assert [url_for(endpoint, **values) for _time in range(2)] == [flask.url_for(endpoint, **values)] * 2


def test_how_an_address_is_built_is_worked_out_when_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out, compile_builder = [], routing.Rule._compile_builder

    def noted(rule: routing.Rule, append_unknown: bool) -> Any:
        worked_out.append(rule.endpoint)
        return compile_builder(rule, append_unknown)

    monkeypatch.setattr(routing.Rule, "_compile_builder", noted)
    made = Flask("sanad", static_folder=None)
    made.url_rule_class = addresses.Rule
    for name in ("desk", "cases"):
        made.add_url_rule(f"/{name}/<case_id>", name)
    assert worked_out == []
    with made.test_request_context("/"):
        assert [flask.url_for("cases", case_id=number, page=2) for number in (7, 8)] == [
            "/cases/7?page=2",
            "/cases/8?page=2",
        ]
    assert worked_out == ["cases"]


def test_below_a_path_of_a_proxy_the_address_begins_with_it(app: Flask) -> None:
    with app.test_request_context("/", base_url="https://clinic.example/sanad"):
        assert url_for("desk.show") == "/sanad/desk"
    with app.test_request_context("/"):
        assert url_for("desk.show") == "/desk"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ar", "لا يُفتح هذا العنوان بهذه الطريقة"), ("en", "This address is not opened like that")],
)
def test_the_address_of_a_button_says_so_when_it_is_opened_as_a_page(make, browse, language, sentence):
    page = browse(make.coordinator("Nadia"), language=language).get("/sign-out", status=405)
    assert page.select("h1")[0].get_text(strip=True) == sentence
    assert "POST" in page.headers["Allow"]
