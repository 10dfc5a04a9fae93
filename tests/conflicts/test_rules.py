"""When two names may be of one person, in either script and however they are spelled."""

from __future__ import annotations

import random
import uuid

import pytest

from clinic.conflicts import rules
from clinic.conflicts.rules import Alike, asked_for

ALIKE = [
    ("أحمد خليل مثال", "احمد خليل مثال"),
    ("أحمد خليل مثال", "أحمد يوسف خليل مثال"),
    ("فاطمة عيسى اختبار", "فاطمه عيسي إختبار"),
    ("مُحَمَّد سعيد أبو نموذج", "محمد سعيد ابونموذج"),
    ("عبد الرحمن سالم مثال", "عبدالرحمن سالم مثال"),
    ("Mohammed Saeed Abu Namouthaj", "محمد سعيد ابو نموذج"),
    ("Yousef Khalil", "يوسف خليل"),
    ("يوسف خليل", "يوسف أحمد سعيد خليل"),
]
OTHERS = [
    ("أحمد خليل مثال", "محمود خليل مثال"),
    ("أحمد خليل مثال", "أحمد سامر مثال"),
    ("أحمد خليل", "أحمد سعيد مثال"),
    ("أبو خليل", "أبو خليل"),
    ("أحمد", "أحمد خليل مثال"),
    ("", "أحمد خليل مثال"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_one_person_spelled_in_two_ways_is_found(one, other):
    alike = Alike()
    assert alike([one], [other]) == alike([other], [one]) > 0


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_brothers_namesakes_and_half_names_are_not_taken_for_one_person(one, other):
    assert Alike()([one], [other]) == 0


def test_the_best_of_several_writings_counts():
    assert Alike()(["أحمد خليل مثال"], [None, "سعيد خليل مثال", "Ahmad Khalil Mithal"]) > 0


def test_an_index_is_asked_for_the_whole_name_and_for_its_first_and_last_word():
    assert asked_for("أحمد يوسف خليل") == ["أحمد يوسف خليل", "احمد خليل"]
    assert asked_for("أحمد خليل") == ["أحمد خليل"]
    assert asked_for("أحمد") == []


GIVEN = [
    "أحمد",
    "احمد",
    "Ahmad",
    "محمد",
    "محمود",
    "سامر",
    "سمير",
    "Samir",
    "عبد الرحمن",
    "عبدالرحمن",
    "نور الدين",
    "علي",
    "علاء",
]
FAMILY = ["مثال", "Mithal", "عودة", "عوده", "الخطيب", "خطيب", "Khatib", "نموذج"]


def _somebody(chance):
    """A name as somebody types it, of one word to four, now and then with a letter left out."""
    words = [chance.choice(GIVEN) for _ in range(chance.randint(1, 3))] + [chance.choice(FAMILY)]
    name = " ".join(words[chance.randint(0, 1) :])
    place = chance.randrange(len(name))
    return name[:place] + name[place + 1 :] if chance.random() < 0.3 else name


@pytest.mark.parametrize("seed", range(4))
def test_colleagues_by_given_name_are_those_whom_comparing_with_everybody_finds(seed, monkeypatch):
    chance = random.Random(seed)
    staff = [(uuid.UUID(int=number), _somebody(chance)) for number in range(60)]
    monkeypatch.setattr(rules, "_MOST_KEPT", 25)  # so that what was heard is let go of on the way
    colleagues = rules.Colleagues(staff, rules.Alike())
    found = 0
    for name in ("", *(_somebody(chance) for _ in range(80))):
        every = {one: score for one, called in staff if (score := rules.Alike()([name], [called]))}
        assert dict(colleagues.called_like(name)) == every, name
        found += len(every)
    assert found > 50
