"""The clinic copied elsewhere, encrypted, and brought back: every row, secrets still sealed, the record whole."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pyrage import x25519
from sqlalchemy import select

from clinic import clock, db
from clinic.cases.models import CaseFile
from clinic.children.models import Child
from clinic.crypto import current, slots
from clinic.crypto.keyring import WrongKey
from clinic.operations import backup, copying, keys, restoring
from clinic.operations.places import Copy, NoBackup, Place
from clinic.staff.models import StaffSession
from tests.site.test_command import begin, run
from tests.site.world import World

HEAD = {"clinic": "", "is_demonstration": False, "slots": None}
ONE, OTHER = x25519.Identity.generate(), x25519.Identity.generate()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where copies lie."""
    return tmp_path / "copies"


@pytest.fixture
def backed_up(settings, place):
    """The settings of a clinic that keeps copies for two persons."""
    settings.home.mkdir(exist_ok=True)
    keys = (str(ONE.to_public()), str(OTHER.to_public()))
    return replace(settings, backup_to=str(place), backup_keys=keys)


def said() -> list[str]:
    return list(copying.lines(HEAD))


@pytest.fixture
def elsewhere(empty_url):
    """Another database, without a table."""
    other = db.Database(empty_url)
    yield other
    other.dispose()


def bring(lines: list[str], into: db.Database) -> copying.Brought:
    flow = iter(lines)
    return copying.load(copying.head_of(flow), flow, into)


@pytest.mark.databases
def test_every_row_comes_back_as_it_was(make, elsewhere):
    World(make)
    db.session.rollback()
    brought = bring(said(), elsewhere)
    assert copying.differences(brought, elsewhere) == []
    assert brought.rows > 100


@pytest.mark.databases
@pytest.mark.parametrize("kind", ["step", "child", "audit_entry", "readings.reading"])
def test_a_changed_row_is_not_brought_back_silently(make, elsewhere, kind):
    World(make)
    db.session.rollback()
    lines = said()
    begin = next(at for at, line in enumerate(lines) if line.startswith(f'{{"table": "{kind}"'))
    lines[begin + 1], lines[begin + 2] = lines[begin + 2], lines[begin + 1]
    with pytest.raises(copying.Damaged, match=kind):
        bring(lines, elsewhere)


def test_a_copy_that_breaks_off_says_so(make, elsewhere):
    make.case()
    db.session.rollback()
    with pytest.raises(copying.Damaged, match="breaks off"):
        bring(said()[:-5], elsewhere)


def test_something_else_is_no_copy():
    with pytest.raises(copying.Damaged, match="not a backup"):
        copying.head_of(iter(['{"format": "another"}']))


@pytest.mark.databases
def test_a_copy_shows_nothing_and_opens_for_either_person(make, backed_up, place):
    World(make)
    db.session.rollback()
    made = backup.make(backed_up)
    db.session.commit()
    (file,) = place.iterdir()
    assert (file.name, made.size) == (made.name, file.stat().st_size)
    assert b"sanad" not in file.read_bytes()
    assert list(backed_up.home.glob("*.partial")) == []
    for identity in (ONE, OTHER):
        lines = list(backup.opened(io.BytesIO(file.read_bytes()), identity))
        assert json.loads(lines[-1])["sum"] == made.rows
    with pytest.raises(NoBackup, match="private key"):
        list(backup.opened(io.BytesIO(file.read_bytes()), x25519.Identity.generate()))


def test_a_copy_that_was_changed_on_its_way_does_not_open(make, backed_up, place):
    make.case()
    backup.make(backed_up)
    (file,) = place.iterdir()
    content = bytearray(file.read_bytes())
    content[-40] ^= 1
    with pytest.raises((NoBackup, copying.Damaged)):
        list(backup.opened(io.BytesIO(bytes(content)), ONE))


def test_one_person_alone_is_not_enough(make, backed_up):
    alone = replace(backed_up, backup_keys=backed_up.backup_keys[:1])
    with pytest.raises(NoBackup, match="two persons"):
        backup.make(alone)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [({"backup_to": None}, "CLINIC_BACKUP_TO"), ({"backup_keys": ("age1nonsense", "age1more")}, "public key")],
)
def test_what_is_missing_is_named(make, backed_up, missing, sentence):
    with pytest.raises(NoBackup, match=sentence):
        backup.make(replace(backed_up, **missing))


