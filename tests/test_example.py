"""The result kept in the repository: made again from its record, event for event and figure for figure."""

from pathlib import Path
from typing import Final

import pytest

from sim import provenance
from sim.experiment import compare, run_plan
from sim.experiment.replay import plan_of
from sim.report.data import csv_text
from sim.report.tables import tables
from sim.scenario import load, shipped
from tests.commands import Command

EXAMPLE: Final = Path(__file__).parents[1] / "results" / "example"
MOST_BYTES: Final = 300_000


def test_the_kept_record_replays_event_for_event(frontdoor: Command) -> None:
    code, said, _ = frontdoor("replay", EXAMPLE, "--processes", "1")

    assert "identical, all 4 simulated years event for event" in said
    assert "those kept beside the record are what these events give" in said
    assert code == 0


def test_the_kept_record_is_of_the_shipped_county_as_it_stands() -> None:
    plan = plan_of(provenance.read(EXAMPLE))

    assert plan.baseline == load(shipped("leicestershire-2018-19.toml"))


def test_the_example_is_small_and_says_how_it_was_made() -> None:
    words = (EXAMPLE / "README.md").read_text(encoding="utf-8")

    assert sum(path.stat().st_size for path in EXAMPLE.iterdir()) < MOST_BYTES
    assert all(path.name in words for path in EXAMPLE.iterdir())
    assert "frontdoor replay results/example" in words


def test_a_number_of_the_example_can_be_cited(frontdoor: Command) -> None:
    code, said, _ = frontdoor("cite", EXAMPLE, "days_to_seen_q90", "--scenario", "one-more-team-manager")

    assert code == 0
    assert provenance.read(EXAMPLE).run_id in said


@pytest.mark.slow
def test_the_kept_tables_are_those_of_the_record() -> None:
    plan = plan_of(provenance.read(EXAMPLE))
    made = {f"{table.name}.csv": csv_text(table) for table in tables(compare(plan, list(run_plan(plan, processes=1))))}
    kept = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLE.glob("*.csv")}

    assert kept
    # A checkout may end its lines as its system does.
    assert kept == {name: made[name].replace("\r\n", "\n") for name in kept}
