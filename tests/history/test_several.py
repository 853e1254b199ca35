"""Several files that are one extract: read as a folder of them is, or refused with one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.events import EventKind
from sim.history import ExtractError, Observed, Pseudonyms, observe
from sim.history.places import Place, files_in, together
from sim.history.synthesis import journeys_told
from sim.history.writing import PLANTED, README
from sim.history.writing.extract import write_extract
from sim.history.writing.mess import Mess
from tests.history.annex import a_contact, a_referral, a_workbook, an_assessment, feb, jan
from tests.history.annex import a_folder as annex_folder
from tests.history.census import a_child, details, returns
from tests.history.census import an_assessment as assessed
from tests.history.files import AS_AT, HOURS, SALT, a_csv, a_year
from tests.history.ssd_files import ONE_CHILD
from tests.history.ssd_files import a_folder as ssd_folder
from tests.history.synthetic import a_simulated_year, an_origin

ROWS = a_year(per_day=2, days=120)


def read(place: Place) -> Observed:
    return observe(place, Pseudonyms(SALT), HOURS, AS_AT, 1.0, smallest_team=1)


def in_parts(folder: Path, *parts: list[dict[str, str]]) -> list[Path]:
    return [a_csv(folder / f"part-{number}.csv", part) for number, part in enumerate(parts, start=1)]


def test_months_of_journeys_are_the_same_as_all_in_one_file(tmp_path: Path) -> None:
    whole = read(a_csv(tmp_path / "whole.csv", ROWS))
    parts = read(together(in_parts(tmp_path, ROWS[:50], ROWS[50:90], ROWS[90:])))

    assert parts.log.events.tolist() == whole.log.events.tolist()
    assert parts.log.contacts.tolist() == whole.log.contacts.tolist()
    assert [(tally.name, tally.in_file) for tally in parts.history.tallies] == [
        ("part-1.csv", 50), ("part-2.csv", 40), ("part-3.csv", len(ROWS) - 90),
    ]  # fmt: skip


def test_a_contact_in_two_months_counts_once_as_the_one_that_tells_more_has_it(tmp_path: Path) -> None:
    begun = {**ROWS[0], "authorised": "", "ending": "", "closed": ""}
    found = read(together(in_parts(tmp_path, [begun, *ROWS[1:40]], [ROWS[0], *ROWS[40:60]])))
    (again,) = (one for one in found.findings if one.id == "repeated_rows")

    assert (again.table, again.rows) == ("part-1.csv", (2,))
    assert (found.used, found.set_aside) == (60, 1)
    assert len(found.log.of_kind(EventKind.ASSESSMENT_AUTHORISED)) == 15


def test_the_same_row_of_two_files_is_not_kept_twice(tmp_path: Path) -> None:
    found = read(together(in_parts(tmp_path, ROWS[:9], [ROWS[0], *ROWS[9:20]])))

    assert (found.used, found.set_aside) == (20, 1)


def test_a_row_is_named_in_its_own_file(tmp_path: Path) -> None:
    found = read(together(in_parts(tmp_path, ROWS[:9], [ROWS[9] | {"received": "soon"}, ROWS[10]])))

    assert [(one.file, one.row, one.field) for one in found.history.refused] == [("part-2.csv", 2, "received")]


def an_annex(folder: Path) -> Path:
    lists = {
        "List 1": [a_contact("A", jan(3)), a_contact("B", jan(4))],
        "List 3": [a_referral("A", jan(4))],
        "List 4": [an_assessment("A", jan(5), feb(9))],
    }
    return annex_folder(folder, lists)


def an_ssd(folder: Path) -> Path:
    return ssd_folder(folder, ONE_CHILD)


def a_mosaic(folder: Path) -> Path:
    year = a_simulated_year()
    folder.mkdir()
    write_extract(journeys_told(year), "mosaic", folder, Mess(0, 1), an_origin(year))
    return folder


def census(folder: Path) -> Path:
    return returns(
        folder,
        y2023=[a_child("A", details("2022-05-03", assessed("2022-05-04", "2022-06-20")))],
        y2024=[a_child("B", details("2023-05-03", assessed("2023-05-04")))],
    )


@pytest.mark.parametrize("write", [an_ssd, an_annex, a_mosaic, census])
def test_files_one_by_one_are_the_same_as_their_folder(write: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = write(tmp_path / "extract")
    whole = read(folder)
    files = read(together([path for path in reversed(files_in(folder)) if path.name not in {README, PLANTED}]))

    assert files.log.events.tolist() == whole.log.events.tolist()
    assert files.history.tallies == whole.history.tallies


def refusal(paths: list[Path]) -> str:
    with pytest.raises(ExtractError) as caught:
        read(together(paths))
    return str(caught.value)


def test_what_cannot_be_one_extract_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (one,) = in_parts(tmp_path, ROWS[:9])
    (tmp_path / "copy.csv").write_bytes(one.read_bytes())
    (tmp_path / "sub").mkdir()
    same_name = a_csv(tmp_path / "sub" / "PART-1.csv", ROWS[30:40])
    tables = files_in(an_ssd(tmp_path / "ssd"))
    book = a_workbook(tmp_path / "annex.xlsx", {"List 1": [a_contact("A", jan(3))]})
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    notes = a_csv(tmp_path / "things.csv", [{"a": "b"}])
    cin = files_in(census(tmp_path / "cin"))
    several = "give the files of one extract"

    assert refusal([one, one]) == f"{one}: is given twice"
    assert refusal([one, tmp_path / "copy.csv"]).endswith("copy.csv: are the same, byte for byte: give one of them")
    assert refusal([one, same_name]).endswith("are called the same: rename one, so that its rows can be named")
    assert refusal([one, tmp_path / "ssd"]).endswith("is a folder: give one folder alone, or the files of one extract")
    assert refusal([one, tmp_path / "none.csv"]).endswith("none.csv: there is no such file or folder")
    assert refusal([one, *tables]) == (
        f"part-1.csv is of the format journeys CSV, and {tables[0].name} of Standard Safeguarding Dataset: {several}"
    )
    assert refusal([one, cin[0]]) == (
        f"{cin[0].name} is of the format CIN census, and part-1.csv of journeys CSV: {several}"
    )
    assert refusal([one, notes]) == f"things.csv: is no journeys CSV, and part-1.csv is: {several}"
    assert refusal([one, book]) == "annex.xlsx: is an extract by itself: give it alone, or its tables as CSV files"
    assert refusal([one, tmp_path / "letter.pdf"]) == (
        "letter.pdf: is no CSV file and no return in XML, as the files of one extract are"
    )


def test_months_with_other_columns_are_refused(tmp_path: Path) -> None:
    """A month without the column would look as if none of its children had been seen."""
    without = [{name: text for name, text in row.items() if name != "seen"} for row in ROWS[9:20]]

    assert refusal(in_parts(tmp_path, ROWS[:9], without)) == (
        'part-2.csv: there is no column "seen", and part-1.csv has one'
    )
