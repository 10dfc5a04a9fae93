"""Which rights were missed before the prosecution, and which answers cannot both be true."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from clinic.prosecution import rules
from clinic.prosecution.rules import Breach
from clinic.vocabularies.fixed import Answer, ProsecutionDecision


def test_who_was_not_there_is_missed_and_who_is_not_known_is_not():
    appearance = SimpleNamespace(
        lawyer_attended=Answer.NO, guardian_present=Answer.UNKNOWN, protection_counsellor_present=None
    )
    assert list(rules.breaches(appearance)) == [Breach.WITHOUT_LAWYER]


def test_days_belong_to_detention_and_an_amount_to_bail():
    with pytest.raises(rules.DaysWithoutDetention):
        rules.check({"decision": ProsecutionDecision.RELEASE, "days_ordered": 2})
    with pytest.raises(rules.BailWithoutRelease):
        rules.check({"decision": ProsecutionDecision.DETAIN, "bail_amount": 200})
    rules.check({"decision": ProsecutionDecision.EXTEND_DETENTION, "days_ordered": 7})
