"""What our templates write and call is what Jinja's own would, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.templating import Environment
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from clinic.languages import _l, install_jinja, using
from clinic.web.templating import Templates

WRITTEN = ["", "كرم", "a & b", "<b>", "it's", 'a "b"', Markup("<b>"), _l("My desk"), _l("a < b"), 7, None, 1.5]

PAGE = """
{% macro each(x, y="<i>") %}{{ x }}{{ y }}{{ caller() if caller is defined }}{{ kwargs | length }}{% endmacro %}
{{ each("&") }}{{ each(x="&", y=shout("a")) }}{% call each("1") %}<b>{{ "<" }}{% endcall %}{{ each("1", z=2) }}
{% for one in ["<", "b"] %}{{ seen("one") }}{{ shout(one) }}{{ called(one) }}{{ one.upper() }}{% endfor %}
{% set b = each %}{{ b("x") ~ "<" }}{{ [1].__len__() }}
"""


class _Called:
    def __call__(self, text: str) -> str:
        return f"{text}&"


@pass_context
def _seen(context: Context, name: str) -> Any:
    return context.get(name)


def _page(environment: type[Environment], app: Flask, template: str, **values: Any) -> str:
    calls: dict[str, Callable[..., Any]] = {"seen": _seen, "shout": lambda text: text + "!", "called": _Called()}
    made = environment(app, autoescape=True)
    return made.from_string(template).render(**calls, **values)


@pytest.mark.parametrize("value", WRITTEN)
def test_a_value_is_escaped_as_it_should_be(app: Flask, value: Any) -> None:
    assert _page(Templates, app, "{{ value }}", value=value) == str(escape(value))


def test_a_page_of_calls_is_the_same(app: Flask) -> None:
    page = _page(Templates, app, PAGE)
    assert page == _page(Environment, app, PAGE)
    assert "&lt;" in page


def test_who_calls_a_macro_wrongly_is_told(app: Flask) -> None:
    with pytest.raises(TypeError, match="takes no keyword argument"):
        _page(Templates, app, "{% macro one(x) %}{{ x }}{% endmacro %}{{ one(y=1) }}")


SENTENCES = """
{{ _("Cases") }}{{ _("Case %(reference)s", reference=typed) }}{{ _("Case %(reference)s", reference="<i>" | safe) }}
{% trans reference=typed %}Case {{ reference }}{% endtrans %}{{ _("100 %% of %(number)d", number=7) }}{{ _(typed) }}
{% for one in [1.5, typed] %}{{ _("Case %(reference)s", reference=one) }}{% endfor %}
{% autoescape false %}{{ _("Case %(reference)s", reference=typed) }}{% endautoescape %}
"""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_sentences_are_said_in_the_language_of_the_reader_and_what_is_put_in_is_escaped(
    app: Flask, language: str
) -> None:
    def page(environment: type[Environment]) -> str:
        made = environment(app, autoescape=True)
        install_jinja(made)
        return made.from_string(SENTENCES).render(typed="<b> & 1")

    with using(language):
        told = page(Templates)
        assert told == page(Environment)
    assert "&lt;b&gt; &amp; 1" in told
    assert "<i>" in told
    assert ("Cases" in told) is (language == "en")
