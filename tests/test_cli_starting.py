"""`frontdoor compare --start`: real open work in, and no row of it out."""

import gzip
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from sim import cli
from sim.cli.starting import read_start
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS
from sim.report import result_file
from sim.report.assurance import Assurance
from sim.report.data import csv_text
from sim.report.document.about import about
from sim.report.document.assembling import report
from sim.report.document.blocks import Paragraph
from sim.report.starts import in_words
from sim.report.tables import inherited
from sim.scenario import ScenarioError, load, shipped
from tests.commands import Command
from tests.experiment.test_starting import the_year

BASE = str(shipped("leicestershire-2018-19.toml"))
SCENARIO = str(shipped("one-more-team-manager.toml"))
SMALL = [
    "--set=demand.family_contacts_per_year=1000",
    "--set=calendar.horizon_days=30",
    "--set=calendar.follow_up_days=10",
    "--replications=1",
    "--processes=1",
]


def the_date() -> date:
    """The date of the extract."""
    year = the_year()
    return year.first_day + timedelta(days=year.window_end // 1440 - 1)


def as_at() -> str:
    """The same, as it is given."""
    return the_date().isoformat()


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented extract, cut in the middle of a year."""
    folder = tmp_path_factory.mktemp("extract")
    WRITERS["journeys"](journeys_told(the_year()), folder)
    return folder / "journeys.csv"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, extract: Path) -> Path:
    """The results of a small comparison that starts from it."""
    folder = tmp_path_factory.mktemp("results") / "run"
    start = ["--start", str(extract), "--as-at", as_at()]
    assert cli.main(["compare", BASE, SCENARIO, *SMALL, *start, "--out", str(folder)]) == 0
    return folder


def test_the_record_tells_the_extract_and_holds_no_row_of_it(results: Path, extract: Path) -> None:
    plan = json.loads((results / "run.json").read_text(encoding="utf-8"))["plan"]

    assert re.fullmatch("[0-9a-f]{64}", plan["start"]["fingerprint"])
    assert plan["start"]["as_at"] == as_at()
    assert not any(1 <= int(count) <= 5 for count in plan["start"]["children"].values() if count.isdigit())
    identities = re.findall(r"SYNTHETIC-\w+", extract.read_text(encoding="utf-8"))
    told = b"".join(path.read_bytes() for path in results.iterdir() if path.suffix in {".json", ".csv", ".html"})
    told += gzip.decompress((results / result_file.NAME).read_bytes())
    assert len(identities) > 100
    assert not any(identity.encode() in told for identity in set(identities))


def test_what_is_kept_of_it_says_the_same_and_a_report_of_it_tells_the_start_and_no_small_count(results: Path) -> None:
    kept = result_file.read(results)
    document = report(about(kept, None, None, Assurance()))
    words = " ".join(block.text for block in document.blocks if isinstance(block, Paragraph))

    assert csv_text(inherited(kept.comparison)).encode() == (results / "inherited.csv").read_bytes()
    assert kept.grounds.targets == ()
    assert not any(each.path.startswith(("calendar.first_day", "calendar.warm_up")) for each in kept.grounds.sources)
    assert f"real open work at the end of {in_words(the_date())}" in words
    assert "It starts from the open work of the extract of" in words
    counts = re.findall(
        r"(\d+|\[c\]) (?:contacts not yet decided|referred and|with a worker|waiting for a strat)", words
    )
    assert counts
    assert not any(count.isdigit() and 1 <= int(count) <= 5 for count in counts)


def test_the_page_and_tables_say_what_was_started_from(results: Path) -> None:
    page = (results / "summary.html").read_text(encoding="utf-8")

    assert f"real open work at the end of {in_words(the_date())}" in page
    assert "what becomes of it (simulated)" in page
    assert "Published figures, not your records" not in page
    assert "Case still open after 4 weeks" in (results / "inherited.csv").read_text(encoding="utf-8")


def test_a_start_replays_from_the_same_extract_whatever_it_is_called(
    frontdoor: Command, results: Path, extract: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "another name.csv"
    copy.write_bytes(extract.read_bytes())

    code, out, _ = frontdoor("replay", str(results), "--start", str(copy), "--processes=1")

    assert (code, "identical" in out) == (0, True)


def test_another_extract_is_refused_by_its_fingerprint(
    frontdoor: Command, results: Path, extract: Path, tmp_path: Path
) -> None:
    other = tmp_path / "journeys.csv"
    other.write_text(extract.read_text(encoding="utf-8").rsplit("\n", 2)[0] + "\n", encoding="utf-8")
    code, out, err = frontdoor("replay", str(results), "--start", str(other), "--processes=1")

    assert (code, out) == (2, "")
    assert "is not the extract" in err
    assert err.count("...") >= 2


def test_a_record_with_a_start_asks_for_its_extract(frontdoor: Command, results: Path) -> None:
    code, _, err = frontdoor("replay", str(results), "--processes=1")

    assert code == 2
    assert "--start EXTRACT" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-at", "2024-03-31"], "give both"),
        (["--start", "nowhere.csv"], "there is no such file or folder"),
        (["--start", "{extract}", "--set=calendar.warm_up_days=20"], "--set calendar.warm_up_days: is given by"),
        (["--start", "{extract}", "--targets"], "steady state"),
        (["--start", "{extract}", "--as-at", "2015-01-01"], "no row of it can be used"),
    ],
)
def test_what_cannot_be_started_from_is_refused_in_one_sentence(
    frontdoor: Command, extract: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    given = [str(extract) if text == "{extract}" else text for text in arguments]
    code, out, err = frontdoor(
        "compare", BASE, *SMALL, *given, *([] if "--targets" in given else ["--out", str(tmp_path / "run")])
    )

    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_results_do_not_replace_the_extract(frontdoor: Command, extract: Path) -> None:
    code, _, err = frontdoor("compare", BASE, *SMALL, "--start", str(extract), "--out", str(extract.parent))

    assert code == 2
    assert "is replaced" in err or "holds no earlier run" in err
    assert extract.exists()


def test_a_date_that_is_none_is_refused(frontdoor: Command, extract: Path) -> None:
    code, _, err = frontdoor("compare", "--start", str(extract), "--as-at", "31/03/2024")

    assert code == 2
    assert "must be a date such as 2024-03-31" in err


def test_several_files_are_one_extract_to_start_from(tmp_path: Path, extract: Path) -> None:
    heading, *rows = extract.read_text(encoding="utf-8").splitlines(keepends=True)
    halves = [tmp_path / "spring.csv", tmp_path / "summer.csv"]
    for place, half in enumerate(halves):
        half.write_text(heading + "".join(rows[place::2]), encoding="utf-8", newline="")
    baseline = load(BASE)

    whole, both = (read_start(paths, the_date(), baseline) for paths in ([extract], halves))

    assert both.children_by_stage() == whole.children_by_stage()
    assert both.fingerprint == read_start(halves[::-1], the_date(), baseline).fingerprint != whole.fingerprint
    with pytest.raises(ScenarioError, match=r"^--start .*spring\.csv: is given twice$"):
        read_start([halves[0], halves[0]], the_date(), baseline)
