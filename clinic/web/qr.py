"""Addresses as pictures that the camera of a phone reads."""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup
from segno import make

_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")


def picture_of(address: str) -> Markup:
    """The QR code, as an SVG without a style of its own. The page around it says in words what it is."""
    drawn = make(address, error="m").svg_inline(scale=5, dark="#000", light="#fff")
    return Markup(drawn.replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704 - drawn here, of our own text


def picture_for_a_phone(link: str) -> Markup | None:
    """The picture of a link; none of a link that opens on this computer alone, where a phone would find nobody."""
    return None if urlsplit(link).hostname in _THIS_COMPUTER else picture_of(link)
