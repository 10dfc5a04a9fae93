"""What somebody learns who carries a copy of the clinic's files off, without the key.

The demonstration's files are plain ones, so that nothing but the sealed columns stands between them and the reader.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic import db
from clinic.children import index
from clinic.crypto import current, sealing
from clinic.dev import demo
from clinic.operations import resealing, starting
from clinic.staff.models import StaffMember
from config.settings import CHECKOUT, Settings

TOLD_ON_PURPOSE = {demo.ACCOUNTS_FILE, "demo.key"}
WORD = re.compile(r"\w{3,}")
NAMED = re.compile(r"name|phone|number|school|referrer")


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The home of a demonstration, and every text that is sealed in it by the column that it stands in."""
    home = tmp_path_factory.mktemp("demonstration") / "home"
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'clinic.db'}")
    demo.make(settings, lambda _text: None)
    clinic = starting.open_clinic(settings)
    with db.acting(clinic.id):
        sealed = dict(opened())
        known = set(WORD.findall(" ".join(db.session.scalars(select(StaffMember.name)))))
    db.session.remove()
    db.database().dispose()
    db.current_clinic.set(None)
    current.forget()
    index.forget()
    return home, sealed, known


def opened():
    """Every sealed text, by table and column."""
    for holder in resealing.holders():
        names = [name for name in holder.sealed if name != "because"]
        columns = [holder.table.c[name] for name in ("id", "clinic_id", *names)]
        for row in db.session.execute(select(*columns)).mappings():
            for name in names:
                if row[name] is not None:
                    place = sealing.place(row["clinic_id"], *holder.sealed[name], row["id"])
                    text = sealing.open_(current.ring(), place, bytes(row[name]))
                    yield (holder.table.name, name, text), text


@pytest.fixture(scope="module")
def names(copied):
    """The words of names and the numbers that are sealed, those apart that are public words besides."""
    _home, sealed, known = copied
    told = {word for _table, column, text in sealed if NAMED.search(column) for word in WORD.findall(text)}
    return told - known - public_words()


def public_words() -> set[str]:
    """Every word that the program itself brings: labels of lists, rules, sentences."""
    files = [*CHECKOUT.glob("config/**/*.toml"), *CHECKOUT.glob("clinic/translations/**/*.po")]
    return set(WORD.findall(" ".join(file.read_text("utf-8") for file in files)))


def strings(content: bytes) -> str:
    """What stands to be read in a file, as the program of that name shows it, of every writing."""
    return "\n".join(content.decode(code, errors="replace") for code in ("utf-8", "utf-16-le", "utf-16-be"))


def files(home: Path) -> list[Path]:
    return [file for file in sorted(home.rglob("*")) if file.is_file() and file.name not in TOLD_ON_PURPOSE]


@pytest.mark.slow
def test_the_demonstration_has_something_to_hide(names, copied):
    assert len(names) > 100
    assert len(copied[1]) > 300


@pytest.mark.slow
def test_no_name_phone_or_number_stands_in_a_copied_file(copied, names):
    for file in files(copied[0]):
        found = names & set(WORD.findall(strings(file.read_bytes())))
        assert found == set(), f"{file.name} tells {sorted(found)[:5]}"


@pytest.mark.slow
def test_no_note_stands_in_a_copied_file(copied):
    home, sealed, _known = copied
    notes = {text[:40] for _table, column, text in sealed if not NAMED.search(column) and len(text) > 12}
    for file in files(home):
        content = file.read_bytes().decode("utf-8", errors="replace")
        found = [note for note in notes if note in content]
        assert found == [], f"{file.name} tells {len(found)} notes"


@pytest.mark.slow
def test_no_column_tells_a_name_in_sql(copied, names):
    for file in copied[0].glob("*.db"):
        with contextlib.closing(sqlite3.connect(file)) as reader:
            tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                rows = reader.execute(f'SELECT * FROM "{table}"')
                columns = [one[0] for one in rows.description]
                for row in rows:
                    told = [
                        column
                        for column, value in zip(columns, row, strict=True)
                        if isinstance(value, str) and names & set(WORD.findall(value))
                    ]
                    assert told == [], f"{table} tells a name in {told}"
