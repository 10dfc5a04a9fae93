"""A phone whose letters are set to twice their size: every page is as wide as the phone, and a name is read as one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import clock
from clinic.clock import Moment

TWICE = {"standard": 32, "fixed": 26}
LINES = """() => {
  const name = document.querySelector('.held bdi');
  return name.getBoundingClientRect().height / parseFloat(getComputedStyle(name).lineHeight);
}"""


@pytest.fixture(params=["phone"])
def size(request: pytest.FixtureRequest) -> str:
    """A desk has room."""
    return str(request.param)


def test_letters_of_twice_the_size_fit_a_phone(walk, make):
    huda = make.lawyer("Huda")
    case = make.case(child=make.child("عبد الرحمن", "اختبارية"), team=[huda])
    make.step("custody_period", case, by=huda, began=Moment(clock.now() - timedelta(hours=5)), place="police_station")
    reader = walk(huda)
    reader.page.context.new_cdp_session(reader.page).send("Page.setFontSizes", {"fontSizes": TWICE})
    reader.goto("/desk").look("large letters on the desk")
    assert reader.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
    assert reader.page.evaluate(LINES) < 4
    reader.goto("/tasks/add").type("What is to be done", "Call the school").press("Save the task", within="main")
    reader.goto(f"/cases/{case.id}").goto("/calls").goto("/tasks").goto("/calendar").goto("/cases")
