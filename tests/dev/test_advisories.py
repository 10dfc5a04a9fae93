"""Known holes are looked up from a service, kept with the day, and held against the locks without a network."""

from __future__ import annotations

import json
import re
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from clinic.dev import advisories
from clinic.dev.advisories import KNOWN, NotLookedUp

LOCK = """\
flask==3.1.3 \\
    --hash=sha256:aa
    # via sanad (pyproject.toml)
psycopg[binary]==3.3.1 \\
    --hash=sha256:bb
typing-extensions==4.15.0 ; python_full_version < '3.13' \\
    --hash=sha256:cc
"""
FLASK, PSYCOPG, TYPING = ("flask", "3.1.3"), ("psycopg", "3.3.1"), ("typing-extensions", "4.15.0")
PINS = [FLASK, PSYCOPG, TYPING]
TODAY = date(2026, 12, 1)


def advisory(name, package, *, aliases=(), fixed=(), **more):
    """What the service tells of one advisory."""
    events = [{"introduced": "0"}, *({"fixed": version} for version in fixed)]
    ranges = [{"type": "ECOSYSTEM", "events": events}]
    affected = [{"package": {"name": package, "ecosystem": "PyPI"}, "ranges": ranges}]
    return {"id": name, "aliases": list(aliases), "summary": f"About {package}", "affected": affected, **more}


class Service:
    """A service that speaks OSV, on loopback: knows of what it is told, and says what it was asked."""

    def __init__(self):
        self.known = {KNOWN: ["PYSEC-OLD"]}
        self.told = {"PYSEC-OLD": advisory("PYSEC-OLD", KNOWN[0])}
        self.a_page = 100
        self.asked = []
        self.broken = None

    def knows(self, pin, said):
        self.known.setdefault(pin, []).append(said["id"])
        self.told[said["id"]] = said

    def batch(self, queries):
        results = []
        for query in queries:
            self.asked.append(query)
            ids = self.known.get((query["package"]["name"], query["version"]), [])
            begin = int(query.get("page_token", 0))
            part = {"vulns": [{"id": each} for each in ids[begin : begin + self.a_page]]} if ids else {}
            more = {"next_page_token": str(begin + self.a_page)} if len(ids) > begin + self.a_page else {}
            results.append({**part, **more})
        return {"results": results}


@pytest.fixture
def service():
    """The service, and its address as `source`."""
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, said, status=200):
            body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            said = made.broken or (made.batch(queries), 200)
            self.answer(*said)

        def do_GET(self):
            told = made.told.get(self.path.rpartition("/")[2])
            self.answer(told or {"message": "no such advisory"}, 200 if told else 404)

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.source = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def root(tmp_path):
    """A project with a lock."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "requirements.txt").write_text(LOCK, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    return tmp_path


@pytest.fixture
def looked(root, service):
    """Looks up, as on a day."""
    return lambda day=TODAY: advisories.look(root, day, service.source)


def excepting(root, name, until):
    text = f'[[tool.advisories.accepted]]\nid = "{name}"\nwhy = "We use none of it."\nuntil = {until}\n'
    (root / "pyproject.toml").write_text(text, encoding="utf-8")


def test_every_locked_version_is_asked_about_by_name_and_version_alone(root, service, looked, capsys):
    assert looked() == 0
    package = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in PINS]
    assert service.asked[1:] == package
    assert advisories.check(root, TODAY) == 0
    assert "ok, looked up on 2026-12-01" in capsys.readouterr().out


def test_a_known_hole_fails_and_says_where_it_is_mended(root, service, looked, capsys):
    service.knows(FLASK, advisory("GHSA-1", "flask", aliases=["CVE-2026-1"], fixed=["3.1.4"]))
    assert looked() == 0
    assert advisories.check(root, TODAY) == 1
    assert "flask 3.1.3 has a known hole: GHSA-1, CVE-2026-1. Mended in 3.1.4. About flask" in capsys.readouterr().err


def test_one_hole_under_two_names_is_told_once_and_a_withdrawn_one_not_at_all(service):
    service.knows(FLASK, advisory("GHSA-1", "flask", aliases=["PYSEC-1"]))
    service.knows(FLASK, advisory("PYSEC-1", "flask", aliases=["GHSA-1"]))
    service.knows(PSYCOPG, advisory("PYSEC-2", "psycopg", withdrawn="2026-01-01T00:00:00Z"))
    found = advisories.look_up(PINS, service.source)
    assert {pin: [hole.id for hole in holes] for pin, holes in found.items()} == {
        FLASK: ["GHSA-1"],
        PSYCOPG: [],
        TYPING: [],
    }


def test_a_long_answer_is_read_to_its_end(service):
    service.a_page = 2
    for number in range(5):
        service.knows(FLASK, advisory(f"GHSA-{number}", "flask"))
    assert len(advisories.look_up(PINS, service.source)[FLASK]) == 5


@pytest.mark.parametrize("names", ["GHSA-1", "CVE-2026-1"])
def test_a_written_exception_holds_until_its_day(root, service, looked, names):
    service.knows(FLASK, advisory("GHSA-1", "flask", aliases=["CVE-2026-1"]))
    looked()
    excepting(root, names, "2026-12-01")
    assert advisories.check(root, TODAY) == 0
    assert advisories.check(root, date(2026, 12, 2)) == 1


def test_a_version_that_was_locked_since_was_never_looked_up(root, looked, capsys):
    looked()
    (root / "config" / "requirements-dev.txt").write_text("ruff==0.15.0 \\\n    --hash=sha256:dd\n", encoding="utf-8")
    assert advisories.check(root, TODAY) == 1
    assert "ruff 0.15.0 was never looked up" in capsys.readouterr().err


def test_a_look_of_long_ago_is_told_of_and_forbids_nothing(root, looked, capsys):
    looked()
    assert advisories.check(root, date(2027, 1, 6)) == 0
    assert "OLD: looked up on 2026-12-01" in capsys.readouterr().out


def test_where_nobody_ever_looked_that_is_said_and_nothing_else(root, capsys):
    assert advisories.check(root, TODAY) == 0
    assert "NOT LOOKED UP" in capsys.readouterr().out


@pytest.mark.parametrize(
    "broken",
    [
        ("<html>Not here</html>", 200),
        ({"message": "not found"}, 404),
        ({"message": "broken"}, 500),
        ({"results": []}, 200),
        ({"results": [{}] * 4}, 200),
        ({}, 200),
        ([], 200),
        ({"results": [{"vulns": [{"id": "GHSA-that-is-not-told"}]}] * 4}, 200),
        ({"results": [{"vulns": None}] * 4}, 200),
    ],
)
def test_a_service_that_does_not_answer_as_it_must_never_reads_as_no_hole(root, service, looked, capsys, broken):
    looked()
    kept = (root / "config" / "advisories.json").read_text(encoding="utf-8")
    service.broken = broken
    assert looked(date(2026, 12, 9)) == 1
    assert "NOT looked up" in capsys.readouterr().err
    assert (root / "config" / "advisories.json").read_text(encoding="utf-8") == kept


def test_a_service_that_is_not_there_is_said_so(service):
    with pytest.raises(NotLookedUp):
        advisories.look_up(PINS, "http://127.0.0.1:1")


def test_every_pin_of_the_repository_is_read():
    text = (advisories.ROOT / "config" / "requirements-dev.txt").read_text(encoding="utf-8")
    names = {re.split(r"\[|==", line)[0] for line in text.splitlines() if line[:1].isalnum()}
    assert names == {name for name, _version in advisories.pins(advisories.ROOT / "config")}
