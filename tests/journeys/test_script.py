"""What the script adds to a form, in a real browser: drafts, times by tap, one press one save, the way to a problem."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from clinic.web.headers import POLICY
from tests.drawing import design_page

STATIC = Path(__file__).parents[2] / "clinic" / "static"


class Clinic(ThreadingHTTPServer):
    """Serves the design page, and keeps what is sent to it. `answers` is the status that a draft gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: list[tuple[str, dict[str, list[str]]]] = []
        self.answers = 204

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/dev/design"


ASKED_AFTERWARDS = "fetch('/').catch(() => null)"
"""What is asked after a draft was sent is answered after it: by then the script knows what became of the draft."""


class _Handler(BaseHTTPRequestHandler):
    server: Clinic

    def do_GET(self) -> None:
        asked = STATIC / self.path.removeprefix("/static/")
        if asked.is_file():
            self._answer(200, asked.read_bytes(), mimetypes.guess_type(asked.name)[0] or "text/html")
        else:
            self._answer(200, design_page("en").encode(), "text/html; charset=utf-8")

    do_HEAD = do_GET

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.sent.append((self.path, parse_qs(body)))
        self._answer(self.server.answers if self.path == "/dev/nowhere" else 200, b"", "text/html")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    with Clinic() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def page(clinic: Clinic, chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 390, "height": 844}, timezone_id="America/New_York")
    opened.clock.install()
    opened.goto(clinic.page)
    yield opened
    opened.close()


def test_what_was_refused_has_the_focus_and_leads_to_its_field(page: Page) -> None:
    expect(page.locator("[data-errors]")).to_be_focused()
    page.locator("[data-errors] a").first.click()
    expect(page.locator("[name=refused-child]")).to_be_focused()


def test_now_is_the_time_of_the_clinic_wherever_the_phone_thinks_it_is(page: Page) -> None:
    page.clock.set_fixed_time("2016-04-13T20:50:00Z")
    page.locator("[data-now]").first.click()
    expect(page.locator("[name=refused-taken_at]")).to_have_value("23:50")


def test_a_draft_is_sent_within_five_seconds_and_the_counter_says_so(page: Page, clinic: Clinic) -> None:
    page.fill("[name=phone]", "0599")
    page.fill("[name=note]", "He is calm.")
    expect(page.locator("[data-unsent]")).to_have_text("Not yet saved: 2")
    page.clock.run_for(6000)
    expect(page.locator("[data-unsent]")).to_have_text("Draft kept")
    assert [(path, typed["note"]) for path, typed in clinic.sent] == [("/dev/nowhere", ["He is calm."])]


def test_what_the_server_did_not_take_is_counted_and_tried_again(page: Page, clinic: Clinic) -> None:
    clinic.answers = 500
    page.fill("[name=note]", "He is calm.")
    with page.expect_response("**/dev/nowhere"):
        page.clock.run_for(6000)
    page.evaluate(ASKED_AFTERWARDS)
    expect(page.locator("[data-unsent]")).to_have_text("Not yet saved: 1")
    clinic.answers = 204
    page.clock.run_for(20000)
    expect(page.locator("[data-unsent]")).to_have_text("Draft kept")


def test_leaving_with_something_unsaved_warns(page: Page, clinic: Clinic) -> None:
    clinic.answers = 500
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("[name=note]").click()
    page.keyboard.type("x")
    page.reload()
    assert asked == ["beforeunload"]


def test_a_form_pressed_twice_is_sent_once(page: Page, clinic: Clinic) -> None:
    page.evaluate(
        """() => {
            const form = document.querySelector('form[data-draft-url]');
            form.action = '/save';
            form.requestSubmit();
            form.requestSubmit();
        }"""
    )
    page.wait_for_url("**/save")
    assert [path for path, _typed in clinic.sent] == ["/save"]


SEND = """() => {
    const form = document.querySelector('form[data-draft-url]');
    form.action = '/save';
    form.requestSubmit();
}"""
HELD = "No network. Nothing is lost: press again when it is back."


def test_a_form_that_is_sent_without_a_network_stays_until_there_is_one(page: Page, clinic: Clinic) -> None:
    page.context.set_offline(True)
    page.fill("[name=note]", "He is calm.")
    page.evaluate(SEND)
    expect(page.locator("[data-unsent]")).to_have_text(HELD)
    expect(page.locator("[name=note]")).to_have_value("He is calm.")
    assert clinic.sent == []
    page.context.set_offline(False)
    page.evaluate(SEND)
    page.wait_for_url("**/save")
    assert clinic.sent[-1][1]["note"] == ["He is calm."]


def _held_until_the_line_is_back(page: Page, clinic: Clinic) -> None:
    page.evaluate(SEND)
    expect(page.locator("[data-unsent]")).to_have_text(HELD)
    assert "/save" not in [path for path, _typed in clinic.sent]
    page.unroute("**/*")
    page.evaluate(SEND)
    page.wait_for_url("**/save")
    assert clinic.sent[-1][1]["note"] == ["He is calm."]


def test_a_form_is_held_where_the_last_draft_met_nobody(page: Page, clinic: Clinic) -> None:
    page.route("**/*", lambda route: route.abort())
    page.fill("[name=note]", "He is calm.")
    page.clock.run_for(6000)
    page.evaluate(ASKED_AFTERWARDS)
    _held_until_the_line_is_back(page, clinic)


def test_a_form_is_held_while_a_draft_is_under_way_to_nobody(page: Page, clinic: Clinic) -> None:
    page.route("**/*", lambda route: None if route.request.url.endswith("/dev/nowhere") else route.abort())
    page.fill("[name=note]", "He is calm.")
    with page.expect_request("**/dev/nowhere"):
        page.clock.run_for(6000)
    _held_until_the_line_is_back(page, clinic)


def test_a_form_is_held_where_nobody_was_heard_for_a_while(page: Page, clinic: Clinic) -> None:
    page.clock.fast_forward(40000)
    page.route("**/*", lambda route: route.abort())
    page.fill("[name=note]", "He is calm.")
    _held_until_the_line_is_back(page, clinic)


def test_a_browser_without_a_network_saves_on_the_server_that_it_stands_on(page: Page, clinic: Clinic) -> None:
    page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    page.evaluate(SEND)
    page.wait_for_url("**/save")


def test_the_childs_place_on_the_journey_comes_into_view(page: Page) -> None:
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".journey .now").last).to_be_in_viewport(ratio=1)


def test_a_menu_closes_with_escape_and_gives_the_focus_back(page: Page) -> None:
    button = page.locator(".menu.reach > summary")
    button.click()
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    expect(button).to_be_focused()
