"""`frontdoor observe` as people use it: real files, exit codes and single sentences."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import cli
from sim.history import TEMPLATE
from sim.measures import measure
from sim.provenance.event_files import read_log
from tests.history.files import a_csv
from tests.report.observed.extracts import a_year

Command = Callable[..., tuple[int, str, str]]

TEAMS = ("North duty", "South duty")
ROW = {"contact_id": "1", "child_id": "a", "received": "2024-01-08"}


@pytest.fixture
def observe(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command; gives exit code, output and error output."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main(["observe", *map(str, arguments)])
        except SystemExit as stopped:
            code = int(str(stopped.code))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_year(tmp_path_factory.mktemp("extract") / "journeys.csv", rows=400)


@pytest.fixture(scope="module")
def results(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "observed"
    assert cli.main(["observe", str(extract), "--out", str(folder)]) == 0
    return folder


def test_a_run_that_is_not_there_is_refused(observe: Command, extract: Path, tmp_path: Path) -> None:
    code, out, err = observe(extract, "--against", tmp_path / "nowhere")

    assert (code, out) == (2, "")
    assert err.startswith("frontdoor: ")
    assert "nowhere" in err
    assert err.count("\n") == 1


def test_an_extract_is_shown_and_written_whole(observe: Command, extract: Path, tmp_path: Path) -> None:
    code, out, err = observe(extract, "--out", tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}

    assert code == 0
    assert "400 rows in the file = 400 read + 0 refused" in out
    assert out.index("Who is waiting") < out.index("month by month")
    assert "single children's dates" in err
    assert {"events.parquet", "contacts.parquet", "log.json", "quality.html", "summary.html", "README.txt"} <= names
    assert {"measures.csv", "waiting.csv", "months.csv", "process_map.png", "days_by_month.png"} <= names
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_log_that_is_written_is_the_one_that_was_measured(results: Path) -> None:
    read = measure(read_log(results))
    with (results / "measures.csv").open(encoding="utf-8", newline="") as file:
        shown = {(row["measure"], row["group"]): row["value"] for row in csv.DictReader(file)}

    assert shown["contacts_count", "all"] == f"{read['contacts_count', 'all']:.1f}"
    assert shown["days_to_seen_q50", "all"] == f"{read['days_to_seen_q50', 'all']:.2f}"


def test_json_is_everything_that_is_shown(observe: Command, extract: Path, tmp_path: Path) -> None:
    code, out, _ = observe(extract, "--out", tmp_path / "run", "--format=json")
    content = json.loads(out)

    assert (code, content["basis"], content["extract"]) == (0, "observed", "journeys.csv")
    assert {"waiting", "months", "measures", "steps", "teams", "contacts_by_source"} == content["tables"].keys()


def test_the_folder_is_named_for_the_extract_and_its_date(
    observe: Command, extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = observe(extract, "--as-at", "2024-05-01")

    assert (code, (tmp_path / "results" / "observed-journeys-2024-05-01" / "log.json").exists()) == (0, True)
    assert f"Results: {Path('results') / 'observed-journeys-2024-05-01'}" in err


def test_the_thresholds_are_those_that_are_given(observe: Command, extract: Path, tmp_path: Path) -> None:
    _, hidden, _ = observe(extract, "--out", tmp_path / "one", "--small-count=20", "--smallest-team=1000")
    _, shown, _ = observe(extract, "--out", tmp_path / "two", "--small-count=0", "--smallest-team=1")

    assert hidden.count("[c]") > 30
    assert "[c]" not in shown
    assert (TEAMS[0] in hidden, "other teams" in hidden, TEAMS[0] in shown) == (False, True, True)


def test_an_earlier_folder_of_ours_is_replaced_and_any_other_left_alone(
    observe: Command, extract: Path, results: Path, tmp_path: Path
) -> None:
    again, _, _ = observe(extract, "--out", results)
    (tmp_path / "letter.txt").write_text("keep", encoding="utf-8")
    code, out, err = observe(extract, "--out", tmp_path)

    assert again == 0
    assert (code, out, "holds no earlier run" in err) == (2, "", True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_is_read_is_never_replaced(observe: Command, results: Path) -> None:
    inside = a_csv(results / "journeys.csv", [ROW])
    code, _, err = observe(inside, "--out", results)

    assert (code, "lies in the results folder" in err, inside.exists()) == (2, True, True)
    inside.unlink()


def test_pseudonyms_stay_the_same_under_a_kept_salt_and_else_do_not(observe: Command, tmp_path: Path) -> None:
    extract = a_csv(tmp_path / "j.csv", [ROW])

    def contacts(name: str, *options: str) -> list[int]:
        observe(extract, "--out", tmp_path / name, *options)
        ids: list[int] = read_log(tmp_path / name).contact_column("contact").tolist()
        return sorted(ids)

    kept = f"--keep-salt={tmp_path / 'salt'}"

    assert contacts("one", kept) == contacts("two", kept)
    assert contacts("three") != contacts("four")
    assert len((tmp_path / "salt").read_bytes()) == 32


def test_no_id_of_the_extract_is_in_any_file_or_on_the_screen(observe: Command, tmp_path: Path) -> None:
    rows = [
        {
            "contact_id": f"CONTACT{n}",
            "child_id": f"CHILD{n}",
            "worker_id": f"WORKER{n % 3}",
            "name": f"PLANTED{n}",
            "received": "08/01/2024",
            "decided": "09/01/2024" if n else "07/01/2024",
            "outcome": "referral",
            "allocated": "10/01/2024",
            "seen": "12/01/2024" if n % 7 else "neverWRITTEN",
        }
        for n in range(40)
    ]
    code, out, err = observe(a_csv(tmp_path / "j.csv", rows), "--out", tmp_path / "run", "--most-refused=0.5")
    written = b"".join(path.read_bytes() for path in (tmp_path / "run").iterdir()) + (out + err).encode()

    assert code == 0
    for planted in (b"CONTACT1", b"CHILD1", b"WORKER1", b"PLANTED", b"neverWRITTEN"):
        assert planted not in written
    assert (tmp_path / "run" / "refusals.csv").read_text(encoding="utf-8").count("j.csv") == 6


def test_staff_are_shown_by_team_and_role_and_no_worker(observe: Command, tmp_path: Path) -> None:
    posts = [
        {"team": f"{team} team", "kind": kind, "fte": "0.5", "start": "2023-01-01", "worker_id": f"W{team}{kind}{n}"}
        for team, kind, count in (
            ("Big", "social worker", 12),
            ("Big", "team manager", 6),
            ("Odd", "front door manager", 2),
            ("Even", "team manager", 9),
        )
        for n in range(count)
    ]
    days = [{"worker_id": f"WBigsocial worker{n}", "date": "2024-01-08"} for n in range(12)]
    days += [{"worker_id": "Wnobody", "date": "2024-01-08"}, {"worker_id": "Wnobody", "date": "whenever"}]
    told = ("--staff", a_csv(tmp_path / "posts.csv", posts), "--absence", a_csv(tmp_path / "days.csv", days))
    code, out, _ = observe(a_csv(tmp_path / "j.csv", [ROW]), *told, "--out", tmp_path / "run", "--most-refused=0.5")
    with (tmp_path / "run" / "staff.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values())[:5] for row in csv.DictReader(file)]

    assert code == 0
    assert rows == [
        ("Big team", "team manager", "[c]", "[c]", "[c]"),
        ("Big team", "experienced social worker", "[c]", "[c]", "[c]"),
        ("Big team", "every role", "9.0", "9.0", "6.0"),
        ("other teams", "front door manager", "[c]", "[c]", "[c]"),
        ("other teams", "team manager", "[c]", "[c]", "[c]"),
        ("other teams", "every role", "5.5", "5.5", "0.0"),
        ("all teams", "front door manager", "[c]", "[c]", "[c]"),
        ("all teams", "team manager", "7.5", "7.5", "0.0"),
        ("all teams", "experienced social worker", "[c]", "[c]", "[c]"),
        ("all teams", "every role", "14.5", "14.5", "6.0"),
    ]
    assert "other teams: every role" in out
    assert "14 rows in the file = 13 read + 1 refused" in out
    assert "absence_of_nobody" in (tmp_path / "run" / "quality.csv").read_text(encoding="utf-8")
    assert "days.csv" in (tmp_path / "run" / "refusals.csv").read_text(encoding="utf-8")
    written = b"".join(path.read_bytes() for path in (tmp_path / "run").iterdir())
    assert b"WBig" not in written
    assert b"Wnobody" not in written


def test_a_template_is_an_empty_file_of_ours(observe: Command, tmp_path: Path) -> None:
    code, out, _ = observe("--template", tmp_path / "journeys.csv")

    assert (code, "journeys.csv" in out) == (0, True)
    assert (tmp_path / "journeys.csv").read_text(encoding="utf-8").strip() == ",".join(TEMPLATE)
    again, _, err = observe("--template", tmp_path / "journeys.csv")
    assert (again, "is there already" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "name an extract, or --template FILE for an empty one"),
        (["none.csv"], "none.csv: there is no such file or folder"),
        (["other.csv"], "other.csv: not a format that can be read"),
        (["journeys.csv", "--absence=other.csv"], "--absence says when the workers of --staff POSTS were away"),
        (["journeys.csv", "--staff=other.csv"], 'other.csv: there is no column "team"'),
        (["journeys.csv", "--staff=none.csv"], "none.csv: cannot be read (No such file or directory)"),
        (["journeys.csv", "other.csv"], "other.csv: is no journeys CSV, and journeys.csv is"),
        (["journeys.csv", "--template", "t.csv"], "--template writes an empty file and reads nothing"),
        (["--template", "no/such/folder.csv"], "folder.csv: cannot be written"),
        (["journeys.csv", "--as-at", "31/03/2024"], "argument --as-at: '31/03/2024' is not a date"),
        (["journeys.csv", "--small-count=-1"], "argument --small-count: -1: must be 0 or more"),
        (["journeys.csv", "--most-refused=2"], "argument --most-refused: 2: must be from 0 to 1"),
        (["journeys.csv", "--most-refused=few"], "argument --most-refused: 'few' is not a share"),
        (["journeys.csv", "--keep-salt=other.csv"], "other.csv: is not a salt, which is 32 bytes"),
        (["journeys.csv", "--keep-salt=no/such/salt"], "a salt cannot be kept there"),
        (["broken.csv", "--keep-salt=salt"], "1 of 1 rows cannot be read, more than 5%: broken.csv, row 2: received"),
        (["journeys.csv", "--out=journeys.csv"], "lies in the results folder"),
        (["journeys.csv", "--out=other.csv"], "is a file; --out names a folder"),
        (["journeys.csv", "--no-such-option"], "unrecognized arguments: --no-such-option"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    observe: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    a_csv(tmp_path / "journeys.csv", [ROW])
    a_csv(tmp_path / "broken.csv", [ROW | {"received": "whenever"}])
    (tmp_path / "other.csv").write_text("tea,cake\n1,2\n", encoding="utf-8")
    before = {path.name for path in tmp_path.iterdir()}
    code, out, err = observe(*arguments)

    assert (code, out, err.count("\n"), sentence in err) == (2, "", 1, True), err
    assert {path.name for path in tmp_path.iterdir()} == before


def test_the_smallest_extract_is_shown_all_the_same(observe: Command, tmp_path: Path) -> None:
    code, out, _ = observe(a_csv(tmp_path / "j.csv", [ROW]), "--out", tmp_path / "run")

    assert (code, "not in this record" in out, "[c]" in out) == (0, True, True)


def test_other_commands_do_not_pay_for_reading_extracts() -> None:
    code = "import sys, sim.cli; print([name for name in ('polars', 'sim.history') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  (our own command)

    assert found.stdout.strip() == "[]"


def test_files_given_together_are_one_extract(observe: Command, tmp_path: Path) -> None:
    months = [
        a_csv(tmp_path / f"month-{n}.csv", [ROW | {"contact_id": f"{n}-{k}", "child_id": f"{n}-{k}"} for k in range(9)])
        for n in (1, 2, 3)
    ]
    code, out, _ = observe(*months, "--out", tmp_path / "run")
    twice = observe(months[0], months[0], "--out", tmp_path / "other")

    assert (code, "What month-1.csv and 2 more holds" in out) == (0, True)
    assert all(f"{month.name}  9 rows in the file = 9 read" in out.replace("   ", "  ") for month in months)
    assert (twice[0], twice[2]) == (2, f"frontdoor: {months[0]}: is given twice\n")
    assert not (tmp_path / "other").exists()
