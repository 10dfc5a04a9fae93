"""A page that reads every record is answered by a process of its own, whole, and only to who may have it."""

from __future__ import annotations

import os
import threading

import pytest
from flask import Flask, abort, request
from werkzeug.test import Client

from clinic.operations.attending import Attendant
from clinic.web import aside


@pytest.fixture
def app():
    """A server with a page that is weighty, one that is not, and one that is nobody's."""
    app = Flask(__name__)
    made = app.extensions["made"] = []

    def guarded():
        if request.path == "/nobodys":
            abort(403)

    app.before_request(guarded)

    @app.route("/weighty", methods=["GET", "POST"], endpoint="weighty")
    @app.route("/nobodys", endpoint="nobodys")
    @aside.answered(lambda: "light" not in request.args)
    def weighty():
        made.append(request.path)
        page = app.make_response(f"{os.getpid()} {request.args.get('period')} {request.cookies.get('who')}")
        page.set_cookie("seen", "yes")
        return page

    return app


@pytest.fixture
def lines():
    """The line between the processes."""
    lines = aside.Lines()
    yield lines
    lines.close()


@pytest.fixture
def client(app, lines):
    return Client(aside.HandsOn(app, lines))


def hear(lines, app=None):
    """Somebody who hears one request, and answers it with an application or not at all."""

    def once():
        asked, line = lines.heard()
        with line:
            if app is not None:
                aside.answer(app, asked, line)

    listener = threading.Thread(target=once, daemon=True)
    listener.start()
    return listener


def test_a_weighty_page_is_the_one_that_another_process_makes(app, client, lines):
    other = Flask("other")
    other.add_url_rule(
        "/weighty",
        view_func=lambda: (f"made beside: {request.args['period']}, {request.cookies['who']}", 200, {"X-Said": "so"}),
    )
    client.set_cookie("who", "nadia")
    listener = hear(lines, other)
    answer = client.get("/weighty?period=2016")
    listener.join()
    assert answer.text == "made beside: 2016, nadia"
    assert answer.headers["X-Said"] == "so"
    assert app.extensions["made"] == []


def test_a_page_that_is_nobodys_is_refused_before_it_is_handed_on(client, lines):
    assert client.get("/nobodys").status_code == 403
    lines.hearing.setblocking(False)
    with pytest.raises(BlockingIOError):
        lines.heard()


@pytest.mark.parametrize("way", ["light", "posted", "alone"])
def test_every_other_page_is_made_on_the_spot(app, client, lines, way):
    if way == "posted":
        answer = client.post("/weighty")
    elif way == "light":
        answer = client.get("/weighty?light=1")
    else:
        answer = Client(app).get("/weighty")
    assert answer.text.startswith(str(os.getpid()))
    assert app.extensions["made"] == ["/weighty"]


def test_a_page_that_was_not_answered_is_made_on_the_spot(app, client, lines):
    listener = hear(lines)
    answer = client.get("/weighty?period=2016")
    listener.join()
    assert answer.text == f"{os.getpid()} 2016 None"
    assert answer.headers["Set-Cookie"].startswith("seen=yes")


def test_the_attendant_has_each_page_made_by_a_process_that_ends_with_it(app, lines):
    told = []
    asker = threading.Thread(target=lambda: told.append(lines.ask({**asked("/weighty"), "HTTP_COOKIE": "who=nadia"})))
    asker.start()
    attendant = Attendant(app, lines, beat=lambda: attendant.stop() if told else None)
    attendant.attend()
    asker.join()
    maker, _period, who = told[0].decode().split("\n", 1)[1].split(" ")
    assert int(maker) != os.getpid()
    assert who == "nadia"
    with pytest.raises(ProcessLookupError):
        os.kill(int(maker), 0)
    assert app.extensions["made"] == []  # not here


def asked(path):
    """A request as it is handed on."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
