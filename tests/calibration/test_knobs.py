"""The search for plausible sets: what may vary, and how a set is written."""

from pathlib import Path

import pytest

from sim.calibration import knobs, with_effects, write_draws
from sim.scenario import Effect, evidence, load, plausible_draws, shipped

FILE = shipped("leicestershire-2018-19.toml")
BASE = load(FILE)
KNOBS = {knob.path: knob for knob in knobs(BASE, evidence(FILE))}


def test_a_law_varies_by_its_main_number_and_keeps_its_shape() -> None:
    knob = KNOBS["further_work.health_reply_days.median"]
    (tail, ratio), *_ = knob.scaled
    setting = knob.setting(0.5)

    assert tail == "further_work.health_reply_days.p95"
    assert setting[tail] == pytest.approx(float(str(setting[knob.path])) * ratio, abs=1e-3)


def test_the_law_inside_a_law_is_found() -> None:
    assert "assessment.outside_days.rest.median" in KNOBS


def test_whole_numbers_stay_whole() -> None:
    assert KNOBS["assessment.caseload_guide"].setting(0.333) == {"assessment.caseload_guide": round(12 + 0.333 * 10)}


def test_posts_and_official_numbers_do_not_vary() -> None:
    assert not {"front_door.managers", "assessment.social_workers.experienced", "workforce.absence_share"} & set(KNOBS)


def test_what_does_nothing_in_the_baseline_does_not_vary() -> None:
    assert not BASE.front_door.delegate_green
    assert "front_door.senior_practitioners" not in KNOBS


@pytest.mark.parametrize("position", [0.0, 0.5, 1.0])
def test_every_number_can_take_every_value_of_its_range(position: float) -> None:
    for knob in KNOBS.values():
        BASE.changed(knob.setting(position))


def test_sets_come_back_as_they_were_written(tmp_path: Path) -> None:
    sets = [{"a.b": 1, "x:c.d": 0.25}, {"a.b": 2, "x:c.d": 0.5}]
    write_draws(tmp_path / "base.draws.csv", sets)

    assert list(plausible_draws(tmp_path / "base.toml")) == sets


def test_an_effect_shared_by_scenarios_has_one_value_in_a_set_and_stays_in_its_range() -> None:
    effect = Effect(("one", "two"), "domestic_abuse_team.information_wait_multiplier", 0.4, 1.0)
    found = with_effects([{}] * 20, [effect], BASE, seed=1)
    values = [row["one:domestic_abuse_team.information_wait_multiplier"] for row in found]

    assert values == [row["two:domestic_abuse_team.information_wait_multiplier"] for row in found]
    assert all(0.4 <= float(str(value)) <= 1.0 for value in values)
    assert len(set(values)) == 20
