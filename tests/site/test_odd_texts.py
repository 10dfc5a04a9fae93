"""Whatever was typed is kept as typed, shown as typed, and does nothing: on a page, in a draft, in a refused form, in a
file. No text makes a fault of ours.
"""

from __future__ import annotations

import csv
import io
import zipfile
from contextvars import Context

import openpyxl
import pytest

from clinic import clock, db
from clinic.cases.models import CaseFile
from clinic.children.models import Child, Guardian
from tests.register.test_pages import upload
from tests.site.crawl import Crawl, nothing_kept
from tests.site.world import World

pytestmark = pytest.mark.slow

MARKUP = "<spoilt-tag>\"'>{{ 7*7 }}"
ODD = {
    "markup": MARKUP,
    "turned round": "\u202eكرم\u2066 abc \u2069\u202d",
    "of no width": "\u200b\u200d\ufeff\u0640x",
    "a formula": '=HYPERLINK("http://x")',
    "a sum": "+1-2",
    "another formula": "@SUM(A1)",
    "an apostrophe": "'=1",
    "long": "كلام طويل " * 999 + "!",
    "long without a space": "x" * 10_000,
    "a picture": "\U0001f9d2\u200d\U0001f9d2",
    "lines": "line\n\nbreak\ttab",
    "places": "%(name)s %s {0}",
    "marks": "é́́́",
    "both ways": "\u200f\u200eab ابت 123",
}
DROPPED = {"a\0b": "ab", "\x01\x02\x1b[31m": "[31m", "x\x85\ufffe": "x"}
"""What no keyboard types is left out, and nothing else."""


@pytest.fixture
def world(make):
    return World(make)


def shown(browser, address):
    """A page as it is sent; what looks like a leftover of ours was typed."""
    return Context().run(browser.client.get, address, buffered=True).get_data(as_text=True)


def in_form(page, name="legal_text"):
    """What a field of many lines holds."""
    return page.select_one(f"textarea[name={name}]").get_text().replace("\r\n", "\n").strip("\n")


def noted(browser, case_id, text, **more):
    said = {"legal_text": text, "noted_on": clock.today().isoformat(), **more}
    return browser.post(f"/cases/{case_id}/steps/add/note", said, status=(303, 422))


@pytest.mark.databases
def test_a_text_is_kept_as_it_was_typed(world, browse):
    browser, case_id = browse(world.person("lawyer")), world.ids["case_id"]
    for typed, kept in [*((text, text) for text in ODD.values()), *DROPPED.items()]:
        step_id = noted(browser, case_id, typed).location.split("step-")[1]
        assert in_form(browser.get(f"/steps/{step_id}/correct")) == kept
    assert shown(browser, f"/cases/{case_id}").count("&lt;spoilt-tag") == 1


def test_a_refused_form_and_a_draft_hold_what_was_typed(world, browse):
    browser, case_id = browse(world.person("lawyer")), world.ids["case_id"]
    address = f"/cases/{case_id}/steps/add/note"
    for text in ODD.values():
        refused = noted(browser, case_id, text, noted_on="soon")
        assert (refused.status, in_form(refused)) == (422, text)
        token = str(browser.get(address).select_one("input[name=form_token]")["value"])
        fields = {"csrf_token": browser.token, "form_token": token, "legal_text": text}
        browser.send(f"/drafts/?place={address}", fields, status=204)
        assert in_form(browser.get(address)) == text


def say_everywhere(world, text):
    """The text wherever a person can type one of the case."""
    child, guardian = (db.session.get_one(*one) for one in _people(world))
    child.given_name = child.family_name = child.father_name = child.school_name = text
    guardian.name = guardian.safe_when = text
    case = db.session.get_one(CaseFile, world.ids["case_id"])
    case.summary = case.court_number = text
    db.session.commit()
    for kind in ("note", "complaint", "police_attendance", "prosecution_appearance"):
        field = {"note": "legal_text", "complaint": "account", "prosecution_appearance": "prosecutor"}.get(kind, "note")
        world.make.step(kind, case, by=world.team[0], **{field: text})


def _people(world):
    return (Child, world.ids["child_id"]), (Guardian, world.ids["guardian_id"])


@pytest.mark.parametrize("which", ["markup", "turned round", "long without a space", "places"])
def test_no_page_breaks_over_a_text(app, world, browse, monkeypatch, which):
    say_everywhere(world, ODD[which])
    for role in ("lawyer", "coordinator"):
        crawl = Crawl(app, browse(world.person(role)), every_figure=False)
        with nothing_kept(monkeypatch):
            crawl.ask("GET", f"/cases/{world.ids['case_id']}")
            crawl.follow(most=120)
            crawl.send_forms()
        assert len(crawl.answers) > 40
        assert [one.address for one in crawl.answers if one.status >= 500] == []
    for address in (f"/cases/{world.ids['case_id']}", f"/children/{world.ids['child_id']}"):
        assert "<spoilt-tag" not in shown(browse(world.person("lawyer")), address)


def test_a_text_is_no_formula_in_a_file_and_comes_back_as_it_was(world, browse):
    say_everywhere(world, "=1+1")
    for text in ODD.values():
        world.make.step("note", world.make.case(team=world.team), by=world.team[0], legal_text=text)
    browser = browse(world.person("lawyer"))
    taken = {form: _taken_out(browser, form) for form in ("xlsx", "csv")}
    book = openpyxl.load_workbook(io.BytesIO(taken["xlsx"]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert set(ODD.values()) - {cell.value for cell in cells} == set()
    with zipfile.ZipFile(io.BytesIO(taken["csv"])) as packed:
        texts = {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}
    cells = [cell for text in texts.values() for row in csv.reader(io.StringIO(text)) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []
    page = upload(browse(world.person("coordinator")), taken["xlsx"]).follow()
    assert "With problems" not in page.text


def _taken_out(browser, form):
    page = browser.get("/register").submit({"file_format": form}, form="form[action$='/export']", status=200)
    return page.response.get_data()
