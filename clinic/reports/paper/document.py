"""What the report says on paper, as plain data: every text is in words already, in the language of the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from clinic import clock, formats
from clinic.languages import LANGUAGES, _, current_language, using
from clinic.reports import labels, telling
from clinic.reports.completeness import KIND_LABELS, completeness
from clinic.reports.editions import Edition
from clinic.reports.indicator import GROUP_LABELS, UNIT_LABELS, Group
from clinic.reports.indicators import INDICATORS, of_group
from clinic.reports.keys import Names
from clinic.reports.paper.letters import on_paper
from clinic.reports.papers import in_ink
from clinic.reports.picture import Picture
from clinic.reports.pictures import pictures_of
from clinic.reports.report import Report
from clinic.reports.telling import Told, ToldGroup
from clinic.reports.unicef import International
from clinic.staff.models import Clinic

Data = dict[str, Any]
TABLES: Final = ("by", "by_legal_basis", "by_place")
MOST_PARTS: Final = 6
"""So many parts stand side by side on a sheet."""


@dataclass(frozen=True)
class Making:
    """Whose report it is, and when it was made."""

    clinic: str
    is_demonstration: bool
    made_at: datetime

    @classmethod
    def by(cls, clinic: Clinic) -> Making:
        """Made now by a clinic."""
        return cls(clinic.name, clinic.is_demonstration, clock.now())


def document_of(report: Report, names: Names, making: Making) -> Data:
    """The whole document."""
    about = telling.about(report, names)
    groups = telling.groups_of(report, names)
    by_id = {told.id: told for group in groups for told in group.figures}
    pictures = pictures_of(report)
    made = making.made_at.astimezone(clock.ZONE)
    document: Data = {
        "language": current_language().code,
        "title": _("Report of the clinic"),
        "clinic": making.clinic,
        "demonstration": _("Demonstration: every person here is invented") if making.is_demonstration else "",
        "period": about["period"],
        "edition": _("Public edition: small numbers are hidden.") if about["is_public"] else _("Internal edition"),
        "is-public": about["is_public"],
        "made": [made.year, made.month, made.day],
        "about": lines_about(about, making),
        "words": _words(),
        "headlines": [_headline(by_id[name]) for name in telling.HEADLINES],
        "groups": [_group(report, group, pictures) for group in groups],
        "completeness": _completeness(report),
        "fifteen": _fifteen(about, by_id),
        "definitions": [_definitions(group) for group in Group],
    }
    written: Data = on_paper(document)
    return written


def _words() -> dict[str, str]:
    return {
        "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "contents": _("Contents"),
        "glance": _("At a glance"),
        "figure": _("Figure"),
        "value": _("Value"),
        "of-how-many": _("Of how many"),
        "not-known": _("Not known"),
        "target": _("Target"),
        "definitions": _("What the figures mean"),
        "definitions-note": _(
            "Every figure of this report has one definition, the same in both languages and in every period."
        ),
    }


def lines_about(about: Mapping[str, Any], making: Making) -> list[tuple[str, str]]:
    """What a reader must know before the first figure, one line each."""
    told = [(_("Period"), about["days"])]
    if about["own_alone"]:
        told.append((_("Cases"), about["own_alone"]))
    if about["narrowed"]:
        told.append((_("Cases"), _("Those of %(names)s alone", names=formats.names_list(about["narrowed"]))))
    rules = [name if confirmed else f"{name} ({_not_confirmed()})" for name, confirmed in about["rule_sets"]]
    if rules:
        told.append((_("Rules of law"), _listed(rules)))
    told.append((_("As known on"), about["as_of"]))
    told.append((_("Made on"), formats.day(making.made_at)))
    return told


def _not_confirmed() -> str:
    return _("limits not confirmed by a lawyer of the clinic")


def _headline(told: Told) -> Data:
    return {"title": told.title, "value": told.value, "under": told.under, "target": told.target}


def _group(report: Report, group: ToldGroup, pictures: Sequence[Picture]) -> Data:
    own = [picture for picture in pictures if picture.group is group.group]
    drawn = {picture.id for picture in own}
    return {
        "title": group.label,
        "words": [formats.with_phones(line) for line in group.words.splitlines() if line.strip()],
        "figures": [_figure(report, told) for told in group.figures],
        "pictures": [_picture(picture) for picture in own],
        "tables": [
            *(table for told in group.figures for table in _tables(report, told) if told.id not in drawn),
            *(table for key in report.question.keys for table in _breakdowns(group, key)),
        ],
    }


def _figure(report: Report, told: Told) -> Data:
    fields, indicator = report.fields[told.id], INDICATORS[told.id]
    of = labels.withheld() if labels.is_withheld(fields) else labels.of_how_many(fields)
    return {
        **_headline(told),
        "goal": told.goal,
        "standing": labels.standing_in_words(told.verdict),
        "spread": told.spread,
        "of-how-many": of or str(UNIT_LABELS[indicator.unit]),
        "not-known": labels.count(fields["unknown"]) if "unknown" in fields else "",
    }


def _picture(picture: Picture) -> Data:
    return {
        "title": picture.title,
        "sentence": picture.sentence,
        "spoken": picture.spoken,
        "drawing": in_ink(picture),
        "columns": list(picture.beside.columns if picture.beside else picture.columns),
        "rows": list(picture.beside.rows) if picture.beside else [[one.label, one.shown] for one in picture.lines],
        "note": "",
    }


def _tables(report: Report, told: Told) -> list[Data]:
    """The tables of a figure by code, which no picture shows."""
    fields, indicator = report.fields[told.id], INDICATORS[told.id]
    counted: list[tuple[str, Any]] = [(name, fields[name]) for name in TABLES if name in fields]
    tables = []
    for name, counts in counted:
        if not any(counts.values()):
            continue
        parts, title = labels.table_labels(indicator, name)
        rows = [
            [labels.code_label(indicator, name, code), formats.number(number)]
            for code, number in sorted(counts.items(), key=lambda one: -one[1])
        ]
        note = labels.table_note(indicator, counts, fields["value"])
        tables.append({"title": title, "columns": [parts, _("Number")], "rows": rows, "note": note})
    return tables


def _breakdowns(group: ToldGroup, key: str) -> list[Data]:
    """The figures of a group by a key: all in one table where the parts are few, else one table a figure."""
    broken = [(told, table) for told in group.figures for table in told.breakdowns if table.key == key and table.rows]
    parts = {code: name for _told, table in broken for code, name, _value, _under in table.rows}
    if not broken or len(parts) > MOST_PARTS:
        return [_breakdown(told, table) for told, table in broken]
    codes = sorted(parts, key=lambda code: telling.place_of(key, code, parts[code]))
    rows = []
    for told, table in broken:
        cells = {code: {"value": value, "under": under} for code, _name, value, under in table.rows}
        rows.append([told.title, *(cells.get(code, {"value": "–", "under": ""}) for code in codes)])
    columns = [_("Figure"), *(parts[code] for code in codes)]
    return [{"title": broken[0][1].label, "columns": columns, "rows": rows, "note": labels.key_note(key)}]


def _breakdown(told: Told, table: telling.Table) -> Data:
    has_under = any(under for _code, _name, _value, under in table.rows)
    return {
        "title": f"{told.title}: {table.label}",
        "columns": [table.label, told.title, *([_("Of how many")] * has_under)],
        "rows": [[name, value, *([under] * has_under)] for _code, name, value, under in table.rows],
        "note": labels.key_note(table.key),
    }


def _completeness(report: Report) -> Data:
    known = completeness(report.scope) if report.question.edition is Edition.INTERNAL else []
    return {
        "title": _("What is known"),
        "note": _(
            "A figure is as good as the answers behind it. Unknown is not no: it is counted apart, here and under each "
            "figure."
        ),
        "columns": [_("Answer"), _("Known"), _("Not known"), _("Share known")],
        "rows": [
            [
                f"{KIND_LABELS[each.column.kind]} · {each.column.label}",
                formats.number(each.known),
                formats.number(each.unknown),
                formats.percent(each.share),
            ]
            for each in known
            if each.share is not None
        ],
    }


def _fifteen(about: Mapping[str, Any], told: Mapping[str, Told]) -> Data:
    return {
        "title": _("The fifteen indicators of UNICEF and UNODC"),
        "note": _(
            "Our figures are the clinic-caseload version of an indicator: of our own cases, in this period. They are "
            "never a rate of the country."
        ),
        "columns": [_("Indicator"), _("Can our records speak to it?"), _("Taken from"), _("Why, and why not")],
        "rows": [_international(each, about, told) for each in about["fifteen"]],
    }


def _international(each: International, about: Mapping[str, Any], told: Mapping[str, Told]) -> Data:
    core, unconfirmed = _("core"), _("(wording not confirmed)")
    name = f"{formats.number(each.number)}. {each.name}"
    return {
        "name": f"{name} ({core})" if each.is_core else name,
        "definition": f"{each.definition} {unconfirmed}" if each.is_unconfirmed else str(each.definition),
        "answer": str(about["answer_labels"][each.answer]),
        "taken-from": [[told[name].title, "" if each.is_a_part else told[name].value] for name in each.taken_from],
        "why": str(each.why),
    }


def _listed(texts: Iterable[str]) -> str:
    return ("، " if current_language().is_rtl else ", ").join(texts)


def _definitions(group: Group) -> Data:
    """What the figures of a group mean, first in the reader's language, then in the other."""
    own = current_language()
    languages = (own, own.other)
    rows: list[list[Data]] = [[] for _indicator in of_group(group)]
    for language in languages:
        with using(language):
            for row, indicator in zip(rows, of_group(group), strict=True):
                title, definition = str(indicator.title), str(indicator.definition)
                row.append({"language": language.code, "title": title, "definition": definition})
    return {
        "title": str(GROUP_LABELS[group]),
        "languages": [LANGUAGES[language.code].name for language in languages],
        "rows": rows,
    }
