"""A report of one day, a part of one case: figures tell nobody what one child rated or what one complaint is about, who
does not read it. Other answers, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.complaints.models import Complaint
from clinic.counselling.models import CounsellingSession
from clinic.reports import closed
from clinic.reports.indicators import INDICATORS

RANDOM = re.compile(r'<input[^>]*name="(?:csrf_token|form_token)"[^>]*>|nonce-[^"]+')
DAYS = "first=2016-04-01&last=2016-04-30"
SCORES = {"better": (2, 9), "worse": (9, 2)}


def child_with(make: Any, scores: tuple[int, int], about: str, day: int = 2) -> None:
    """A case with two ratings and a complaint."""
    huda, salma = make.lawyer(), make.counsellor()
    case = make.case(team=[huda, salma], opened_on=date(2016, 3, 1), projects=("core",))
    for on, score in zip((day, day + 10), scores, strict=True):
        kind = {"session_kind": "individual", "wellbeing_score": score}
        make.step("counselling_session", case, by=salma, held_on=date(2016, 4, on), **kind)
    make.step("complaint", case, by=huda, filed_on=date(2016, 4, day), body="ministry", about=(about,), status="filed")


def unpacked(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode("latin-1")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in sorted(packed.namelist()) if "docProps" not in name]
        return "\n".join(packed.read(name).decode() for name in names)


def everything(browser: Any) -> dict[str, str]:
    """Every page of the report and its files, with every part by every key."""
    figures = [INDICATORS[name] for name in ("wellbeing_change", "complaints_filed", "children_counselled")]
    numbers = ("n", "improved", "worse", "value", "by:beating", "by:insults")
    addresses = [f"/reports?{DAYS}", *(f"/reports/as/{form}?{DAYS}" for form in ("csv", "json", "xlsx"))]
    for one in figures:
        page = f"/reports/figures/{one.id}?{DAYS}"
        addresses += [page, *(f"{page}&of={number}" for number in numbers)]
        addresses += [f"{page}&by={key}&part={part}" for key in one.keys for part in ("", "2016-04", "core")]
    return {address: RANDOM.sub("*", unpacked(browser.get(address).response.get_data())) for address in addresses}


def change(scores: tuple[int, int], about: str) -> None:
    """The same records with other answers."""
    sessions = db.session.query(CounsellingSession).order_by(CounsellingSession.held_on).all()
    for session, score in zip(sessions, scores, strict=True):
        session.wellbeing_score = score
    for complaint in db.session.query(Complaint):
        complaint.about = (about,)
    db.session.commit()


@pytest.mark.dialects
def test_a_coordinator_learns_of_one_child_neither_rating_nor_what_a_complaint_is_about(make, browse, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "told", lambda: now)
    child_with(make, SCORES["better"], "beating")
    browser = browse(make.coordinator())
    before = everything(browser)
    change(SCORES["worse"], "insults")
    after = everything(browser)
    assert [address for address in before if before[address] != after[address]] == []
    assert "withheld: the numbers are small" in after[f"/reports?{DAYS}"]


def test_who_reads_the_lane_is_told(make, browse):
    child_with(make, SCORES["better"], "beating")
    salma = browse(make.counsellor())
    assert "mean of 1" in salma.get(f"/reports/figures/wellbeing_change?{DAYS}").text
    huda = browse(make.lawyer())
    assert "withheld" in huda.get(f"/reports/figures/wellbeing_change?{DAYS}").text
    assert '"beating": 1' in huda.get(f"/reports/as/json?{DAYS}").response.get_data(as_text=True)
    assert '"beating"' not in salma.get(f"/reports/as/json?{DAYS}").response.get_data(as_text=True)


def test_of_five_children_who_say_different_things_a_coordinator_is_told(make, browse):
    for number in range(4):
        child_with(make, SCORES["better"], "beating", day=3 + number)
    browser = browse(make.coordinator())
    assert "withheld" in browser.get(f"/reports/figures/wellbeing_change?{DAYS}").text
    child_with(make, SCORES["better"], "beating", day=8)
    assert "withheld" in browser.get(f"/reports/figures/wellbeing_change?{DAYS}").text  # all of them say one thing
    child_with(make, SCORES["worse"], "insults", day=9)
    assert "mean of 6" in browser.get(f"/reports/figures/wellbeing_change?{DAYS}").text
    told = browser.get(f"/reports/as/json?{DAYS}").response.get_data(as_text=True)
    assert '"beating": 5' in told


def test_who_is_two_things_reads_in_figures_what_both_read(make):
    both = make.reader(make.person("Mona", Role.LAWYER, Role.COUNSELLOR))
    assert {lane.value for lane in closed.lanes_of(both)} == {"facts", "identity"}
