"""The two languages: plurals, lazy sentences, templates, and a catalogue that lacks nothing."""

import copy
import os
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from jinja2 import Environment
from markupsafe import Markup

from clinic import languages
from clinic.dev import translate
from clinic.languages import ARABIC, ENGLISH, LazyText, _, _l, _n, _nl, current_language, install_jinja, using

SAMPLE = f"""msgid ""
msgstr ""
"Language: ar\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {languages.ARABIC_PLURALS}\\n"

msgid "Hello %(name)s"
msgstr "مرحبا %(name)s"

msgid "Banana"
msgstr "أ"

msgid "Apple"
msgstr "ب"

msgid "100%% sure"
msgstr "أكيد 100%%"

msgid "%(num)d day"
msgid_plural "%(num)d days"
msgstr[0] "لا أيام"
msgstr[1] "يوم واحد"
msgstr[2] "يومان"
msgstr[3] "%(num)d أيام"
msgstr[4] "%(num)d يومًا"
msgstr[5] "%(num)d يوم"
"""


@pytest.fixture(autouse=True)
def sample_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Arabic as a small catalogue has it, whatever the real one says."""
    source = tmp_path / "ar" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text(SAMPLE, encoding="utf-8")
    monkeypatch.setattr(languages, "TRANSLATIONS", tmp_path)
    languages.catalogue_of.cache_clear()
    yield source
    languages.catalogue_of.cache_clear()


@pytest.fixture
def templates() -> Environment:
    environment = Environment(autoescape=True)
    install_jinja(environment)
    return environment


def test_arabic_is_spoken_unless_another_language_is_asked_for():
    assert current_language() is ARABIC
    with using("en"):
        assert current_language() is ENGLISH
        assert current_language().other is ARABIC
    assert (current_language().code, current_language().direction, current_language().locale) == ("ar", "rtl", "ar_PS")


@pytest.mark.parametrize(
    ("days", "arabic"),
    [
        (0, "لا أيام"),
        (1, "يوم واحد"),
        (2, "يومان"),
        (3, "3 أيام"),
        (11, "11 يومًا"),
        (100, "100 يوم"),
        (103, "103 أيام"),
    ],
)
def test_each_number_takes_its_own_arabic_form(days: int, arabic: str):
    assert _n("%(num)d day", "%(num)d days", days) == arabic


def test_english_has_one_and_many():
    with using(ENGLISH):
        assert [_n("%(num)d day", "%(num)d days", days) for days in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_a_sentence_without_arabic_is_said_in_english():
    assert _("Nobody translated %(what)s", what="this") == "Nobody translated this"


def test_a_catalogue_changed_after_it_was_compiled_is_read_from_its_source(sample_catalogue: Path):
    compiled = sample_catalogue.with_suffix(".mo")
    compiled.write_bytes(languages.compiled_catalogue(sample_catalogue))
    sample_catalogue.write_text(SAMPLE.replace('"أ"', '"جديد"'), encoding="utf-8")

    os.utime(compiled, (1, 1))
    assert _("Banana") == "جديد"


def test_a_lazy_sentence_speaks_the_language_of_its_reader():
    hello = _l("Hello %(name)s", name="Amal")
    assert f"{hello}" == "مرحبا Amal"
    with using("en"):
        assert str(hello) == "Hello Amal"
        assert hello.upper() == "HELLO AMAL"
        assert str(_nl("%(num)d day", "%(num)d days", 2)) == "2 days"


def test_lazy_sentences_sort_as_they_read():
    fruit = [_l("Banana"), _l("Apple")]
    assert [str(one) for one in sorted(fruit)] == ["أ", "ب"]
    with using("en"):
        assert [str(one) for one in sorted(fruit)] == ["Apple", "Banana"]


def test_a_lazy_sentence_is_a_steady_key():
    labels = {_l("Banana"): 1}
    with using("en"):
        assert labels[_l("Banana")] == 1
    assert copy.deepcopy(_l("Banana")) == _l("Banana") != _l("Apple")
    assert isinstance(_l("Banana"), LazyText)


def test_a_template_escapes_the_value_and_not_the_sentence(templates: Environment):
    page = templates.from_string(
        "{% trans %}Hello {{ name }}{% endtrans %} {{ _('Hello %(name)s', name=name) }} {{ lazy }}"
    )
    assert page.render(name="<b>", lazy=_l("Hello %(name)s", name="<i>")) == (
        "مرحبا &lt;b&gt; مرحبا &lt;b&gt; مرحبا &lt;i&gt;"
    )
    assert page.render(name=Markup("<b>"), lazy="").startswith("مرحبا <b>")


def test_a_template_counts_and_keeps_percent_signs(templates: Environment):
    page = templates.from_string(
        "{% trans num=n %}{{ num }} day{% pluralize %}{{ num }} days{% endtrans %}|{% trans %}100% sure{% endtrans %}"
    )
    with using("en"):
        assert page.render(n=3) == "3 days|100% sure"
    assert page.render(n=3) == "3 days|أكيد 100%"


def test_the_catalogue_equals_the_code_and_lacks_nothing():
    assert translate.problems() == []


def test_the_plurals_of_the_catalogue_are_in_the_order_of_cldr():
    catalogue = GNUTranslations(BytesIO(languages.compiled_catalogue(translate.CATALOGUE)))
    assert [catalogue.plural(number) for number in (0, 1, 2, 3, 11, 100)] == [0, 1, 2, 3, 4, 5]  # type: ignore[attr-defined]


def test_an_arabic_sentence_that_loses_a_placeholder_is_found(tmp_path: Path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "babel.cfg").write_text("[python: clinic/**.py]\n", encoding="utf-8")
    (tmp_path / "clinic").mkdir()
    (tmp_path / "clinic" / "page.py").write_text('_("Hello %(name)s")\n_n("%(num)d day", "%(num)d days", 2)\n')
    catalogue = tmp_path / "messages.po"
    catalogue.write_text(SAMPLE.replace("مرحبا %(name)s", "مرحبا %(who)s").replace('%(num)d يوم"', 'أيام"'))
    translate.update(tmp_path, catalogue)
    found = translate.problems(tmp_path, catalogue)
    assert [line.split(":")[0] for line in found] == [
        "%(num) is lacking",
        "%(who) is not in the English",
        "%(name) is lacking",
    ]


def test_what_nothing_says_any_more_is_dropped_and_what_is_new_is_asked_for(tmp_path: Path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "babel.cfg").write_text("[python: clinic/**.py]\n", encoding="utf-8")
    (tmp_path / "clinic").mkdir()
    (tmp_path / "clinic" / "page.py").write_text('_("Banana")\n_("Cherry")\n')
    catalogue = tmp_path / "messages.po"
    catalogue.write_text(SAMPLE)
    translate.update(tmp_path, catalogue)
    text = catalogue.read_text()
    assert 'msgstr "أ"' in text
    assert "Apple" not in text
    assert translate.problems(tmp_path, catalogue) == ["has no Arabic: Cherry"]
