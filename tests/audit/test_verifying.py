"""What was altered in the record is found, in the clinic and in an exported file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from clinic import clock, db
from clinic.audit import chain, readings, signing, verifying
from tests.makers import Maker

pytestmark = pytest.mark.databases


@pytest.fixture
def lived_in(make: Maker) -> Maker:
    """A clinic with a few changes and looks."""
    huda = make.lawyer()
    case = make.case(team=[huda])
    for _each in range(3):
        make.step("note", case, by=huda, team_text="something")
        with db.acting(make.clinic.id, huda.id):
            readings.record("case.read", subject="case_file", subject_id=case.id, case_id=case.id)
    db.session.commit()
    return make


def found() -> list[str]:
    return [fault.code for fault in verifying.faults()]


def lines() -> list[str]:
    return list(verifying.exported())


def in_file(said: list[str]) -> list[str]:
    return [fault.code for fault in chain.faults_of_file(said)]


def entries(said: list[str], name: str) -> list[int]:
    """Where the entries of a chain stand in the file."""
    return [at for at, line in enumerate(said) if at and json.loads(line)["chain"] == name]


def with_entry(said: list[str], at: int, **values: object) -> list[str]:
    return [*said[:at], json.dumps({**json.loads(said[at]), **values}), *said[at + 1 :]]


def test_nothing_is_wrong_with_what_nobody_altered(lived_in: Maker) -> None:
    signing.sign_today()
    assert found() == []
    assert in_file(lines()) == []


def test_an_empty_clinic_holds(make: Maker) -> None:
    signing.sign_today()
    assert found() == []


@pytest.mark.parametrize("name", [chain.CHANGES, chain.READINGS])
def test_a_changed_entry_is_found(lived_in: Maker, name: str) -> None:
    said = lines()
    second = entries(said, name)[1]
    assert in_file(with_entry(said, second, what="case.printed")) == ["changed"]


@pytest.mark.parametrize("name", [chain.CHANGES, chain.READINGS])
def test_an_entry_changed_with_its_hash_does_not_carry_the_next(lived_in: Maker, name: str) -> None:
    said = lines()
    second = entries(said, name)[1]
    entry = {**json.loads(said[second]), "what": "case.printed"}
    entry["hash"] = chain.entry_hash(entry).hex()
    assert in_file([*said[:second], json.dumps(entry), *said[second + 1 :]]) == ["broken"]


@pytest.mark.parametrize("name", [chain.CHANGES, chain.READINGS])
def test_a_removed_entry_is_found(lived_in: Maker, name: str) -> None:
    said = lines()
    second = entries(said, name)[1]
    assert in_file(said[:second] + said[second + 1 :]) == ["missing"]


def test_an_entry_put_in_twice_is_found(lived_in: Maker) -> None:
    said = lines()
    second = entries(said, chain.READINGS)[1]
    assert "twice" in in_file([*said[: second + 1], *said[second:]])


def test_two_entries_that_changed_places_are_found(lived_in: Maker) -> None:
    said = lines()
    first, second = entries(said, chain.READINGS)[:2]
    said[first], said[second] = said[second], said[first]
    assert in_file(said)[:2] == ["missing", "twice"]


def test_a_cut_off_end_is_found_against_the_head(lived_in: Maker) -> None:
    assert in_file(lines()[:-1]) == ["cut"]


def test_a_cut_off_end_with_a_mended_head_is_found_against_the_signed_one(lived_in: Maker) -> None:
    signing.sign_today()
    said = lines()
    last = json.loads(said[-2])
    top = {**json.loads(said[0]), "readings_number": last["number"], "readings_hash": last["hash"]}
    assert in_file([json.dumps(top), *said[1:-1]]) == ["signed_missing"]


def test_a_history_written_anew_is_found_against_the_signed_head(lived_in: Maker) -> None:
    signing.sign_today()
    said = lines()
    previous = ""
    for at in entries(said, chain.CHANGES):
        entry = {**json.loads(said[at]), "what": "case.printed", "previous": previous}
        previous = chain.entry_hash(entry).hex()
        said[at] = json.dumps({**entry, "hash": previous})
    said[0] = json.dumps({**json.loads(said[0]), "changes_hash": previous})
    assert in_file(said) == ["signed_other"]


def test_an_altered_signed_head_is_found(lived_in: Maker) -> None:
    signing.sign_today()
    said = lines()
    top = json.loads(said[0])
    top["heads"][0]["day"] = "2001-01-01"
    assert "unsigned" in in_file([json.dumps(top), *said[1:]])


def test_heads_of_another_key_than_the_printed_one_are_found(lived_in: Maker) -> None:
    signing.sign_today()
    printed = signing.public_keys()[-1]
    assert list(chain.faults_of_file(lines(), printed)) == []
    assert [fault.code for fault in chain.faults_of_file(lines(), "00" * 32)] == ["other_key"]


def test_a_day_is_signed_once(lived_in: Maker) -> None:
    assert signing.sign_today().id == signing.sign_today().id
    assert len(signing.public_keys()) == 1


@pytest.mark.parametrize("deed", ["UPDATE {} SET what = 'case.printed'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit_entry", "reading"])
def test_the_database_itself_refuses_to_alter_the_record(lived_in: Maker, table: str, deed: str) -> None:
    db.session.remove()
    is_reading = table == "reading"
    of = db.database().readings if is_reading else db.database().main
    name = "readings.reading" if is_reading and not db.database().is_sqlite else table
    with pytest.raises(DatabaseError, match="only ever added to"), db.make_room(of) as connection:
        connection.execute(text(deed.format(name)))
    assert found() == []


def test_who_takes_the_lock_away_and_alters_an_entry_is_found(lived_in: Maker) -> None:
    db.session.remove()
    with db.make_room(db.database().main) as connection:
        if db.database().is_sqlite:
            connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit_entry SET what = 'case.printed' WHERE number = 2"))
    assert found() == ["changed"]
    assert [fault.number for fault in verifying.faults()] == [2]


def test_the_script_checks_a_file_without_the_clinic(lived_in: Maker, tmp_path: Path) -> None:
    signing.sign_today()
    said = lines()
    (tmp_path / "whole.jsonl").write_text("\n".join(said) + "\n", encoding="utf-8")
    (tmp_path / "cut.jsonl").write_text("\n".join(said[:-1]) + "\n", encoding="utf-8")
    (tmp_path / "other.txt").write_text("something else", encoding="utf-8")
    (tmp_path / "verify_audit.py").write_bytes(Path(chain.__file__).read_bytes())

    def check(name: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify_audit.py", name], cwd=tmp_path, capture_output=True, text=True
        )
        return done.returncode, done.stdout.splitlines()[-1] if done.stdout else ""

    assert check("whole.jsonl") == (0, "Everything holds.")
    assert check("cut.jsonl") == (1, "Something is wrong.")
    assert check("other.txt")[0] == 2


def test_an_exported_file_holds_no_name_and_no_typed_text(lived_in: Maker) -> None:
    rana, child = lived_in.lawyer("Rana"), lived_in.child(given_name="Planted")
    case = lived_in.case(child=child, team=[rana])
    lived_in.step("note", case, by=rana, team_text="what was said")
    said = "\n".join(lines())
    assert not any(word in said for word in ("Planted", "Rana", "what was said"))


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    from clinic import languages

    for code in chain.SENTENCES:
        fault = chain.Fault(code, chain.CHANGES, 3, 2, clock.today().isoformat())
        with languages.using("ar"):
            arabic = verifying.sentence(fault)
        with languages.using("en"):
            assert verifying.sentence(fault) != arabic


@settings(deadline=None, max_examples=25)
@given(message=st.binary(max_size=200), flipped=st.integers(0, 511))
def test_signatures_are_checked_as_the_library_checks_them(message: bytes, flipped: int) -> None:
    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert chain.is_signed(message, signature, public)
    other = bytearray(signature)
    other[flipped // 8] ^= 1 << flipped % 8
    assert not chain.is_signed(message, bytes(other), public)
    assert not chain.is_signed(message + b"!", signature, public)
