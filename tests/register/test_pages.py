"""Bringing a register in from a page, after looking at what would happen; taking out what one may read."""

from __future__ import annotations

import io
import os
import zipfile

import openpyxl
import pytest
from sqlalchemy import func, select

from clinic import db
from clinic.access.models import Wall
from clinic.cases.models import CaseFile, Step
from clinic.children.models import Child
from clinic.jobs.spool import age_out
from clinic.register import spool
from tests.register.registers import VALID, row, whole
from tests.register.test_reading import book


def workbook(sheets=None):
    """A register as a workbook."""
    return book(
        *(
            (name, [list(rows[0]), *(list(cells.values()) for cells in rows)])
            for name, rows in (sheets or whole()).items()
        )
    )


def upload(browser, content, name="register.xlsx", **fields):
    browser.get("/register")
    return browser.post("/register/upload", {"files": (io.BytesIO(content), name), **fields})


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def nadia(browse, make):
    """The coordinator's browser."""
    return browse(make.coordinator("Nadia"))


def test_a_coordinator_looks_first_and_then_brings_in(nadia):
    page = upload(nadia, workbook()).follow()
    assert "What would happen" in page.text
    assert [cell.get_text() for cell in page.select("table tbody tr")[0].select("td")] == ["1", "0", "0"]
    assert count(Child) == 0
    page = page.submit(form="form[action*='/register/uploads/']").follow()
    assert "12 new records" in page.text
    assert (count(Child), count(CaseFile)) == (1, 1)


def test_what_is_wrong_is_told_row_by_row(nadia):
    sheets = whole()
    sheets["hearings"].append(row("hearings", scheduled_at="soon"))
    page = upload(nadia, workbook(sheets)).follow()
    assert "hearings, row 3, scheduled_at" in page.text.replace("\u2068", "").replace("\u2069", "")
    assert "soon" in page.text
    page = page.submit(form="form[action*='/register/uploads/']", status=422)
    assert "soon" in page.text
    assert count(Child) == 0


def test_what_is_wrong_in_many_rows_is_told_once_with_the_rows_folded(nadia):
    sheets = whole()
    sheets["hearings"] += [row("hearings", scheduled_at=f"soon {number}") for number in range(60)]
    page = upload(nadia, workbook(sheets)).follow()
    fold = next(fold for fold in page.select("details.fold") if "soon 7" in fold.get_text())
    assert fold.select_one("summary").get_text(strip=True) == "Look at 60 rows"
    assert len(fold.select("tbody tr")) == 50
    assert "10 more rows are not shown." in fold.get_text()
    assert page.text.count("Expected a date and time") == 1


def test_what_was_uploaded_and_not_brought_in_waits_where_it_was_uploaded(nadia, browse, make):
    assert "Uploaded, not yet brought in" not in nadia.get("/register").text
    address = upload(nadia, workbook()).location
    page = nadia.get("/register")
    assert "Uploaded, not yet brought in" in page.text
    assert page.select_one("main li a.button")["href"] in address
    assert "Uploaded, not yet" not in browse(make.coordinator("Other")).get("/register").text
    page = page.submit(form="form[action$='/forget']").follow()
    assert "Uploaded, not yet brought in" not in page.text


def test_ten_uploads_may_wait_and_one_more_when_one_is_thrown_away(nadia):
    content = workbook()
    for _upload in range(10):
        upload(nadia, content)
    page = upload(nadia, content)
    assert page.status == 422
    assert "10 registers of yours wait already" in page.text
    page.submit(form="form[action$='/forget']")
    assert upload(nadia, content).status == 303


def test_the_good_rows_go_in_and_the_bad_ones_come_back(nadia):
    sheets = whole()
    sheets["hearings"].append(row("hearings", scheduled_at="soon"))
    page = upload(nadia, workbook(sheets)).follow()
    address = page.select_one("a[download]")["href"]
    page.submit({"partial": "y"}, form="form[action*='/register/uploads/']")
    assert count(CaseFile) == 1
    file = nadia.get(address)
    assert file.headers["Content-Disposition"] == 'attachment; filename="problems.xlsx"'
    made = openpyxl.load_workbook(io.BytesIO(file.response.get_data()))
    assert made.sheetnames == ["hearings"]
    assert made["hearings"]["E1"].value == "problem"


def test_csv_files_are_taken_too(nadia):
    text = "activity_ref,held_on,kind\r\nA-1,2016-01-29,training\r\n"
    page = upload(nadia, text.encode(), "activities.csv").follow()
    assert "activities" in page.text


def test_another_file_is_refused_with_what_to_choose(nadia):
    for content, name in ((b"x", "register.pdf"), (b"x", "register.xlsx"), (b"", "")):
        page = upload(nadia, content, name)
        assert page.status == 422
        assert ".xlsx" in page.text


