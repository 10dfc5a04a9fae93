"""A password is long, and something is left of it when all that everybody types is taken out."""

from __future__ import annotations

import pytest

from clinic.staff.passwords import is_usual

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
