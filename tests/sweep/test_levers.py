import pytest

from sim.scenario import ScenarioError
from sim.sweep import Design, lever, points
from tests.sweep.counties import MANAGERS, WORKERS, a_county

COUNTY = a_county()
SHARE = "need.immediate_share"


def test_a_range_with_a_step_holds_both_ends_and_no_error_of_adding_up() -> None:
    found = lever(f"{SHARE}=0.01:0.07:0.02", COUNTY)

    assert found.values == (0.01, 0.03, 0.05, 0.07)


def test_a_step_that_does_not_meet_the_upper_end_stops_below_it() -> None:
    assert lever(f"{WORKERS}=20:25:2", COUNTY).values == (20, 22, 24)


def test_a_list_is_taken_as_the_lever_takes_it_and_changes_are_made() -> None:
    now = COUNTY.front_door.managers

    assert lever(f"{MANAGERS}=+0, +2", COUNTY).values == (now, now + 2)
    assert lever(f"{SHARE}=0,0.5", COUNTY).values == (0.0, 0.5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("front_door.managers", "--vary front_door.managers: write it as PATH=LOW:HIGH:STEP"),
        ("front_door.managers=", "--vary front_door.managers=: write it as"),
        ("front_door.managers=3:many:1", "--vary front_door.managers=3:many:1: write it as"),
        ("front_door.managers=1:2:1:1", "--vary front_door.managers=1:2:1:1: write it as"),
        ("front_door.managers=5:5:1", "--vary front_door.managers=5:5:1: 5 must be below 5"),
        ("front_door.managers=3:5:0", "the step 0 must be above nought"),
        ("need.immediate_share=0:1:0.0001", "that is 10001 values; at most 1000"),
        ("front_door.managers=nan:5:1", "write it as"),
        ("front_door.managers=3,3", "3 stands there twice"),
        ("front_door.managers=3,+0,-99", "front_door.managers"),
        ("front_door.manager=3,4", "there is no such lever; did you mean front_door.managers?"),
        ("front_door.managers=3,2.5", "front_door.managers"),
        ("front_door=3,4", "front_door"),
    ],
)
def test_what_cannot_be_varied_is_refused_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        lever(text, COUNTY)

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_grid_is_every_combination_in_the_levers_order() -> None:
    found = points([lever(f"{MANAGERS}=3,4", COUNTY), lever(f"{WORKERS}=20:22:2", COUNTY)], Design.GRID, None, 1)

    assert [tuple(point.values()) for point in found] == [(3, 20), (3, 22), (4, 20), (4, 22)]


@pytest.mark.parametrize("design", [Design.SOBOL, Design.LATIN_HYPERCUBE])
def test_a_spread_design_is_even_over_whole_numbers_lists_and_ranges(design: Design) -> None:
    levers = [lever(f"{MANAGERS}=1:4", COUNTY), lever(f"{SHARE}=0:1", COUNTY), lever(f"{WORKERS}=20,30", COUNTY)]
    found = points(levers, design, 64, 1)

    assert [sum(point[MANAGERS] == number for point in found) for number in (1, 2, 3, 4)] == [16, 16, 16, 16]
    assert [sum(point[WORKERS] == number for point in found) for number in (20, 30)] == [32, 32]
    shares = sorted(float(point[SHARE]) for point in found)
    assert all(place / 64 <= share < (place + 1) / 64 for place, share in enumerate(shares))


def test_a_design_is_the_same_for_a_seed_and_another_for_another() -> None:
    levers = [lever(f"{SHARE}=0:1", COUNTY)]

    assert points(levers, Design.SOBOL, 8, 1) == points(levers, Design.SOBOL, 8, 1)
    assert points(levers, Design.SOBOL, 8, 1) != points(levers, Design.SOBOL, 8, 2)


def test_points_that_whole_numbers_make_alike_are_run_once() -> None:
    found = points([lever(f"{MANAGERS}=3:4", COUNTY)], Design.SOBOL, 16, 1)

    assert sorted(int(point[MANAGERS]) for point in found) == [3, 4]


@pytest.mark.parametrize(
    ("varied", "design", "count", "sentence"),
    [
        ([f"{MANAGERS}=3:5"], Design.GRID, None, "a grid needs a step, as 3:5:STEP"),
        ([f"{MANAGERS}=3:5:1"], Design.GRID, 4, "--points: a grid runs every combination"),
        (
            [f"{MANAGERS}=3:5"],
            Design.SOBOL,
            24,
            "a Sobol sequence is even for a power of two of points; 16 or 32",
        ),
        ([f"{MANAGERS}=3,4", f"{MANAGERS}=5,6"], Design.GRID, None, f"--vary {MANAGERS}: is given twice"),
        ([f"{SHARE}=0:0.9:0.001", f"{WORKERS}=1:900:1"], Design.GRID, None, "810900 points: must be from 1 to 100000"),
    ],
)
def test_a_design_that_does_not_fit_is_refused(
    varied: list[str], design: Design, count: int | None, sentence: str
) -> None:
    with pytest.raises(ScenarioError, match=sentence.replace("(", r"\(")):
        points([lever(each, COUNTY) for each in varied], design, count, 1)
