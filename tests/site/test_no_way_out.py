"""What leaves a page: files taken out, results that wait, a form held against a newer version, what a search is told.

The people and the planted words are those of `test_the_matrix.py`; here what they ask for is really done.
"""

from __future__ import annotations

import html
from contextvars import Context

import pytest
from bs4 import BeautifulSoup

from clinic import db
from clinic.access.permissions import Lane
from clinic.cases.kinds import all_kinds
from clinic.jobs import actions as jobs
from clinic.jobs import running
from clinic.jobs.models import Job, JobState
from clinic.register import work as register
from clinic.reports import work as reports
from tests.browser import filled
from tests.site.crawl import nothing_kept, text_of
from tests.site.houses import a_house
from tests.site.seats import CARD, CHILD, CODED, CODES, PHONE, SCHOOL, SEATS, SHARED, Seat, words_not_for
from tests.site.world import SAID

pytestmark = pytest.mark.slow

TAKERS = [name for name, seat in SEATS.items() if name != "administrator"]
ON_THE_CASE = [name for name, seat in SEATS.items() if seat.on_team_as and seat.sees_the_case]
OUTSIDE = [name for name, seat in SEATS.items() if not seat.sees_the_case]
FORMS = ("csv", "xlsx")


@pytest.fixture(scope="module")
def house(databases, dialect, tmp_path_factory):
    with a_house(databases, dialect, tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture
def in_the_background(monkeypatch):
    """Every register and every report counts as large."""
    monkeypatch.setattr(register, "CASES_AT_ONCE", -1)
    monkeypatch.setattr(reports, "LONG", -1)


def carried_out(house) -> Job:
    """The job that waits, done as the worker does it."""
    db.session.rollback()
    claimed = jobs.claim()
    while claimed is not None:
        assert running.run(*claimed, house.settings) is None
        done = db.session.get_one(Job, claimed[0], populate_existing=True)
        claimed = jobs.claim()
    db.session.rollback()
    assert done.state == JobState.DONE, done.problem
    return done


def found(said: str, words: set[str]) -> list[str]:
    return sorted(word for word in words if word in said)


def words_of(house, seat: Seat) -> set[str]:
    """What this person must not find, and the codes of lanes that they do not read."""
    codes = {CODES[lane] for lane in CODES if lane not in seat.lanes}
    return words_not_for(seat, house.world.case.reference, house.world.secret_ids) - set(CODED.values()) | codes


def taken_out(house, browser, form: str) -> str:
    """The register as a file, had made in the background."""
    browser.get("/register").submit({"file_format": form}, form="form[action$='/export']").follow()
    return text_of(browser.get(f"/jobs/{carried_out(house).id}/file").response.get_data())


@pytest.mark.parametrize("name", TAKERS)
def test_a_register_taken_out_holds_what_its_taker_reads_and_nothing_else(house, in_the_background, name):
    seat, browser = SEATS[name], house.browser(name)
    lanes = frozenset() if seat.emergency else seat.lanes  # an emergency is for reading: nothing of it is taken along
    for form in FORMS:
        said = taken_out(house, browser, form)
        codes = set(CODES.values()) if form == "xlsx" else set()  # its lists are in the same file
        assert found(said, words_of(house, seat) - codes) == []
        theirs = {planted[lane] for planted in (SAID, SHARED) for lane in lanes & planted.keys()} - {SAID[Lane.FACTS]}
        assert found(said, {*SAID.values(), *SHARED.values()}) == sorted(theirs)


@pytest.mark.parametrize("name", ["lawyer in an emergency", "counsellor in an emergency"])
def test_nothing_is_taken_along_from_an_emergency(house, monkeypatch, name):
    browser = house.browser(name)
    with nothing_kept(monkeypatch):
        page = browser.get("/register").submit({"file_format": "csv"}, form="form[action$='/export']", status=200)
    assert found(text_of(page.response.get_data()), {house.world.case.reference, *CHILD, *SAID.values()}) == []


@pytest.mark.parametrize("edition", ["internal", "public"])
@pytest.mark.parametrize("name", ["lawyer", "counsellor", "coordinator", "coordinator behind a wall"])
def test_a_report_as_a_file_names_nobody(house, in_the_background, name, edition):
    seat, browser = SEATS[name], house.browser(name)
    for form in FORMS:
        browser.get(f"/reports/as/{form}?edition={edition}").submit().follow()
        said = text_of(browser.get(f"/jobs/{carried_out(house).id}/file").response.get_data())
        assert found(said, {*CHILD, *SAID.values(), *SHARED.values(), *house.world.secret_ids}) == []
        if not seat.sees_the_case or edition == "public":
            assert house.world.case.reference not in said


def test_nobody_else_takes_what_was_made_for_somebody(house, in_the_background):
    browser = house.browser("lawyer")
    browser.get("/register").submit(form="form[action$='/export']")
    job = carried_out(house)
    for name in SEATS.keys() - {"lawyer"}:
        other = house.browser(name)
        other.get("/account")
        for address in (f"/jobs/{job.id}", f"/jobs/{job.id}/file"):
            other.get(address, status=404)
        for address in (f"/jobs/{job.id}/result", f"/jobs/{job.id}/drop"):
            other.send(address, {"csrf_token": other.token}, status=404)


def held_against(house, browser, address: str) -> tuple[int, str]:
    """A correction sent as if somebody had saved since: what the page says of both."""
    response = Context().run(browser.client.get, address, buffered=True)
    form = BeautifulSoup(response.get_data(as_text=True), "html.parser").select_one("main form[method=post]")
    if response.status_code != 200 or form is None or form.select_one("[name=version]") is None:
        return response.status_code, ""
    sent = {**filled(form), "version": "77", "because": "a word"}
    answer = Context().run(browser.client.post, address, data=sent, buffered=True)
    return answer.status_code, html.unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize("name", [*ON_THE_CASE, "coordinator"])
def test_a_form_held_against_a_newer_version_shows_no_other_lane(house, monkeypatch, name):
    seat, browser, ids = SEATS[name], house.browser(name), house.world.ids
    steps = {kind.code: ids[f"done {kind.code}"] for kind in all_kinds()} | {"shown": ids["shown legal"]}
    about = [
        f"/cases/{ids['case_id']}/correct",
        f"/cases/{ids['case_id']}/summary",
        f"/children/{ids['child_id']}/correct",
    ]
    held = 0
    with nothing_kept(monkeypatch):
        for address in [*(f"/steps/{step_id}/correct" for step_id in steps.values()), *about]:
            status, said = held_against(house, browser, address)
            assert found(said, words_of(house, seat)) == [], address
            held += status == 409
    assert held >= 1


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_search_answers_for_a_child_of_others_as_for_nobody(house, monkeypatch, name):
    browser = house.browser(name)
    if browser.get("/children/search", status=(200, 403)).status == 403:
        return
    nobody = browser.post("/children/search", {"q": "زززززز"}).text.replace("زززززز", "")
    case = house.world.case
    for asked in ("ياسمين اختبارية", "Ikhtibariya", PHONE, CARD, case.reference, case.reference[:-1], SCHOOL):
        assert browser.post("/children/search", {"q": asked}).text.replace(asked, "") == nobody, asked
