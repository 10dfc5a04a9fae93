"""The pictures of a report: what is drawn is what is counted, in either direction."""

from __future__ import annotations

import re

import pytest

from clinic.languages import using
from clinic.reports import charts
from clinic.reports.drawing import WIDTH, Drawing, Rect, Sheet, Stroke, Words, drawn, lines_of, width_of
from clinic.reports.editions import Edition
from clinic.reports.facts import Population
from clinic.reports.papers import in_ink
from clinic.reports.picture import Picture
from clinic.reports.pictures import pictures_of
from clinic.typed import BIDI_CONTROLS
from tests.reports.asking import at, attendance, report
from tests.reports.asking import custody as held
from tests.reports.register_facts import register


def pictures(language: str = "en", edition: Edition = Edition.INTERNAL) -> dict[str, Picture]:
    with using(language):
        made = report(register("register"), "2014-09-01", "2015-08-31", edition=edition)
        return {picture.id: picture for picture in pictures_of(made)}


def bars_of(drawing: Drawing, *tones: str) -> list[Rect]:
    return [mark for mark in drawing.marks if isinstance(mark, Rect) and mark.tone in (tones or ("c1",))]


def words_of(drawing: Drawing) -> list[Words]:
    return [mark for mark in drawing.marks if isinstance(mark, Words)]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("edition", Edition)
def test_every_picture_has_a_sentence_a_table_and_stays_on_its_sheet(language: str, edition: Edition) -> None:
    for picture in pictures(language, edition).values():
        assert picture.sentence.strip()
        assert picture.lines
        assert all(line.label and line.shown for line in picture.lines)
        for bar in bars_of(picture.drawing, "c1", "c2", "c3", "c4", "c5", "track", "box"):
            assert bar.x >= -0.1
            assert bar.x + bar.width <= WIDTH + 0.1
            assert -0.1 <= bar.y <= bar.y + bar.height <= picture.drawing.height + 0.1


def test_the_bars_of_a_picture_add_up_to_its_figure_and_their_lengths_to_their_numbers() -> None:
    made = report(register("register"), "2014-09-01", "2015-08-31")
    for name in ("services_delivered", "dispositions", "adjournment_reasons"):
        picture = pictures()[name]
        numbers = [int(line.shown) for line in picture.lines]
        assert sum(numbers) == made.fields[name]["value"]
        bars = bars_of(picture.drawing)
        longest = max(bar.width for bar in bars)
        assert [round(bar.width * max(numbers) / longest) for bar in bars] == numbers


def test_a_drawing_turns_with_its_language() -> None:
    left, right = pictures("en"), pictures("ar")
    for name in ("months", "time_to_lawyer", "school"):
        there = [bar.x for bar in bars_of(left[name].drawing)]
        back = [WIDTH - bar.x - bar.width for bar in bars_of(right[name].drawing)]
        if name == "school":  # the labels of another language are of another length
            assert all(bar.x + bar.width <= WIDTH - 60 for bar in bars_of(right[name].drawing))
        else:
            assert there == pytest.approx(back, abs=0.2)


def test_the_median_stands_where_half_are_below() -> None:
    values = [1, 2, 3, 4, 5, 6, 7, 20]
    bins = charts.in_bins(values)
    assert sum(bins.counts) == len(values)
    with using("en"):
        drawing = charts.distribution(bins, 4.5, "half: 4.5 h", "hours")
    (line,) = [mark for mark in drawing.marks if isinstance(mark, Stroke) and mark.tone == "median"]
    assert (
        line.points[0][0] == line.points[1][0] == pytest.approx(4.5 / (bins.step * len(bins.counts)) * WIDTH, abs=0.1)
    )


@pytest.mark.parametrize(
    ("values", "step", "is_open"), [([0.5], 1, False), ([5] * 20 + [900], 1, True), ([0], 1, False)]
)
def test_one_who_waited_for_weeks_does_not_flatten_the_others(values: list[float], step: float, is_open: bool) -> None:
    bins = charts.in_bins(values)
    assert (bins.step, bins.is_open, sum(bins.counts)) == (step, is_open, len(values))


