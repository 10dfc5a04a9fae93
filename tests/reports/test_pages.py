"""The pages of the report: figures, lists behind them, files; in both languages, for each role what is theirs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from clinic import clock, db
from clinic.reports import queries
from clinic.reports.editions import Edition
from clinic.reports.indicators import INDICATORS
from clinic.reports.keys import KEYS
from tests.browser import Browser
from tests.makers import Maker
from tests.reports.test_queries import attendance, moment

Browse = Callable[..., Browser]
MARKS = "\u2066\u2068\u2069"


@pytest.fixture
def year(make: Maker) -> dict[str, Any]:
    """A year with something of most kinds: Huda's case and Karim's."""
    huda, karim, nadia, salma = make.lawyer(), make.lawyer("Karim"), make.coordinator(), make.counsellor()
    own = make.case(team=[huda, salma], opened_on=date(2016, 3, 24), projects=("core",))
    attendance(make, own, huda, questioned=moment("2016-03-24 07:00"), ill_treatment_alleged="yes")
    make.step(
        "custody_period",
        own,
        by=huda,
        place="police_cell",
        legal_basis="police",
        began=moment("2016-03-24 06:00"),
        ended=moment("2016-03-25 12:00"),
    )
    for day, score in ((2, 3), (20, 6)):
        make.step(
            "counselling_session",
            own,
            by=salma,
            held_on=date(2016, 4, day),
            session_kind="individual",
            wellbeing_score=score,
        )
    make.step(
        "hearing", own, by=huda, scheduled=moment("2016-05-01 09:00"), status="adjourned", court="bethlehem_magistrate"
    )
    make.step("complaint", own, by=huda, filed_on=date(2016, 4, 1), body="ministry", about=("beating",), status="filed")
    attendance(make, make.case(team=[karim], opened_on=date(2016, 6, 1)), karim, arrested=moment("2016-06-01 06:00"))
    return {"huda": huda, "karim": karim, "nadia": nadia, "salma": salma, "own": own}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.usefixtures("year")
def test_the_report_shows_every_figure_with_its_counts(make: Maker, browse: Browse, language: str) -> None:
    samar = make.coordinator("Samar", language=language)
    page = browse(samar, language=language).get("/reports?period=2016")
    titles = {figure.select_one("span").get_text() for figure in page.select(".figure")}  # type: ignore[union-attr]
    assert len(page.select("section .figure")) == len(INDICATORS) + 5
    assert len(titles) == len(INDICATORS)
    assert all(figure.select_one(".of").get_text().strip() for figure in page.select(".figure"))  # type: ignore[union-attr]


def test_each_picture_has_a_sentence_and_its_table(year: dict[str, Any], browse: Browse) -> None:
    page = browse(year["nadia"]).get("/reports?period=2016")
    pictures = page.select("figure.card")
    assert len(pictures) >= 6
    for picture in pictures:
        assert picture.select_one("figcaption").get_text().strip()  # type: ignore[union-attr]
        assert picture.select("table tbody tr")


def test_each_figure_opens_a_list_of_as_many_rows(year: dict[str, Any], browse: Browse) -> None:
    browser = browse(year["nadia"])
    for name, indicator in INDICATORS.items():
        page = browser.get(f"/reports/figures/{name}?period=2016")
        links = page.select("a.figure")
        for link in links:
            listed = browser.get(str(link["href"]).split("#")[0])
            assert len(listed.select("#rows tbody tr")) == number_in(link), name
        if not links and indicator.unit != "participants":
            assert len(page.select("#rows tbody tr")) == number_in(page.select_one(".figure")), name


def number_in(figure: Any) -> int:
    """The number of a figure."""
    return int(figure.select_one("b").get_text().strip(MARKS))


def test_a_lawyer_counts_and_opens_the_own_cases_alone(year: dict[str, Any], browse: Browse) -> None:
    page = browse(year["huda"]).get("/reports/figures/children_served?period=2016")
    (row,) = page.select("#rows tbody tr")
    assert year["own"].reference in row.get_text()


def test_a_broken_down_figure_opens_the_rows_of_a_part(year: dict[str, Any], browse: Browse) -> None:
    browser = browse(year["nadia"])
    page = browser.get("/reports/figures/children_served?period=2016&by=month")
    parts = page.select("table.list tbody tr th a")
    assert [part.get_text() for part in parts[:2]] == ["March 2016", "June 2016"]
    page = browser.get(str(parts[0]["href"]).split("#")[0])
    assert len(page.select("#rows tbody tr")) == 1


def test_the_parts_by_lawyer_are_called_by_their_names(year: dict[str, Any], browse: Browse) -> None:
    year["huda"].name = "Huda Al-Ayoubi"
    db.session.commit()
    browser = browse(year["nadia"])
    page = browser.get("/reports/figures/children_served?period=2016&by=lawyer")
    parts = page.select("table.list tbody tr th a")
    assert {"Huda Al-Ayoubi", "Karim"} <= {part.get_text().strip(MARKS) for part in parts}
    alone = browser.get(f"/reports?period=2016&lawyer={year['huda'].id}")
    assert "The cases of Huda Al-Ayoubi alone" in alone.text.translate(dict.fromkeys(map(ord, MARKS)))


def test_two_of_one_name_are_told_apart_by_their_usernames(year: dict[str, Any], make: Maker) -> None:
    year["huda"].name = year["karim"].name
    db.session.commit()
    staff = queries.colleagues(reader=make.reader(year["nadia"]))
    told = queries.names({"core": "Core"}, staff, Edition.INTERNAL)
    assert (told["lawyer", "huda"], told["lawyer", "karim"]) == ("Karim (huda)", "Karim (karim)")
    assert told["counsellor", "salma"] == "Salma"


def test_a_public_report_names_no_colleague(year: dict[str, Any], make: Maker) -> None:
    staff = queries.colleagues(reader=make.reader(year["nadia"]))
    assert queries.names({"core": "Core"}, staff, Edition.PUBLIC) == {("project", "core"): "Core"}


def test_no_list_tells_what_lies_in_a_closed_lane(year: dict[str, Any], browse: Browse) -> None:
    browser = browse(year["nadia"])
    page = browser.get("/reports/figures/wellbeing_change?period=2016&of=improved")
    assert len(page.select(".figure")) == 3
    assert "Beating" not in browser.get("/reports/figures/complaints_filed?period=2016&of=by:beating").text
    report = browser.get("/reports?period=2016")
    assert not any("of=improved" in str(link["href"]) for link in report.select("a[href]"))


def test_the_public_edition_has_no_list_no_picture_and_no_small_number(year: dict[str, Any], browse: Browse) -> None:
    browser = browse(year["nadia"])
    page = browser.get("/reports?period=2016&edition=public")
    assert not page.has("a.figure")
    assert not page.has("figure.card")
    values = [figure.select_one("b").get_text().strip(MARKS) for figure in page.select(".figure")]  # type: ignore[union-attr]
    assert set(values) <= {"0", "<5", "–"}
    browser.get("/reports/figures/children_served?period=2016&edition=public", status=404)


def test_a_period_of_ones_own_and_one_that_ends_before_it_begins(year: dict[str, Any], browse: Browse) -> None:
    browser = browse(year["nadia"])
    page = browser.get("/reports?period=own&first=2016-03-01&last=2016-03-31")
    assert "March 2016" in page.select_one(".head").get_text()
    page = browser.get("/reports?period=own&first=2016-03-31&last=2016-03-01")
    assert "ends before it begins" in page.text


def test_days_that_were_changed_win_over_the_list_and_the_list_over_days_left_alone(
    year: dict[str, Any], browse: Browse
) -> None:
    browser = browse(year["nadia"])
    shown = "shown=2016-01-01/2016-12-31&first=2016-01-01"
    page = browser.get(f"/reports?period=2016&{shown}&last=2016-06-30")
    assert "First half of" in page.select_one(".head").get_text()
    page = browser.get(f"/reports?period=2016-03&{shown}&last=2016-12-31")
    assert "March 2016" in page.select_one(".head").get_text()


def test_without_a_word_the_last_quarter_is_shown(make: Maker, browse: Browse) -> None:
    page = browse(make.coordinator()).get("/reports")
    last = clock.today().replace(day=1)
    assert "quarter of" in page.select_one(".head .tag").get_text()
    assert str(last.year) in page.text or str(last.year - 1) in page.text
    assert page.has(".empty")


def test_a_figure_without_rows_says_so_and_an_unknown_one_does_not_exist(make: Maker, browse: Browse) -> None:
    browser = browse(make.coordinator())
    assert browser.get("/reports/figures/aftercare?period=2016").has("#rows .empty")
    browser.get("/reports/figures/shoe_sizes", status=404)
    browser.get("/reports/as/docx", status=404)


def test_the_administrator_sees_no_report(make: Maker, browse: Browse) -> None:
    browse(make.administrator()).get("/reports", status=403)
    browse(make.administrator()).get("/reports/figures/aftercare", status=403)


def test_the_files_hold_the_same_figures(year: dict[str, Any], browse: Browse) -> None:
    browser = browse(year["nadia"])
    told = json.loads(browser.get("/reports/as/json?period=2016").html)
    assert told["indicators"]["children_served"] == {"value": 2}
    lines = list(csv.DictReader(io.StringIO(browser.get("/reports/as/csv?period=2016").html.removeprefix("\ufeff"))))
    assert next(line for line in lines if line["indicator"] == "children_served")["value"] == "2"
    page = browser.get("/reports/as/html?period=2016")
    assert "attachment" in page.headers["Content-Disposition"]


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_the_report_on_paper_is_a_file_of_its_own(year: dict[str, Any], browse: Browse, edition: str) -> None:
    browser = browse(year["nadia"])
    menu = browser.get(f"/reports?period=2016&edition={edition}").select(".menu a[href*='/as/pdf']")
    answer = browser.get(str(menu[0]["href"]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="report-2016-01-01-2016-12-31.pdf"' in answer.headers["Content-Disposition"]
    assert answer.response.data.startswith(b"%PDF")


def test_the_page_reads_as_few_statements_with_many_cases_as_with_few(
    year: dict[str, Any], make: Maker, browse: Browse
) -> None:
    browse(year["nadia"]).get("/reports?period=2016")  # what is kept in memory is warm
    few = len(browse(year["nadia"]).get("/reports?period=2016").statements)
    for _ in range(3):
        attendance(make, make.case(team=[year["huda"]], opened_on=date(2016, 7, 1)), year["huda"])
    assert len(browse(year["nadia"]).get("/reports?period=2016").statements) == few <= 26
    assert len(KEYS) == 15


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_a_report_of_some_cases_says_so_on_the_page_and_in_its_files(
    year: dict[str, Any], browse: Browse, edition: str
) -> None:
    said = "The cases alone that are open to whoever asked"
    asked = f"first=2016-01-01&last=2016-12-31&edition={edition}"
    for who, is_said in (("huda", True), ("salma", True), ("nadia", False)):
        browser = browse(year[who])
        assert (said in browser.get(f"/reports?{asked}").text) == is_said
        if edition == "internal":  # the public one opens no list
            assert (said in browser.get(f"/reports/figures/children_served?{asked}").text) == is_said
        alone = browser.client.get(f"/reports/as/html?{asked}").get_data(as_text=True)
        assert (said in alone) == is_said


def test_the_fifteen_say_our_own_figure_and_a_breakdown_by_project_that_parts_may_overlap(
    year: dict[str, Any], browse: Browse
) -> None:
    browser = browse(year["nadia"])
    asked = "first=2016-01-01&last=2016-12-31"
    for page in (browser.get(f"/reports?{asked}").text, browser.client.get(f"/reports/as/html?{asked}").text):
        assert "Cases opened: 2" in " ".join(page.split())
    said = "A case of two projects counts in both."
    assert said in browser.get(f"/reports/figures/cases_opened?{asked}&by=project").text
    assert said not in browser.get(f"/reports/figures/cases_opened?{asked}&by=sex").text


def test_a_page_of_another_role_speaks_of_no_case(make: Maker, browse: Browse) -> None:
    text = browse(make.administrator()).get("/reports", status=403).text
    assert "belongs to another role" in text
    assert "this case" not in text
