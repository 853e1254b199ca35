"""`frontdoor sweep` as people use it, and as the system stops it."""

import json
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sim import cli
from sim.cli import sweep_arguments
from sim.scenario import shipped
from sim.sweep import Design, Store, designs
from tests.sweep.counties import MANAGERS, SMALL

BASE = str(shipped("leicestershire-2018-19.toml"))
COUNTY = [BASE, *(f"--set={path}={value}" for path, value in SMALL.items()), "--processes=1"]
# What was done is stored at once, so that there is something to find when the process is killed.
STORING_AT_ONCE = """import sys
from sim.sweep import parts, running
parts._STORED_EVERY_SECONDS = 0.0
running.AT_ONCE = 1
from sim.cli import main
sys.exit(main())"""


def swept(folder: Path, *arguments: str) -> int:
    out = ["--out", str(folder / "out"), "--store", str(folder / "store")]
    return cli.main(["sweep", *COUNTY, "--replications=2", *out, *arguments])


def table(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "out" / "sweep.parquet")


def test_a_sweep_leaves_its_table_its_picture_and_its_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert swept(tmp_path, f"--vary={MANAGERS}=3,9", "--target=10") == 0
    shown = capsys.readouterr()

    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "sweep.csv", "sweep.html", "sweep.json", "sweep.parquet", "sweep.png", "sweep.txt",
    }  # fmt: skip
    assert "Sweep (simulated)" in shown.out
    assert f"Every run is kept in {tmp_path / 'store'}" in shown.err
    record = json.loads((tmp_path / "out" / "sweep.json").read_text(encoding="utf-8"))
    assert record["points"] == [{MANAGERS: 3}, {MANAGERS: 9}]
    assert (tmp_path / "out" / "sweep.csv").read_text(encoding="utf-8").count("NaN") == 0


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_is_printed_for_machines_is_the_table_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert swept(tmp_path, f"--vary={MANAGERS}=3,9", f"--format={form}") == 0
    printed = capsys.readouterr().out

    rows = json.loads(printed) if form == "json" else pl.read_csv(printed.encode()).rows(named=True)
    assert len(rows) == len(table(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([f"--vary={MANAGERS}=3,9", "--measure=days"], "--measure days: there is no such measure"),
        ([f"--vary={MANAGERS}=3,9", "--measure=days_to_seen_q90:nobody"], "the measure is read for all, "),
        ([f"--vary={MANAGERS}=3,9", "--replications=0"], "--replications 0: must be from 1"),
        ([f"--vary={MANAGERS}=3:9"], "a grid needs a step"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert swept(tmp_path, *arguments) == 2
    error = capsys.readouterr().err

    assert sentence in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_command_offers_the_designs_there_are() -> None:
    assert tuple(Design) == sweep_arguments.DESIGNS
    assert sweep_arguments.DEFAULT_POINTS == designs.DEFAULT_POINTS


def test_a_folder_that_is_not_ours_is_refused_before_anything_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine", encoding="utf-8")

    assert swept(tmp_path, f"--vary={MANAGERS}=3,9") == 2
    assert "is not empty and holds no earlier run" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


def long_sweep(folder: Path, name: str) -> list[str]:
    """Twelve runs, which take longer than it takes to kill the process."""
    places = ["--out", str(folder / name), "--store", str(folder / "store")]
    return ["sweep", *COUNTY, f"--vary={MANAGERS}=3,9", "--replications=4", *places]


def started(folder: Path, name: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-c", STORING_AT_ONCE, *long_sweep(folder, name)], stdout=subprocess.DEVNULL
    )


def test_a_sweep_killed_at_any_moment_goes_on_from_what_it_stored(tmp_path: Path) -> None:
    parts = tmp_path / "store" / "runs"
    for wanted in (2, 6):
        running = started(tmp_path, "out")
        while len(list(parts.glob("*.parquet"))) < wanted and running.poll() is None:
            time.sleep(0.01)
        running.kill()
        assert running.wait() != 0
    before = {path.name for path in parts.glob("*.parquet")}
    assert cli.main(long_sweep(tmp_path, "out")) == 0
    assert cli.main(long_sweep(tmp_path / "at once", "out")) == 0

    assert 6 <= len(before) < 3 * 4
    assert before < {path.name for path in parts.glob("*.parquet")}
    assert len(Store(tmp_path / "store").ids()) == 3 * 4
    assert_frame_equal(table(tmp_path), table(tmp_path / "at once"))


@pytest.mark.slow
def test_two_sweeps_on_one_store_do_each_other_no_harm(tmp_path: Path) -> None:
    both = [started(tmp_path, name) for name in ("one", "two")]

    assert [running.wait() for running in both] == [0, 0]
    one, two = (pl.read_parquet(tmp_path / name / "sweep.parquet") for name in ("one", "two"))
    assert_frame_equal(one, two)


def test_a_comparison_on_a_store_writes_what_one_without_writes(tmp_path: Path) -> None:
    scenario = str(shipped("one-more-team-manager.toml"))
    arguments = ["compare", COUNTY[0], scenario, *COUNTY[1:], "--replications=2"]
    small = ["compare", COUNTY[0], scenario, *COUNTY[1:], "--replications=1"]
    store = f"--store={tmp_path / 'store'}"
    assert cli.main([*small, store, f"--out={tmp_path / 'small'}"]) == 0
    for name, more in (("grown", [store]), ("at once", [])):
        assert cli.main([*arguments, *more, f"--out={tmp_path / name}"]) == 0

    written = [(tmp_path / name / "measures.csv").read_bytes() for name in ("grown", "at once")]
    records = [json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8")) for name in ("grown", "at once")]
    assert written[0] == written[1]
    assert records[0]["cells"] == records[1]["cells"]
