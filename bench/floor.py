"""The two floors that every operation is measured against. They stay as they are.

`hello` is Flask behind gunicorn saying hello; `rows` is one query of the SQLAlchemy ORM by an index on SQLite, 25 rows
through a Jinja table, without a session and without languages.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

from flask import Flask, render_template_string
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

HELLO = "hello"
ROWS = 25
TEAMS = 800  # 20,000 rows
FILE = "BENCH_FLOOR"  # names the file of `rows`
TABLE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rows</title></head><body>
<h1>Rows</h1><table>{% for row in rows %}
<tr><th>{{ row.reference }}</th><td>{{ row.name }}</td><td>{{ row.stage }}</td><td>{{ row.opened_on }}</td></tr>
{% endfor %}</table></body></html>"""


class Base(DeclarativeBase):
    """The tables of the floor."""


class Row(Base):
    """Something with a name and a day."""

    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[int] = mapped_column(index=True)
    reference: Mapped[str]
    name: Mapped[str]
    stage: Mapped[str]
    opened_on: Mapped[date]


def hello() -> Flask:
    """Says hello."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: HELLO)
    return app


def rows() -> Flask:
    """Shows 25 rows of a team."""
    app = Flask("rows")
    engine = create_engine(f"sqlite:///{os.environ[FILE]}")

    @app.get("/<int:team>")
    def show(team: int) -> str:
        with Session(engine) as session:
            found = session.scalars(select(Row).where(Row.team == team).order_by(Row.id).limit(ROWS)).all()
            return render_template_string(TABLE, rows=found)

    return app


def fill(file: Path) -> None:
    """Makes the file that `rows` reads."""
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    first = date(2016, 1, 1)
    with Session(engine) as session:
        session.add_all(
            Row(
                team=number % TEAMS,
                reference=f"R-{number:05d}",
                name=f"Somebody invented {number}",
                stage=("police", "court", "school")[number % 3],
                opened_on=first + timedelta(days=number % 3000),
            )
            for number in range(TEAMS * ROWS)
        )
        session.commit()
    engine.dispose()
