"""What a comparison that starts from real open work says of it: how much, how old it may be, what had to be drawn."""

from collections.abc import Hashable, Iterator, Mapping

from sim.experiment import Comparison, Estimate, ScenarioResult, Started, StartedBefore
from sim.experiment.comparison import SMALL_COUNT
from sim.facts import FACTS, Fact
from sim.measures.inherited import INHERITED
from sim.report.views import Heading, LevelsView
from sim.report.wording import Number, listed, shown
from sim.world.opening import OLDEST_DAYS, OLDEST_UNDECIDED_DAYS, OpenStage, OpenWork

STAGE_WORDS: Mapping[OpenStage, str] = {
    OpenStage.UNDECIDED: "contacts not yet decided",
    OpenStage.TO_BE_DISCUSSED: "waiting for a strategy discussion",
    OpenStage.UNALLOCATED: "referred and without a worker",
    OpenStage.UNSEEN: "with a worker and not yet seen",
    OpenStage.IN_ASSESSMENT: "seen, assessment or enquiry open",
    OpenStage.AFTER_ASSESSMENT: "assessment authorised, case not yet closed",
}
_ALL = "all"
_WANTED = (
    Fact.DOMESTIC_ABUSE,
    Fact.FAMILY,
    Fact.RATING,
    Fact.FURTHER_WORK,
    Fact.STRATEGY_ASKED,
    Fact.ALLOCATION,
    Fact.SEEN,
)
"""What matters most for how open work goes on, of what a record may not tell."""


def stage_counts(work: OpenWork) -> dict[str, str]:
    """How many children of the open work have come how far, in words; small counts hidden, and what gives them away."""
    # Here and not above: it takes a solver to import, which a run without a start has no need of.
    from sim.report.observed.hiding import HIDDEN, Sum, hidden  # noqa: PLC0415

    counts: dict[Hashable, int] = dict(work.children_by_stage().items())
    counts[_ALL] = sum(counts.values())
    hiding = hidden(counts, [Sum(_ALL, tuple(OpenStage))], SMALL_COUNT)
    found = {words: HIDDEN if stage in hiding else str(counts[stage]) for stage, words in STAGE_WORDS.items()}
    return {**found, "children in all": HIDDEN if _ALL in hiding else str(counts[_ALL])}


def as_kept(started: Started | StartedBefore) -> StartedBefore:
    """What can be kept of a start: its date, its counts with the small ones hidden, and what is said of it."""
    if isinstance(started, StartedBefore):
        return started
    work = started.work
    return StartedBefore(work.as_at, work.format, work.fingerprint, stage_counts(work), starting_sentences(started))


def starting_sentences(started: Started | StartedBefore) -> tuple[str, ...]:
    """Paragraphs on the state that every scenario started from."""
    if isinstance(started, StartedBefore):
        return started.sentences
    return (_from(started.work), " ".join(_drawn(started)), " ".join(_left_out(started.work)))


def _from(work: OpenWork) -> str:
    counts = stage_counts(work)
    total = counts.pop("children in all")
    stages = listed([f"{count} {words}" for words, count in counts.items() if count != "0"])
    marks = {count for count in counts.values() if not count.isdigit()}
    key = f" {min(marks)} stands for a count that is hidden because it, or another, is small." if marks else ""
    return (
        f"Every scenario starts from the real open work at the end of {work.as_at.isoformat()}, read from an extract "
        f"({work.format}), with no warm-up: {total} children, {stages}.{key}"
    )


def _drawn(started: Started) -> Iterator[str]:
    work = started.work
    yield (
        "How each family goes on, and what the extract does not tell of it, is that of a family of the baseline's own "
        "simulated half year, at the same step and open for as long."
    )
    untold = [FACTS[fact] for fact in _WANTED if fact not in work.facts]
    if untold:
        yield f"This extract does not tell {listed(untold)}."
    if Fact.FAMILY not in work.facts:
        yield "Each child counts as a family of its own, which is more work than siblings together are."
    if work.seen_undated:
        many = "A few children" if work.seen_undated <= SMALL_COUNT else f"{work.seen_undated} children"
        yield (
            f"{many} are recorded as seen or assessed, and not on which day: they count as seen when their assessment "
            "began."
        )
    stages = [words for words, is_told in _stages_told(work) if not is_told]
    if stages:
        yield (
            f"Of children at these stages it tells nothing: {listed(stages)}; in their place stand those of the "
            f"baseline's simulated service, {shown(Number(started.borrowed, 'children'))} families on average."
        )
    if started.unlike:
        yield "Of some families no simulated one had come just as far; the nearest was taken."
    yield (
        "Recorded workers' cases stay together, as far as the scenario has as many workers; the cases of others are "
        "spread by who has most room."
        if work.holders
        else "The extract names no workers: open cases are spread by who has most room."
    )


def _stages_told(work: OpenWork) -> tuple[tuple[str, bool], ...]:
    return (
        (STAGE_WORDS[OpenStage.UNDECIDED], work.tells_undecided),
        ("referred and assessment not begun", work.tells_unbegun),
        (STAGE_WORDS[OpenStage.AFTER_ASSESSMENT], work.tells_after),
    )


def _left_out(work: OpenWork) -> Iterator[str]:
    if work.stale:
        many = "A few families" if work.stale <= SMALL_COUNT else f"{work.stale} families"
        yield (
            f"{many} open for more than {OLDEST_DAYS} days, or undecided for more than {OLDEST_UNDECIDED_DAYS}, are "
            "left out: records that nobody ended, rather than work. `frontdoor observe` leaves none out."
        )
    if work.unusable:
        many = "A few" if work.unusable <= SMALL_COUNT else str(work.unusable)
        yield f"{many} rows or journeys of the extract could not be used; what was open among them is not here."
    yield (
        "Who comes back after an earlier contact does so at the baseline's rate. Pieces of work in hand at the start "
        "are begun anew."
    )


def inherited_view(comparison: Comparison) -> LevelsView | None:
    """What became of the open work under every scenario; None where the comparison started from none."""
    if comparison.started is None:
        return None
    return LevelsView(
        title="The open work at the start: what becomes of it (simulated)",
        group="the open work at the start",
        note="Children whose contact came before the start; the tables of days to seen are of those who come after it.",
        headings=tuple(Heading(measure.label, _short(measure.label)) for measure in INHERITED),
        rows=tuple((scenario.title, _cells(scenario)) for scenario in comparison.scenarios),
    )


def _cells(scenario: ScenarioResult) -> tuple[str, ...]:
    return tuple(_shown(scenario.inherited[measure.id], measure.unit) for measure in INHERITED)


def _shown(estimate: Estimate, unit: str) -> str:
    return shown(Number(estimate.mean, unit))


def _short(label: str) -> str:
    """A label in lines of two or three words, for a terminal."""
    lines, line = [], ""
    for word in label.split():
        if line and len(f"{line} {word}") > _LONGEST_LINE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


_LONGEST_LINE = 13
