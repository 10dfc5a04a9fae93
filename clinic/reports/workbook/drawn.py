"""The pictures of the page as charts of the workbook, drawn from its own cells."""

from __future__ import annotations

from typing import Any, Final

from clinic.languages import _
from clinic.reports.indicator import Shape
from clinic.reports.picture import Line, Picture
from clinic.reports.workbook.book import INK, NUMBER_FORMATS, OLIVE, QUIET, ROW_PIXELS, Cell, Sheet, number, text
from clinic.typed import BIDI_CONTROLS

COLUMNS: Final = frozenset({"months", "time_to_lawyer"})
"""Pictures whose rows follow each other in time: columns side by side. The others are bars."""
TREND_MONTHS: Final = 3
CHART_COLUMN: Final = 3
LEAST_ROWS: Final = 13


def draw(sheet: Sheet, row: int, picture: Picture, wide: int) -> int:
    """Writes a picture's sentence and table, and its chart beside it; answers the row after both."""
    header, lines = row + 2, picture.lines
    sheet.write(row, 0, text(picture.title, "subtitle"))
    sheet.write(row + 1, 0, text(_sentence(picture), "quiet_line"))
    below = sheet.table(
        header, [picture.columns[0], _counted(picture)], [(text(line.label), _number(picture, line)) for line in lines]
    )
    high = max(LEAST_ROWS, len(lines) + 2)
    chart = _chart(sheet, picture, header)
    chart.set_size({"width": wide, "height": high * ROW_PIXELS})
    sheet.paper.insert_chart(header, CHART_COLUMN, chart, {"description": _plain(picture.spoken), "object_position": 2})
    sheet.paper.write_blank(header + high, 0, None, sheet.book.style("text"))  # a page is printed as far as cells go
    return max(below, header + high) + 1


def height_of(picture: Picture) -> int:
    """How many rows a picture takes."""
    return 3 + max(LEAST_ROWS, len(picture.lines) + 2)


def _number(picture: Picture, line: Line) -> Cell:
    return number(line.value, picture.shape)


def _counted(picture: Picture) -> str:
    """What the numbers are, with their unit where the column does not say it."""
    what = picture.columns[1]
    if picture.id != "custody":
        return what
    return _("%(what)s, days", what=what) if picture.shape is Shape.DAYS else _("%(what)s, hours", what=what)


def _sentence(picture: Picture) -> str:
    """What the picture shows; of custody not as on the page, which draws an axis of time."""
    return _("The longest stays in custody, a bar each.") if picture.id == "custody" else picture.sentence


def _chart(sheet: Sheet, picture: Picture, header: int) -> Any:
    side_by_side, last = picture.id in COLUMNS and picture.shape is Shape.NUMBER, header + len(picture.lines)
    chart = sheet.book.file.add_chart({"type": "column" if side_by_side else "bar"})
    series: dict[str, Any] = {
        "name": _plain(_counted(picture)),
        "categories": sheet.range(header + 1, last, 0),
        "values": sheet.range(header + 1, last, 1),
        "fill": {"color": OLIVE},
        "gap": 40,
        "data_labels": {"value": True, "num_format": NUMBER_FORMATS[picture.shape], "font": {"color": INK, "size": 9}},
    }
    if picture.id == "months" and len(picture.lines) > TREND_MONTHS + 1:
        series["trendline"] = {
            "type": "moving_average",
            "period": TREND_MONTHS,
            "line": {"color": "#0F5F5C", "width": 1.75},
        }
    chart.add_series(series)
    chart.set_title({"name": _plain(picture.title), "name_font": {"size": 12, "color": INK}})
    chart.set_legend({"none": True})
    _axes(sheet, chart, picture, side_by_side)
    return chart


def _axes(sheet: Sheet, chart: Any, picture: Picture, side_by_side: bool) -> None:
    """The named axis begins where reading does; the other is not drawn, since each number stands at its bar."""
    is_rtl = sheet.book.language.is_rtl
    named: dict[str, Any] = {"num_font": {"color": QUIET, "size": 9}, "major_tick_mark": "none"}
    counted: dict[str, Any] = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
    if picture.shape is Shape.PERCENTAGE:
        counted["max"] = 100
    if side_by_side:
        chart.set_x_axis({**named, "reverse": is_rtl})
        chart.set_y_axis(counted)
    else:
        chart.set_y_axis({**named, "reverse": True})
        chart.set_x_axis({**counted, "reverse": is_rtl})


def _plain(said: str) -> str:
    return said.translate(BIDI_CONTROLS)
