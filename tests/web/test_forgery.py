"""Another site acts in nobody's name, and learns nothing of a page from how long it is."""

from __future__ import annotations

import re

import pytest

from clinic.web.forgery import masked, unmasked

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def tokens(page):
    return set(TOKEN.findall(page.html))


def test_the_token_of_a_page_looks_another_way_in_every_answer(browse, make):
    browser = browse(make.lawyer("Huda"))
    first, second = tokens(browser.get("/account")), tokens(browser.get("/account"))
    assert len(first) == len(second) == 1
    (one,), (other,) = first, second
    assert not any(one[place : place + 8] in other for place in range(len(one) - 8))
    assert unmasked(one).split(".")[0] == unmasked(other).split(".")[0]


NO_TOKENS = {
    "nothing": "",
    "short": "abc",
    "another script": "ياسمين",
    "no letters": "****",
    "cut off": masked("no token")[:-3],
    "not signed": masked("no token"),
}


@pytest.mark.parametrize("sent", NO_TOKENS.values(), ids=NO_TOKENS)
def test_what_is_no_token_of_ours_is_refused(browse, make, sent):
    browser = browse(make.lawyer("Huda"))
    browser.get("/account")
    browser.send("/sign-out", {"csrf_token": sent}, status=400)


def test_a_token_without_its_mask_is_none(browse, make):
    browser = browse(make.lawyer("Huda"))
    (token,) = tokens(browser.get("/account"))
    browser.send("/sign-out", {"csrf_token": unmasked(token)}, status=400)
    browser.send("/sign-out", {"csrf_token": token}, status=303)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_asks_in_the_address_is_in_no_page(browse, make, site):
    browser = browse(make.lawyer("Huda"))
    page = browser.get("/cases?guess=Yasmin", status=303, headers={"Sec-Fetch-Site": site})
    assert page.location == "/cases"
    assert "guess" not in page.html


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_somebody_asks_here_is_answered(browse, make, site):
    browse(make.lawyer("Huda")).get("/cases?of=me", headers={"Sec-Fetch-Site": site})
