"""The process's name index. The people are invented."""

import threading
import uuid

import pytest

from clinic.children import index
from clinic.children.names import Parts, Person

LAYLA, OMAR = uuid.uuid4(), uuid.uuid4()


class Register:
    """A database that counts its changes."""

    def __init__(self):
        self.changes = []
        self.asked = []

    def write(self, child, given):
        self.changes.append((child, Person(Parts(given, None, None, "حماد")) if given else None))

    def load(self, since):
        self.asked.append(since)
        return iter(self.changes[since or 0 :])

    def search(self, text):
        with index.reading():
            found = index.ensure_fresh(len(self.changes), self.load).search(text)
        return [one.child_id for one in found]


@pytest.fixture
def register():
    index.forget()
    register = Register()
    register.write(LAYLA, "ليلى")
    register.write(OMAR, "عمر")
    yield register
    index.forget()


def test_the_index_is_loaded_once_and_then_only_what_changed(register):
    assert register.search("Layla") == [LAYLA]
    assert register.search("عمر") == [OMAR]
    register.write(OMAR, "خالد")
    assert register.search("خالد") == [OMAR]
    assert register.search("عمر") == []
    register.write(OMAR, None)
    assert register.search("خالد") == []
    assert register.asked == [None, 2, 3]


def test_a_database_gone_back_is_loaded_anew(register):
    register.write(OMAR, "خالد")
    register.search("x")
    del register.changes[2]
    assert register.search("عمر") == [OMAR]
    assert register.asked == [None, None]


def test_what_was_forgotten_is_in_memory_no_more(register):
    register.search("عمر")
    assert index.is_held()
    index.forget()
    assert not index.is_held()
    assert register.search("عمر") == [OMAR]
    assert register.asked == [None, None]


def test_a_load_that_fails_is_tried_again(register):
    def broken(since):
        yield LAYLA, Person(Parts("ليلى"))
        raise OSError("database gone")

    with pytest.raises(OSError, match="gone"):
        index.ensure_fresh(2, broken)
    assert not index.is_held()
    register.search("عمر")
    register.write(OMAR, "خالد")
    with pytest.raises(OSError, match="gone"):
        index.ensure_fresh(3, broken)
    assert register.search("خالد") == [OMAR]
    assert register.asked == [None, 2]


def test_many_threads_share_one_index(register):
    found = []

    def ask():
        for _ in range(20):
            register.write(uuid.uuid4(), "سامر")
            found.append(register.search("عمر"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(OMAR in one for one in found)
    assert len(register.search("سامر")) == 20
    assert register.asked.count(None) == 1