def test_the_time_to_the_lawyer_is_drawn_by_its_single_hours_inside_the_clinic_alone() -> None:
    inside, outside = pictures()["time_to_lawyer"], pictures(edition=Edition.PUBLIC)["time_to_lawyer"]
    assert sum(int(line.shown) for line in inside.lines) >= 10
    assert len(outside.lines) == 3
    assert not bars_of(outside.drawing, "c1")
    assert len(bars_of(outside.drawing, "box")) == 1


def test_nothing_is_published_in_a_picture_that_its_figures_do_not_tell() -> None:
    made = report(register("register"), "2014-09-01", "2015-08-31", edition=Edition.PUBLIC)
    published = pictures(edition=Edition.PUBLIC)
    assert not {"months", "custody", "services_delivered", "dispositions", "adjournment_reasons"} & set(published)
    for picture in published.values():
        for line in picture.lines:
            if line.figure and line.number == "numerator":
                assert made.fields[line.figure]["value"] is not None
    told = made.fields["wellbeing_change"]
    if "wellbeing_change" in published:
        assert all(isinstance(told[name], int) for name in ("n", "improved", "unchanged", "worse"))


def test_few_attendances_make_no_public_picture() -> None:
    few = Population(
        attendances=[attendance("2015-02-01 08:00", lawyer_attended="yes", lawyer_arrived=at("2015-02-01 10:00"))]
    )
    made = report(few, "2015-01-01", "2015-12-31", edition=Edition.PUBLIC)
    with using("en"):
        assert pictures_of(made) == []


def test_an_empty_report_has_no_picture() -> None:
    with using("en"):
        assert pictures_of(report(Population(), "2015-01-01", "2015-12-31")) == []


def test_the_trend_is_the_average_of_three_months_and_begins_with_the_third() -> None:
    picture = pictures()["months"]
    counts = [int(line.shown) for line in picture.lines]
    (trend,) = [mark for mark in picture.drawing.marks if isinstance(mark, Stroke) and mark.tone == "trend"]
    assert len(trend.points) == len(counts) - 2
    top = next(mark for mark in picture.drawing.marks if isinstance(mark, Stroke) and mark.tone == "axis").points[0][1]
    assert (top - trend.points[0][1]) / charts.PLOT * max(counts) == pytest.approx(sum(counts[:3]) / 3, abs=0.5)
    assert "average of three months" in picture.sentence


def test_the_picture_of_custody_names_no_case_and_its_table_leads_to_each() -> None:
    picture = pictures()["custody"]
    assert [line.label for line in picture.lines] == [str(number) for number in range(1, len(picture.lines) + 1)]
    assert all(line.case_id for line in picture.lines)
    assert not any(re.search(r"[A-Z]+-\d", word.text) for word in words_of(picture.drawing))


def test_arabic_in_a_drawing_is_framed_only_where_it_would_be_torn_apart() -> None:
    assert drawn("أكثر من 12 ساعة") == "أكثر من 12 ساعة"
    assert drawn("\u206812 ساعة\u2069") == "\u206712 ساعة\u2069"
    assert drawn("\u206646.5%\u2069") == "46.5%"


def test_a_long_label_is_broken_between_words() -> None:
    lines = lines_of("Handed to the guardian with an undertaking", 120)
    assert len(lines) > 1
    assert " ".join(lines) == "Handed to the guardian with an undertaking"


def test_the_same_drawing_stands_on_the_page_and_on_paper() -> None:
    picture = pictures("ar")["dispositions"]
    with using("ar"):
        on_paper = in_ink(picture)
    assert on_paper.count("<rect") == len(bars_of(picture.drawing))
    assert "<style>" in on_paper
    assert 'style="' not in on_paper
    assert "Amiri" in on_paper


