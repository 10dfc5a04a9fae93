"""A page that reads every record is answered by the process beside, whole, and only to who may have it."""

from __future__ import annotations

import os
import signal
import threading
import time
import uuid
import weakref
from contextvars import Context

import pytest
from flask import Flask, abort, request
from werkzeug.test import Client

from clinic import db, processes
from clinic.memory import collection_at_rest
from clinic.operations import attending
from clinic.operations.attending import Attendant
from clinic.web import aside
from tests.databases import connect


@pytest.fixture(autouse=True)
def database(empty_url):
    """What the attendant lets go of after each page."""
    connect(empty_url)


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


def hear(lines, *apps):
    """Somebody who hears a request for each application, and answers with it; without any, one not at all."""

    def each():
        for app in apps or (None,):
            asked, line = lines.heard()
            with line:
                if app is not None:
                    aside.answer(app, asked, line)

    listener = threading.Thread(target=each, daemon=True)
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


def test_where_the_process_beside_ends_what_waits_for_it_is_made_on_the_spot(app):
    lines = aside.Lines()
    beside = processes.begin(lambda: lines.hearing.fileno() and signal.pause())
    lines.only_ask()
    answers = []
    waits = threading.Thread(target=lambda: answers.append(Client(aside.HandsOn(app, lines)).get("/weighty").text))
    waits.start()
    until = time.monotonic() + 30
    while not lines.load():
        assert time.monotonic() < until, "it was not handed on"
    time.sleep(0.1)
    assert answers == []
    processes.kill(beside)
    waits.join(30)
    assert answers == [f"{os.getpid()} None None"]
    assert Client(aside.HandsOn(app, lines)).get("/weighty").text == f"{os.getpid()} None None"
    lines.close()


@pytest.fixture
def busy(app, lines):
    """A process that answers pages while one of them, `/long`, is not answered yet, and what to call when it is."""
    handed_on, over, began = aside.HandsOn(app, lines, 0), threading.Event(), threading.Event()

    @app.route("/long")
    def long():
        began.set()
        over.wait(60)
        return "long"

    app.add_url_rule("/other", view_func=lambda: f"made here: {request.args['n']}", methods=["GET", "POST"])
    waits = threading.Thread(target=Client(handed_on).get, args=("/long",))
    waits.start()
    began.wait(60)
    yield Client(handed_on), over.set
    over.set()
    waits.join()


def made_beside(lines):
    other = Flask("other")
    other.add_url_rule("/other", view_func=lambda: f"made beside: {request.args['n']}")
    return hear(lines, other)


def test_what_a_busy_process_has_no_time_for_is_answered_beside(busy, lines):
    client, _is_over = busy
    listener = made_beside(lines)
    assert client.get("/other?n=1").text == "made beside: 1"
    listener.join()
    assert lines.load() == 0


def test_who_has_nothing_in_hand_answers_itself(busy, lines, app):
    client, is_over = busy
    assert client.post("/other?n=1").text == "made here: 1"
    is_over()
    assert Client(aside.HandsOn(app, lines, 0)).get("/other?n=2").text == "made here: 2"
    assert Client(aside.HandsOn(app, lines)).get("/other?n=3").text == "made here: 3"


def test_nothing_but_weighty_pages_goes_to_who_is_busy_beside(busy, lines):
    client, _is_over = busy
    with lines.kept_busy():
        assert client.get("/other?n=1").text == "made here: 1"
    lines.add(1, 0)  # as many wait there as are in hand here
    assert client.get("/other?n=2").text == "made here: 2"
    lines.add(-1, 0)
    listener = made_beside(lines)
    assert client.get("/other?n=3").text == "made beside: 3"
    listener.join()


def test_while_a_weighty_page_is_made_no_other_goes_there(busy, lines, app):
    client, _is_over = busy
    loads = []

    def weighty(environ, start):
        loads.append((lines.load(), client.get("/other?n=1").text))
        start("200 OK", [])
        return [b"weighty"]

    listener = hear(lines, app, weighty)  # asked like for any page, it says what it is, and is asked again
    assert client.get("/weighty").text == "weighty"
    listener.join()
    assert app.extensions["made"] == []
    assert loads == [(aside._WEIGHTY, "made here: 1")]
    assert lines.load() == 0


def test_a_page_that_nobody_answers_beside_is_answered_here(busy, lines):
    client, _is_over = busy
    listener = hear(lines)
    assert client.get("/other?n=1").text == "made here: 1"
    listener.join()
    assert lines.load() == 0


