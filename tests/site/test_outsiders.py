"""For who is not on the team a case does not exist: no page, no list, no search, no count, no link leads to it."""

from __future__ import annotations

import re

import pytest

from clinic import clock
from tests.site.world import World, addresses, walk

OUTSIDERS = ("lawyer elsewhere", "counsellor elsewhere")
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
ABOUT_THE_CASE = {"case_id", "child_id", "step_id"}


@pytest.fixture
def world(make):
    return World(make)


def _about_the_case(app, world, method):
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    return [one for one in addresses(world, app, method) if rules[one[0]].arguments & ABOUT_THE_CASE]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_of_the_case_exists_for_an_outsider(app, world, browse, who):
    browser = browse(world.person(who))
    found = _about_the_case(app, world, "GET")
    assert len(found) > 5
    for _endpoint, address in found:
        browser.get(address, status=404)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nothing_can_be_sent_to_the_case_by_an_outsider(app, world, browse, who):
    browser = browse(world.person(who))
    browser.get("/account")
    for _endpoint, address in _about_the_case(app, world, "POST"):
        browser.send(address, {"csrf_token": browser.token}, status=404)


@pytest.mark.databases
@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_case_answers_an_outsider_in_every_verb_as_one_that_nobody_has(app, world, browse, who):
    browser = browse(world.person(who))
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        for _endpoint, address in _about_the_case(app, world, "POST" if method == "POST" else "GET"):
            nobodys = UUIDS.sub(lambda _id: str(clock.new_id()), address)
            answers = [browser.client.open(one, method=method, buffered=True) for one in (address, nobodys)]
            assert len({(one.status_code, one.mimetype) for one in answers}) == 1, (method, address)
            assert answers[0].status_code in ((400, 404) if method in ("GET", "HEAD", "POST") else (405,))


@pytest.mark.parametrize("who", [*OUTSIDERS, "administrator"])
def test_no_page_that_leads_on_from_the_desk_tells_of_the_case(app, world, browse, who):
    for page in walk(browse(world.person(who))):
        told = [words for words in world.secret_words if words in page.html]
        assert told == [], f"{page.address} tells {told}"


@pytest.mark.parametrize("who", ["lawyer", "counsellor", "coordinator", "administrator"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_link_leads_somewhere(app, world, browse, who, language):
    assert len(list(walk(browse(world.person(who), language=language)))) > 3
