"""How the index of names holds what it knows. The people are invented."""

import random
import tracemalloc
import uuid
from datetime import date

from clinic.children.names import NameIndex, Parts, Person
from tests.children.test_names import FAMILIES, WRITINGS, ids


def test_what_is_known_of_a_child_stays_as_it_was_told():
    other, index = uuid.uuid4(), NameIndex()
    for person in (
        Person(Parts("هديل", "طارق", None, "شاهين"), "Hadeel Shahin", ("طارق شاهين", "منى"), date(2009, 2, 3)),
        Person(Parts("x\ud800", "", None, '"'), None, (), None, "year", "dheisheh"),
    ):
        index.put(other, person)
        assert index.person(other) == person


def test_who_is_learned_after_somebody_was_forgotten_is_found_as_themself():
    other, new, index = uuid.uuid4(), uuid.uuid4(), NameIndex()
    index.add(other, ("هديل", None, None, "شاهين"))
    index.remove(other)
    index.add(new, ("خالد", None, None, "حماد"))
    assert ids(index.search("خالد")) == [new]
    assert index.search("هديل") == []
    assert other not in index
    assert index.person(new).parts.family == "حماد"


def test_a_child_takes_little_of_the_memory_of_every_process():
    chance = random.Random(9)
    several = (WRITINGS, WRITINGS, WRITINGS, FAMILIES)
    people = [[chance.choice(names)[0] for names in several] for _ in range(3000)]
    tracemalloc.start()
    index = NameIndex()
    for names in people:
        text = " ".join(names).encode().decode()  # a guardian's name is nobody else's
        index.put(uuid.uuid4(), Person(Parts(*names), None, (text,), date(2009, 2, 3), "day", "dheisheh"))
    index.settle()
    taken, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / len(people) < 600  # 420; as objects it was 1,300