def test_a_clinic_is_restored_into_an_empty_place_and_opens(make, backed_up, place, tmp_path):
    world = World(make)
    child_id, name = world.ids["child_id"], db.session.get_one(Child, world.ids["child_id"]).name
    cases = len(db.session.scalars(select(CaseFile.id)).all())
    db.session.rollback()
    backup.make(backed_up)
    db.session.commit()
    (file,) = place.iterdir()
    current.ring()._opened_by().write(tmp_path / "key")
    home = tmp_path / "elsewhere"
    empty = replace(backed_up, home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")
    current.forget()
    restored = restoring.restore(backup.opened(io.BytesIO(file.read_bytes()), ONE), empty)
    assert restored.faults == ()
    assert restored.cases == cases
    assert db.session.get_one(Child, child_id).name == name
    assert db.session.scalars(select(StaffSession.id).where(StaffSession.ended_at.is_(None))).all() == []
    with pytest.raises(NoBackup, match="already"):
        restoring.restore(backup.opened(io.BytesIO(file.read_bytes()), ONE), empty)


def at(day: int, hour: int = 2) -> Copy:
    """A copy made so many days before the end of 2026."""
    made_at = datetime(2026, 12, 31, hour, tzinfo=UTC) - timedelta(days=day)
    return Copy(f"sanad-{made_at:%Y%m%dT%H%M%SZ}.backup.age", made_at)


def test_the_rule_keeps_days_weeks_and_months():
    copies = [at(day) for day in range(800)]
    kept = backup.to_be_kept(copies)
    assert {copy.name for copy in copies[:7]} <= kept
    months = {(copy.made_at.year, copy.made_at.month) for copy in copies if copy.name in kept}
    assert len(months) == 12
    assert len(kept) <= 7 + 5 + 12


def test_the_newest_copy_of_a_day_is_the_one_that_is_kept():
    assert backup.to_be_kept([at(0, 2), at(0, 20)]) == {at(0, 20).name}


def test_nothing_that_is_no_copy_is_let_go(make, backed_up, place):
    make.case()
    place.mkdir()
    (place / "letter.txt").write_text("kept")
    backup.make(backed_up)
    assert (place / "letter.txt").read_text() == "kept"
    assert clock.now() - Place(backed_up).copies()[0].made_at < timedelta(minutes=1)


def test_the_desk_of_the_administrator_says_when_the_clinic_was_copied(make, backed_up, browse):
    adam = make.administrator("Adam")
    assert "none yet" in browse(adam, language="en").get("/desk").text
    backup.make(backed_up)
    db.session.commit()
    page = browse(adam, language="en").get("/desk")
    assert "No copy was ever brought back on trial" in page.text
    assert "older than two days" not in page.text


@pytest.mark.slow
def test_backup_restore_and_rehearsal_from_the_command_line(tmp_path):
    home, key, copies = tmp_path / "home", tmp_path / "key", tmp_path / "copies"
    assert begin(home, key).status == 0
    typed = partial(run, home, CLINIC_KEY=str(key), CLINIC_BACKUP_TO=str(copies))
    keys = [typed("backup", "key", "--out", str(tmp_path / name)).out.strip() for name in ("one", "other")]
    typed = partial(typed, CLINIC_BACKUP_KEYS=" ".join(keys))
    made = typed("backup", "now")
    assert made.status == 0, made.err
    assert made.out.strip() in typed("backup", "list").out
    tried = typed("backup", "rehearse", "--identity", str(tmp_path / "one"))
    assert (tried.status, "Accounts: 1" in tried.out) == (0, True), tried.err
    assert [file.name for file in home.iterdir() if "rehearsal" in file.name] == []
    restored = run(
        tmp_path / "elsewhere",
        "restore",
        made.out.strip(),
        "--identity",
        str(tmp_path / "other"),
        CLINIC_KEY=str(key),
        CLINIC_BACKUP_TO=str(copies),
    )
    assert (restored.status, "Accounts: 1" in restored.out) == (0, True), restored.err
    listed = run(tmp_path / "elsewhere", "user", "list", CLINIC_KEY=str(key))
    assert "maryam" in listed.out


def test_a_copy_from_before_the_key_was_changed_asks_for_the_old_key(tmp_path):
    home, key, copies, one = tmp_path / "home", tmp_path / "key", tmp_path / "copies", tmp_path / "one"
    assert begin(home, key).status == 0
    typed = partial(run, home, CLINIC_KEY=str(key), CLINIC_BACKUP_TO=str(copies))
    keys = [typed("backup", "key", "--out", str(tmp_path / name)).out.strip() for name in ("one", "other")]
    made = typed("backup", "now", CLINIC_BACKUP_KEYS=" ".join(keys)).out.strip()
    assert typed("keys", "rotate-master").status == 0
    asked = partial(run, CLINIC_BACKUP_TO=str(copies))
    words = ("restore", made, "--identity", str(one))
    refused = asked(tmp_path / "wrong", *words, CLINIC_KEY=str(key))
    assert refused.status == 1
    assert "needs the old one, which was kept as ….before-…" in refused.err
    assert not (tmp_path / "wrong").exists(), "a wrong key leaves nothing behind"
    old = next(tmp_path.glob("key.before-*"))
    assert asked(tmp_path / "wrong", *words, CLINIC_KEY=str(old)).status == 0, "the place is as empty as before"


def test_a_wrong_passphrase_leaves_nothing_behind(make, backed_up, place, tmp_path, monkeypatch):
    make.case()
    stretch = slots.Stretch.new()
    kept = slots.KeySlots().with_slot(stretch.master("a passphrase of this clinic"), stretch=stretch)
    kept.write(backed_up.slots_path)
    backup.make(backed_up)
    db.session.commit()
    (file,) = place.iterdir()
    home = tmp_path / "elsewhere"
    empty = replace(backed_up, home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=None, key_asked=True)
    monkeypatch.setattr(keys, "ask", lambda question: "another passphrase altogether")
    with pytest.raises(WrongKey):
        restoring.restore(backup.opened(io.BytesIO(file.read_bytes()), ONE), empty)
    assert not home.exists()
