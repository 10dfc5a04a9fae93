"""For who is not on the team a case does not exist in any verb; and every link leads somewhere."""

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


@pytest.mark.parametrize("who", ["lawyer", "counsellor", "coordinator", "administrator"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_link_leads_somewhere(app, world, browse, who, language):
    assert len(list(walk(browse(world.person(who), language=language)))) > 3
