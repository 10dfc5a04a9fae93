"""Looks and unusual patterns in words."""

from __future__ import annotations

from collections.abc import Mapping

from clinic import formats
from clinic.audit.readings import HELD_BACK, IN_EMERGENCY
from clinic.cases.history_labels import LOOKED_AT, UNDER_EMERGENCY
from clinic.languages import _l, _n
from clinic.oversight.rules import Pattern, Unusual

_OTHER: Mapping[str, str] = {
    "conflict.read": _l("%(who)s looked at a possible conflict of interest."),
    "group.read": _l("%(who)s looked at a group session."),
    "referral.letter": _l("%(who)s printed a referral letter."),
    "step.printed": _l("%(who)s printed a step."),
    "register.compared": _l("%(who)s brought a register in, or tried it: it was compared with what is here."),
    "register.exported": _l("%(who)s took the register out."),
    "retention.listed": _l("%(who)s listed the files whose time is over."),
    "page.refused": _l("%(who)s asked for a page that is not open to them, or does not exist."),
    HELD_BACK: _l("%(who)s asked for pages faster than anybody reads, and was held back."),
    "report.read": _l("%(who)s looked at the report."),
    "report.rows_read": _l("%(who)s opened the rows behind a figure."),
    "report.printed": _l("%(who)s printed the report."),
    "report.downloaded": _l("%(who)s downloaded the report."),
    "desk.read": _l("%(who)s looked at the desk with phone numbers to call."),
}
SOMETHING = _l("%(who)s opened a page with a child's data.")


def look(what: str, who: str) -> str:
    """One look as a sentence."""
    plain = what.removesuffix(IN_EMERGENCY)
    said = str(LOOKED_AT.get(plain) or _OTHER.get(plain) or SOMETHING) % {"who": formats.isolate(who)}
    return said if plain == what else f"{said} {UNDER_EMERGENCY}"


def unusual(found: Unusual, who: str) -> str:
    """Why a day is brought up, as a sentence."""
    values = {"who": formats.isolate(who)}
    if found.pattern is Pattern.AT_NIGHT:
        return _n(
            "%(who)s opened %(num)d case between 22:00 and 6:00.",
            "%(who)s opened %(num)d cases between 22:00 and 6:00.",
            found.cases,
            **values,
        )
    if found.pattern is Pattern.OTHER_TEAMS:
        return _n(
            "%(who)s opened %(num)d case of other teams.",
            "%(who)s opened %(num)d cases of other teams.",
            found.cases,
            **values,
        )
    if found.pattern is Pattern.TOO_FAST:
        return str(_OTHER[HELD_BACK]) % values
    opened = _n("%(who)s opened %(num)d case.", "%(who)s opened %(num)d cases.", found.cases, **values)
    usual = _n("The usual day has %(num)d.", "The usual day has %(num)d.", found.usual)
    return f"{opened} {usual}"
