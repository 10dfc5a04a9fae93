"""What names a child stands on pages alone: not in a log, an address, a title, a file's name or a cookie."""

from __future__ import annotations

import base64
import logging
import zlib
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic import db
from clinic.access.permissions import Lane
from clinic.children.models import Child
from clinic.web import guard
from tests.site.test_who_sees_what import ROLES, SENT
from tests.site.world import SAID, World, addresses

ANY = (200, 201, 204, 303, 302, 400, 403, 404, 405, 409, 410, 413, 422, 429, 500)
NAMES = ("ياسمين", "اختبارية", "Ikhtibariya", "0599000000", "طفل ما", "اتصال بالمدرسة", "1-777888")


@pytest.fixture
def logged(caplog):
    """Everything that anything logs, of whatever weight."""
    caplog.set_level(logging.DEBUG)
    return caplog


def in_clear(cookie: str) -> str:
    """What a signed cookie says to whoever holds it."""
    payload = cookie.lstrip(".").split(".")[0]
    try:
        content = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return (zlib.decompress(content) if cookie.startswith(".") else content).decode("unicode_escape")
    except (ValueError, zlib.error):
        return cookie


def outside(page) -> dict[str, str]:
    """What an answer says outside its page."""
    headers = page.headers
    told = {"address": unquote(page.address), "location": unquote(headers.get("Location", ""))}
    told["file"] = unquote(headers.get("Content-Disposition", ""))
    told["cookies"] = " ".join(in_clear(one.split("=", 1)[-1].split(";")[0]) for one in headers.getlist("Set-Cookie"))
    if page.is_html:
        told["title"] = " ".join(one.get_text() for one in page.select("title"))
        told["links"] = unquote(" ".join(str(one["href"]) for one in page.select("a[href^='/']")))
    return told


def secrets_of(world: World) -> list[str]:
    """Every word of the world that no answer may say outside its page."""
    said = [word for lane, word in SAID.items() if lane.value != "facts"]
    return [*said, *NAMES]


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_names_a_child_leaves_its_page(app: Flask, browse, make, logged, role):
    world = World(make)
    child = db.session.get_one(Child, world.ids["child_id"])
    child.unrwa_number = "1-777888"
    db.session.commit()
    browser = browse(world.person(role))
    words, found = secrets_of(world), []
    for endpoint, address in sorted(addresses(world, app), key=lambda one: one[0] == "staff.sign_out"):
        answer = outside(browser.get(address, status=ANY))
        found += [(endpoint, where, word) for where, said in answer.items() for word in words if word in said]
    for endpoint, address in sorted(addresses(world, app, "POST"), key=lambda one: one[0] == "staff.sign_out"):
        sent = {"csrf_token": browser.token, **typed(words), **SENT.get(endpoint, {})}
        answer = outside(browser.send(address, sent, status=ANY))
        found += [(endpoint, where, word) for where, said in answer.items() for word in words if word in said]
    assert found == []
    assert [word for word in words if word in logged.text] == []


def typed(words: list[str]) -> dict[str, str]:
    """The words, in fields that many forms have."""
    names = (
        "note",
        "given_name",
        "family_name",
        "text",
        "name",
        "phone",
        "words",
        "q",
        "because",
        "what",
        "child_name",
    )
    return {name: words[number % len(words)] for number, name in enumerate(names)}


def test_a_fault_is_logged_without_what_was_typed(app: Flask, browse, make, logged):
    typed_by_somebody = SAID[Lane.SOCIAL]

    def broken() -> str:
        try:
            db.session.execute(text("SELECT * FROM nowhere WHERE note = :note"), {"note": typed_by_somebody})
        except DBAPIError as problem:
            raise ValueError(typed_by_somebody) from problem
        return ""

    app.add_url_rule("/broken", "broken", guard.public(broken))
    browse(make.lawyer("Huda")).get("/broken", status=500)
    assert "fault at broken: ValueError" in logged.text
    assert "in broken" in logged.text
    assert typed_by_somebody not in logged.text
