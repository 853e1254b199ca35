"""The trajectory sets doing nothing beside the action month by month, and is called planning evidence."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiment import Comparison
from sim.report import result_file
from sim.report.assurance import Assurance
from sim.report.document.about import About, about
from sim.report.document.blocks import Grid, Heading, Paragraph
from sim.report.document.letter import POINTS
from sim.report.document.trajectory import COUNTS, LABEL, YEARLY, trajectory
from tests.report.comparisons import MORE_WORKERS, a_comparison, three_scenarios
from tests.report.results import a_result, with_months
from tests.report.test_starting import a_started_comparison


def about_of(folder: Path, comparison: Comparison) -> About:
    return about(result_file.read(a_result(folder, comparison)), "more-workers", None, Assurance())


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> About:
    return about_of(tmp_path_factory.mktemp("result"), with_months(three_scenarios()))


def test_a_month_has_doing_nothing_the_action_their_ranges_the_change_and_room_for_the_plan(asked: About) -> None:
    grids = [block for block in trajectory(asked) if isinstance(block, Grid)]
    unseen = next(grid for grid in grids if grid.caption.startswith("Children referred and not yet seen"))

    assert unseen.headings[-2:] == ("Owner", "Status")
    assert unseen.rows == (
        ("April 2018", "40", "39 to 41", "40", "39 to 41", "-2.0 (-2.5 to -1.5)", "", ""),
        ("May 2018, 20 days from 1", "40", "39 to 41", "40", "39 to 41", "-2.0 (-2.5 to -1.5)", "", ""),
    )


def test_every_part_of_it_is_called_planning_evidence(asked: About) -> None:
    blocks = list(trajectory(asked))

    assert next(block for block in blocks if isinstance(block, Paragraph)).opening == LABEL
    assert {block.note for block in blocks if isinstance(block, Grid)} == {LABEL}


def test_every_improvement_point_of_the_letter_has_its_heading_words_and_table(asked: About) -> None:
    blocks = list(trajectory(asked))

    assert [b.text for b in blocks if isinstance(b, Heading)][1:] == [f"Improvement point {n}" for n in range(1, 6)]
    assert [b.text for b in blocks if isinstance(b, Paragraph) and b.opening == "The letter:"] == list(POINTS)
    assert sorted([*COUNTS, *YEARLY]) == list(range(1, len(POINTS) + 1))


def test_what_starts_from_nobodys_open_work_says_so(asked: About, tmp_path: Path) -> None:
    said = next(block for block in trajectory(asked) if isinstance(block, Paragraph)).text
    started = about_of(tmp_path / "started", with_months(a_started_comparison()))

    assert "forecast no service" in said
    told = next(block for block in trajectory(started) if isinstance(block, Paragraph)).text
    assert told.startswith("It starts from the open work of the extract of 31 March 2024.")


def test_a_result_without_months_says_that_it_has_none(tmp_path: Path) -> None:
    blocks = list(trajectory(about_of(tmp_path, a_comparison(replace(MORE_WORKERS, months=())))))

    assert len(blocks) == 2
    assert isinstance(blocks[1], Paragraph)
    assert "month by month is not in this result" in blocks[1].text
