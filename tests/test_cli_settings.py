"""What `--set` sets stands in every plausible set of numbers, and is said once."""

import pytest

from sim import cli
from sim.cli.comparing import planned
from sim.experiment import Plan

LAW = 'front_door.screening_minutes={kind = "gamma", mean = 60.0, cv = 0.5}'


def plan_of(*settings: str) -> Plan:
    options = cli._options(["compare", *(f"--set={text}" for text in settings)])
    return planned(options)


def test_a_law_that_is_set_is_the_law_in_every_draw() -> None:
    plan = plan_of(LAW)
    found = {plan.scenarios(draw)[0].front_door.screening_minutes.mean for draw in range(len(plan.draws))}

    assert len(plan.draws) == 20
    assert found == {60.0}


def test_a_law_of_another_kind_may_be_set() -> None:
    plan = plan_of('assessment.outside_days={kind = "exponential", mean = 20.0}')

    assert {plan.scenarios(draw)[0].assessment.outside_days.kind for draw in range(20)} == {"exponential"}


def test_what_is_not_set_still_varies() -> None:
    plan = plan_of(LAW)

    assert len({plan.scenarios(draw)[0].front_door.decision_minutes.mean for draw in range(20)}) > 15


def test_a_lever_set_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    twice = ["--set=front_door.managers=+1", "--set=front_door.managers=+1"]

    assert cli.main(["compare", *twice]) == 2
    assert "--set front_door.managers: is given twice" in capsys.readouterr().err
