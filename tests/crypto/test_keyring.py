import os
import pickle
import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.crypto.keyring import DamagedKey, KeyFileProblem, KeyRing, MasterKey, UnknownKey, WrongKey
from clinic.crypto.sealing import CannotOpen, lookup_hash, lookup_hashes, open_, seal

LANES = ("identity", "legal", "social", "ill_treatment")
PLACE = b"somewhere"


@pytest.fixture
def master():
    return MasterKey.generate()


@pytest.fixture
def ring(master):
    return KeyRing.new(master, LANES)


def test_a_key_file_brings_back_the_same_key(tmp_path, master):
    master.write(tmp_path / "key")

    again = MasterKey.from_file(tmp_path / "key")

    assert again.derive("anything") == master.derive("anything")
    assert (tmp_path / "key").read_text().startswith("sanad-key-1:")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_key_file_is_private_whatever_the_umask(tmp_path, master):
    before = os.umask(0o377)
    try:
        master.write(tmp_path / "key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_key_file_that_exists_is_kept(tmp_path, master):
    master.write(tmp_path / "key")

    with pytest.raises(KeyFileProblem, match="exists already"):
        MasterKey.generate().write(tmp_path / "key")

    assert MasterKey.from_file(tmp_path / "key").fingerprint == master.fingerprint


def test_a_key_file_needs_a_folder(tmp_path, master):
    with pytest.raises(KeyFileProblem, match="cannot be made"):
        master.write(tmp_path / "nowhere" / "key")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_file_that_others_can_open_is_refused(tmp_path, master, mode):
    master.write(tmp_path / "key")
    (tmp_path / "key").chmod(mode)

    with pytest.raises(KeyFileProblem, match="chmod 600"):
        MasterKey.from_file(tmp_path / "key")


@pytest.mark.parametrize(
    "text", ["", "\n", "sanad-key-1:", "sanad-key-1:c2hvcnQ", "sanad-key-2:" + "A" * 43, "sanad-key-1:" + "*" * 43, "é"]
)
def test_a_key_file_that_is_not_whole_is_refused(tmp_path, text):
    path = tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)

    with pytest.raises(KeyFileProblem) as refused:
        MasterKey.from_file(path)

    assert refused.value.path == path
    assert "c2hvcnQ" not in str(refused.value)


def test_a_missing_key_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(KeyFileProblem, match="no key file"):
        MasterKey.from_file(tmp_path / "key")
    with pytest.raises(KeyFileProblem, match="not a file"):
        MasterKey.from_file(tmp_path)


def test_keys_show_in_no_repr_and_no_pickle(master, ring):
    for held in (master, ring):
        assert "(" in repr(held)
        assert master._secret.hex() not in repr(held)
        with pytest.raises(TypeError):
            pickle.dumps(held)


def test_a_ring_opens_from_its_wrapped_rows(master, ring):
    sealed = {lane: seal(ring, lane, PLACE, lane) for lane in LANES}

    again = KeyRing.open(master, reversed(ring.wrapped_rows()))

    assert {lane: open_(again, PLACE, value) for lane, value in sealed.items()} == {lane: lane for lane in LANES}
    assert lookup_hash(again, "phone", "1") == lookup_hash(ring, "phone", "1")
    assert again.lanes == ring.lanes == {*LANES, "lookup", "process"}


def test_another_clinics_key_is_named_as_the_wrong_one(ring):
    with pytest.raises(WrongKey, match="CLINIC_KEY"):
        KeyRing.open(MasterKey.generate(), ring.wrapped_rows())


def test_a_wrapped_key_moved_to_another_lane_or_number_does_not_open(master, ring):
    one, other, *_ = ring.wrapped_rows()
    for moved in (
        replace(one, lane=other.lane),
        replace(one, number=other.number),
        replace(one, number=-1),
        replace(one, id=other.id),
        replace(one, wrapped=other.wrapped),
    ):
        with pytest.raises(DamagedKey):
            KeyRing.open(master, [moved])


def test_a_change_of_any_byte_of_a_wrapped_key_is_found(master, ring):
    row = ring.wrapped_rows()[0]
    for position in range(len(row.wrapped)):
        changed = bytearray(row.wrapped)
        changed[position] ^= 1
        with pytest.raises((WrongKey, DamagedKey)):
            KeyRing.open(master, [replace(row, wrapped=bytes(changed))])
        with pytest.raises((WrongKey, DamagedKey)):
            KeyRing.open(master, [replace(row, wrapped=row.wrapped[:position])])


def test_after_a_rotation_the_old_key_opens_and_the_new_one_seals(master, ring):
    before = seal(ring, "social", PLACE, "old")
    was = ring.current_number("social")
    at = datetime(2026, 11, 22, tzinfo=UTC)

    row = ring.add("social", at=at)

    for opened in (ring, KeyRing.open(master, ring.wrapped_rows())):
        assert opened.current_number("social") == row.number != was
        assert open_(opened, PLACE, before) == "old"
        assert open_(opened, PLACE, seal(opened, "social", PLACE, "new")) == "new"
    assert {r.number: r.retired_at for r in ring.wrapped_rows() if r.lane == "social"} == {was: at, row.number: None}


def test_a_ring_without_the_new_key_cannot_open_what_it_sealed(master, ring):
    stale = KeyRing.open(master, ring.wrapped_rows())
    ring.add("legal")

    with pytest.raises(CannotOpen, match="not on the ring"):
        open_(stale, PLACE, seal(ring, "legal", PLACE, "x"))


def test_numbers_are_found_under_every_key_of_hashes(ring):
    before = lookup_hash(ring, "phone", "+970599123456")
    ring.add("lookup")
    after = lookup_hash(ring, "phone", "+970599123456")

    assert after != before
    assert lookup_hashes(ring, "phone", "+970599123456") == [after, before]


def test_an_unknown_lane_is_named(ring):
    with pytest.raises(UnknownKey, match="gossip"):
        seal(ring, "gossip", PLACE, "x")


def test_derived_secrets_are_stable_and_their_own_for_each_purpose(master, ring):
    again = KeyRing.open(master, ring.wrapped_rows())
    secrets = {ring.derive("sessions"), ring.derive("forms"), master.derive("sessions"), master.derive("wrap")}

    assert len(secrets) == 4
    assert again.derive("sessions") == ring.derive("sessions")
    assert len(ring.derive("sessions", 64)) == 64


def test_an_erased_ring_opens_and_derives_nothing(ring):
    sealed = seal(ring, "legal", PLACE, "x")
    ring.erase()

    with pytest.raises(CannotOpen):
        open_(ring, PLACE, sealed)
    for use in (lambda: ring.derive("x"), lambda: ring.add("legal"), lambda: lookup_hash(ring, "phone", "1")):
        with pytest.raises(UnknownKey):
            use()


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["", "\n", "\r\n", " \n"]))
def test_any_key_survives_its_text(tmp_path_factory, secret, end):
    path = tmp_path_factory.mktemp("keys") / "key"
    MasterKey(secret).write(path)

    text = path.read_text().strip()

    assert MasterKey.from_text(text + end)._secret == secret
