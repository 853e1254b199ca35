"""The command as people use it: small worlds, real files, exit codes and single sentences."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim import cli, experiment, provenance, report
from sim.cli import comparing
from sim.cli.arguments import REPLICATIONS_SETTING
from sim.model import Engine
from sim.report import result_file
from sim.report.data import csv_text
from sim.report.tables import tables as report_tables
from sim.scenario import shipped
from tests.commands import Command

BASE = str(shipped("leicestershire-2018-19.toml"))
SCENARIO = str(shipped("one-more-team-manager.toml"))
SMALL = [
    "--set=demand.family_contacts_per_year=300",
    "--set=calendar.warm_up_days=20",
    "--set=calendar.horizon_days=50",
    "--set=calendar.follow_up_days=30",
    "--replications=2",
    "--processes=1",
]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of a small comparison."""
    folder = tmp_path_factory.mktemp("results") / "run"
    assert cli.main(["compare", BASE, SCENARIO, *SMALL, "--out", str(folder)]) == 0
    return folder


def test_a_comparison_leaves_tables_a_page_figures_and_the_record(results: Path) -> None:
    names = {path.name for path in results.iterdir()}

    assert {"run.json", "summary.html", "summary.csv", "comparison.xlsx"} <= names
    assert {"days_to_seen.png", "where_the_days_go.png", "open_work.png"} <= names


def test_a_results_folder_is_whole_or_not_there(results: Path) -> None:
    assert [path for path in results.parent.iterdir() if path.name.startswith(".")] == []


def test_a_result_is_read_again_as_it_was_written(results: Path) -> None:
    found = result_file.read(results)
    tables = {f"{table.name}.csv": csv_text(table).encode() for table in report_tables(found.comparison)}

    assert tables == {name: (results / name).read_bytes() for name in tables}
    assert result_file.content(found.comparison, found.grounds, found.record.run_id) == (
        (results / result_file.NAME).read_bytes()
    )
    # The baseline was changed for the run: what it is held to no longer holds of it.
    assert (len(found.grounds.sources) > 100, found.grounds.targets) == (True, ())
    assert [month.days for month in found.comparison.baseline.months] == [30, 20]


def test_a_record_replays_identically(frontdoor: Command, results: Path) -> None:
    code, out, _ = frontdoor("replay", str(results), "--processes=2")

    assert (code, "identical" in out) == (0, True)
    assert "figures: those kept beside the record are what these events give" in out


def test_a_figure_that_was_altered_after_the_run_is_found(frontdoor: Command, results: Path, tmp_path: Path) -> None:
    shutil.copy(results / "run.json", tmp_path)
    tree = json.loads(gzip.decompress((results / result_file.NAME).read_bytes()))
    (_, level), *_ = tree["result"]["comparison"]["scenarios"][1]["levels"]
    level["mean"] += 0.1
    (tmp_path / result_file.NAME).write_bytes(gzip.compress(json.dumps(tree).encode()))

    code, out, _ = frontdoor("replay", str(tmp_path), "--processes=1")

    assert code == 1
    assert "different figure: one-more-team-manager, days_to_seen_q50 (all)" in out
    assert "figures: 1 kept beside the record are NOT what these events give" in out


def test_a_record_whose_result_was_altered_does_not_replay(frontdoor: Command, results: Path, tmp_path: Path) -> None:
    record = json.loads((results / "run.json").read_text(encoding="utf-8"))
    record["cells"][1]["log_hashes"][0] = "0" * 64
    altered = tmp_path / "run.json"
    altered.write_text(json.dumps(record), encoding="utf-8")

    code, out, _ = frontdoor("replay", str(altered), "--processes=1")

    assert (code, "1 of 2 replications differ" in out) == (1, True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("format", 2, "format: Input should be 1"),
        ("run_id", "0" * 10, "run_id: is not that of this plan"),
    ],
)
def test_a_record_that_was_changed_is_not_replayed(
    frontdoor: Command, results: Path, tmp_path: Path, field: str, value: object, sentence: str
) -> None:
    record = json.loads((results / "run.json").read_text(encoding="utf-8"))
    changed = tmp_path / "run.json"
    changed.write_text(json.dumps({**record, field: value}), encoding="utf-8")

    code, _, error = frontdoor("replay", str(changed))

    assert (code, sentence in error, error.count("\n")) == (2, True, 1)


