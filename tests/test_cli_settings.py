"""What `--set` or a file states stands in every plausible set of numbers."""

from pathlib import Path

import pytest

from sim import cli
from sim.cli.comparing import planned
from sim.experiment import Plan
from sim.scenario import plausible_draws, read, shipped

LAW = 'front_door.screening_minutes={kind = "gamma", mean = 60.0, cv = 0.5}'


def plan_of(*settings: str) -> Plan:
    options = cli._options(["compare", *(f"--set={text}" for text in settings)])
    return planned(options)


def test_a_law_that_is_set_is_the_law_in_every_draw() -> None:
    plan = plan_of(LAW)
    found = {plan.scenarios(draw)[0].front_door.screening_minutes.mean for draw in range(len(plan.draws))}

    assert len(plan.draws) == 30
    assert found == {60.0}


def test_a_law_of_another_kind_may_be_set() -> None:
    plan = plan_of('assessment.outside_days={kind = "exponential", mean = 20.0}')

    assert {plan.scenarios(draw)[0].assessment.outside_days.kind for draw in range(len(plan.draws))} == {"exponential"}


def test_what_is_not_set_still_varies() -> None:
    plan = plan_of(LAW)

    assert len({plan.scenarios(draw)[0].front_door.decision_minutes.mean for draw in range(len(plan.draws))}) > 15


def test_a_lever_set_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    twice = ["--set=front_door.managers=+1", "--set=front_door.managers=+1"]

    assert cli.main(["compare", *twice]) == 2
    assert "--set front_door.managers: is given twice" in capsys.readouterr().err


COUNTY = "leicestershire-2018-19.toml"


def written(folder: Path, name: str, extends: Path | str, text: str) -> Path:
    file = folder / f"{name}.toml"
    words = f"extends = '{Path(extends).as_posix()}'\nname = '{name}'\ntitle = '{name}'\n"
    file.write_text(words + text, encoding="utf-8")
    return file


def compared(*files: Path) -> Plan:
    return planned(cli._options(["compare", *map(str, files)]))


def test_what_a_file_states_of_its_own_baseline_stands_in_every_set(tmp_path: Path) -> None:
    own = written(tmp_path, "own", shipped(COUNTY), "[assessment]\ncaseload_guide = 8\n")
    plan = compared(own)

    assert {plan.scenarios(draw)[0].assessment.caseload_guide for draw in range(len(plan.draws))} == {8}
    assert len({plan.scenarios(draw)[0].front_door.decision_minutes.mean for draw in range(len(plan.draws))}) > 15


def test_scenarios_may_extend_a_file_that_extends_the_baseline(tmp_path: Path) -> None:
    own = written(tmp_path, "own", shipped(COUNTY), "[assessment]\ncaseload_guide = 8\n")
    more = written(tmp_path, "more", own, "[front_door]\nmanagers = '+1'\n")
    farther = written(tmp_path, "farther", more, "[assessment]\nduty_workers = 3\n")
    plan = compared(own, more, farther)

    one, other = (dict(variant.differences) for variant in plan.variants)
    assert one.keys() == {"summary", "front_door.managers"}
    assert other.keys() == {"summary", "front_door.managers", "assessment.duty_workers"}
    assert {s.assessment.caseload_guide for draw in range(20) for s in plan.scenarios(draw)} == {8}


def test_a_scenario_that_does_not_extend_the_first_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = written(tmp_path, "own", shipped(COUNTY), "[assessment]\ncaseload_guide = 8\n")

    assert cli.main(["compare", str(own), str(shipped("slow-partners.toml"))]) == 2
    assert "slow-partners.toml: does not extend" in capsys.readouterr().err


def test_a_file_that_extends_itself_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = written(tmp_path, "one", "other.toml", "")
    written(tmp_path, "other", "one.toml", "")

    assert cli.main(["compare", str(one)]) == 2
    assert "one.toml: extends itself, by way of other.toml" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["slow-partners", "ours"])
def test_an_assumed_effect_goes_with_the_number_assumed_whatever_the_scenario_is_called(
    tmp_path: Path, name: str
) -> None:
    stated = read(shipped("slow-partners.toml")).differences["further_work.reply_multiplier"]
    alike = written(tmp_path, name, shipped(COUNTY), f"[further_work]\nreply_multiplier = {stated}\n")
    plan = compared(shipped(COUNTY), alike)

    found = {plan.scenarios(draw)[1].further_work.reply_multiplier for draw in range(len(plan.draws))}
    assert found == {each["slow-partners:further_work.reply_multiplier"] for each in plausible_draws(shipped(COUNTY))}
    assert not list(plan.warnings())


def test_a_number_that_is_not_the_one_assumed_is_kept_whatever_the_scenario_is_called(tmp_path: Path) -> None:
    other = written(tmp_path, "slow-partners", shipped(COUNTY), "[further_work]\nreply_multiplier = 1.0\n")
    plan = compared(shipped(COUNTY), other)

    assert {plan.scenarios(draw)[1].further_work.reply_multiplier for draw in range(len(plan.draws))} == {1.0}
    assert list(plan.warnings()) == [
        "slow-partners, further_work.reply_multiplier: is taken as stated; what is not known about it is in no range"
    ]


def test_a_scenario_may_not_change_the_calendar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = written(tmp_path, "late", shipped(COUNTY), "[calendar]\noffice_closes_minute = 1200\n")

    assert cli.main(["compare", str(shipped(COUNTY)), str(late)]) == 2
    assert "late, calendar: all scenarios of a comparison have one calendar" in capsys.readouterr().err
