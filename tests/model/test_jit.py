"""A part of the compiled run is compiled once, for the types that it declares, and finished in what calls it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

numba = pytest.importorskip("numba", reason="the compiled engine is an extra")

from numba.core.errors import TypingError  # noqa: E402

from sim import kept  # noqa: E402
from sim.model.compiled.jit import compiled  # noqa: E402

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="Numba compiles nothing here")

KEY = "0" * 64


@compiled
def shifted(number: int, by: int = 3) -> int:
    return number + by


@compiled
def shifted_often(number: int, times: int = 2) -> int:
    for _ in range(times):
        number = shifted(number, shifted(number)) + shifted(1, number > 1)
    return number


def entry(number: int) -> int:
    return 1000 * shifted_often(number) + shifted_often(number, 1)


def other_entry(number: int) -> int:
    return between(number)


@compiled
def between(number: int) -> int:
    return shifted_often(number) + shifted(number)


def too_much(share: float) -> int:
    return shifted(share)  # type: ignore[arg-type]


def run(part: Callable[[int], int], number: int) -> int:
    """What an entry gives, compiled for this process alone."""
    found: int = numba.njit(part)(number)
    return found


def results(part: Callable[..., int]) -> list[Any]:
    """What Numba has of a part that was compiled."""
    return list(part.overloads.values())  # type: ignore[attr-defined]


def test_a_part_is_compiled_once_whatever_constants_and_defaults_it_is_called_with() -> None:
    assert run(entry, 1) == 17006
    assert [len(results(part)) for part in (shifted, shifted_often)] == [1, 1]


def test_the_code_of_a_part_is_finished_in_the_entry_and_nowhere_else() -> None:
    assert run(entry, 1) == 17006
    assert not results(shifted)[0].library._finalized


def test_parts_that_one_entry_has_taken_in_can_be_taken_in_by_another() -> None:
    assert (run(entry, 1), run(other_entry, 1)) == (17006, 21)


def test_a_number_of_which_a_part_would_lose_some_is_refused() -> None:
    with pytest.raises(TypingError, match="shifted is given float64 where it says int64"):
        numba.njit(too_much)(0.5)


def test_an_entry_is_kept_with_its_parts(tmp_path: Path) -> None:
    first, again = (kept.entry("int64(int64)", [tmp_path], KEY, name="entry")(entry) for _ in range(2))

    assert (first(1), again(1)) == (17006, 17006)
    assert sum(again.compiled.stats.cache_hits.values()) == 1
