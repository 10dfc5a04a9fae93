"""What pages weigh on the wire, for a phone on a weak network: 60 KB the first visit, 15 KB each page after it.

`tests/data/weights.json` holds what each page weighs, in bytes as they are sent, the heaviest of the roles. A page that
has grown by a fifth fails. If it has to weigh that much, renew the table and say why in the commit:

    RENEW_WEIGHTS=1 .venv/bin/pytest tests/site/test_weights.py
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from tests.site.world import World, addresses

TABLE = Path(__file__).parents[1] / "data" / "weights.json"
FIRST_VISIT = 60_000
LATER_PAGE = 15_000
GROWTH = 1.2
A_LITTLE = 150  # bytes that come and go: the random length of each page, a longer name
ROLES = ("lawyer", "counsellor", "coordinator", "administrator")
NAMES_A_FILE = re.compile(
    r"""(?:src|href)="([^"]+)"|url\(["']?([^)"']+)|from\s*["']([^"']+)|import\s*\(?["']([^"']+)"""
)
FILES = {"reports.download", "register.take_out"}  # kept by whoever asked, not read on the line


def sent(client: FlaskClient, address: str) -> tuple[int, bytes, int, str]:
    """Status, content, bytes on the wire with the headers, and the type, of an answer as a browser asks for it."""
    answer = Context().run(client.get, address, headers={"Accept-Encoding": "gzip"}, buffered=True)
    body = answer.get_data()
    wire = len(body) + sum(len(name) + len(value) + 4 for name, value in answer.headers)
    plain = Context().run(client.get, address, buffered=True).get_data()
    return answer.status_code, plain, wire, answer.mimetype


def weights(app, browse, world: World) -> dict[str, int]:
    """What each page weighs, the heaviest of the roles that open it."""
    found: dict[str, int] = {}
    for role in ROLES:
        client = browse(world.person(role)).client
        for endpoint, address in addresses(world, app):
            if endpoint in FILES:
                continue
            status, _content, wire, kind = sent(client, address)
            if status == 200 and kind == "text/html":
                found[endpoint] = max(found.get(endpoint, 0), wire)
    return found


def assets(address: str, content: str) -> Iterator[str]:
    """The static files that a page, a style sheet or a script asks for."""
    named = re.findall(
        r"""(?:src|href)="([^"]+)"|url\(["']?([^)"']+)|from\s*["']([^"']+)|import\s*["']([^"']+)""", content
    )
    for found in named:
        full = urljoin(address, next(filter(None, found)).split("#")[0])
        if full.startswith("/static/"):
            yield full


@pytest.mark.slow
def test_each_page_is_light_and_no_page_has_grown_by_a_fifth(app, browse, make):
    found = weights(app, browse, World(make))
    if os.environ.get("RENEW_WEIGHTS"):
        TABLE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    known = json.loads(TABLE.read_text(encoding="utf-8"))
    assert sorted(found.keys() - known.keys()) == [], "renew the table: see the head of this file"
    grown = {page: (known[page], wire) for page, wire in found.items() if wire > known[page] * GROWTH + A_LITTLE}
    assert grown == {}
    assert {page: wire for page, wire in found.items() if wire > LATER_PAGE} == {}


def test_a_first_visit_fetches_little(app, browse, make):
    """The page of sign-in, the desk behind it, and every file that the two ask for."""
    stranger, lawyer = app.test_client(), browse(World(make).person("lawyer")).client
    waiting, fetched = ["/sign-in", "/desk"], {}
    while waiting:
        address = waiting.pop()
        status, content, wire, _kind = sent(lawyer if address == "/desk" else stranger, address)
        assert status == 200, address
        fetched[address] = wire
        text = content.decode("utf-8", "replace")
        waiting += [each for each in assets(address, text) if each not in fetched and each not in waiting]
    assert any(".css" in address for address in fetched)
    assert any(".js" in address for address in fetched)
    assert sum(fetched.values()) <= FIRST_VISIT, sorted(fetched.items(), key=lambda one: -one[1])
