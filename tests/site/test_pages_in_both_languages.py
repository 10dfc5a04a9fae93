"""Every page speaks both languages: it opens, says so in its root, and holds no sentence of the other one."""

from __future__ import annotations

import pytest

from tests.pages import foreign_text
from tests.site.test_every_page_is_guarded import PUBLIC
from tests.site.world import World, addresses

ROLES = ("lawyer", "counsellor", "coordinator", "administrator")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_each_page_speaks_the_language_of_its_reader(app, browse, make, role, language):
    world = World(make)
    found = [one for one in addresses(world, app) if one[0] != "staff.speak"]  # which would change the language
    browser = browse(world.person(role), language=language)
    foreign = {}
    for endpoint, address in found:
        page = browser.get(address, status=(200, 303, 403, 404, 410))
        if page.is_html and (words := foreign_text(page.html)):
            foreign[endpoint] = words[:3]
    assert foreign == {}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_each_open_page_speaks_the_language_that_was_chosen(app, browse, make, language):
    world = World(make)
    found = dict(addresses(world, app))
    browser = browse(language=language)
    for endpoint in sorted(PUBLIC.keys() & found.keys() - {"staff.speak"}):
        page = browser.get(found[endpoint], status=(200, 303, 410))
        assert not page.is_html or foreign_text(page.html) == [], endpoint


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("address", "status"), [("/no-such-page", 404), ("/staff/accounts", 403)])
def test_the_pages_of_error_speak_both_languages(browse, make, language, address, status):
    page = browse(make.lawyer("Huda"), language=language).get(address, status=(status, 404))
    assert foreign_text(page.html) == []


def test_an_expired_form_is_told_in_words(browse, make):
    page = browse(make.lawyer("Huda"), language="en").send("/account", {"csrf_token": "old"}, status=400)
    assert page.heading
