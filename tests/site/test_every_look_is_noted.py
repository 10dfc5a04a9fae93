"""Whoever is shown what is kept of a child, on whatever page, in whatever verb, is noted in the log of looks.

A name and a reference alone, as they stand over every form and in every list, are no look.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from clinic import db
from clinic.audit.models import reading
from tests.site.crawl import Answer, Crawl, nothing_kept
from tests.site.houses import a_house
from tests.site.seats import CARD, PHONE, SCHOOL, SHARED
from tests.site.world import SAID, addresses

pytestmark = pytest.mark.slow

OWN = {"desk.show", "desk.calendar", "desk.tasks", "desk.whole", "steps.add"}
"""What lies on one's own desk, of each case its name and what one is to do; and what one typed and did not save."""
TOLD = {PHONE, CARD, SCHOOL, *SAID.values(), *SHARED.values()}


@pytest.fixture(scope="module")
def house(databases, dialect, tmp_path_factory):
    with a_house(databases, dialect, tmp_path_factory.mktemp("house")) as made:
        yield made


def looks() -> int:
    with db.database().readings.connect() as connection:
        return connection.scalar(select(func.count()).select_from(reading)) or 0


def unnoted(crawl: Crawl, method: str, address: str) -> set[str]:
    """What an answer tells of the child that no look was noted of."""
    before = looks()
    answer: Answer = crawl.ask(method, address)
    return answer.tells(TOLD) if answer.status in (200, 409, 422) and looks() == before else set()


@pytest.mark.parametrize("name", ["lawyer", "counsellor", "coordinator", "lawyer in an emergency"])
def test_no_page_tells_of_a_child_without_a_trace(house, monkeypatch, name):
    crawl, found = Crawl(house.app, house.browser(name)), {}
    with nothing_kept(monkeypatch):
        crawl.ask("GET", "/account")
        for method in ("GET", "HEAD", "POST"):
            for endpoint, address in addresses(house.world, house.app, "GET" if method == "HEAD" else method):
                told = set() if endpoint in {*OWN, "staff.sign_out"} else unnoted(crawl, method, address)
                if told:
                    found[method, endpoint] = told
    assert found == {}
    assert sum(bool(answer.tells(TOLD)) for answer in crawl.answers) > 5
