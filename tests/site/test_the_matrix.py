"""Role × team × lane × route × verb: everybody goes through the whole house, and finds what is theirs and nothing else.

Each person tries every address of the map in each verb, follows every link and sends every form back empty. What each
cell must answer is said by the policy (`tests/site/allowed.py`); what nobody else may read is planted in one case
(`tests/site/seats.py`). What leaves the house as a file or a message is tried in `test_no_way_out.py`.
"""

from __future__ import annotations

import pytest

from clinic.access.permissions import Lane, Role
from tests.site.allowed import cell
from tests.site.crawl import Answer, Crawl, nothing_kept
from tests.site.houses import a_house
from tests.site.seats import CODED, SEATS, SHARED, Seat, words_not_for
from tests.site.test_who_sees_what import ROLES, SENT, WHO
from tests.site.world import SAID

pytestmark = pytest.mark.slow

EVERY_FIGURE = {"lawyer", "counsellor", "coordinator", "coordinator behind a wall"}
IN_BRIEF = ("counsellor", "coordinator behind a wall", "lawyer in an emergency")


@pytest.fixture(scope="module")
def house(databases, dialect, tmp_path_factory):
    with a_house(databases, dialect, tmp_path_factory.mktemp("house")) as made:
        yield made


def differing(house, seat: Seat, cells: dict[tuple[str, str], str]) -> list[str]:
    """The cells that do not answer as the policy says."""
    views = house.app.view_functions
    return [
        f"{method} {endpoint} answers {found}, the policy says {wanted}"
        for (endpoint, method), found in cells.items()
        if found != (wanted := cell(views[endpoint], endpoint, seat))
    ]


def is_for_everybody(answer: Answer) -> bool:
    """The lists of the clinic, a register's too, which say what a code is called and not in whose case it stands."""
    return answer.address.startswith(("/lists", "/reports", "/register/export"))


def leaks(house, seat: Seat, answers: list[Answer]) -> list[str]:
    """What was answered to somebody for whom it is not."""
    case_id = str(house.world.ids["case_id"])
    words = words_not_for(seat, house.world.case.reference, house.world.secret_ids)
    codes = {CODED[lane] for lane in CODED if lane not in seat.lanes}
    found = []
    for answer in answers:
        told = answer.tells(words - codes if is_for_everybody(answer) else words)
        if seat.shown and seat.sees_the_case and answer.address.split("?")[0] in (
            f"/cases/{case_id}", f"/steps/{house.world.ids[f'shown {seat.shown.value}']}"
        ):  # fmt: skip
            told -= {SHARED[seat.shown]}
        found += [f"{answer.method} {answer.address} ({answer.status}): {word}" for word in sorted(told)]
    return found


def words_for(seat: Seat) -> set[str]:
    """What they find, so that it is sure that it could be found."""
    shown = {SHARED[seat.shown]} if seat.shown and seat.sees_the_case else set()
    return {SAID[lane] for lane in seat.lanes - {Lane.FACTS}} | shown  # facts are answers and codes, never texts


@pytest.mark.parametrize("name", SEATS)
def test_everybody_finds_what_is_theirs_and_nothing_else(house, monkeypatch, name):
    seat, crawl = SEATS[name], Crawl(house.app, house.browser(name), every_figure=name in EVERY_FIGURE)
    with nothing_kept(monkeypatch):
        cells = crawl.cells(house.world, SENT)
        crawl.follow()
        crawl.send_forms()
        cells |= crawl.cells(house.world, SENT, leaving=True)
    assert differing(house, seat, cells) == []
    assert leaks(house, seat, crawl.answers) == []
    assert [f"{one.method} {one.address}" for one in crawl.answers if one.status >= 500] == []
    said = {word for answer in crawl.answers for word in answer.tells(words_for(seat))}
    assert said == words_for(seat)
    if name in ROLES:
        assert cells == {(endpoint, method): WHO[endpoint][ROLES.index(name)] for endpoint, method in cells}


@pytest.mark.dialects
@pytest.mark.parametrize("name", IN_BRIEF)
def test_each_cell_answers_alike_on_every_database(house, monkeypatch, name):
    crawl = Crawl(house.app, house.browser(name))
    with nothing_kept(monkeypatch):
        cells = crawl.cells(house.world, SENT)
    assert differing(house, SEATS[name], cells) == []
    assert leaks(house, SEATS[name], crawl.answers) == []


def test_every_way_to_stand_to_a_case_has_its_seat():
    seats = SEATS.values()
    assert {role for seat in seats for role in seat.on_team_as} == {Role.LAWYER, Role.COUNSELLOR}
    for wanted in ("walled", "emergency", "shown", "has_left"):
        assert any(getattr(seat, wanted) for seat in seats), wanted
    assert {lane for seat in seats for lane in seat.lanes} == set(Lane)