def test_only_a_weighty_page_has_everything_tidied_up_after_it(app, lines, monkeypatch):
    tidied = []
    monkeypatch.setattr(attending, "tidy_up", lambda: tidied.append(1))
    light = {name: value for name, value in asked("/weighty").items() if name != aside._HERE}
    light["QUERY_STRING"] = "light=1"
    said = attended(app, lines, lambda: [lines.ask(light), len(tidied), lines.ask(asked("/weighty"))])
    assert said[0].endswith(b" None None")
    assert (said[1], len(tidied)) == (0, 1)


def attended(app, lines, ask, **more):
    """What the attendant answers to somebody who asks while it attends."""
    told = []
    asker = threading.Thread(target=lambda: told.append(ask()))
    asker.start()
    attendant = Attendant(app, lines, beat=lambda: attendant.stop() if told else None, **more)
    attendant.attend()
    asker.join()
    return told[0]


def test_the_attendant_answers_each_page_itself_one_after_the_other(app, lines):
    def ask():
        return [lines.ask({**asked("/weighty"), "HTTP_COOKIE": f"who={who}"}) for who in ("nadia", "huda")]

    bodies = [said.decode().split("\n", 1)[1] for said in attended(app, lines, ask)]
    assert bodies == [f"{os.getpid()} None nadia", f"{os.getpid()} None huda"]
    assert app.extensions["made"] == ["/weighty", "/weighty"]


def test_a_page_that_breaks_is_no_answer_and_the_next_one_is_made(lines, capsys):
    def break_once(environ, start):
        if environ["PATH_INFO"] == "/broken":
            raise MemoryError
        start("200 OK", [])
        return [b"whole"]

    broken, whole = attended(break_once, lines, lambda: [lines.ask(asked("/broken")), lines.ask(asked("/weighty"))])
    assert broken == b""
    assert whole.endswith(b"\nwhole")
    assert "MemoryError" in capsys.readouterr().err


def test_what_a_page_left_in_circles_is_gone_with_it(lines):
    class Left:
        pass

    left = []

    def leaves_a_circle(_environ, start):
        one = Left()
        one.itself = one
        left.append(weakref.ref(one))
        start("200 OK", [])
        return [b"made"]

    with collection_at_rest():
        attended(leaves_a_circle, lines, lambda: lines.ask(asked("/weighty")))
        assert [one() for one in left] == [None]


def test_the_server_knows_that_all_is_well_while_a_page_is_made(lines, monkeypatch):
    monkeypatch.setattr(attending, "_LISTENS", 0.01)
    beats = []

    def takes_long(_environ, start):
        at = len(beats)
        while len(beats) < at + 5:
            time.sleep(0.01)
        start("200 OK", [])
        return [b"made"]

    told = []
    asker = threading.Thread(target=lambda: told.append(lines.ask(asked("/weighty"))))
    asker.start()
    attendant = Attendant(takes_long, lines, beat=lambda: attendant.stop() if told else beats.append(1))
    attendant.attend()
    asker.join()
    assert told[0].endswith(b"\nmade")


def test_a_page_leaves_nothing_of_who_asked_to_what_has_the_next_turn(lines):
    here, asked_for, found = uuid.uuid4(), [], []

    def for_somebody(_environ, start):
        asked_for.append(db.current_clinic.get())
        db.current_clinic.set(None)  # as the end of a request does
        start("200 OK", [])
        return [b"made"]

    def turn():
        found.append(db.current_clinic.get())
        return 0.01

    def attend():
        db.current_clinic.set(here)
        attended(for_somebody, lines, lambda: lines.ask(asked("/weighty")), between=turn)
        turn()

    Context().run(attend)
    assert asked_for == [here]
    assert set(found) == {here}


def test_it_makes_itself_ready_once_when_nobody_asks(app, lines, monkeypatch):
    monkeypatch.setattr(attending, "_LISTENS", 0.01)
    monkeypatch.setattr(attending, "_IDLE_FOR", 0.05)
    ready, until = [], time.monotonic() + 0.5

    def beat():
        if time.monotonic() > until:
            attendant.stop()

    attendant = Attendant(app, lines, beat=beat, when_idle=lambda: ready.append(1))
    attendant.attend()
    assert ready == [1]


def test_what_lives_beside_has_its_turn_as_soon_as_it_asks_for(app, lines, monkeypatch):
    monkeypatch.setattr(attending, "_LISTENS", 60.0)
    turns = []

    def turn():
        turns.append(1)
        if len(turns) == 3:
            attendant.stop()
        return 0.01

    attendant = Attendant(app, lines, beat=lambda: None, between=turn)
    attendant.attend()
    assert len(turns) == 3


def asked(path):
    """A request for a weighty page as it is handed on."""
    return {
        aside._HERE: "yes",
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
