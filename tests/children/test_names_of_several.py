"""Who has all the names that were asked for, and who lacks one: found without looking at everybody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clinic.children.names import _all_or_all_but_one

CHILDREN = st.sets(st.integers(0, 12))


@given(st.lists(CHILDREN, min_size=2, max_size=5))
def test_nobody_is_missed_who_has_all_names_or_lacks_one(having: list[set[int]]) -> None:
    lacks = {child: sum(child not in who for who in having) for child in set().union(*having)}
    in_all, in_all_but_one = _all_or_all_but_one(having)
    assert in_all == {child for child, lacking in lacks.items() if lacking == 0}
    assert in_all_but_one == {child for child, lacking in lacks.items() if lacking == 1}
