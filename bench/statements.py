"""How many SQL statements each operation sends: counted in a process of its own, through the same application.

    python -m bench.statements < people.json > counts.json

The three of the log of readings are counted too; they are sent on a connection of their own.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.client import Ask, form_of
from bench.operations import operations
from clinic.operations.serving import application

_BETWEEN = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|SET|SHOW)\b", re.IGNORECASE)
_sent: list[str] = []


@event.listens_for(Engine, "before_cursor_execute")
def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not _BETWEEN.match(statement):
        _sent.append(statement)


def counted(browser: FlaskClient, ask: Ask) -> int:
    """The statements of one request, once what a process keeps is warm."""
    for _turn in range(2):
        form = form_of(browser.get(ask.path).get_data(as_text=True)) if ask.typed is not None else None
        _sent.clear()
        if ask.typed is None or form is None:
            answer = browser.get(ask.path)
        else:
            answer = browser.post(ask.path, data={**form, **ask.typed})
        if answer.status_code != ask.status:
            raise SystemExit(f"{ask.path} answered {answer.status_code}")
    return len(_sent)


def everything(told: dict[str, Any]) -> dict[str, int]:
    """The most that each operation sends, of three of its requests."""
    app, browsers = application(), {}
    counts = {}
    for operation in operations(told, 1):
        if operation.who not in browsers:
            browser = browsers[operation.who] = app.test_client()
            if operation.who:
                form = form_of(browser.get("/sign-in").get_data(as_text=True))
                browser.post("/sign-in", data={**form, "username": operation.who, "password": told["password"]})
        asks = operation.asks[:: max(1, len(operation.asks) // 3)]
        counts[operation.name] = max(counted(browsers[operation.who], ask) for ask in asks)
    return counts


if __name__ == "__main__":
    json.dump(everything(json.load(sys.stdin)), sys.stdout)
