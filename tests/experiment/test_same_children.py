"""The same children in two scenarios: matched by their contact and their number within it, however large its id."""

from typing import Any

import numpy as np

from sim.experiment.comparison import _pairing
from sim.measures import Cohort

LARGE = 2**62


def a_cohort(*children: tuple[int, int]) -> Cohort:
    contact, child = (np.array([each[place] for each in children], dtype=np.int64) for place in (0, 1))
    told = {"seen_minutes": np.int32, "earlier_minutes": np.int32, "end": np.int8, "groups": np.uint32}
    nothing: dict[str, Any] = {name: np.zeros(len(children), dtype=kind) for name, kind in told.items()}
    return Cohort(contact=contact, child=child.astype(np.int8), first_contact=contact, **nothing)


def test_a_child_is_matched_with_itself_and_with_no_sibling_or_other_family() -> None:
    base = a_cohort((LARGE, 0), (LARGE, 1), (LARGE + 1, 0), (5, 2))
    other = a_cohort((5, 1), (LARGE + 1, 0), (LARGE, 1), (LARGE + 2, 0))
    found = _pairing(base, other)

    assert list(zip(found.of_base, found.of_other, strict=True)) == [(1, 2), (2, 1)]


def test_of_nobody_nobody_is_matched() -> None:
    assert not len(_pairing(a_cohort(), a_cohort((1, 0))).of_base)
    assert not len(_pairing(a_cohort(), a_cohort()).of_base)
