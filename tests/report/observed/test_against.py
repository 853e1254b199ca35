"""What happened against what a run said: which months can be told, and which lie inside."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from sim.experiment import Estimate, Range
from sim.experiment.months import MonthOfWork
from sim.facts import Fact
from sim.measures import LogIndex, open_work
from sim.provenance import RecordError
from sim.report.figures.style import png
from sim.report.observed.account import Account, account
from sim.report.observed.against import ABOVE, BELOW, HEADINGS, INSIDE, NAME, NO_VERDICT, Nights, against
from sim.report.observed.figures.against import against_run
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.reading import Rules
from sim.report.observed.tables import NOT_IN_RECORD
from sim.report.result_file import Result
from tests.history.files import observed
from tests.report.comparisons import three_scenarios
from tests.report.observed.extracts import a_year

COUNTS = ("open_contacts", "unallocated_children", "unseen_children", "open_assessments")
SEPTEMBER = date(2023, 9, 1)
OBSERVED, VERDICT = HEADINGS.index("observed, average night"), HEADINGS.index("verdict")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Account:
    """A year of an invented record, from April."""
    path = a_year(tmp_path_factory.mktemp("extract") / "journeys.csv", rows=1500)
    return account(path.name, observed(path), Rules())


def a_run(low: float, high: float, first: date = SEPTEMBER, days: int = 30) -> Result:
    """A result with one month, of which every count lay in this range in 8 of 10 years."""
    level = Estimate((low + high) / 2, None, None, Range(low, high), 0.0, 1.0, 20)
    month = MonthOfWork(first, days, dict.fromkeys(COUNTS, level), {})
    found = three_scenarios()
    scenarios = tuple(replace(scenario, months=(month,)) for scenario in found.scenarios[:2])
    record = SimpleNamespace(run_id="0123456789")
    return cast(Result, SimpleNamespace(
        folder=Path("results/plan"), record=record, comparison=replace(found, scenarios=scenarios), grounds=None,
    ))  # fmt: skip


def nights(told: Account, count: str, first: date, days: int) -> float:
    """The mean over the nights of a month, night by night."""
    index = told.reading.index
    start = (first - index.log.first_day).days
    by_day = dict(
        zip((open_work(index).times // 1440).tolist(), getattr(open_work(index), count).tolist(), strict=True)
    )
    return float(np.mean([by_day[day] for day in range(start, start + days)]))


def test_a_month_is_set_against_every_scenario_by_its_average_night(told: Account) -> None:
    table = against(told.reading, a_run(0, 10_000))
    rows = {(row[0], row[3]): row for row in table.rows}
    titles = [scenario.title for scenario in three_scenarios().scenarios[:2]]

    assert len(rows) == len(COUNTS) * 2
    for title in titles:
        shown = rows["Children with an open assessment", title][OBSERVED]
        assert getattr(shown, "value", None) == round(nights(told, "open_assessments", SEPTEMBER, 30))
    assert {row[VERDICT] for row in table.rows} <= {INSIDE, ""}
    assert "about two in ten lie outside even of a right model" in table.meaning


@pytest.mark.parametrize(("low", "high", "verdict"), [(0, 1, ABOVE), (50_000, 60_000, BELOW)])
def test_outside_says_on_which_side(told: Account, low: float, high: float, verdict: str) -> None:
    rows = against(told.reading, a_run(low, high)).rows

    assert {row[VERDICT] for row in rows if row[OBSERVED] != HIDDEN} == {verdict}


def test_small_counts_are_hidden_and_no_verdict_gives_them_away(told: Account) -> None:
    everything = replace(told.reading, rules=Rules(small_count=10_000))

    assert {(row[OBSERVED], row[VERDICT]) for row in against(everything, a_run(0, 1)).rows} == {(HIDDEN, "")}


@pytest.mark.parametrize(
    ("first", "days"),
    [(date(2023, 6, 1), 30), (date(2024, 3, 15), 30), (date(2018, 9, 1), 30), (date(2030, 1, 1), 31)],
)
def test_a_month_that_the_record_does_not_cover_or_begins_too_late_for_is_refused(
    told: Account, first: date, days: int
) -> None:
    with pytest.raises(RecordError, match="no month of the run lies in it, 91 days or more after it begins"):
        against(told.reading, a_run(0, 1, first, days))


@pytest.mark.parametrize(
    ("fact", "untold"), [(Fact.FAMILY, {"open_contacts"}), (Fact.CLOSURE, {"unallocated_children", "unseen_children"})]
)
def test_a_count_that_is_another_in_the_record_than_in_the_model_is_not_set_against_it(
    told: Account, fact: Fact, untold: set[str]
) -> None:
    """Contacts of single children and of families; cases that closed without it, with those that go on."""
    log = told.reading.index.log
    rows = against(replace(told.reading, index=LogIndex(replace(log, facts=log.facts - {fact}))), a_run(0, 1)).rows
    counts = dict(zip(dict.fromkeys(row[0] for row in rows), COUNTS, strict=True))

    assert {counts[row[0]] for row in rows if row[OBSERVED] == NOT_IN_RECORD} == untold


def test_two_scenarios_of_one_title_stay_two(told: Account) -> None:
    run = a_run(0, 10_000)
    first, second = run.comparison.scenarios
    alike = replace(run.comparison, scenarios=(first, replace(second, title=first.title)))
    rows = against(told.reading, cast("Result", SimpleNamespace(**{**vars(run), "comparison": alike}))).rows

    assert len({row[3] for row in rows}) == 2


def test_the_picture_says_what_it_shows_in_words(told: Account) -> None:
    table = against(told.reading, a_run(0, 10_000))
    picture = against_run(replace(told, tables={**told.tables, NAME: table}))

    assert picture.alt.startswith("What happened against what a run said, observed and simulated.")
    assert "September 2023" in picture.alt
    assert png(picture).startswith(b"\x89PNG")


def test_a_month_of_which_a_part_is_told_says_which(told: Account) -> None:
    table = against(told.reading, a_run(0, 10_000, date(2023, 9, 12), 19))
    picture = against_run(replace(told, tables={**told.tables, NAME: table}))

    assert {row[1] for row in table.rows} == {"September 2023, 19 days from 12"}
    assert {label.get_text() for label in picture.figure.axes[-1].get_xticklabels()} == {"Sep\n2023"}


@pytest.mark.parametrize(("value", "shown", "verdict"), [(0.0, 0.0, INSIDE), (0.3, HIDDEN, ""), (10.4, 10.0, INSIDE)])
def test_a_verdict_is_of_the_numbers_beside_it_and_an_average_below_one_child_is_not_none(
    told: Account, monkeypatch: pytest.MonkeyPatch, value: float, shown: object, verdict: str
) -> None:
    monkeypatch.setattr(Nights, "mean", lambda *_: value)
    row = against(told.reading, a_run(0, 10.2)).rows[0]

    assert getattr(row[OBSERVED], "value", row[OBSERVED]) == shown
    assert row[VERDICT] == verdict


def test_where_no_month_has_a_range_nothing_is_said_to_lie_inside_or_outside(told: Account) -> None:
    run = a_run(0, 1)
    bare = [
        replace(
            s,
            months=tuple(
                replace(m, levels=dict.fromkeys(COUNTS, Estimate(1.0, None, None, None, 0.0, 1.0, 2))) for m in s.months
            ),
        )
        for s in run.comparison.scenarios
    ]
    object.__setattr__(run.comparison, "scenarios", tuple(bare))
    table = against(told.reading, run)

    assert NO_VERDICT in table.meaning
    assert "0 of 0" not in table.meaning
