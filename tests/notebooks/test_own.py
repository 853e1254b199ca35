"""Single years, and measures of one's own, as a notebook has them."""

from typing import Any

import numpy as np
import pytest

from sim import notebooks
from sim.events import EventKind
from sim.measures import Measure, between_steps
from sim.measures.measure import ALL, Better
from sim.scenario import ScenarioError, shipped
from tests.sweep.counties import MANAGERS, SMALL

BASE = shipped("leicestershire-2018-19.toml")
MANY: dict[str, Any] = {"replications": 3, "settings": SMALL, "processes": 1, "seed": 1}
MOVED = {"name": "moved", "title": "Moved", MANAGERS: "+3"}
TO_ALLOCATION = between_steps(EventKind.DECIDED, EventKind.ALLOCATED)


def test_single_years_average_to_the_comparison() -> None:
    years = notebooks.yearly(BASE, [MOVED], **MANY)
    compared = notebooks.compare(BASE, [MOVED], **MANY)
    means = years.groupby(["scenario", "measure", "group"], sort=False)[["level", "change"]].mean()
    both = compared.set_index(["scenario", "measure", "group"])[["level", "change"]]

    # Three replications of three sets: the mean of sets is the mean of years, but where a year is not known.
    known = years.groupby(["scenario", "measure", "group"], sort=False)["level"].count() == 3
    np.testing.assert_allclose(means[known], both[known])
    assert years["draw"].max() == 2
    assert years.attrs["basis"] == "simulated"


def test_a_measure_of_ones_own_stands_in_a_table_like_any_other() -> None:
    found = notebooks.measure_with([TO_ALLOCATION], BASE, [MOVED], **MANY)

    assert found["measure"].tolist() == ["days_decided_to_allocated_q90"] * 2
    assert found["scenario"].tolist()[1] == "moved"
    assert found["change"].isna().tolist() == [True, False]
    assert found["level"].iloc[1] - found["level"].iloc[0] == pytest.approx(found["change"].iloc[1])
    assert found.attrs["units"] == {TO_ALLOCATION.id: "days"}


def test_a_measure_that_cannot_go_to_other_processes_is_measured_here() -> None:
    counted = lambda index, _: float(len(index.received))  # noqa: E731  (what is to be refused elsewhere)
    odd = Measure("odd", "Odd", "contacts", Better.NEITHER, (ALL,), counted, "", frozenset())
    asked = {**MANY, "processes": 2, "replications": 1}
    found = notebooks.measure_with([odd], BASE, **asked)

    assert found["level"].iloc[0] > 0


def test_a_scenario_of_ones_own_needs_its_words_and_a_lever() -> None:
    with pytest.raises(ScenarioError, match="needs a name and a title"):
        notebooks.run(BASE, [{MANAGERS: 3}], **MANY)
    with pytest.raises(ScenarioError, match="moved: changes nothing"):
        notebooks.run(BASE, [{"name": "moved", "title": "Moved"}], **MANY)