def test_a_sheet_measures_along_the_line_of_reading() -> None:
    sheet = Sheet(is_rtl=True)
    sheet.bar(10, 0, 30, 5, "c1")
    sheet.words(0, 10, "word", "start")
    bar, word = sheet.finish(20).marks
    assert isinstance(bar, Rect)
    assert isinstance(word, Words)
    assert (bar.x, word.x, word.anchor) == (WIDTH - 40, WIDTH, "end")


def test_who_does_not_see_a_picture_hears_its_title_and_its_sentence() -> None:
    for picture in pictures().values():
        assert picture.spoken == f"{picture.title}. {picture.sentence}"


def test_a_label_takes_no_more_room_than_its_longest_line() -> None:
    labels = ("At the police station", "Diverted: mediation completed", "Fine")
    with using("en"):
        drawing = charts.bars([charts.Bar(label, "9", 100) for label in labels])
    said = [word.text for word in words_of(drawing)]
    assert "At the police station" in said
    assert "Diverted: mediation completed" not in said
    widest = max(width_of(text) for text in said if not text.isdigit())
    assert [bar.x for bar in bars_of(drawing)] == pytest.approx([widest + charts.APART] * 3, abs=0.1)


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("Child protection counsellor at questioning", 293),
        ("Community follow-up", 150),
        ("Mmmmmmm", 94),
        ("44.8%", 44),
        ("مرشد حماية الطفولة عند الاستجواب", 211),
        ("في مركز الشرطة", 104),
    ],
)
def test_a_text_is_taken_for_as_wide_as_the_widest_font_makes_it(text: str, pixels: float) -> None:
    """Pixels: as DejaVu Sans of 14 px sets it."""
    assert pixels * 0.98 <= width_of(text) <= pixels * 1.25


def test_months_by_their_numbers_say_their_year() -> None:
    picture = pictures()["months"]
    assert [word.text for word in words_of(picture.drawing) if re.fullmatch(r"20\d\d", word.text)] == ["2014", "2015"]
    with using("en"):
        last = charts.columns(
            [charts.Column(str(month), 1) for month in range(2, 13)] + [charts.Column("1", 1, "2016")]
        )
    year = next(word for word in words_of(last) if word.text == "2016")
    assert (year.anchor, year.x <= WIDTH) == ("end", True)


def test_more_months_than_a_year_stand_beside_their_picture_year_by_year() -> None:
    with using("en"):
        made = report(register("register"), "2014-06-01", "2015-11-30")
        picture = next(picture for picture in pictures_of(made) if picture.id == "months")
        assert pictures()["months"].beside is None
    assert picture.beside is not None
    assert [name.translate(BIDI_CONTROLS) for name in picture.beside.columns] == ["Month", "2014", "2015"]
    assert len(picture.beside.rows) == 12
    numbers = [cell for row in picture.beside.rows for cell in row[1:]]
    assert numbers.count("–") == 24 - 18
    assert sum(int(cell) for cell in numbers if cell != "–") == made.fields["services_delivered"]["value"]


def custody_of(*periods: tuple[str, str]) -> Picture:
    rows = [held(began, ended, legal_basis="police") for began, ended in periods]
    with using("en"):
        made = report(Population(custody=rows), "2015-01-01", "2015-12-31")
        return next(picture for picture in pictures_of(made) if picture.id == "custody")


def test_a_gap_in_a_stay_is_said_not_to_count() -> None:
    whole = custody_of(("2015-02-01 08:00", "2015-02-02 08:00"), ("2015-02-02 08:00", "2015-02-06 08:00"))
    broken = custody_of(("2015-02-01 08:00", "2015-02-02 08:00"), ("2015-02-03 06:00", "2015-02-06 08:00"))
    assert "gap" not in whole.sentence
    assert "In a gap the child was not held; it is not counted." in broken.sentence
    assert [line.value for line in whole.lines] == [5.0]
    assert broken.lines[0].value == pytest.approx(5 - 22 / 24)
