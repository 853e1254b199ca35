"""The account of a calibration as a report: what the record is, what it told, how far the fitted model is like it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sim.calibration.posterior import Label
from sim.calibration.seen import Learned
from sim.history import Observed
from sim.report.analyses.labels import plain
from sim.report.calibration.compared import HIDDEN, SMALL_COUNT, Compared, compared, many
from sim.report.calibration.pictures import BESIDE_TITLE, FITTED_TITLE, beside_picture, fitted_picture
from sim.report.calibration.told import Told
from sim.report.document.blocks import Block, Document, Drawing, Grid, Heading, Items, Paragraph
from sim.report.observed.hiding import is_small
from sim.report.wording import listed, sentence

_OBSERVED: Final = "Set from a record of real children: aggregated, small counts hidden."
_PERCENT: Final = 0.005
_WARNED: Final = "Nothing stands out. The test against past months (frontdoor backcast) still has to be passed."
_MEANING: Final = {
    Label.PINNED_DOWN: "the record says it closely",
    Label.INFORMED: "the record narrows what was assumed",
    Label.NOT_LEARNED: "its range is the one assumed before",
}


def calibration_report(told: Told, observed: Observed, made: datetime, version: str) -> Document:
    """The whole of it. Counts of few children are hidden; no row of the record is named."""
    name = told.own.scenario.title
    return Document(
        title=f"{name}: what the record told of the model",
        subject="Calibration of a baseline from an authority's own extract",
        foot=f"Front Door {version}. {_OBSERVED}",
        keywords="observed and simulated",
        banner=f"{_OBSERVED} What is simulated is said to be.",
        made=made,
        blocks=(
            *_summary(told),
            *_record(observed),
            *_fitted(told, observed),
            *_beside(told, observed),
            *_results(told),
        ),
    )


def _summary(told: Told) -> Iterator[Block]:
    counts = told.own
    yield Paragraph(
        f"Of {len(counts.evidence)} numbers {len(counts.learned)} are learned from the record, {len(counts.fitted)} "
        f"fitted by running it again, {len(counts.told)} told by posts, and {len(counts.borrowed)} the base "
        f"scenario's. {_labels(told)}",
        is_lead=True,
    )
    yield Heading("Before using it")
    yield Items(tuple(map(sentence, told.warnings))) if told.warnings else Paragraph(_WARNED)


def _labels(told: Told) -> str:
    if told.found is None:
        return f"Nothing was fitted: {told.why_not_fitted}."
    labels = [row.learned for row in told.fitted]
    said = [f"{labels.count(label.value)} {label.value}" for label in Label if label.value in labels]
    return f"Of {len(labels)} that no record shows: {listed(said)}."


def _record(observed: Observed) -> Iterator[Block]:
    log, used = observed.log, observed.used + observed.set_aside
    first = log.first_day + timedelta(minutes=log.window_start)
    rows = [
        ("Format", observed.history.format),
        ("Window", f"{first.isoformat()} to {observed.as_at.isoformat()}"),
        ("Contacts (families) in it", many(len(log.contacts))),
        ("Journeys set aside as unusable", _share(observed.set_aside, used)),
        ("Rows that could not be read", many(len(observed.history.refused))),
        ("Posts", "given" if observed.staff is not None else "not given: the base scenario's stand in"),
    ]
    yield Heading("The record")
    yield Grid("What was read (observed)", ("What", "In this record"), tuple(rows), (2, 3))
    found = sorted(observed.findings, key=lambda one: -len(one.rows) / max(one.of, 1))
    if found:
        yield Grid(
            "What is odd in it (observed)",
            ("What", "Of the rows looked at", "It touches", "What was done"),
            tuple((one.what, _share(len(one.rows), one.of), one.touches, one.done) for one in found),
            (3, 1.2, 2, 2),
            note="Which rows they are, frontdoor observe says in the files that stay where the extract is.",
            is_small=True,
        )


def _fitted(told: Told, observed: Observed) -> Iterator[Block]:
    yield Heading("What no record shows, fitted by running it again")
    if told.found is None:
        yield Paragraph(f"Nothing was fitted: {told.why_not_fitted}.")
        return
    yield Drawing(FITTED_TITLE, fitted_picture(told.fitted, _source(told, observed)))
    yield Grid(
        f"Fitted numbers ({told.found.runs:,} runs of the record)",
        ("Number", "Assumed before", "Fitted", "90 in 100", "Contraction", "This record"),
        tuple(
            (
                f"{row.label}, {row.unit}", f"{plain(row.low)} to {plain(row.high)}", plain(row.median),
                f"{plain(row.q05)} to {plain(row.q95)}", f"{row.contraction:.2f}", row.learned,
            )
            for row in told.fitted
        ),
        (3.2, 1.5, 0.9, 1.5, 1.1, 1.3),
        note="Contraction: the part of the variance assumed before that the record took away. "
        + "; ".join(f"{label.value}: {meaning}" for label, meaning in _MEANING.items())
        + ".",
        is_small=True,
    )  # fmt: skip
    yield from _together(told)


def _together(told: Told) -> Iterator[Block]:
    if told.found is None:
        return
    correlations = told.found.found.correlations
    letters = [chr(ord("A") + place) for place in range(len(told.fitted))]
    named = "; ".join(f"{letter} {row.label}" for letter, row in zip(letters, told.fitted, strict=True))
    yield Grid(
        "How far fitted numbers go together (correlation)",
        ("", *letters),
        tuple(
            (letter, *("" if other > place else f"{correlations[place, other]:.2f}" for other in range(len(letters))))
            for place, letter in enumerate(letters)
        ),
        (0.8, *(1.0 for _ in letters)),
        note=f"{named}. Near 1 or -1 the record tells two of them together and not apart.",
        is_small=True,
    )


def _beside(told: Told, observed: Observed) -> Iterator[Block]:
    if told.found is None:
        return
    rows = list(compared(told.found))
    beyond = [row for row in rows if abs(row.apart) > 1]
    yield Heading("Does the fitted model work as the service does?")
    yield Paragraph(
        f"{len(beyond)} of {len(rows)} figures of the record lie beyond 95 in 100 runs of the fitted model; about "
        f"{len(rows) * 0.05:.0f} would by chance. The figures are of each stage, of parts of the window one after "
        "another, and of the ratings and tracks."
    )
    yield Drawing(f"{BESIDE_TITLE} (observed and simulated)", beside_picture(rows, _source(told, observed)))
    yield _every(rows)


def _every(rows: list[Compared]) -> Grid:
    return Grid(
        "Every figure of the record, and where 95 in 100 runs lie (observed and simulated)",
        ("Stage", "Figure", "Record", "95 in 100 runs", "It lies"),
        tuple((row.stage.capitalize(), row.words, row.record, row.runs, _verdict(row)) for row in rows),
        (1.4, 4, 1.1, 1.7, 0.9),
        note="Shares are to the nearest tenth: finer, of few families, they would say how many.",
        is_small=True,
    )


def _verdict(row: Compared) -> str:
    if HIDDEN in row.record and HIDDEN in row.runs:
        return "hidden"
    return "beyond" if abs(row.apart) > 1 else "inside"


def _results(told: Told) -> Iterator[Block]:
    yield Heading("What the record shows by itself")
    learned = [one for one in told.results if isinstance(one, Learned)]
    yield Grid(
        "Learned from the record as it stands (observed)",
        ("What", "Counted", "Rests on"),
        tuple((one.what, many(one.n), one.rests_on) for one in learned),
        (2, 1, 4),
        is_small=True,
    )
    yield Grid(
        "Not learned: the base scenario's stays",
        ("What", "Why"),
        tuple((one.what, one.why) for one in told.results if not isinstance(one, Learned)),
        (2, 4),
        is_small=True,
    )
    yield Paragraph(", ".join(told.own.borrowed) or "None.", opening="Numbers borrowed from the base scenario:")


def _source(told: Told, observed: Observed) -> str:
    runs = 0 if told.found is None else told.found.runs
    return f"Source: the authority's own record ({observed.history.format}), and {runs:,} simulated runs of it."


def _share(part: int, of: int) -> str:
    if is_small(part, SMALL_COUNT):
        return f"{many(part)} of {many(of)}"
    share = part / max(of, 1)
    return "none" if part == 0 else f"{share:.0%}" if share >= _PERCENT else "under 1%"
