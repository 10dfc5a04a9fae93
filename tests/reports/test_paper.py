"""The report on paper: what the figures say stands in it, in both languages, in a file that lasts and is read aloud."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import pikepdf
import pypdf
import pytest

from clinic import formats
from clinic.languages import using
from clinic.reports.editions import Edition
from clinic.reports.facts import Population
from clinic.reports.indicator import GROUP_LABELS, Group
from clinic.reports.indicators import INDICATORS
from clinic.reports.labels import quantity
from clinic.reports.paper.document import Making, document_of
from clinic.reports.paper.letters import BOX, on_paper
from clinic.reports.paper.press import NotPrinted, printed
from clinic.reports.papers import as_html
from clinic.reports.report import Report
from clinic.targets.rules import Goal, Words
from clinic.typed import BIDI_CONTROLS
from clinic.vocabularies import lists
from tests.reports.asking import report
from tests.reports.register_facts import register

MADE = datetime(2016, 1, 10, 12, tzinfo=UTC)
LANGUAGES = ("ar", "en")
TYPED = '#let x = 1; $a$ *bold* [link] "quoted" \\ @ref <label> // comment'
"""What a clinic could be called that the typesetter's language has a meaning for."""


def of_register(edition: Edition = Edition.INTERNAL, **asked: Any) -> Report:
    return report(register("register"), "2014-09-01", "2015-08-31", edition=edition, **asked)


def paper(made: Report, language: str, *, clinic: str = "Clinic of Tests", is_demonstration: bool = False) -> bytes:
    with using(language):
        return printed(document_of(made, {}, Making(clinic, is_demonstration, MADE)))


@cache
def usual(language: str, edition: Edition = Edition.INTERNAL) -> bytes:
    """The report of the invented register, printed once for all tests that look at it."""
    return paper(of_register(edition), language)


def text_of(file: bytes) -> str:
    """Everything that stands on the pages, without breaks of lines and marks of direction."""
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text().translate(BIDI_CONTROLS).split()) for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_says_what_the_machine_readable_form_says(language: str) -> None:
    text, told = text_of(usual(language)), json.loads(of_register().as_json())["indicators"]
    with using(language):
        for name, fields in told.items():
            shape = INDICATORS[name].shape
            value = quantity(shape, fields["value"]) if shape == "percentage" else formats.number(fields["value"])
            assert value.translate(BIDI_CONTROLS) in text, name


def test_each_figure_says_of_how_many_and_how_many_are_not_known() -> None:
    text, fields = text_of(usual("en")), of_register().fields["lawyer_before_questioning"]
    line = "Lawyer before questioning {share} {numerator} of {denominator} {unknown}"
    share = formats.percent(float(str(fields["value"]))).translate(BIDI_CONTROLS)
    assert line.format(share=share, **fields) in text
    assert f"median of {of_register().fields['time_to_lawyer']['n']}" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", Edition)
