"""How many would be enough, in sentences: the number, what fresh years say of it, and never one without the other."""

from sim.experiment.sizing import Chance, Sizing, Standard
from sim.report.enough import FEWER, LEVELS, Enough, enough_sentences

ASKED = Enough("experienced social workers", "at least 90% of children are seen within 10 calendar days", 29)
STANDARD = Standard("seen_within_10_days_share", 0.9)


def said(
    least: tuple[int, ...], fresh: dict[int, Chance] | None = None, uneven: int = 0, sets: tuple[int, ...] = ()
) -> tuple[str, ...]:
    amounts = (27, 28, 29, 30, 31)
    found = Sizing("assessment.social_workers.experienced", STANDARD, amounts, least, 1, uneven, 40, sets)
    return enough_sentences(ASKED, found, 0.8, fresh or {})


def test_the_least_number_is_told_against_now_with_the_chance_it_has() -> None:
    first, *rest = said((2, 3, 3, 3, 4, 3, 3, 3, 3, 3))

    assert first == (
        "In the model 30 experienced social workers (1 more than now) are the least with whom at least 90% of children "
        "are seen within 10 calendar days, with a chance of 90% (80% was asked for). Luck and how few sets of numbers "
        "there are leave that number between 30 and more than 31 (95% interval)."
    )
    assert rest[-1] == LEVELS
    assert FEWER not in rest


def test_the_number_has_the_range_that_the_intervals_of_its_chances_leave() -> None:
    doubtful, sure = (said(least)[0] for least in ((1,) * 20 + (2,) * 60 + (3,) * 20, (2,) * 100))

    assert "leave that number between 29 and 30 (95% interval)" in doubtful
    assert "95% interval" not in sure


def test_where_no_number_is_enough_the_largest_is_told_and_that_it_is_not_staff() -> None:
    first, *_ = said((5, 5, 5, 4, 5))

    assert "no number of experienced social workers up to 31 meets the standard with a chance of 80%" in first
    assert "with 31 it is met in 20% of simulated years. It would take still more of them, or something else." in first


def test_fewer_than_now_is_no_reason_to_have_fewer() -> None:
    first, second, *_ = said((0, 0, 0, 0, 0))

    assert "27 experienced social workers (2 fewer than now), the fewest that were tried, are enough" in first
    assert second == FEWER


def test_fresh_years_say_whether_it_is_enough_only_where_they_can_tell() -> None:
    fresh = {30: Chance(95, 100), 29: Chance(50, 100), 28: Chance(80, 100)}
    _, *tests = said((3, 3, 3, 3, 3), fresh)

    assert tests[0].startswith("In 100 fresh simulated years 30 experienced social workers met it in 95, 95%")
    assert tests[0].endswith(": enough.")
    assert tests[1].endswith(": not enough.")
    assert tests[2].endswith(": too few years, or sets of numbers, to tell whether that is enough.")


def test_what_fresh_years_gave_stands_in_the_answer_itself() -> None:
    less, enough = (said((3, 3, 3, 3, 3), {30: Chance(met, 100)})[0] for met in (70, 85))

    assert less.endswith("In fresh simulated years they met it in 70%, less than was asked for.")
    assert enough.endswith("In fresh simulated years they met it in 85%.")


def test_worlds_in_which_more_made_it_worse_are_told() -> None:
    assert any("In 1 of 1 worlds looked at in full more made it worse" in words for words in said((3,), uneven=1))


def test_of_how_many_sets_of_numbers_the_chance_is_is_told_and_of_one_that_nothing_unknown_is_in_it() -> None:
    two, one = (" ".join(said((3, 3, 4, 4), sets=sets)) for sets in ((0, 1, 0, 1), (0, 0, 0, 0)))

    assert "in 4 worlds: 2 plausible sets of numbers, each with its luck. Fresh years are of the same sets" in two
    assert "one set of numbers and its luck, so that what is not known is not in the chance." in one
