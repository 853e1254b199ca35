"""Nothing that is hidden can be worked out from what is shown."""

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.observed.hiding import Key, Sum, hidden, is_small, recoverable

SMALL = 5


def a_table(cells: list[list[int]]) -> tuple[dict[Key, int], list[Sum]]:
    """A table with its margins: rows and columns numbered, their totals under None."""
    rows, columns = range(len(cells)), range(len(cells[0]))
    counts: dict[Key, int] = {(row, column): cells[row][column] for row in rows for column in columns}
    counts |= {(row, None): sum(cells[row]) for row in rows}
    counts |= {(None, column): sum(line[column] for line in cells) for column in (*columns,)}
    counts[None, None] = sum(map(sum, cells))
    sums = [Sum((row, None), tuple((row, column) for column in columns)) for row in (*rows, None)]
    sums += [Sum((None, column), tuple((row, column) for row in rows)) for column in (*columns, None)]
    return counts, sums


def fitting(counts: Mapping[Key, int], sums: list[Sum], hiding: frozenset[Key], most: int) -> list[dict[Key, int]]:
    """Every filling of the hidden cells, each from 1 to `most`, that fits the sums: by trying them all."""
    unknown = sorted(hiding, key=str)
    found = []
    for values in itertools.product(range(1, most + 1), repeat=len(unknown)):
        tried = {**counts, **dict(zip(unknown, values, strict=True))}
        if all(tried[line.total] == sum(tried[part] for part in line.parts) for line in sums):
            found.append({key: tried[key] for key in unknown})
    return found


TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 12) | st.integers(0, 300), min_size=columns, max_size=columns), min_size=1, max_size=5
    )
)


@given(TABLES)
def test_no_hidden_cell_can_be_worked_out_from_totals(cells: list[list[int]]) -> None:
    counts, sums = a_table(cells)
    found = hidden(counts, sums, SMALL)

    assert {key for key, count in counts.items() if is_small(count, SMALL)} <= found
    assert all(counts[key] for key in found)
    assert recoverable(counts, sums, found) == set()


@given(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=1, max_size=2))
def test_what_can_be_worked_out_is_what_trying_everything_finds(cells: list[list[int]]) -> None:
    counts, sums = a_table(cells)
    hiding = frozenset(key for key, count in counts.items() if count in {1, 2} and None not in key)  # type: ignore[operator]
    tried = fitting(counts, sums, hiding, most=8)
    only = {key for key in hiding if len({filling[key] for filling in tried}) == 1}

    assert recoverable(counts, sums, hiding) == only


def test_large_counts_hide_nothing() -> None:
    assert hidden(*a_table([[6, 0], [100, 7]]), SMALL) == frozenset()


def test_a_lone_small_count_takes_the_smallest_others_with_it() -> None:
    counts, sums = a_table([[3, 60, 70], [40, 50, 80], [90, 91, 92]])

    assert hidden(counts, sums, SMALL) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_threshold_of_nought_hides_nothing() -> None:
    assert hidden(*a_table([[1, 2], [3, 4]]), 0) == frozenset()


def test_two_ones_that_add_up_to_two_are_not_left_to_be_guessed() -> None:
    counts: dict[Key, int] = {"a": 1, "b": 1, "c": 30, "all": 32}
    sums = [Sum("all", ("a", "b", "c"))]

    assert recoverable(counts, sums, {"a", "b"}) == {"a", "b"}
    assert hidden(counts, sums, SMALL) == {"a", "b", "c"}


def test_cells_joined_by_a_bridge_are_found_out() -> None:
    """Two squares of hidden cells joined by one: each line has two hidden, and the one is still exposed."""
    cells = [[9] * 4 for _ in range(4)]
    counts, sums = a_table(cells)
    squares = {(row, column) for start in (0, 2) for row in (start, start + 1) for column in (start, start + 1)}

    assert recoverable(counts, sums, squares | {(1, 2)}) == {(1, 2)}


def test_what_must_be_hidden_besides_is_hidden_and_guarded() -> None:
    counts: dict[Key, int] = {"a": 20, "b": 30, "c": 40, "all": 90}

    assert hidden(counts, [Sum("all", ("a", "b", "c"))], SMALL, frozenset({"c"})) == {"a", "c"}


@pytest.mark.parametrize(("count", "small"), [(0, False), (0.4, False), (0.6, True), (5.4, True), (5.5, False)])
def test_small_is_from_one_to_the_threshold(count: float, small: bool) -> None:  # noqa: FBT001  (what is expected)
    assert is_small(count, SMALL) is small
