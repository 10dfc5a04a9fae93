"""The design page: every part and every state of the look, in both languages, with invented people.

Served by a demonstration alone, at /dev/design. Its sentences stand here and in its template in both languages, so
that they need no catalogue: nobody but who works on the pages reads them.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from clinic.access.permissions import Permission
from clinic.dev import drawings
from clinic.languages import current_language
from clinic.web.guard import needs
from clinic.web.scale import ScaleField

bp = Blueprint("design", __name__, url_prefix="/dev")


@bp.get("/design")
@needs(Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """Every part of the pages, in every state."""
    return render_template("dev/design.html", **sample())


@bp.get("/design/paper")
@needs(Permission.SIGNED_IN)
def paper() -> ResponseReturnValue:
    """A paper with every part that is printed."""
    return render_template("dev/paper.html", say=say, here="/dev/design")


def say(english: str, arabic: str) -> str:
    """The one of the two that the reader reads."""
    return arabic if current_language().is_rtl else english


def sample_form(filled: MultiDict[str, str] | None = None, prefix: str = "") -> Form:
    """A form with every way of asking."""
    answers = [
        SelectChoice("yes", say("Yes", "نعم")),
        SelectChoice("no", say("No", "لا")),
        SelectChoice("unknown", say("Not known", "لا نعرف")),
    ]

    class Sample(Form):
        child = StringField(say("The child", "الطفل"), [InputRequired(say("Write the name.", "اكتبي الاسم."))])
        phone = TelField(say("Phone of the mother", "هاتف الأم"))
        station = SelectField(say("Station", "المركز"), choices=_stations())
        told = RadioField(say("Was he told his rights?", "هل أُبلغ بحقوقه؟"), choices=answers)
        guardian = RadioField(say("The guardian", "وليّ الأمر"), choices=_guardian())
        taken_on = DateField(say("Day of the arrest", "يوم التوقيف"))
        taken_at = TimeField(say("When was he taken?", "متى أُخذ؟"))
        rating = ScaleField(say("How the child is", "كيف حال الطفل"), most=10)
        kinds = SelectMultipleField(say("What he tells", "ما يرويه"), choices=_kinds())
        note = TextAreaField(say("Note for the defence", "ملاحظة للدفاع"))
        open = RadioField(_there(), choices=answers)
        asked_by = RadioField(
            say("Who asked for the report?", "من طلب التقرير؟"), choices=_stations()[1:] + _guardian()
        )
        agreed = BooleanField(say("The mother agrees", "الأم موافقة"))

    return Sample(filled, prefix=prefix)


def _there() -> str:
    return say("Was the protection counsellor there?", "هل كان مرشد حماية الطفولة حاضرًا؟")


def _stations() -> list[SelectChoice]:
    return [
        SelectChoice("", say("Choose", "اختاري")),
        SelectChoice("city", say("Bethlehem city", "مركز شرطة مدينة بيت لحم")),
        SelectChoice("family", say("Family and juvenile protection, Bethlehem", "حماية الأسرة والأحداث - بيت لحم")),
    ]


def _guardian() -> list[SelectChoice]:
    return [
        SelectChoice("there", say("Present", "حاضر")),
        SelectChoice("sent", say("Came, was sent out", "حضر وأُخرج من الغرفة")),
        SelectChoice("away", say("Not there", "لم يحضر")),
        SelectChoice("unknown", say("Not known", "لا نعرف")),
    ]


def _kinds() -> list[SelectChoice]:
    return [
        SelectChoice("beating", say("Beating", "ضرب")),
        SelectChoice("threats", say("Threats", "تهديد")),
        SelectChoice("medical", say("Denial of medical care", "حرمان من العلاج")),
        SelectChoice("basic", say("Denial of food, water or toilet", "حرمان من الطعام أو الماء أو المرحاض")),
        SelectChoice("adults", say("Held with adults", "احتجاز مع بالغين")),
    ]


def _refused() -> Form:
    """The form as it comes back: a name is missing, and an answer."""
    form = sample_form(MultiDict([("refused-child", "")]), "refused-")
    form.validate()
    for each in form:
        each.errors = list(each.errors) if each.name == "refused-child" else []
    form["told"].errors = [say("Choose one answer.", "اختاري إجابة واحدة.")]
    return form


def sample() -> dict[str, Any]:
    """What the design page shows."""
    filled = MultiDict(
        [
            ("child", say("Karam Al-Jaafari", "كرم الجعفري")),
            ("phone", "059 912 3456"),
            ("station", "city"),
            ("told", "no"),
            ("guardian", "sent"),
            ("taken_on", "2016-04-11"),
            ("taken_at", "23:50"),
            ("rating", "6"),
            ("kinds", "beating"),
            ("kinds", "medical"),
            ("agreed", "y"),
        ]
    )
    return {
        "here": "/dev/design",
        "say": say,
        "filled": sample_form(filled),
        "refused": _refused(),
        "drawings": drawings.samples(),
    }