def test_a_page_brings_in_a_small_register_alone(nadia):
    rows = [dict(VALID["activities"], activity_ref=f"A-{number}") for number in range(5_100)]
    page = upload(nadia, workbook({"activities": rows}))
    assert page.status == 422
    assert "5,000 rows" in page.text


def test_an_unknown_column_is_kept_aside_when_told_to(nadia):
    sheets = {"activities": [row("activities", colour="blue")]}
    page = upload(nadia, workbook(sheets), ignore_unknown_columns="y").follow()
    assert "kept aside" in page.text
    page.submit(form="form[action*='/register/uploads/']").follow()


def test_nobody_else_sees_an_upload_and_nothing_of_it_lies_in_clear(nadia, browse, make, settings):
    address = upload(nadia, workbook()).location
    browse(make.coordinator("Other")).get(address, status=404)
    browse(make.lawyer("Huda")).get(address, status=404)
    (kept,) = (settings.home / "spool").iterdir()
    assert b"PK" not in kept.read_bytes()[:100]
    assert oct(kept.stat().st_mode)[-3:] == "600"


def test_an_upload_is_thrown_away_when_told_to_and_after_a_day(nadia, settings):
    page = upload(nadia, workbook()).follow()
    page.submit(form="form[action$='/forget']").follow()
    nadia.get(page.address, status=404)
    address = upload(nadia, workbook()).location
    (kept,) = (settings.home / "spool").iterdir()
    os.utime(kept, (0, 0))
    nadia.get(address, status=404)
    age_out()
    assert kept not in list((settings.home / "spool").iterdir())


def test_only_a_coordinator_brings_in(browse, make):
    page = browse(make.lawyer("Huda")).get("/register")
    assert page.select("form[action$='/register/upload']") == []
    browse(make.lawyer("Huda")).post("/register/upload", {}, status=403)
    browse(make.administrator("Adam")).get("/register", status=403)


def test_a_lawyer_takes_out_their_own_cases_as_a_workbook(browse, make):
    huda = make.lawyer("Huda")
    mine, other = make.case(team=[huda]), make.case(team=[make.lawyer("Karim")])
    browser = browse(huda)
    browser.get("/register")
    answer = browser.post("/register/export", {"file_format": "xlsx"}, status=200)
    made = openpyxl.load_workbook(io.BytesIO(answer.response.get_data()))
    references = {cells[0] for cells in made["cases"].values}
    assert mine.reference in references
    assert other.reference not in references


def test_csv_files_come_packed_together(browse, make):
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    browser = browse(huda, "ar")
    browser.get("/register")
    answer = browser.post("/register/export", {"file_format": "csv"}, status=200)
    with zipfile.ZipFile(io.BytesIO(answer.response.get_data())) as archive:
        assert "القضايا.csv" in archive.namelist()
        assert archive.read("القضايا.csv").startswith(b"\xef\xbb\xbf")


def test_taking_out_is_recorded(browse, make, clinic):
    from clinic.audit.models import reading

    browser = browse(make.lawyer("Huda"))
    browser.get("/register")
    browser.post("/register/export", {"file_format": "csv"}, status=200)
    with db.database().readings.connect() as connection:
        told = connection.execute(select(reading.c.what)).scalars().all()
    assert "register.exported" in told


def test_an_upload_of_many_files_counts_all_rows():
    text = "activity_ref,held_on,kind\r\n" + "A,2016-01-29,training\r\n" * 2_600
    with pytest.raises(spool.TooManyRows):
        spool.packed([("activities.csv", text.encode()), ("hearings.csv", text.encode())])


def test_who_is_kept_from_a_case_brings_nothing_into_it_and_is_told_of_it_as_new(nadia, make):
    upload(nadia, workbook()).follow().submit(form="form[action*='/register/uploads/']")
    case_id = db.session.scalar(select(CaseFile.id))
    sides = {"staff_id": make.people["Nadia"].id, "built_by": make.coordinator("Maha").id}
    db.session.add(Wall(case_id=case_id, **sides))
    db.session.commit()
    sheets = whole()
    sheets["children"][0]["given_name"] = "غير"
    page = upload(nadia, workbook(sheets)).follow()
    assert "1 0 0" in page.select("table tbody tr")[0].get_text(" ", strip=True)
    assert "onflict" not in page.text.split("Bring it in")[0].split("What goes in")[1]
    before = db.session.execute(select(Step.id, Step.version)).all()
    page.submit({"file_wins": "y"}, form="form[action*='/register/uploads/']").follow()
    assert (count(Child), count(CaseFile)) == (1, 1)
    assert db.session.execute(select(Step.id, Step.version)).all() == before
    assert db.session.scalar(select(Child)).given_name != "غير"
