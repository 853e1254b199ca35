"""Two columns for one thing: read where they agree or one is empty, refused where they say different things."""

from pathlib import Path

import polars as pl
import pytest

from sim.history import ExtractError
from tests.history.files import observed, the_finding

HEAD = "contact_id,child_id,received,decided,outcome"


def written(path: Path, headings: str, *rows: str) -> Path:
    """A journeys CSV with more columns, each row a contact decided the next day as a referral."""
    lines = [f"{place},c{place},2024-01-08,2024-01-09,referral,{cells}" for place, cells in enumerate(rows)]
    path.write_text("\n".join([f"{HEAD},{headings}", *lines, ""]), encoding="utf-8")
    return path


def test_two_columns_of_one_name_that_differ_are_refused_naming_both(tmp_path: Path) -> None:
    path = written(tmp_path / "j.csv", "seen,team,seen", "2024-01-10,,2024-01-10", "2024-01-10,,2024-01-11")
    with pytest.raises(ExtractError) as caught:
        observed(path)

    assert str(caught.value) == (
        'j.csv: the columns "seen" (column 6) and "seen" (column 8) both tell seen, and differ in row 3: '
        "leave out all but one"
    )


def test_columns_of_two_names_for_one_thing_that_differ_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "j.csv", "seen,first_seen", "2024-01-10,2024-01-11")
    with pytest.raises(ExtractError, match=r'"seen" \(column 6\) and "first_seen" \(column 7\)'):
        observed(path)


@pytest.mark.parametrize("cells", [",2024-01-10", "2024-01-10,", "2024-01-10,10/01/2024"])
def test_of_two_columns_for_one_thing_the_filled_one_is_read_and_said(cells: str, tmp_path: Path) -> None:
    found = observed(written(tmp_path / "j.csv", "seen,first_seen", cells, ","))

    assert found.history.journeys["seen"].dt.to_string("%Y-%m-%d").to_list() == ["2024-01-10", None]
    assert found.history.journeys.schema["seen"] == pl.Datetime("ms")
    said = the_finding(found, "seen_in_two_columns")
    assert said.what.startswith('seen has 2 columns, "seen" (column 6) and "first_seen" (column 7)')
