"""The checks of the test browser fail where they should: each is shown a page with the fault that it looks for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask, Response, redirect, request

from tests.browser import Browser, filled
from tests.pages import faults, foreign_text
from tests.statements import statements, written_table

WELL = """<!doctype html><html lang="en" dir="ltr"><head><title>Case DH-2026-001</title></head><body><main>
<h1>Case of <bdi>كرم</bdi></h1><svg aria-hidden="true"></svg>
<form method="post" action="/note"><input type="hidden" name="csrf_token" value="t">
<label for="note">Note</label><textarea id="note" name="note">as it was</textarea>
<fieldset><legend>Held?</legend><label><input type="radio" name="held" value="yes" checked>Yes</label></fieldset>
<label>Kind <select name="kind"><option value="a">A</option><option value="b" selected>B</option></select></label>
<button>Save</button></form></main></body></html>"""


def test_a_good_page_has_no_fault():
    assert faults(WELL, names=["Karam"], language="en") == []
    assert foreign_text(WELL) == []


@pytest.mark.parametrize(
    ("instead_of", "stands", "fault"),
    [
        ('dir="ltr"', 'dir="rtl"', '<html lang="en" dir="rtl">'),
        ("Case DH-2026-001", "", "the title is empty"),
        ("Case DH-2026-001", "Case of Karam", "the title names Karam"),
        ("<h1>", "<h2>", "0 h1"),
        ('<label for="note">Note</label>', "", "no label for"),
        ('for="note"', 'for="other"', "points to nothing"),
        ('name="held"', 'name="held" id="note"', 'id="note" twice'),
        ("<legend>Held?</legend>", "", "no fieldset with a legend"),
        ('value="t"', "", "no CSRF field"),
        ("<button>", '<button style="color: red">', "style= on"),
        ("<button>", '<button onclick="go()">', "onclick= on"),
        ("<button>Save</button>", "<button></button>", "nothing says what"),
        ("</form>", "<script>go()</script></form>", "inline script"),
        ("</form>", '<script src="//elsewhere/a.js"></script></form>', "from elsewhere"),
        ('<svg aria-hidden="true">', "<svg>", "an svg neither named nor hidden"),
        ("</form>", "</form><p>Hello %(name)s</p>", "left over"),
        ("</form>", "</form><p>None</p>", "None in"),
        ("</form>", "</form><p><div>deep</div></p>", "unexpected-end-tag"),
        ("</form>", "</form><a href='#'>Here</a>", "leads nowhere"),
        ("</form>", "</form><table><tr><td>1</td></tr></table>", "a table without headings"),
        ("</form>", "</form><form><label>Name <input name='q'></label></form>", "typed text would go into the address"),
    ],
)
def test_a_fault_is_found(instead_of, stands, fault):
    broken = WELL.replace(instead_of, stands).replace("</h1>", "</h2>" if stands == "<h2>" else "</h1>")
    assert any(fault in found for found in faults(broken, names=["Karam"], language="en"))


def test_a_page_known_to_be_well_is_judged_again_for_another_fault():
    ids = ["01a229d1-a87e-716b-bd24-98cc1fd226f6", "01a229d1-a87e-716b-bd24-98cc1fd226f7"]
    parts = "</form>" + "".join(f'<p id="{one}">{one}</p>' for one in ids)
    page = WELL.replace("</form>", parts).replace('value="t"', 'value="IjY0ZDQ4"')
    assert faults(page) == faults(page) == []
    assert faults(page.replace(ids[1], ids[0])) == [f'id="{ids[0]}" twice']
    assert "no CSRF field" in faults(page.replace('value="IjY0ZDQ4"', 'value=""'))[0]
    assert faults(page.replace("</form>", "</form><p>None</p>")) == ["None in <p>"]
    assert faults(page, names=["DH-2026-001"], language="ar") == [
        "the title names DH-2026-001",
        "the page is in en, not in ar",
    ]


def test_the_wrong_language_is_found():
    assert faults(WELL, language="ar") == ["the page is in en, not in ar"]
    assert foreign_text(WELL.replace("<bdi>كرم</bdi>", "كرم")) == ["Case of كرم"]


def test_a_form_is_read_as_a_browser_would_send_it():
    form = BeautifulSoup(WELL, "html.parser").form
    assert filled(form) == {"csrf_token": "t", "note": "as it was", "held": "yes", "kind": "b"}


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("INSERT INTO step (id) VALUES (?)", "step"),
        ('INSERT INTO readings."reading" (id) VALUES (?)', "reading"),
        ("UPDATE case_file SET x=1", "case_file"),
        ("DELETE FROM draft WHERE id=1", "draft"),
        ("INSERT OR IGNORE INTO draft VALUES (1)", "draft"),
        ("SELECT 'UPDATE x'", None),
    ],
)
def test_a_write_is_told_from_a_read(statement, table):
    assert written_table(statement) == table


@pytest.fixture
def small(tmp_path):
    """A small site with good manners and bad ones."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'small.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE step (n INTEGER)"))
    app = Flask("small")

    def write():
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO step VALUES (1)"))

    @app.get("/peeks-and-writes")
    def _peeks():
        write()
        return WELL

    @app.route("/note", methods=["GET", "POST"])
    def _note():
        if request.method == "POST" and request.form["note"]:
            write()
            return redirect("/note", 303) if request.form["note"] != "saved and shown" else WELL
        return WELL

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    yield app
    engine.dispose()


def test_a_get_that_writes_is_found(small):
    with pytest.raises(AssertionError, match=r"wrote \['step'\]"):
        Browser(small).get("/peeks-and-writes")


def test_a_post_that_saves_without_a_redirect_is_found(small):
    with pytest.raises(AssertionError, match=r"answered 200 and saved \['step'\]"):
        Browser(small).post("/note", {"note": "saved and shown"})


def test_a_post_fills_the_form_of_the_page_and_can_be_followed(small):
    page = Browser(small).post("/note", {"note": "seen the child"})
    assert page.follow().heading == "Case of كرم"
    assert Browser(small).get("/note").submit({"note": "again"}).status == 303


def test_an_unexpected_answer_is_found(small):
    with pytest.raises(AssertionError, match="answered 404, not 200"):
        Browser(small).get("/nowhere")


def test_statements_are_counted_without_housekeeping():
    engine = sa.create_engine("sqlite://")
    with statements() as seen, engine.begin() as connection:
        connection.execute(sa.text("SELECT 1"))
        connection.execute(sa.text("SELECT 2"))
    assert len(seen) == 2
    engine.dispose()
