import hashlib
from pathlib import Path

from sim.report import as_csv, write
from tests.report.comparisons import SHOCK, a_comparison

RECORD = {"run": "3f9a12bc77"}
NAMES = {
    "summary.csv",
    "measures.csv",
    "safety.csv",
    "same_children.csv",
    "open_work.csv",
    "stages.csv",
    "comparison.xlsx",
    "summary.html",
    "days_to_seen.png",
    "where_the_days_go.png",
    "open_work.png",
}


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_folder_is_filled_with_every_file_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        paths = write(a_comparison(SHOCK), folder, RECORD)
        assert {path.name for path in paths} == NAMES == {path.name for path in folder.iterdir()}

    assert hashes(first) == hashes(second)


def test_the_headline_on_disk_is_the_headline_printed(tmp_path: Path) -> None:
    write(a_comparison(), tmp_path, RECORD)

    assert (tmp_path / "summary.csv").read_bytes().decode() == as_csv(a_comparison())


def test_nothing_but_its_own_files_is_touched(tmp_path: Path) -> None:
    record = tmp_path / "run.json"
    record.write_text("{}", encoding="utf-8")

    write(a_comparison(), tmp_path, {})

    assert record.read_text(encoding="utf-8") == "{}"
