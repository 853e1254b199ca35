from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

from benchmarks.peers import desks, in_c, tandem
from benchmarks.peers.tandem import Drawn, Kind, Setting, Whole
from benchmarks.peers.twin import Twin, world_of

BUSY = Setting(contacts=4000, managers=1, places=20, grid_minutes=30)
"""Contacts come at once in hundreds of half hours and wait for one manager; nearly every place is always in use."""


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return tandem.draw(1, BUSY)


@pytest.fixture(scope="module")
def in_simpy(drawn: Drawn) -> Whole:
    return desks.run(drawn, BUSY)


def test_the_kernel_of_the_twin_runs_the_reference_workload_as_simpy_does(drawn: Drawn, in_simpy: Whole) -> None:
    log = Twin().run(world_of(drawn), len(drawn.arrival), drawn.most_lines, BUSY)

    assert np.array_equal(log, in_simpy)


@pytest.mark.skipif(in_c.compiler() is None, reason="there is no compiler of C")
@pytest.mark.parametrize("heap", [True, False], ids=["heap", "lists"])
def test_c_runs_the_reference_workload_as_simpy_does(
    drawn: Drawn, in_simpy: Whole, tmp_path: Path, *, heap: bool
) -> None:
    assert np.array_equal(in_c.built(tmp_path, heap=heap)(drawn, BUSY), in_simpy)


def test_the_reference_workload_waits_and_ties_where_engines_are_compared(in_simpy: Whole) -> None:
    found = tandem.figures(in_simpy, tandem.MINUTES)
    several_came = np.unique(in_simpy[in_simpy[:, 1] == Kind.ARRIVED, 0], return_counts=True)[1] > 1

    assert several_came.sum() > 300
    assert found["waiting for a manager"] > 0.005
    assert found["places in use"] > 19


def test_mean_numbers_of_the_reference_workload_are_integrals_over_everybodys_stay() -> None:
    log = np.array([[0, Kind.ARRIVED, 0], [25, Kind.STARTED, 0], [50, Kind.DECIDED, 0], [75, Kind.PLACED, 0]])

    found = tandem.figures(log, 100)

    assert (found["waiting for a manager"], found["managers at work"]) == (0.25, 0.25)
    assert (found["places in use"], found["assessments"]) == (0.25, 0)
