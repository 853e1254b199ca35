import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.incidence import FINISHED, UNFINISHED, Incidence, Spells, finished

SEEN, NOT_ASSESSED, CLOSED = 1, 2, 3
SPELLS = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([UNFINISHED, SEEN, NOT_ASSESSED, CLOSED])), max_size=25)


def spells(pairs: Sequence[tuple[int, int]]) -> Spells:
    lengths, ends = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Spells.of(lengths, ends)


def textbook(pairs: Sequence[tuple[int, int]], of: int, by: int) -> Fraction:
    """Aalen and Johansen's product, time by time, in exact fractions."""
    surviving, incidence = Fraction(1), Fraction(0)
    for time in sorted({length for length, end in pairs if end != UNFINISHED and length <= by}):
        at_risk = sum(length >= time for length, _ in pairs)
        incidence += surviving * Fraction(pairs.count((time, of)), at_risk)
        surviving *= 1 - Fraction(sum(length == time and end != UNFINISHED for length, end in pairs), at_risk)
    return incidence


WORKED = [(1, SEEN), (2, UNFINISHED), (3, NOT_ASSESSED), (4, SEEN), (4, UNFINISHED), (5, CLOSED)]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        # At risk: 6 at 1, 4 at 3, 3 at 4, 1 at 5. Still waiting: 5/6 after 1, 5/8 after 3, 5/12 after 4, none after 5.
        (SEEN, {0: 0, 1: 1 / 6, 3: 1 / 6, 4: 1 / 6 + 5 / 24, 5: 3 / 8}),
        (NOT_ASSESSED, {2: 0, 3: 5 / 24, 5: 5 / 24}),
        (CLOSED, {4: 0, 5: 5 / 12}),
    ],
)
def test_incidence_with_competing_ends_and_unfinished_spells_matches_the_hand_worked_example(
    of: int, expected: dict[int, float]
) -> None:
    incidence = spells(WORKED).incidence(of)

    assert {length: incidence.within(length) for length in expected} == pytest.approx(expected)


def test_rescaled_to_those_referred_the_example_gives_nineteenths() -> None:
    incidence = spells(WORKED).incidence(SEEN, among=(SEEN, CLOSED))

    assert incidence.within(1) == pytest.approx(4 / 19)
    assert incidence.ever() == pytest.approx(9 / 19)
    assert incidence.quantile(4 / 19) == 1
    assert incidence.quantile(0.3) == 4
    assert math.isnan(incidence.quantile(0.5))


def test_with_one_kind_of_end_it_is_kaplan_and_meiers_estimate_of_the_published_remission_times() -> None:
    # Freireich et al. (1963), 6-mercaptopurine; the survival estimates are those printed in every textbook.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    going = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    incidence = spells([(t, FINISHED) for t in ended] + [(t, UNFINISHED) for t in going]).incidence()

    survival = {t: round(1 - incidence.within(t), 3) for t in (6, 7, 10, 13, 16, 22, 23)}

    assert survival == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.69, 16: 0.627, 22: 0.538, 23: 0.448}


@given(SPELLS, st.integers(0, 12))
def test_incidence_equals_the_textbook_product(pairs: list[tuple[int, int]], by: int) -> None:
    incidence = spells(pairs).incidence(SEEN)

    if pairs and by <= incidence.known_to:
        assert incidence.within(by) == pytest.approx(float(textbook(pairs, SEEN, by)))


@given(SPELLS, st.integers(0, 12))
def test_rescaled_incidence_equals_the_ratio_of_textbook_products(pairs: list[tuple[int, int]], by: int) -> None:
    incidence = spells(pairs).incidence(SEEN, among=(SEEN, CLOSED))
    whole = textbook(pairs, SEEN, 12) + textbook(pairs, CLOSED, 12)

    if whole and by <= incidence.known_to:
        assert incidence.within(by) == pytest.approx(float(textbook(pairs, SEEN, by) / whole))
    if not whole:
        assert math.isnan(incidence.within(by))


@given(st.lists(st.integers(0, 12), min_size=1), st.integers(0, 12))
def test_where_every_spell_has_ended_it_is_the_plain_share_exactly(lengths: list[int], by: int) -> None:
    assert finished(np.array(lengths)).within(by) == sum(length <= by for length in lengths) / len(lengths)


@given(SPELLS, st.fractions(Fraction(1, 20), 1, max_denominator=20))
def test_a_quantile_is_the_first_length_by_which_that_share_had_ended(
    pairs: list[tuple[int, int]], share: Fraction
) -> None:
    whole = textbook(pairs, SEEN, 12) + textbook(pairs, CLOSED, 12)
    reached = [by for by in range(13) if whole and textbook(pairs, SEEN, by) / whole >= share]

    quantile = spells(pairs).incidence(SEEN, among=(SEEN, CLOSED)).quantile(float(share))

    assert quantile == reached[0] if reached else math.isnan(quantile)


def test_a_share_reached_exactly_is_reached_though_weights_are_not_whole_numbers() -> None:
    # One lost first of eight: the other seven weigh a seventh more each, and five of them are five sevenths.
    incidence = spells([(0, UNFINISHED), *((length, FINISHED) for length in range(1, 8))]).incidence()

    assert [incidence.quantile(length / 7) for length in range(1, 8)] == [1, 2, 3, 4, 5, 6, 7]


def test_a_decile_of_ten_equal_steps_is_its_own_step() -> None:
    assert [finished(np.arange(1, 11)).quantile(tenth / 10) for tenth in range(1, 11)] == list(range(1, 11))


def test_a_length_nobody_was_watched_for_is_unknown() -> None:
    incidence = spells([(2, FINISHED), (5, UNFINISHED)]).incidence()

    assert incidence.within(5) == 0.5
    assert math.isnan(incidence.within(6))


def test_an_end_counts_before_a_loss_of_the_same_length() -> None:
    assert spells([(3, UNFINISHED), (3, FINISHED)]).incidence().within(3) == 0.5


def test_only_the_wanted_spells_count_whatever_order_they_came_in() -> None:
    all_of_them = spells([(9, FINISHED), (1, UNFINISHED), (4, FINISHED), (2, FINISHED)])

    assert all_of_them.only(np.array([True, False, False, True])).lengths.tolist() == [2, 9]


def test_no_spells_at_all_give_nothing_known() -> None:
    nothing: Incidence = spells([]).incidence()

    assert all(math.isnan(value) for value in (nothing.within(1), nothing.ever(), nothing.quantile(0.5)))
