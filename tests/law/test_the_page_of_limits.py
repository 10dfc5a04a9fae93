"""The limits of the law on a page, and a lawyer who confirms them."""

from __future__ import annotations

import pytest

from clinic import clock
from clinic.law import queries


def test_a_lawyer_confirms_the_law_and_the_clock_no_longer_doubts_it(make, browse):
    page = browse(make.lawyer()).get("/law")
    assert "Unconfirmed" in page.text
    button = page.select_one("button[name=digest]")
    form = button.find_parent("form")
    browser = page.browser
    page = browser.send(
        str(form["action"]), {"csrf_token": form.select_one("input")["value"], "digest": button["value"]}
    )
    page = page.follow()
    assert "by \u2068Huda\u2069" in page.text
    confirmed = [one for one in queries.rule_sets() if one.confirmed]
    assert [(one.confirmed_by, one.confirmed_on) for one in confirmed] == [("Huda", clock.today())]


def test_a_text_that_was_not_read_is_not_confirmed(make, browse):
    page = browse(make.lawyer()).get("/law")
    form = page.select_one("button[name=digest]").find_parent("form")
    token = form.select_one("input")["value"]
    page.browser.send(str(form["action"]), {"csrf_token": token, "digest": "another"}).follow()
    assert not any(one.confirmed for one in queries.rule_sets())


def test_only_a_lawyer_confirms(make, browse):
    for person in (make.counsellor(), make.coordinator(), make.administrator()):
        page = browse(person).get("/law")
        assert not page.has("button[name=digest]")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_is_in_both_languages(make, browse, language):
    page = browse(make.lawyer(language=language)).get("/law")
    assert page.select_one("html")["lang"] == language
