"""What a browser says of itself, in a few words that its owner recognises."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def address_of(device: str) -> str:
    """The network address that a session was begun from; a session keeps it before what the browser says."""
    return device.partition(" ")[0]


def browser_of(device: str) -> str:
    """`Firefox · Android`, or nothing for a browser that says too little."""
    said = device.partition(" ")[2]
    found = (next((name for sign, name in signs if sign in said), None) for signs in (_BROWSERS, _MACHINES))
    return " · ".join(name for name in found if name)
