"""Days, times, numbers and names as people read them, and as they type them."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup

from clinic import formats, languages
from clinic.calendar_names import NAMES, OF_EGYPT
from clinic.clock import Moment, Precision
from clinic.formats import latin_digits, parse_date, parse_moment, parse_time
from clinic.languages import using
from clinic.typed import BIDI_CONTROLS, NotADay, NotAMoment, NotATime

THURSDAY = date(2016, 4, 14)
NIGHT = datetime(2016, 4, 14, 20, 50, tzinfo=UTC)  # 23:50 in Bethlehem


def bare(text: str) -> str:
    return text.translate(BIDI_CONTROLS)


def test_a_day_bears_the_month_of_the_levant_and_is_isolated_in_arabic():
    assert formats.day(THURSDAY) == "\u206814 نيسان 2016\u2069"
    assert bare(formats.weekday_day(THURSDAY)) == "الخميس 14 نيسان 2016"
    assert bare(formats.month(THURSDAY)) == "نيسان 2016"


def test_a_day_in_english_stands_as_it_is():
    with using("en"):
        assert formats.day(THURSDAY) == "14 April 2016"
        assert formats.weekday_day(THURSDAY) == "Thursday 14 April 2016"
        assert formats.short_day(THURSDAY) == "Thu 14 Apr 2016"


def test_a_short_day_of_this_year_needs_no_year(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(formats, "today", lambda: date(2016, 12, 31))
    with using("en"):
        assert formats.short_day(THURSDAY) == "Thu 14 Apr"
        assert formats.short_day_and_time(NIGHT) == "Thu 14 Apr, 23:50"


def test_a_moment_says_only_what_is_known():
    exact, about = Moment(NIGHT), Moment(NIGHT, Precision.ABOUT)
    assert bare(formats.moment(exact)) == "14 نيسان 2016، 23:50"
    assert bare(formats.moment(about)) == "14 نيسان 2016، حوالي 23:50"
    assert bare(formats.moment(Moment.of_day(THURSDAY))) == "14 نيسان 2016"
    assert bare(formats.time_of_day(about)) == "حوالي 23:50"
    assert formats.time_of_day(Moment.of_day(THURSDAY)) == ""
    with using("en"):
        assert formats.moment(about) == "14 April 2016, about 23:50"


def test_nothing_is_written_for_nothing():
    assert {formats.day(None), formats.moment(None), formats.age(None), formats.phone(""), formats.isolate(None)} == {
        ""
    }
    assert formats.percent(None) == "–"


def test_arabic_indic_digits_are_a_choice_for_arabic_alone():
    formats.use_arabic_indic_digits(True)
    try:
        assert bare(formats.day(THURSDAY)) == "١٤ نيسان ٢٠١٦"
        with using("en"):
            assert formats.day(THURSDAY) == "14 April 2016"
    finally:
        formats.use_arabic_indic_digits(False)


@pytest.mark.parametrize(
    ("value", "text"),
    [(42.857142, "42.9%"), (12.25, "12.3%"), (0.05, "0.1%"), (100.0, "100.0%"), (0, "0.0%"), (100 / 3, "33.3%")],
)
def test_a_percentage_has_one_decimal_half_up(value: float, text: str):
    assert bare(formats.percent(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1234, "1,234"), (7, "7"), (2.25, "2.3"), (3.0, "3"), (12345.67, "12,345.7")]
)
def test_a_number_groups_thousands(value: float, text: str):
    assert bare(formats.number(value)) == text


@pytest.mark.parametrize(
    ("hours", "english", "arabic"),
    [
        (17.9, "17 hours left", "بقيت 17 ساعة"),
        (3.5, "3 hours left", "بقيت 3 ساعات"),
        (1.99, "119 minutes left", "بقيت 119 دقيقة"),
        (0.005, "less than a minute left", "بقي أقل من دقيقة"),
        (0, "less than a minute left", "بقي أقل من دقيقة"),
        (71.99, "71 hours left", "بقيت 71 ساعة"),
        (240, "10 days left", "بقيت 10 أيام"),
        (-2, "2 hours over the limit", "تجاوز المهلة بساعتين"),
        (-0.001, "1 minute over the limit", "تجاوز المهلة بدقيقة واحدة"),
        (-24 * 11, "11 days over the limit", "تجاوز المهلة بـ11 يومًا"),
    ],
)
def test_what_is_left_is_said_in_the_unit_that_matters(hours: float, english: str, arabic: str):
    assert bare(formats.span_left(hours)) == arabic
    with using("en"):
        assert formats.span_left(hours) == english


def test_a_span_is_hours_and_minutes():
    with using("en"):
        assert formats.hours_and_minutes(timedelta(hours=2, minutes=5)) == "2 h 5 min"
        assert formats.hours_and_minutes(0.5) == "30 min"
        assert formats.hours_and_minutes(26.0) == "26 h"
    assert bare(formats.hours_and_minutes(2 + 5 / 60)) == "ساعتين و5 دقائق"


@pytest.mark.parametrize(("years", "text"), [(1, "سنة واحدة"), (2, "سنتان"), (9, "9 سنوات"), (14, "14 سنة")])
def test_an_age_is_counted_in_arabic(years: int, text: str):
    assert bare(formats.age(years)) == text


def test_names_are_joined_and_isolated():
    with using("en"):
        assert bare(formats.names_list(["Amal", "كرم", "Sara"])) == "Amal, كرم and Sara"
    assert bare(formats.names_list(["أمل", "كرم", "سارة"])) == "أمل وكرم وسارة"
    assert formats.names_list([]) == ""


def test_a_phone_stands_left_to_right_with_latin_digits():
    assert formats.phone("٠٥٩٩ ١٢٣ ٤٥٦") == "\u20660599 123 456\u2069"


def test_isolating_keeps_markup_safe_and_text_unsafe():
    page = Environment(autoescape=True)
    formats.install_jinja(page)
    assert page.from_string("{{ name | isolate }}").render(name="<b>") == "\u2068&lt;b&gt;\u2069"
    assert page.from_string("{{ name | isolate }}").render(name=Markup("<b>x</b>")) == "\u2068<b>x</b>\u2069"


def test_a_filter_speaks_the_language_of_each_reading():
    page = Environment(autoescape=True)
    formats.install_jinja(page)
    template = page.from_string("{{ 14 | age }}")
    with using("en"):
        assert template.render() == "14 years"
    assert bare(template.render()) == "14 سنة"


@pytest.mark.parametrize(
    "typed",
    [
        "2016-04-14", "2016/4/14", "14/4/2016", "14.04.2016", "14-4-2016", "١٤/٤/٢٠١٦", "\u200f2016-04-14\u200e",
        " 14 / 4 / 2016 ",
        "14 نيسان 2016", "١٤ نيسـان ٢٠١٦", "14 أبريل 2016", "14 April 2016", "Thursday 14 April 2016", "14 apr 2016",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_typed(typed: str):
    assert parse_date(typed) == THURSDAY


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.sampled_from(["ar", "en"]))
def test_a_day_that_was_written_is_read_again(on: date, language: str):
    with using(language):
        assert parse_date(formats.day(on)) == parse_date(formats.weekday_day(on)) == on


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("31/2/2016", "no day 31"),
        ("4/14/2016", "no month 14"),
        ("14/4/16", "four digits"),
        ("0201-04-14", "Check the year"),
        ("yesterday", "day/month/year"),
        ("", "day/month/year"),
        ("14/4/20161", "four digits"),
    ],
)
def test_a_day_that_is_none_says_why(typed: str, reason: str):
    with using("en"), pytest.raises(NotADay, match=reason):
        parse_date(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("23:50", time(23, 50)), ("٢٣:٥٠", time(23, 50)), ("905", time(9, 5)), ("2350", time(23, 50)), ("9", time(9)),
     ("11:50 pm", time(23, 50)), ("11:50 م", time(23, 50)), ("12:10 ص", time(0, 10)), ("23.50", time(23, 50))],
)  # fmt: skip
def test_a_time_is_read_however_it_is_typed(typed: str, expected: time):
    assert parse_time(typed) == expected


@pytest.mark.parametrize("typed", ["24:00", "13 pm", "9:60", "noon", "99999"])
def test_a_time_that_is_none_is_refused(typed: str):
    with pytest.raises(NotATime):
        parse_time(typed)


@pytest.mark.parametrize(
    ("typed", "precision"),
    [
        ("2016-04-14 23:50", Precision.MINUTE),
        ("2016-04-14T23:50", Precision.MINUTE),
        ("2016-04-14T23:50:00+03:00", Precision.MINUTE),
        ("2016-04-14 20:50Z", Precision.MINUTE),
        ("~2016-04-14 23:50", Precision.ABOUT),
        ("حوالي ١٤/٤/٢٠١٦ ٢٣:٥٠", Precision.ABOUT),
        ("14 نيسان 2016، حوالي 23:50", Precision.ABOUT),
    ],
)
def test_a_moment_is_read_with_how_well_it_is_known(typed: str, precision: Precision):
    assert parse_moment(typed) == Moment(NIGHT, precision)


def test_a_day_alone_is_a_moment_known_to_the_day():
    assert parse_moment("14/4/2016") == Moment.of_day(THURSDAY)


def test_the_doubled_hour_means_the_first_unless_its_offset_says_otherwise():
    first = parse_moment("2015-10-23 00:30")
    assert first == parse_moment("2015-10-23 00:30+03:00")
    assert parse_moment("2015-10-23 00:30+02:00").at - first.at == timedelta(hours=1)


def test_a_time_that_the_clocks_left_out_is_refused():
    with using("en"), pytest.raises(NotAMoment, match="did not occur"):
        parse_moment("2016-03-26 01:30")


@given(st.text())
def test_no_text_breaks_the_reading(typed: str):
    for read in (parse_date, parse_time, parse_moment):
        try:
            read(typed)
        except ValueError as refusal:
            assert type(refusal) in {NotADay, NotATime, NotAMoment}  # noqa: PT017


def test_digits_become_latin():
    assert latin_digits("٠٥٩ و۱۲") == "059 و12"
    assert languages.current_language().code == "ar"


@pytest.mark.parametrize("language", languages.LANGUAGES.values(), ids=lambda one: one.code)
def test_months_and_days_are_called_as_babel_calls_them(language):
    locale, own = Locale.parse(language.locale), NAMES[language.code]
    for width, months, days in (
        ("wide", own.months, own.weekdays),
        ("abbreviated", own.short_months, own.short_weekdays),
    ):
        assert months == ("", *(locale.months["format"][width][number] for number in range(1, 13)))
        assert days == tuple(locale.days["format"][width][number] for number in range(7))


def test_the_other_arabic_months_are_those_of_babel():
    assert ("", *(Locale("ar").months["format"]["wide"][number] for number in range(1, 13))) == OF_EGYPT


def test_no_process_that_writes_a_date_reads_babel():
    reads = "import sys; from clinic import formats; from datetime import date; print(formats.day(date(2016, 4, 14)))"
    reads += "; formats.parse_date('14 نيسان 2016'); sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", reads], capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("اتصل على 0599-123-456 ليلًا", "اتصل على \u20660599-123-456\u2069 ليلًا"),
        ("الأم 059 912 3456، بعد الظهر", "الأم \u2066059 912 3456\u2069، بعد الظهر"),
        ("+970 59 912 3456", "\u2066+970 59 912 3456\u2069"),
        ("٠٥٩-٩١٢-٣٤٥٦", "\u2066٠٥٩-٩١٢-٣٤٥٦\u2069"),
        ("يوم 05-11-2026", "يوم 05-11-2026"),
        ("يوم 5-11-2026 و0599123456", "يوم 5-11-2026 و0599123456"),
        ("من 09:30 إلى 10:00، 2016-04-13", "من 09:30 إلى 10:00، 2016-04-13"),
    ],
)
def test_the_parts_of_a_typed_number_to_call_stay_in_their_order(typed: str, kept: str):
    assert formats.with_phones(typed) == kept
