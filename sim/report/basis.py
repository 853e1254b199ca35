"""What a fitted baseline rests on, in words and as rows of a table."""

from collections.abc import Iterator

from sim.scenario import Basis, LearnedNumber

TITLE = "What the fit learned"
MEANING = (
    "Each number that was fitted: its range before, and the range in which nine in ten of its plausible values lie "
    "after. The part of the variance taken away says how much was learned: above 0.8 pinned down, above 0.5 informed, "
    "else not learned, and then the range is an assumption."
)
HEADINGS = (
    "number", "unit", "least before", "most before", "least after (5 in 100 lie below)", "middle after",
    "most after (5 in 100 lie above)", "part of the variance taken away", "learned",
)  # fmt: skip
_DIGITS = 3


def basis_sentences(basis: Basis | None) -> tuple[str, ...]:
    """What must be known of a fitted baseline before its figures are used; nothing of one that was not."""
    if basis is None:
        return ()
    first, *others = under_its_heading(basis)
    return (f"{basis.heading} {first}", *others)


def under_its_heading(basis: Basis) -> tuple[str, ...]:
    """The same where the heading stands above it already."""
    return (basis.rests_on, _told(basis), *basis.limits, *basis.sharper)


def _told(basis: Basis) -> str:
    """How many numbers were learned, naming those that were, and what nothing was learned of."""
    by = {word: [one.label for one in basis.learned if one.told == word] for word in ("pinned down", "informed")}
    learned = sum(map(len, by.values()))
    said = [f"{word}: {', '.join(labels)}" for word, labels in by.items() if labels]
    rest = len(basis.learned) - learned
    if not said:
        return f"None of the {len(basis.learned)} numbers that were fitted was learned."
    first = f"Of {len(basis.learned)} numbers that were fitted, these were {'; '.join(said)}."
    return (
        f"{first} Of the other {rest} little or nothing was learned: their ranges are assumptions." if rest else first
    )


def rows(basis: Basis) -> Iterator[tuple[str, ...]]:
    """A row a fitted number, under `HEADINGS`."""
    for one in basis.learned:
        yield (one.label, one.unit, *map(_short, _numbers(one)), f"{max(one.contraction, 0.0):.2f}", one.told)


def _numbers(one: LearnedNumber) -> tuple[float, ...]:
    return one.low, one.high, one.after_low, one.after_middle, one.after_high


def _short(number: float) -> str:
    return f"{number:.{_DIGITS}g}"
