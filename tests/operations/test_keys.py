"""Changing the data keys while people work: what is sealed again, what goes on meanwhile, what a kill leaves."""

from __future__ import annotations

import pytest
from sqlalchemy import LargeBinary, select, update

from clinic import db
from clinic.audit.models import AuditEntry
from clinic.cases import actions as cases
from clinic.children import queries as children
from clinic.children.models import Child, Guardian
from clinic.children.numbers import card_number, phone_digits
from clinic.crypto import current, sealing
from clinic.crypto.keyring import PROCESS, KeyRing, MasterKey
from clinic.db import Id, Model
from clinic.jobs import spool
from clinic.operations import resealing
from clinic.staff import clinics
from clinic.web.models import Draft

CARD, PHONE = "1-123456", "0599 123 456"


@pytest.fixture
def filled(make, clinic, tmp_path):
    """A clinic with a child, a guardian, a step corrected for a reason, a draft and a file that waits."""
    huda = make.lawyer("Huda")
    child = make.child("Karam", unrwa_number=CARD, card_hash=hashed("card", card_number(CARD)))
    guardian = Guardian(child_id=child.id, name="Layla", phone=PHONE, phone_hash=hashed("phone", phone_digits(PHONE)))
    db.session.add(guardian)
    step = make.step("note", make.case(child, team=[huda]), team_text="first words", by=huda)
    cases.correct(
        step,
        {"noted_on": step.noted_on, "team_text": "other words"},
        version=step.version,
        because="misheard",
        by=make.reader(huda),
    )
    db.session.merge(child).given_name = "Kareem"
    db.session.add(Draft(staff_id=huda.id, place="/cases", identity_body="typed"))
    db.session.commit()
    spool.lie_in(tmp_path)
    file_id = spool.keep(b"a file that waits", staff_id=huda.id)
    return {"child": child.id, "guardian": guardian.id, "step": step.id, "huda": huda.id, "file": file_id}


def hashed(purpose: str, number: str) -> bytes:
    return sealing.lookup_hash(current.ring(), purpose, number)


def rotate(folder) -> list[str]:
    said: list[str] = []
    resealing.rotate(folder, said.append, settle=0)
    return said


def under_old_keys() -> dict[str, int]:
    """Every value of any table that begins like one sealed with a retired key, whatever column it stands in."""
    found: dict[str, int] = {}
    old = {sealing.head(number) for number in current.ring().retired()}
    for table in Model.metadata.sorted_tables:
        if table.schema is None:
            names = [
                column.name for column in table.c if isinstance(column.type, LargeBinary) and column.name != "wrapped"
            ]
            for row in db.session.execute(select(*(table.c[name] for name in names))) if names else ():
                for name, value in row._mapping.items():
                    if value is not None and bytes(value)[:5] in old:
                        found[f"{table.name}.{name}"] = found.get(f"{table.name}.{name}", 0) + 1
    return found


def hashed_as_now() -> list[int]:
    """The keys of the keyed hashes by which numbers are found."""
    kept = [*db.session.scalars(select(Child.card_hash)), *db.session.scalars(select(Guardian.phone_hash))]
    return [sealing.hash_number(bytes(value)) for value in kept if value is not None]


@pytest.mark.databases
def test_after_new_data_keys_nothing_is_sealed_with_an_old_one(filled, make, tmp_path):
    before = {row.number for row in current.ring().wrapped_rows() if row.lane != PROCESS}

    rotate(tmp_path)
    db.session.expire_all()

    assert before == set(current.ring().retired())
    assert under_old_keys() == {}
    assert set(hashed_as_now()) == {current.ring().current_number("lookup")}
    assert resealing.count_waiting() == 0
    child, step = db.session.get(Child, filled["child"]), make.fresh(cases.Step, filled["step"])
    assert (child.given_name, child.unrwa_number, step.team_text) == ("Kareem", CARD, "other words")
    assert db.session.get(Guardian, filled["guardian"]).phone == PHONE
    assert db.session.scalar(select(Draft)).identity_body == "typed"
    assert spool.find(filled["file"], staff_id=filled["huda"]).content == b"a file that waits"


@pytest.mark.databases
def test_what_stood_before_opens_after_new_data_keys(filled, tmp_path, clinic):
    rotate(tmp_path)

    twin = Model.metadata.tables["child_version"]
    past = db.session.execute(select(twin).where(twin.c.given_name.is_not(None))).mappings().one()
    place = sealing.place(clinic.id, "child", "given_name", past["id"])
    assert sealing.open_(current.ring(), place, bytes(past["given_name"])) == "Karam"
    for name in ("step_version", "note_version"):
        row = db.session.execute(select(Model.metadata.tables[name])).mappings().one()
        reason = sealing.place(clinic.id, "step_version", "because", row["id"])
        assert sealing.open_(current.ring(), reason, bytes(row["because"])) == "misheard"