def test_the_file_lasts_and_can_be_read_aloud(language: str, edition: Edition) -> None:
    with pikepdf.open(io.BytesIO(usual(language, edition))) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == language
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert file.Root.OutputIntents[0].S == "/GTS_PDFA1"
        with file.open_metadata() as metadata:
            told = {name: metadata.get(name) for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")}
            assert set(metadata["dc:language"]) == {language}
            assert "2015" in metadata["dc:title"]
            assert not set(metadata["dc:title"]) & set("\u2066\u2067\u2068\u2069")
        assert told == {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def roles(file: pikepdf.Pdf) -> list[tuple[str, Any]]:
    """The roles of the tagged parts with what stands for them, in the order of reading."""

    def parts(node: Any) -> Any:
        if isinstance(node, pikepdf.Array):
            for one in node:
                yield from parts(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield str(node.S), node.get("/Alt")
            yield from parts(node.get("/K"))

    return list(parts(file.Root.StructTreeRoot.K))


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_tables_and_pictures_are_marked_as_such(language: str) -> None:
    with pikepdf.open(io.BytesIO(usual(language))) as file:
        tagged = roles(file)
    named = [role for role, _alt in tagged]
    assert named.count("/H1") == len(Group) + 4  # contents, what is known, the fifteen, the annex
    assert named.count("/TH") > named.count("/Table") > 20
    figures = [str(alt) for role, alt in tagged if role == "/Figure"]
    assert len(figures) >= 7
    assert all(len(alt) > 20 for alt in figures)


def test_the_pages_are_numbered_and_say_whose_report_it_is() -> None:
    pages = pypdf.PdfReader(io.BytesIO(usual("en"))).pages
    for number, page in enumerate(pages[1:], start=2):
        text = page.extract_text()
        assert f"Page {number} of {len(pages)}" in text
        assert "Clinic of Tests" in text
    assert "Page 1" not in pages[0].extract_text()


def test_every_group_is_in_the_contents_and_every_definition_in_both_languages() -> None:
    contents = pypdf.PdfReader(io.BytesIO(usual("en"))).pages[1].extract_text()
    text = text_of(usual("ar"))
    with using("en"):
        assert all(str(label) in contents for label in GROUP_LABELS.values())
        assert all(str(indicator.definition)[:20] in text for indicator in INDICATORS.values())


def test_the_people_of_a_demonstration_are_said_to_be_invented_and_of_a_clinic_not() -> None:
    invented = "every person here is invented"
    assert text_of(paper(of_register(), "en", is_demonstration=True)).count(invented) > 3
    assert invented not in text_of(usual("en"))


def test_a_name_with_signs_of_the_typesetters_language_stays_a_name() -> None:
    text = text_of(paper(of_register(), "en", clinic=TYPED))
    assert TYPED.replace('"', "").replace(" ", "")[:20] in text.replace('"', "").replace(" ", "")
    assert "bold" in text


def test_the_public_edition_shows_no_small_number_no_table_by_kind_and_no_single_stay() -> None:
    with using("en"):
        document = document_of(of_register(Edition.PUBLIC), {}, Making("Clinic", False, MADE))
    assert not document["completeness"]["rows"]
    assert not any(group["tables"] for group in document["groups"])
    pictures = [picture for group in document["groups"] for picture in group["pictures"]]
    assert {picture["title"] for picture in pictures} <= {
        "Who was there at questioning",
        "From arrest to the lawyer",
        "Wellbeing, as the children rate it",
        "School before and after",
    }
    assert "small numbers are hidden" in text_of(usual("en", Edition.PUBLIC))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_of_nothing_is_still_a_report(language: str) -> None:
    text = text_of(paper(report(Population(), "2016-01-01", "2016-03-31"), language))
    assert "2016" in text


def test_a_breakdown_of_few_parts_is_one_table_and_of_many_one_a_figure() -> None:
    with using("en"):
        document = document_of(of_register(keys=["sex", "locality"]), {}, Making("Clinic", False, MADE))
    reach = document["groups"][0]
    of_sex = next(table for table in reach["tables"] if table["title"] == "Sex")
    told = next(row for row in of_sex["rows"] if row[0] == "Children served")
    assert sum(int(cell["value"]) for cell in told[1:]) == of_register().fields["children_served"]["value"]
    assert any(table["title"] == "Children served: Place of residence" for table in reach["tables"])
    assert "Place of residence" in text_of(printed(document))


def test_what_was_aimed_at_and_what_the_coordinator_wrote_stand_with_the_figures() -> None:
    goal = Goal("children_served", 40, False, None, None)  # type: ignore[arg-type]
    words = Words(ar="فقرة", en="The longest delay was at night.\nWe agreed on one number to call. 😀")
    aimed = replace(of_register(), targets={"children_served": goal}, narrative={Group.REACH: words})
    text = text_of(paper(aimed, "en"))
    assert "Target met: at least 40" in text
    assert "The longest delay was at night." in text
    assert "one number to call." in text


def test_what_the_fonts_have_not_is_a_box_and_no_refusal() -> None:
    assert on_paper("a 😀 b\ufeff 漢 \ufdf2") == f"a {BOX} b {BOX} الله"
    assert on_paper(["\u2068من \u20665\u2069 إلى\u2069 \u20666\u2069"]) == ["\u2068من 5 إلى\u2069 \u20666\u2069"]
    assert on_paper({"drawing": "<svg>😀</svg>"}) == {"drawing": "<svg>😀</svg>"}


def test_a_document_that_cannot_be_set_says_so_without_its_words() -> None:
    with pytest.raises(NotPrinted) as refused:
        printed({"language": "en", "clinic": "secret"})
    assert "secret" not in str(refused.value)


def tables_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {table["title"]: table for group in document["groups"] for table in group["tables"]}


def test_a_table_whose_parts_exceed_the_whole_says_why() -> None:
    with using("en"):
        tables = tables_of(document_of(of_register(keys=["project"]), {}, Making("Clinic", False, MADE)))
    filed = tables["Complaints filed, by what they are about"]
    numbers = sum(int(number) for _name, number in filed["rows"])
    assert numbers > int(str(of_register().fields["complaints_filed"]["value"]))
    assert filed["note"] == "One complaint may be about several things, and stands in a line for each."
    assert tables["Project"]["note"] == "A case of two projects counts in both."
    assert tables["Participants, by sex"]["columns"] == ["Sex", "Number"]
    assert tables["Participants, by sex"]["note"] == ""


def test_the_parts_of_a_breakdown_stand_as_their_list_has_them_in_every_table() -> None:
    with using("en"):
        tables = tables_of(document_of(of_register(keys=["locality", "age"]), {}, Making("Clinic", False, MADE)))
        names = [lists.label("locality", code) for code in lists.shipped()["locality"].codes]
    for title, table in tables.items():
        if title.endswith(": Place of residence"):
            parts = [row[0] for row in table["rows"]]
            assert parts == sorted(parts, key=names.index), title
    assert tables["Children served: Place of residence"]["columns"] == ["Place of residence", "Children served"]


def test_the_fifteen_say_our_own_figure() -> None:
    made = of_register()
    with using("en"):
        document = document_of(made, {}, Making("Clinic", False, MADE))
        share = formats.percent(float(str(made.fields["diversion_rate"]["value"])))
    assert document["fifteen"]["rows"][9]["taken-from"] == [["Diverted, not sentenced", share]]
    assert document["fifteen"]["rows"][5]["taken-from"] == []
    assert document["fifteen"]["rows"][2]["taken-from"] == [["In custody at the end", ""]]  # those under a sentence too
    assert f"Diverted, not sentenced: {share}" in text_of(usual("en"))


def test_a_target_stands_apart_from_whether_it_was_reached() -> None:
    goal = Goal("children_served", 400, False, None, None)  # type: ignore[arg-type]
    with using("en"):
        document = document_of(
            replace(of_register(), targets={"children_served": goal}), {}, Making("Clinic", False, MADE)
        )
    figure = document["groups"][0]["figures"][0]
    assert (figure["goal"], figure["standing"]) == ("at least 400", "Not met")
    assert {one["standing"] for one in document["groups"][0]["figures"][1:]} == {""}


def test_the_page_that_stands_alone_says_whose_it_is_and_that_invented_people_are_invented() -> None:
    made, invented = of_register(keys=["project"]), "every person here is invented"
    with using("en"):
        real, demonstration = (
            as_html(made, {}, SimpleNamespace(name="Clinic <of> Tests", is_demonstration=is_demonstration))  # type: ignore[arg-type]
            for is_demonstration in (False, True)
        )
    assert "<bdi>Clinic &lt;of&gt; Tests</bdi>" in real
    assert (invented in real, invented in demonstration) == (False, True)
    assert "A case of two projects counts in both." in real
