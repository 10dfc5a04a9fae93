import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.crypto import current
from clinic.crypto.keyring import KeyRing, MasterKey
from clinic.crypto.sealing import (
    OVERHEAD,
    CannotOpen,
    key_number,
    lookup_hash,
    open_,
    open_bytes,
    opener,
    place,
    seal,
    seal_bytes,
)

RING = KeyRing.new(MasterKey.generate(), ("identity", "social"))
CLINIC, CHILD = uuid.uuid4(), uuid.uuid4()
HERE = place(CLINIC, "child", "given_name", CHILD)
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, st.sampled_from(["identity", "social"]))
def test_what_is_sealed_opens_in_its_place(text, lane):
    sealed = seal(RING, lane, HERE, text)

    assert open_(RING, HERE, sealed) == text
    assert len(sealed) == len(text.encode()) + OVERHEAD
    assert key_number(sealed) == RING.current_number(lane)


@given(st.binary(max_size=3000))
def test_files_open_in_their_place(content):
    assert open_bytes(RING, HERE, seal_bytes(RING, "social", HERE, content)) == content


def test_the_same_text_never_looks_the_same():
    assert len({seal(RING, "identity", HERE, "ليلى") for _ in range(100)}) == 100


def test_a_value_moved_elsewhere_does_not_open():
    sealed = seal(RING, "identity", HERE, "ليلى")
    for elsewhere in (
        place(uuid.uuid4(), "child", "given_name", CHILD),
        place(CLINIC, "child", "father_name", CHILD),
        place(CLINIC, "child_version", "given_name", CHILD),
        place(CLINIC, "child", "given_name", uuid.uuid4()),
        place(CHILD, "child", "given_name", CLINIC),
    ):
        with pytest.raises(CannotOpen, match="another place"):
            open_(RING, elsewhere, sealed)


@given(
    st.uuids(), st.uuids(), st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.from_regex(r"[a-z_]{1,9}", fullmatch=True)
)
def test_no_two_places_read_the_same(clinic, row, table, column):
    here = place(clinic, table, column, row)
    assert (uuid.UUID(bytes=here[:16]), uuid.UUID(bytes=here[16:32])) == (clinic, row)
    assert here[32:].decode().split(".") == [table, column]


def test_a_change_of_any_bit_is_found():
    sealed = seal(RING, "identity", HERE, "ليلى")
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CannotOpen):
            open_(RING, HERE, bytes(changed))


def test_a_cut_or_lengthened_value_does_not_open():
    sealed = seal(RING, "identity", HERE, "ليلى")
    for cut in range(len(sealed)):
        with pytest.raises(CannotOpen):
            open_(RING, HERE, sealed[:cut])
    with pytest.raises(CannotOpen):
        open_(RING, HERE, sealed + b"\x00")


def test_a_value_named_after_another_key_does_not_open():
    one, other = seal(RING, "identity", HERE, "a"), seal(RING, "social", HERE, "a")
    with pytest.raises(CannotOpen):
        open_(RING, HERE, other[:5] + one[5:])


def test_another_clinics_ring_opens_nothing():
    sealed = seal(RING, "identity", HERE, "ليلى")
    with pytest.raises(CannotOpen):
        open_(KeyRing.new(MasterKey.generate(), ("identity",)), HERE, sealed)


def test_keyed_hashes_find_equal_numbers_of_one_kind_only():
    phone = lookup_hash(RING, "phone", "+970599123456")
    other = KeyRing.new(MasterKey.generate(), ())

    assert phone == lookup_hash(RING, "phone", "+970599123456")
    assert len(phone) == 20
    assert phone != lookup_hash(RING, "card", "+970599123456")
    assert phone[4:] != lookup_hash(other, "phone", "+970599123456")[4:]
    assert lookup_hash(RING, "a", "bc") != lookup_hash(RING, "ab", "c")


def test_a_note_is_sealed_and_opened_in_microseconds():
    note = "ملاحظة " * 60
    begun = time.process_time()
    for _ in range(2000):
        open_(RING, HERE, seal(RING, "social", HERE, note))
    assert (time.process_time() - begun) / 2000 < 100e-6  # about 6 µs; room for a busy machine


def test_the_process_holds_one_ring_until_it_forgets():
    current.forget()
    with pytest.raises(current.Sealed):
        current.ring()
    assert not current.is_open()

    ring = KeyRing.new(MasterKey.generate(), ("identity",))
    current.install(ring)
    assert current.is_open()
    assert current.ring() is ring
    sealed = seal(ring, "identity", HERE, "ليلى")

    current.forget()
    with pytest.raises(current.Sealed):
        current.ring()
    with pytest.raises(CannotOpen):
        open_(ring, HERE, sealed)


def test_many_values_of_a_column_open_each_in_its_row():
    ids = [uuid.uuid4() for _ in range(3)]
    places = [place(CLINIC, "child", "given_name", one) for one in ids]
    lanes = ("identity", "social", "identity")
    sealed = [seal(RING, lane, there, f"text {lane}") for lane, there in zip(lanes, places, strict=True)]
    opened = opener(RING, CLINIC, "child", "given_name")
    rows = [one.bytes for one in ids]
    assert opened([*sealed, None], [*rows, rows[0]]) == ["text identity", "text social", "text identity", None]


def test_among_many_values_one_of_another_row_or_key_does_not_open():
    sealed = seal(RING, "identity", HERE, "text")
    opened = opener(RING, CLINIC, "child", "given_name")
    for bad, row in (
        (sealed, uuid.uuid4()),
        (sealed[:1] + b"\x00\x00\x7f\xff" + sealed[5:], CHILD),
        (sealed[:9], CHILD),
    ):
        with pytest.raises(CannotOpen):
            opened([sealed, bad], [CHILD.bytes, row.bytes])
