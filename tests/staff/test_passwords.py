"""A password is long, is none that was stolen elsewhere, and something is left of it without what everybody types."""

from __future__ import annotations

import pytest

from clinic.staff.passwords import hash_password, is_password, is_usual, was_stolen

OWN = ["huda", "Huda Nassar", "Clinic of the Camp", "DH"]


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd2026!!",
        "123456789012",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "administrator",
        "palestine1948",
        "dheisheh1949",
        "huda huda huda huda",
        "nassar2026nassar",
        "clinicofthecamp",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "zyxwvutsrqpo",
        "xkxkxkxkxkxk",
        "فلسطين حرة 1948",
        "كلمة السر 1234",
        "ضصثقفغعهخحجد",
        "محمد أحمد محمود",
        "7abibi 3omri 2000",
        "m7md mo7amad 99",
        "Yousef&Maryam2019",
        "سلام يا حبيبي ١٩٤٨",
    ],
)
def test_what_is_tried_first_is_no_password(password):
    assert is_usual(password, OWN)


@pytest.mark.parametrize(
    "password",
    [
        "olive road window seven",
        "correct horse battery",
        "زيتونة فوق سطح مدرسة قديمة",
        "Tq7#rvL2mZxk",
        "mustapha bakes bread at dawn",
    ],
)
def test_words_that_nobody_would_expect_together_are_a_password(password):
    assert not is_usual(password, OWN)


@pytest.mark.parametrize(
    "password",
    [
        "leavemealone",
        "Leave me alone",
        "sonyericsson",
        "SonyEricsson2009!",
        "websolutions",
        "123 websolutions",
        "palestine4ever",
    ],
)
def test_what_was_stolen_elsewhere_is_no_password_nor_with_a_year_behind_it(password):
    assert was_stolen(password)


@pytest.mark.parametrize(
    "password", ["olive road window seven", "زيتونة فوق سطح مدرسة قديمة", "Tq7#rvL2mZxk", "x" * 256, "…" * 90]
)
def test_what_nobody_ever_used_is_on_no_list(password):
    assert not was_stolen(password)


def test_to_guess_a_password_that_is_kept_costs_what_rfc_9106_asks(as_on_a_server):
    kept = hash_password("olive road window seven")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password(kept, "olive road window seven")
    assert not is_password(kept, "olive road window six")