def test_a_record_without_draws_is_not_replayed(frontdoor: Command, results: Path, tmp_path: Path) -> None:
    record = json.loads((results / "run.json").read_text(encoding="utf-8"))
    record["plan"]["draws"] = []
    changed = tmp_path / "run.json"
    changed.write_text(json.dumps(record), encoding="utf-8")

    code, _, error = frontdoor("replay", str(changed))

    assert (code, "plan.draws" in error, error.count("\n")) == (2, True, 1)


def test_more_processes_give_the_same_logs(results: Path, tmp_path: Path) -> None:
    arguments = [a for a in SMALL if not a.startswith("--processes")]
    assert cli.main(["compare", BASE, SCENARIO, *arguments, "--processes=2", "--out", str(tmp_path / "two")]) == 0
    one, two = (json.loads((f / "run.json").read_text(encoding="utf-8")) for f in (results, tmp_path / "two"))

    assert one["cells"] == two["cells"]


def test_one_file_alone_is_run_alone(frontdoor: Command, tmp_path: Path) -> None:
    code, out, _ = frontdoor("compare", BASE, *SMALL, "--out", str(tmp_path / "alone"), "--format=json")

    assert (code, len(json.loads(out)["scenarios"])) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--set=front_door.manager=6"],
            "--set front_door.manager: there is no such lever; did you mean front_door.managers?",
        ),
        (
            ["--set=front_door.managers=-90"],
            "front_door.managers: Input should be greater than or equal to 0 (given: -84)",
        ),
        (["--set=front_door.managers"], "write it as path=value"),
        (["--replications=many"], "argument --replications: 'many' is not a whole number"),
        (["--processes=0"], "argument --processes: 0: must be 1 or more"),
        (["--no-such-option"], "unrecognized arguments: --no-such-option"),
        (["--targets"], "--targets prints one table and writes no files"),
        (["--targets", SCENARIO], "--targets checks a baseline alone"),
        (["--replications=0"], "--replications 0: must be from 1 to"),
        (["--seed=-1"], "--seed -1: must be from 0 to"),
        (["--set=domestic_abuse_team.on=true"], "needs at least one manager"),
        (["--set=assessment.review_days=[-1]"], "assessment.review_days.0: Input should be greater than or equal to 1"),
        (["--set=assessment.review_days=[1000000000000]"], "assessment.review_days.0: Input should be less than or"),
        (["--set=assessment.review_days=[20,10]"], "review_days must rise from each to the next"),
        (
            ["--set=front_door.screening_minutes={kind='gamma',mean=1e300,cv=1}"],
            "screening_minutes: 99 in 100 values must be at most 480 minutes",
        ),
        (
            ["--set=second_look.information_days={kind='lognormal',median=1e12,p95=2e12}"],
            "information_days: 99 in 100 values must be at most 400 days",
        ),
        (
            ["--set=demand.children_per_family={kind='discrete',values=[0,1],shares=[0.5,0.5]}"],
            "children_per_family: must be a discrete or fixed law of whole numbers from 1 to 15 children",
        ),
        (
            ["--set=further_work.rounds={kind='fixed',value=1.5}"],
            "rounds: must be a discrete or fixed law of whole numbers from 1 to 3 rounds",
        ),
        (
            ["--set=further_work.rounds={kind='exponential',mean=1}"],
            "rounds: must be a discrete or fixed law of whole numbers from 1 to 3 rounds",
        ),
        (
            ["--set=calendar.first_day=9999-12-31"],
            "calendar.first_day: Input should be less than or equal to 2100",
        ),
        (["--set=calendar.first_day=1850-04-01"], "calendar.first_day: Input should be greater than or equal to 1990"),
        (["--set=title=a\x07b"], "--set title: the value holds a line break or another control character"),
        (["--set=front_door.managers=7\nfoo=3"], "--set front_door.managers: the value holds a line break"),
        (["--set=workforce.sudden_leavers=500"], "workforce.sudden_leavers: 500 leave at once, of"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    frontdoor: Command, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    out = tmp_path / "out"
    code, shown, error = frontdoor("compare", BASE, *SMALL, *arguments, "--out", str(out))

    assert (code, shown, error.count("\n"), out.exists()) == (2, "", 1, False)
    assert sentence in error


def test_a_bad_environment_setting_is_named(frontdoor: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REPLICATIONS_SETTING, "lots")

    code, _, error = frontdoor("compare", BASE)

    assert (code, error) == (
        2,
        "frontdoor: environment setting FRONTDOOR_REPLICATIONS=lots: must be a whole number of 1 or more\n",
    )


def test_the_environment_setting_gives_the_replications(
    frontdoor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REPLICATIONS_SETTING, "3")
    small = [a for a in SMALL if not a.startswith("--replications")]
    code, out, _ = frontdoor("compare", BASE, *small, "--out", str(tmp_path / "run"), "--format=json")

    assert (code, json.loads(out)["replications"]) == (0, 3)


def test_a_baseline_changed_from_the_command_line_is_named_for_it(frontdoor: Command, tmp_path: Path) -> None:
    alone = ["compare", BASE, "--replications=1", "--format=json", "--out", str(tmp_path / "run")]
    short = ["--set=front_door.managers=8", "--set=calendar.horizon_days=20"]
    _, out, _ = frontdoor(*alone, *short, *(f"--set={a}" for a in ("calendar.warm_up_days=0", "demand.multiplier=0.1")))
    only = json.loads(out)["scenarios"][0]

    assert only["title"] == "Leicestershire, year to March 2019, with 4 changes"
    assert "Changed for this run: front_door.managers = 8; calendar.horizon_days = 20;" in only["summary"]


def test_targets_that_cannot_be_read_are_told_before_anything_is_run(
    frontdoor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.toml"
    copy.write_text(Path(BASE).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(comparing, "run_plan", lambda *_, **__: pytest.fail("was run"))

    code, _, error = frontdoor("compare", str(copy), "--targets", "--replications=1")

    assert (code, "no targets can be read from it" in error) == (2, True)


def test_a_reader_that_has_read_enough_is_no_error() -> None:
    code = f"{sys.executable} -m sim levers | {sys.executable} -c 'print(input())'"
    found = subprocess.run(code, shell=True, capture_output=True, text=True, check=True)  # noqa: S602  (two of our own)

    assert (found.stdout, found.stderr) == ("levers_start_day = 0 (days)\n", "")


def test_an_earlier_run_is_replaced_whole_or_kept(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = {path.name: path.read_bytes() for path in results.iterdir()}
    monkeypatch.setattr(report, "write", full)
    code = cli.main(["compare", BASE, *SMALL, "--out", str(results)])

    assert code == 2
    assert {path.name: path.read_bytes() for path in results.iterdir()} == before
    assert [path.name for path in results.parent.iterdir()] == ["run"]


def test_a_folder_that_cannot_be_put_in_place_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.json").write_text("earlier", encoding="utf-8")
    replace = Path.replace

    def held_open(self: Path, target: Path) -> Path:
        if target == folder and not self.name.endswith(".earlier"):
            raise PermissionError(13, "The file is in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held_open)
    with pytest.raises(provenance.FolderError, match="cannot be written"), provenance.whole_folder(folder) as partial:
        (partial / "run.json").write_text("later", encoding="utf-8")

    assert (folder / "run.json").read_text(encoding="utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_file_with_neither_all_fields_nor_a_parent_is_refused(frontdoor: Command, tmp_path: Path) -> None:
    lonely = tmp_path / "lonely.toml"
    lonely.write_text('name = "lonely"\ntitle = "Lonely"\nsummary = ""\n', encoding="utf-8")
    code, _, error = frontdoor("compare", str(lonely), *SMALL)

    assert (code, "says which file it extends" in error, str(lonely) in error) == (2, True, True)


def test_scenarios_of_another_baseline_are_refused(frontdoor: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(Path(BASE).read_text(encoding="utf-8"), encoding="utf-8")
    code, _, error = frontdoor("compare", str(other), SCENARIO, *SMALL)

    assert (code, "compare scenarios of one baseline" in error) == (2, True)


def test_a_folder_that_is_not_ours_is_left_alone(frontdoor: Command, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep", encoding="utf-8")
    code, _, error = frontdoor("compare", BASE, *SMALL, "--out", str(tmp_path))

    assert (code, "holds no earlier run" in error) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_below_a_file_is_refused_before_anything_is_run(frontdoor: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, error = frontdoor("compare", BASE, *SMALL, "--out", str(tmp_path / "file" / "run"))

    assert (code, "cannot be written" in error) == (2, True)


def test_an_interrupt_leaves_nothing_behind(
    frontdoor: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(
        plan: experiment.Plan, *, processes: int, engine: Engine, scheduler: str | None
    ) -> list[experiment.CellResult]:
        del plan, processes, engine, scheduler
        raise KeyboardInterrupt

    monkeypatch.setattr(comparing, "run_plan", interrupted)
    code, _, error = frontdoor("compare", BASE, *SMALL, "--out", str(tmp_path / "run"))

    assert (code, "nothing is left half-written" in error, list(tmp_path.iterdir())) == (130, True, [])


def test_a_worker_process_imports_nothing_that_only_reports_need() -> None:
    heavy = ["matplotlib", "openpyxl", "jinja2", "scipy.stats"]
    code = f"import sys, sim.cli; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  (our own command)

    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("lever", ["front_door.managers", "front_door.workers", "assessment.managers"])
def test_work_that_nobody_is_left_to_do_is_refused(frontdoor: Command, tmp_path: Path, lever: str) -> None:
    code, _, error = frontdoor("compare", BASE, *SMALL, f"--set={lever}=0", "--out", str(tmp_path / "run"))

    assert (code, error.startswith(f"frontdoor: leicestershire-2018-19, {lever}: nobody is left")) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_span_of_control_wider_than_usual_is_warned_of_once_and_kept(frontdoor: Command, tmp_path: Path) -> None:
    wide = "--set=assessment.social_workers.experienced=+12"
    code, _, error = frontdoor("compare", BASE, SCENARIO, *SMALL, wide, "--out", str(tmp_path / "run"))
    warning = (
        "leicestershire-2018-19, assessment.managers: 54 social worker posts to 6 team managers is 9.0 each, more than "
        "8 (an assumption: practice is usually 6 to 8)"
    )

    assert (code, error.count(f"warning: {warning}"), error.count("assessment.managers")) == (0, 1, 1)
    assert json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))["warnings"][1:] == [warning]
    assert warning in (tmp_path / "run" / "summary.html").read_text(encoding="utf-8")


def test_a_scenario_that_changes_nothing_is_said_to(frontdoor: Command, tmp_path: Path) -> None:
    same = tmp_path / "same.toml"
    same.write_text(f'extends = "{Path(BASE).as_posix()}"\nname = "same"\ntitle = "The same"\n', encoding="utf-8")
    code, out, _ = frontdoor("compare", BASE, str(same), *SMALL, "--out", str(tmp_path / "run"))

    assert code == 0
    assert 'Changed nothing in any run, where every event is the baseline\'s: "The same".' in out
    assert "  Nothing changed in any run." in out
    assert "0.0 to 0.0" not in out


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("demand.multiplier=0.0", "demand: no contact is made in a year"),
        ("out_of_hours.staff=0", "out_of_hours.staff: nobody is left to work there"),
    ],
)
def test_no_demand_and_nights_without_anybody_are_refused(
    setting: str, sentence: str, frontdoor: Command, tmp_path: Path
) -> None:
    code, _, error = frontdoor("compare", BASE, *SMALL, f"--set={setting}", "--out", str(tmp_path / "run"))

    assert (code, sentence in error) == (2, True)
    assert not (tmp_path / "run").exists()
