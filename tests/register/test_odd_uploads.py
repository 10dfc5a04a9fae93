"""A file that is cut off, made up, locked or enormous is answered like any other: it stays out, and a page says why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from clinic.register import spool
from clinic.register.extent import reaches_too_far
from tests.register.test_pages import upload, workbook

GOOD = "activity_ref,held_on,kind\r\nA-1,2016-01-29,training\r\n"
ENTITIES = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
DOUBLING = b"".join(
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">',
        ENTITIES,
        b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>',
    ]
)


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts() -> dict[str, bytes]:
    """What a good workbook is packed of."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def spoilt(where: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook in which the parts of a name were changed."""
    return packed({name: change(content) if where in name else content for name, content in parts().items()})


def without(where: str) -> bytes:
    return packed({name: content for name, content in parts().items() if where not in name})


def locked() -> bytes:
    """A workbook whose parts say that they are encrypted."""
    content = bytearray(workbook())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


FIRST = "sheet1.xml"
WORKBOOKS = {
    "cut off": workbook()[:2000],
    "not packed": b"PK\x03\x04 nothing",
    "of another program": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "nothing": b"",
    "nothing packed": packed({}),
    "no sheets": without("worksheets"),
    "no workbook": without("xl/workbook.xml"),
    "no types": spoilt("Content_Types", lambda _content: b""),
    "doubling entities": spoilt(FIRST, lambda _content: DOUBLING),
    "blank": spoilt(FIRST, lambda _content: b" " * 5_000_000),
    "half a sheet": spoilt(FIRST, lambda content: content[: len(content) // 2]),
    "broken styles": spoilt("styles", lambda _content: b"<x"),
    "out of the folder": spoilt(".rels", lambda content: content.replace(b"worksheets/", b"../../../../etc/")),
    "locked": locked(),
    "no such column": spoilt(FIRST, lambda content: content.replace(b'r="A1"', b'r="ZZZZZ99999999999"')),
    "far away": spoilt(FIRST, lambda content: content.replace(b'r="A2"', b'r="XFD1048576"')),
    "rows far away": spoilt(FIRST, lambda content: content.replace(b'<row r="2"', b'<row r="1048576000"')),
    "numbers for texts": spoilt(FIRST, lambda content: content.replace(b't="s"', b't="n"')),
    "texts that are nowhere": spoilt(FIRST, lambda content: content.replace(b"<v>", b"<v>99999")),
    "days that are none": spoilt(FIRST, lambda content: content.replace(b't="s"', b't="d"')),
    "a workbook in it": packed({"x.xlsx": workbook()}),
    "CSV files in it": packed({"a.csv": GOOD.encode(), "b/a.csv": GOOD.encode()}),
    "a folder": packed({"x/": b""}),
}
CSV_FILES = {
    "16.csv": GOOD.encode("utf-16"),
    "16le.csv": GOOD.encode("utf-16-le"),
    "1256.csv": (GOOD + "A-2,2016-01-29,تدريب\r\n").encode("cp1256"),
    "latin.csv": (GOOD + "é,é,é").encode("latin-1"),
    "marked.csv": GOOD.encode("utf-8-sig"),
    "zeros.csv": bytes(1000),
    "zero.csv": GOOD.replace("A-1", "A\0-1").encode(),
    "quote.csv": (GOOD + '"open,2016').encode(),
    "long.csv": (GOOD + "A" * 300_000 + ",2016-01-29,training").encode(),
    "wide.csv": ("," * 50_000).encode(),
    "bytes.csv": bytes(range(256)) * 50,
    "old.csv": GOOD.replace("\r\n", "\r").encode(),
    "semicolons.csv": GOOD.replace(",", ";").encode(),
    "empty.csv": b"",
    "lines.csv": b"\n" * 10_000,
    "../../up.csv": GOOD.encode(),
    "zero\0name.csv": GOOD.encode(),
    "أنشطة.csv": GOOD.encode(),
    ".csv": GOOD.encode(),
    "activities.CSV": (GOOD + "=1+1,2016-01-29,@x\r\n").encode(),
}


@pytest.fixture
def nadia(browse, make):
    return browse(make.coordinator("Nadia"))


def answers(browser, content: bytes, name: str) -> list[int]:
    """What each page says to an upload: taken, looked at, its problems, brought in."""
    page = upload(browser, content, name)
    if page.status != 303:
        assert page.text
        return [page.status]
    look = browser.get(page.location)
    told = [303, look.status, browser.get(page.location.split("?")[0] + "/problems").status]
    browser.get(page.location)
    if look.has("form[action*='/register/uploads/'] button.main"):
        told.append(look.submit({"partial": "y"}, form="form[action*='/register/uploads/']", status=(303, 422)).status)
    return told


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["workbooks", "CSV files"])
def test_no_upload_is_a_fault_of_ours(nadia, kind):
    files = {f"{name}.xlsx": content for name, content in WORKBOOKS.items()} if kind == "workbooks" else CSV_FILES
    for name, content in files.items():
        assert set(answers(nadia, content, name)) <= {200, 303, 422}, name


def test_what_would_fill_the_disk_when_unpacked_stays_out(nadia, monkeypatch):
    monkeypatch.setattr(spool, "LARGEST_UNPACKED", 1_000_000)
    content = spoilt(FIRST, lambda _content: bytes(2_000_000))
    assert len(content) < 100_000
    assert answers(nadia, content, "register.xlsx") == [422]


@pytest.mark.parametrize(
    ("sheet", "too_far"),
    [
        (b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>', True),
        (b"<row r='1048576'/><row><c r='XFD1048576' ><v>1</v></c></row>", True),
        (b'<row r="1048575"/>' + b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>", True),
        (b'<x:row r="1"><x:c r="AAAAA1"><x:v>1</x:v></x:c></x:row>', True),
        (b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>', False),
        (b'<row r="1048576"><c r="I1048576"><v>1</v></c></row>', False),
    ],
)
def test_a_sheet_is_read_only_where_its_cells_stand_close_enough(sheet, too_far):
    made = packed({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert reaches_too_far(archive) == too_far


def test_who_sends_a_file_that_is_too_large_is_told_how_large_it_may_be(make, browse):
    client = browse(make.coordinator(), language="en").client
    most = client.application.config["MAX_CONTENT_LENGTH"]
    said = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(most + 1)}
    answer = client.post("/register/upload", environ_overrides=said)
    assert answer.status_code == 413
    assert f"larger than {most // 2**20} MB" in answer.text
    assert "what you typed is still there" in answer.text