@pytest.mark.databases
def test_a_number_is_found_before_amid_and_after_the_change(filled, make, tmp_path, monkeypatch):
    def found() -> list[bool]:
        return [filled["child"] in db.session.scalars(children._by_number(text)).all() for text in (CARD, PHONE)]

    assert found() == [True, True]
    stop_after(1, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        rotate(tmp_path)
    assert found() == [True, True]
    monkeypatch.undo()
    rotate(tmp_path)
    assert found() == [True, True]


def stop_after(number: int, monkeypatch) -> None:
    """Kills the change after so many batches."""
    batches, done = resealing._batches, []

    def stopping(holder):
        for rows in batches(holder):
            done.append(rows)
            yield rows
            if len(done) == number:
                raise KeyboardInterrupt

    monkeypatch.setattr(resealing, "_batches", stopping)


@pytest.mark.databases
def test_a_change_that_was_killed_is_gone_on_with(filled, tmp_path, monkeypatch):
    stop_after(2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        rotate(tmp_path)
    monkeypatch.undo()
    db.session.rollback()
    left, keys = resealing.count_waiting(), len(current.ring().wrapped_rows())
    assert left

    said = rotate(tmp_path)

    assert "not finished" in said[0]
    assert (resealing.count_waiting(), len(current.ring().wrapped_rows())) == (0, keys)


@pytest.mark.databases
def test_a_process_that_held_the_old_keys_takes_the_new_ones_in(filled, tmp_path, clinic):
    mine = current.ring()
    other = KeyRing.open(mine._master, mine.wrapped_rows())
    rotate(tmp_path)

    current.install(other, at=0)
    db.session.expire_all()
    with pytest.raises(sealing.CannotOpen):
        _ = db.session.get(Child, filled["child"]).given_name
    clinics.keep_keys_fresh(clinics.the_clinic(), pytest.fail)

    assert db.session.get(Child, filled["child"]).given_name == "Kareem"
    assert other.current_number("identity") == mine.current_number("identity")


def test_a_request_reads_the_new_keys_before_anything_else(filled, tmp_path, make, browse):
    huda = db.session.get(clinics.StaffMember, filled["huda"])
    browser = browse(huda)
    browser.get("/cases")
    mine = current.ring()
    stale = KeyRing.open(mine._master, mine.wrapped_rows())
    rotate(tmp_path)
    current.install(stale, at=0)

    assert "Kareem" in browser.get("/cases").text


def test_a_server_with_the_old_master_key_says_what_to_do(filled, clinic, caplog):
    fresh = clinics.the_clinic()
    another = KeyRing.new(MasterKey.generate(), ["identity"]).wrapped_rows()[0]
    db.session.add(clinics._as_kept(another, clinic.id))
    fresh.keys_changed += 1
    db.session.flush()

    clinics.keep_keys_fresh(fresh, MasterKey.generate)

    assert "start it again" in caplog.text


@pytest.mark.databases
def test_changes_of_keys_are_in_the_record(filled, tmp_path):
    rotate(tmp_path)
    said = db.session.scalars(select(AuditEntry.what).where(AuditEntry.what.startswith("keys."))).all()
    assert sorted(said) == ["keys.data_changed", "keys.data_resealed"]


@pytest.mark.databases
def test_a_value_moved_to_another_row_does_not_open(filled, make):
    other = make.child("Rana")
    taken = select(Child.given_name_sealed).where(Child.id == filled["child"]).scalar_subquery()
    db.session.execute(update(Child.__table__).where(Child.__table__.c.id == other.id).values(given_name=taken))
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(sealing.CannotOpen):
        _ = db.session.get(Child, other.id).given_name


def test_every_column_that_holds_sealed_values_is_known():
    known = {(holder.table.name, name) for holder in resealing.holders() for name in holder.sealed}
    hashes = {(holder.table.name, one.column) for holder in resealing.holders() for one in holder.hashed}
    others = (
        {
            (table.name, column.name)
            for table in Model.metadata.sorted_tables
            for column in table.c
            if isinstance(column.type, LargeBinary) and not isinstance(column.type, Id)
        }
        - known
        - hashes
    )
    assert {name for _table, name in others} <= NOT_SEALED


NOT_SEALED = {
    "wrapped",  # data keys, wrapped by the master key
    "form_digest",
    "row_digest",  # marks, under a key that stays
    "salt",
    "digest",
    "previous",
    "hash",
    "changes_hash",
    "readings_hash",
    "signature",
    "public",  # the chains
    "credential_id",
    "public_key",
    "user_handle",  # passkeys: public halves
}
