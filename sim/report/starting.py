"""What a comparison that starts from real open work says of it: how much, how old it may be, what had to be drawn."""

from collections.abc import Hashable, Iterator, Mapping
from typing import NamedTuple

from sim.experiment import Comparison, Estimate, ScenarioResult, Started, StartedBefore
from sim.experiment.comparison import SMALL_COUNT
from sim.experiment.matching import tells_outcomes
from sim.facts import FACTS, Fact
from sim.measures.inherited import INHERITED
from sim.provenance import RecordedStart
from sim.report.starts import in_words
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
_IN_ALL = "children in all"
NOT_IN_EXTRACT = "not told by this extract"
"""In place of a count of children at a stage of which an extract tells nothing."""

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
    """How many children of the open work have come how far, in words; small counts hidden, and what gives them away.

    A stage of which the extract can tell nothing has no nought.
    """
    # Here and not above: it takes a solver to import, which a run without a start has no need of.
    from sim.report.observed.hiding import HIDDEN, Sum, hidden  # noqa: PLC0415

    counts: dict[Hashable, int] = dict(work.children_by_stage().items())
    counts[_ALL] = sum(counts.values())
    hiding = hidden(counts, [Sum(_ALL, tuple(OpenStage))], SMALL_COUNT)
    found = {words: _told(stage, counts[stage], work) for stage, words in STAGE_WORDS.items()}
    found |= {STAGE_WORDS[stage]: HIDDEN for stage in OpenStage if stage in hiding}
    return {**found, _IN_ALL: HIDDEN if _ALL in hiding else str(counts[_ALL])}


def recorded_start(work: OpenWork) -> RecordedStart:
    """The start as it stands in a record: no row of it, and no small count."""
    return RecordedStart(
        fingerprint=work.fingerprint, as_at=work.as_at, format=work.format, children=stage_counts(work)
    )


def start_in_words(work: OpenWork) -> str:
    """The start in the run's details: its date, and what tells its extract."""
    return f"open work at the end of {in_words(work.as_at)}, {work.format}, fingerprint {work.fingerprint}"


class Waiting(NamedTuple):
    """The children whose work is open in an extract: a title with its date, what leads, a row a stage, and notes.

    A row says how many children have come so far, or that it is hidden or not told. It hides what a comparison that
    starts from the work hides: nothing can be worked out from the two together.
    """

    title: str
    first: str
    rows: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def waiting(work: OpenWork) -> Waiting:
    """The children whose work was open, as the extract counts them."""
    counts = stage_counts(work)
    rows = tuple(_row(stage, counts[STAGE_WORDS[stage]], work) for stage in OpenStage)
    notes = (*_key(counts), *_untold(work), *_unusable(work))
    return Waiting(
        f"Children in your extract at the end of {in_words(work.as_at)}", _waiting_first(work, counts), rows, notes
    )


def _waiting_first(work: OpenWork, counts: Mapping[str, str]) -> str:
    total = counts[_IN_ALL]
    of = work.children_by_stage()
    unseen = sum(of[stage] for stage in _NOT_YET_SEEN)
    tells_all = work.tells_undecided and work.tells_unbegun and {Fact.SEEN, Fact.ALLOCATION} <= work.facts
    if not total.isdigit():
        return f"How many children's work was open at the end of {in_words(work.as_at)} is hidden, for they are few."
    said = f"{total} children's work was open at the end of {in_words(work.as_at)}"
    # Only where no number of the sum is hidden: it tells no more than they do. One not told by itself is in another.
    told = {counts[STAGE_WORDS[stage]] for stage in _NOT_YET_SEEN}
    if tells_all and all(count.isdigit() or count == NOT_IN_EXTRACT for count in told):
        return f"{said}; {unseen} of them were waiting to be decided on or to be seen."
    return f"{said}."


_NOT_YET_SEEN = (OpenStage.UNDECIDED, OpenStage.TO_BE_DISCUSSED, OpenStage.UNALLOCATED, OpenStage.UNSEEN)


def _row(stage: OpenStage, count: str, work: OpenWork) -> tuple[str, str]:
    """A stage in words that hold of this extract, and its count."""
    words = STAGE_WORDS[stage]
    if stage is OpenStage.UNALLOCATED and Fact.ALLOCATION not in work.facts:
        words = "referred, assessment not begun"
    if stage is OpenStage.UNSEEN and Fact.SEEN not in work.facts:
        words = "with a worker, assessment not begun"
    return words, count


def _told(stage: OpenStage, count: int, work: OpenWork) -> str:
    """A count that is not hidden; where there is none, a nought only of a stage that the extract can tell of."""
    tells = {
        OpenStage.UNDECIDED: work.tells_undecided,
        OpenStage.TO_BE_DISCUSSED: work.tells_unbegun and tells_outcomes(work.facts),
        OpenStage.UNALLOCATED: work.tells_unbegun,
        OpenStage.UNSEEN: work.tells_unbegun and Fact.ALLOCATION in work.facts,
        OpenStage.AFTER_ASSESSMENT: work.tells_after,
    }
    return str(count) if count or tells.get(stage, True) else NOT_IN_EXTRACT


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
    stages = listed(
        [
            f"{count} {words}"
            for words, count in counts.items()
            if count not in {"0", NOT_IN_EXTRACT} and words != _IN_ALL
        ]
    )
    said = (
        f"Every scenario starts from the real open work at the end of {in_words(work.as_at)}, read from an "
        f"extract ({work.format}), with no warm-up: {counts[_IN_ALL]} children, {stages}."
    )
    return " ".join((said, *_key(counts)))


def _key(counts: Mapping[str, str]) -> Iterator[str]:
    """What the mark in place of a hidden count means, where there is one."""
    from sim.report.observed.hiding import HIDDEN  # noqa: PLC0415  (as above)

    if HIDDEN in counts.values():
        yield f"{HIDDEN} stands for a count that is hidden because it, or another, is small."


def _drawn(started: Started) -> Iterator[str]:
    work = started.work
    yield (
        "How each family goes on, and what the extract does not tell of it, is that of a family of the baseline's own "
        "simulated half year, at the same step and open for as long."
    )
    yield from _untold(work)
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


def _untold(work: OpenWork) -> Iterator[str]:
    """What the extract does not tell of the families, and what is taken in its place."""
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


def _stages_told(work: OpenWork) -> tuple[tuple[str, bool], ...]:
    return (
        (STAGE_WORDS[OpenStage.UNDECIDED], work.tells_undecided),
        ("referred and assessment not begun", work.tells_unbegun),
        (STAGE_WORDS[OpenStage.AFTER_ASSESSMENT], work.tells_after),
    )


def _left_out(work: OpenWork) -> Iterator[str]:
    yield from _unusable(work)
    yield (
        "Who comes back after an earlier contact does so at the baseline's rate. Pieces of work in hand at the start "
        "are begun anew."
    )


def _unusable(work: OpenWork) -> Iterator[str]:
    """What of the extract is not among the open work."""
    if work.stale:
        many = "A few families" if work.stale <= SMALL_COUNT else f"{work.stale} families"
        yield (
            f"{many} open for more than {OLDEST_DAYS} days, or undecided for more than {OLDEST_UNDECIDED_DAYS}, are "
            "left out: records that nobody ended, rather than work. `frontdoor observe` leaves none out."
        )
    if work.unusable:
        many = "A few" if work.unusable <= SMALL_COUNT else str(work.unusable)
        yield f"{many} rows or journeys of the extract could not be used; what was open among them is not here."


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
