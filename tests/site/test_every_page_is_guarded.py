"""Every page says what it needs; what anybody may open is listed here."""

from __future__ import annotations

import pytest
from flask import Flask

from clinic.access.permissions import Permission
from clinic.web.guard import needs, public
from tests.site.world import NO_PAGES, World, addresses

PUBLIC = {
    "front": "sends to the desk, which asks who it is",
    "staff.sign_in": "asks who it is",
    "staff.second": "asks for the second factor after the password",
    "staff.sign_in_with_passkey": "asks who it is",
    "staff.passkey_challenge": "the question that a passkey answers",
    "staff.own_challenge": "the same, for whoever the browser's cookie names",
    "staff.welcome": "the one-time link",
    "staff.speak": "the language switch",
    "operations.sealed": "what stands there while the clinic is being sealed",
}


def unguarded(app: Flask) -> set[str]:
    """The pages that say nothing."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - NO_PAGES
    return {endpoint for endpoint in endpoints if not hasattr(app.view_functions[endpoint], "needs")}


def open_to_anybody(app: Flask) -> set[str]:
    """The pages that say they need nobody."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - NO_PAGES - unguarded(app)
    return {endpoint for endpoint in endpoints if app.view_functions[endpoint].needs is None}


def test_every_page_says_what_it_needs(app):
    assert unguarded(app) == set()


def test_only_these_pages_are_open_to_anybody(app):
    assert open_to_anybody(app) == set(PUBLIC)


def test_a_page_that_says_nothing_would_be_found(app):
    strange = Flask("strange")
    strange.add_url_rule("/bare", "bare", lambda: "")
    strange.add_url_rule("/open", "open", public(lambda: ""))
    strange.add_url_rule("/needing", "needing", needs(Permission.CASE_READ)(lambda: ""))
    assert unguarded(strange) == {"bare"}
    assert open_to_anybody(strange) == {"open"}


def test_nobody_is_sent_to_sign_in_from_every_page_that_needs_somebody(app, browse, make):
    found = list(addresses(World(make), app))
    stranger = browse()
    for endpoint, address in found:
        if endpoint not in PUBLIC:
            page = stranger.get(address, status=303)
            assert page.location.startswith("/sign-in?back="), f"{endpoint}: {page.location}"


def test_nothing_can_be_sent_without_the_token_of_a_form(app, browse, make):
    world = World(make)
    found = list(addresses(world, app, "POST"))
    browser = browse(world.person("lawyer"))
    for endpoint, address in found:
        assert browser.send(address, {}, status=400).status == 400, endpoint


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_each_open_page_is_there(app, name):
    assert name in app.view_functions
