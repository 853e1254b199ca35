import re
from itertools import combinations
from pathlib import Path

import pytest

from sim.events import LIFECYCLE, EventKind
from sim.report.pathway import PLACES, label, milestones, pathway_diagram, steps, write_pathway

BESIDE = {EventKind.WORK_QUEUED, EventKind.WORK_STARTED, EventKind.WORK_ENDED}


def test_every_milestone_is_named_and_work_is_not() -> None:
    diagram = pathway_diagram()

    assert set(milestones()) == set(EventKind) - BESIDE
    for kind in EventKind:
        assert (f'{kind.name}["{label(kind)}"]' in diagram) is (kind not in BESIDE)


def test_every_lawful_step_is_an_arrow_and_there_is_no_other() -> None:
    arrows = set(re.findall(r"^    (\w+) --> (\w+)$", pathway_diagram(), re.MULTILINE))
    lawful = {(before.name, kind.name) for kind in milestones() for before in LIFECYCLE[kind].after}

    assert arrows == lawful == {(before.name, kind.name) for before, kind in steps()}


def test_every_milestone_has_a_place_of_its_own_in_the_drawing() -> None:
    assert set(PLACES) == set(milestones())
    assert all(one != other for one, other in combinations(PLACES.values(), 2))


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_drawing_is_the_same_bytes_each_time(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    write_pathway(first)
    write_pathway(second)

    assert first.read_bytes() == second.read_bytes()


def test_the_drawing_names_every_milestone(tmp_path: Path) -> None:
    write_pathway(tmp_path / "pathway.svg")

    drawn = " ".join(re.findall(r"<!-- (.*?) -->", (tmp_path / "pathway.svg").read_text(encoding="utf-8"), re.DOTALL))

    for kind in milestones():
        assert label(kind) in re.sub(r"\s+", " ", drawn)
