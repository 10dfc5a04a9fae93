"""A page costs a fixed number of statements, however much the database holds: the same with 3 cases as with 300.

The three of the log of readings are not the page's: they are sent on a connection of their own.
"""

from __future__ import annotations

import pytest

from tests.browser import Browser
from tests.site.world import World, addresses

FEW, MANY = 3, 300
MOST = 15
A_LIST = 8
A_REPORT = 22  # one for each room's facts, and the frame
LISTS = {
    "cases.mine",
    "cases.every",
    "cases.intakes",
    "children.pairs",
    "staff.accounts",
    "staff.requests",
    "staff.leaving",
    "activities.index",
    "desk.tasks",
    "targets.index",
}
ROLES = ("lawyer", "counsellor", "coordinator", "administrator")


def counted(browser: Browser, found: list[tuple[str, str]], before: dict[str, int] | None = None) -> dict[str, int]:
    """How many statements each page sends, by endpoint, once what is kept in memory is warm.

    Asked a second time, unless the first already costs no more than `before` and no more than it may.
    """
    counts = {}
    for endpoint, address in found:
        sent = sent_by(browser, address)
        if sent and (before is None or sent > min(budget(endpoint), before.get(endpoint, 0))):
            sent = sent_by(browser, address)
        if sent is not None:
            counts[endpoint] = sent
    return counts


def sent_by(browser: Browser, address: str) -> int | None:
    """How many statements a page sends; none for what is no page for this person."""
    page = browser.get(address, status=(200, 303, 403, 404, 410))
    return sum("reading" not in statement for statement in page.statements.sent) if page.status == 200 else None


@pytest.mark.slow
@pytest.mark.dialects
def test_no_page_costs_more_with_more_cases(app, browse, make):
    world = World(make)
    world.more_cases(FEW)
    found = list(addresses(world, app))
    browsers = {role: browse(world.person(role)) for role in ROLES}
    few = {role: counted(browser, found) for role, browser in browsers.items()}
    world.more_cases(MANY - FEW)
    many = {role: counted(browser, found, few[role]) for role, browser in browsers.items()}
    grown = {
        (role, endpoint): (count, many[role][endpoint])
        for role, counts in few.items()
        for endpoint, count in counts.items()
        if many[role][endpoint] > count
    }
    assert grown == {}
    over = {
        (role, endpoint): n for role, counts in many.items() for endpoint, n in counts.items() if n > budget(endpoint)
    }
    assert over == {}


def budget(endpoint: str) -> int:
    """The most that a page may send."""
    if endpoint.startswith("reports."):
        return A_REPORT
    return A_LIST if endpoint in LISTS else MOST
