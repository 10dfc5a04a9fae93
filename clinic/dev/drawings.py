"""The kinds of drawing on the design page, of invented numbers."""

from __future__ import annotations

from clinic.languages import current_language
from clinic.reports import charts
from clinic.reports.drawing import Drawing

WAITS = (1.5, 3, 3.5, 4.2, 5, 5.5, 6, 7, 7.5, 9, 9.5, 10, 10.5, 11, 11.5, 12, 12.5, 14, 14.5, 15, 17, 19, 22, 29)
OPENED = (3, 5, 2, 4, 6, 1, 8, 0)
HELD = (
    (("c2", 0, 22), ("c3", 22, 70), ("c4", 70, 216)),
    (("c2", 0, 20), ("c3", 20, 52)),
    (("c2", 0, 11),),
)


def samples() -> dict[str, Drawing]:
    """One drawing of each kind, by name."""
    say = _arabic if current_language().is_rtl else _english
    kinds = [charts.Bar(say(*names), str(number), 100 * number / 17) for names, number in _KINDS]
    months = [charts.Column(say(*names), number) for names, number in zip(_MONTHS, OPENED, strict=True)]
    stays = [charts.Strand(str(place), "", parts) for place, parts in enumerate(HELD, start=1)]
    reach = charts.Reach(216, 24, say("limit 24 h", "الحدّ 24 س"), say("days", "أيام"), 24)
    key = [(tone, say(*names)) for tone, names in _BASES.items()]
    hours, half = say("hours", "ساعات"), say("median: 10 h", "الوسيط: 10 س")
    return {
        "kinds": charts.bars(kinds),
        "months": charts.columns(months, [None, None, 3.3, 3.7, 4, 3.7, 5, 3]),
        "waits": charts.distribution(charts.in_bins(WAITS), 10.25, half, hours),
        "middle": charts.spread(5.6, 10.25, 14.3, half, hours),
        "held": charts.strands(stays, reach, key),
        "nothing": charts.bars([charts.Bar(say("Nothing counted", "لا شيء"), "0", 0)], of_hundred=True),
    }


def _english(english: str, _said: str) -> str:
    return english


def _arabic(_english_said: str, arabic: str) -> str:
    return arabic


_KINDS = (
    (("Diverted", "تحويل عن القضاء"), 17),
    (
        ("Handed to the guardian with an undertaking for good conduct", "تسليم لولي الأمر بتعهد بحسن السلوك والمتابعة"),
        6,
    ),
    (("Fine", "غرامة"), 3),
)
_MONTHS = (
    ("Sep", "أيلول"),
    ("Oct", "ت1"),
    ("Nov", "ت2"),
    ("Dec", "ك1"),
    ("Jan", "ك2"),
    ("Feb", "شباط"),
    ("Mar", "آذار"),
    ("Apr", "نيسان"),
)
_BASES = {
    "c2": ("Police", "الشرطة"),
    "c3": ("Prosecution", "النيابة"),
    "c4": ("Court remand", "توقيف المحكمة"),
}
