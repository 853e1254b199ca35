import csv
import io
import json
from pathlib import Path

import pytest

from sim import cli
from tests.published import dfe


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.main(["published", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_what_is_published_is_shown_with_its_rows_and_what_is_in_no_statistic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {
        ("c5", 2019, dfe.NORTH): dfe.changed("c5", {"Education_Services": "c", "Unknown": "c"}),
        ("workforce", 2019, dfe.NORTH): ["x"] * len(dfe.STAFF),
    }
    code, out, err = run(capsys, dfe.folder(tmp_path, others=others), "--authority", "Northford", "--year", 2019)

    assert (code, err) == (0, "")
    assert "Northford (101), Midshire, year to March 2019" in out
    assert "C1 2019, row 6" in out
    assert "Midshire stands in" in " ".join(out.split())
    assert "Not published (C5, suppressed" in out
    assert "Days from contact to a child being seen are in no statistic" in out


def test_the_same_is_told_as_csv_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = (dfe.folder(tmp_path), "--authority", 101, "--year", 2019, "--format")
    _, out, _ = run(capsys, *where, "csv")
    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(out, newline=""))}
    _, out, _ = run(capsys, *where, "json")
    content = json.loads(out)

    assert rows["Referrals"]["value"] == "1000.0"
    assert rows["Referrals: without further action"]["columns"] == "no_further_action_count / referral_count"
    assert len(content["figures"]) == len(rows)
    assert content["declined_because"] == []


def test_all_says_of_every_authority_whether_it_is_usable_or_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {("c2", 2019, dfe.SOUTH): ["u"] * len(dfe.DURATIONS)}
    code, out, _ = run(capsys, dfe.folder(tmp_path, others=others), "--all")

    assert code == 0
    assert "Northford (101), 2019: usable\n" in out
    assert "Southleigh, County of (102), 2019: declined: C2, duration of assessments" in out
    assert "2018: 2 of 2 usable" in out
    assert "2019: 1 of 2 usable; referrals counted as in the year before: yes 2" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--authority", "Northfrd", "--year", "2019"], "did you mean Northford?"),
        (["--authority", "Northford", "--year", "2024"], "C1 has it for 2018 to 2019 only"),
        (["--authority", "Northford"], "--authority NAME and --year YEAR"),
        (["--all", "--authority", "Northford"], "leave out --authority"),
        (["--all", "--format", "csv"], "is printed as text only"),
        (["--all", "--year", "2031"], "C1 has no row for it"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, dfe.folder(tmp_path), *arguments)

    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
