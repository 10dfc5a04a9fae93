"""Phones and card numbers in the one writing by which they are compared and hashed."""

from __future__ import annotations

import re
import unicodedata

_PALESTINE, _ISRAEL = "970", "972"
_PALESTINIAN_MOBILE = re.compile(r"5[69]\d{7}")
_ISRAELI_MOBILE = re.compile(r"5[0-58]\d{7}")
_ABROAD = re.compile(r"[^\d+]*\+")
_COUNTRY = re.compile(rf"({_PALESTINE}|{_ISRAEL})0?(\d{{8,9}})")


def _ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() else char for char in unicodedata.normalize("NFKC", text)
    )


def phone_digits(text: str) -> str:
    """A phone number as country code and number, digits alone; "" where there is none.

    059 and 056 are reached under 970 and 972 alike and are one number; 02 and 04 are written as Palestinian lines.
    """
    text = _ascii_digits(text)
    digits = re.sub(r"\D", "", text)
    if digits.startswith("00"):
        digits = digits[2:]
    elif not _ABROAD.match(text) and not _COUNTRY.fullmatch(digits):
        return _of_this_country(digits)
    if match := _COUNTRY.fullmatch(digits):
        country = _PALESTINE if _PALESTINIAN_MOBILE.fullmatch(match[2]) else match[1]
        return country + match[2]
    return digits


def _of_this_country(digits: str) -> str:
    """The number as dialled here. Seven digits alone lack their area and stay as they are."""
    number = digits.removeprefix("0")
    if _ISRAELI_MOBILE.fullmatch(number):
        return _ISRAEL + number
    if _PALESTINIAN_MOBILE.fullmatch(number) or (digits.startswith("0") and len(number) == 8):
        return _PALESTINE + number
    return digits


def card_number(text: str) -> str:
    """An identity, birth or registration number: its letters and digits alone, in capitals."""
    return "".join(char for char in _ascii_digits(text).upper() if char.isalnum())
