import re
import zipfile
from pathlib import Path

import pytest

from sim.published import Code, PublishedError, Table, figures_of, find, read_releases
from sim.published.layouts import plain
from sim.published.places import authorities
from tests.published import dfe


def value(path: Path, field: str, year: int = 2019, name: str = "Northford") -> float | None:
    releases = read_releases([path])
    return figures_of(releases, find(authorities(releases), name, year), year).value(field)


def one_table(path: Path, columns: tuple[str, ...], name: str, category: str | None = None) -> Path:
    """A folder whose table `name` has these columns instead of its usual ones, with the usual values."""
    dfe.folder(path, without=[name])
    usual, kind, values = dfe.TABLES[name]
    kept = [v for column, v in zip(usual, values, strict=True) if len(columns) == len(usual) or column in columns]
    dfe.table(
        path / "z.csv",
        columns,
        [(2019, p, kept) for p in (dfe.NORTH, dfe.SOUTH)],
        kind if category is None else category,
    )
    return path


def test_files_are_known_by_their_columns_whatever_they_are_called(tmp_path: Path) -> None:
    releases = read_releases([dfe.folder(tmp_path)])

    assert {file.layout.table for file in releases.files} == set(Table)
    assert releases.missing == ()


def test_a_release_is_read_as_the_zip_it_is_downloaded_as(tmp_path: Path) -> None:
    packed = dfe.zipped(tmp_path / "release.zip", dfe.folder(tmp_path / "a"))

    assert value(packed, "referrals") == 1000
    assert read_releases([packed]).files[0].name.startswith("release.zip/download")


def test_a_zip_in_a_folder_and_files_beside_it_are_one_download(tmp_path: Path) -> None:
    dfe.zipped(tmp_path / "release.zip", dfe.folder(tmp_path / "sources" / "x"))
    for file in (tmp_path / "sources" / "x").glob("*.csv"):
        file.unlink()
    dfe.folder(tmp_path / "more", years=(2020,))

    assert {file.release for file in read_releases([tmp_path]).files} == {"2018 to 2019", "2020 to 2020"}


@pytest.mark.parametrize(
    ("columns", "name", "field", "expected"),
    [
        (dfe.C1_BEFORE, "c1", "rereferrals", 220),
        (dfe.C1_BEFORE, "c1", "not_in_need", 300),
        (dfe.C4_WITHOUT_RATES, "c4", "conferences", 100),
        (tuple(f"X{c}" if c[0].isdigit() else c for c in dfe.C2), "c2", "41_45_days", 110),
        (tuple(c.lower().replace("-", "_") for c in dfe.C2), "c2", "61_days", 50),
        (dfe.WORKFORCE_BEFORE, "workforce", "absence", 3.2),
        (dfe.WORKFORCE_BEFORE, "workforce", "social_workers", 120),
    ],
)
def test_a_table_is_read_under_the_names_of_each_known_release(
    columns: tuple[str, ...], name: str, field: str, expected: float, tmp_path: Path
) -> None:
    assert value(one_table(tmp_path, columns, name), field) == expected


def test_names_of_columns_are_compared_without_capitals_and_signs() -> None:
    assert {plain(name) for name in ("41-45_days", "X41.45.days", " 41_45_Days ")} == {"41_45_days"}
    assert plain("61+_days") == "61_days"
    assert plain("turnover_rate_fte_%") == "turnover_rate_fte_perc"


def test_of_two_releases_the_newer_is_taken(tmp_path: Path) -> None:
    dfe.folder(tmp_path / "older")
    newer = {("c1", 2019, dfe.NORTH): dfe.changed("c1", {"referral_count": 1010})}
    dfe.folder(tmp_path / "newer", years=(2019, 2020), others=newer)

    assert value(tmp_path, "referrals") == 1010
    assert value(tmp_path, "referrals", 2018) == 1000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("c", Code.CONFIDENTIAL),
        ("*", Code.CONFIDENTIAL),
        ("z", Code.NOT_APPLICABLE),
        (".", Code.NOT_APPLICABLE),
        ("u", Code.UNRELIABLE),
        ("x", Code.NOT_AVAILABLE),
        (":", Code.NOT_AVAILABLE),
        ("..", Code.NOT_AVAILABLE),
        ("k", Code.LOW),
        ("Low", Code.LOW),
        ("", Code.BLANK),
    ],
)
def test_a_code_is_kept_as_what_it_means_and_is_never_nought(text: str, code: Code, tmp_path: Path) -> None:
    others = {("c1", 2019, dfe.NORTH): dfe.changed("c1", {"rereferral_count": text})}
    releases = read_releases([dfe.folder(tmp_path, others=others)])
    figure = figures_of(releases, find(authorities(releases), "Northford", 2019), 2019)["rereferrals"]

    assert (figure.value, figure.cell.code) == (None, code)
    assert figure.why_none


@pytest.mark.parametrize("year", ["2019", "201819", "2018-19", "2018/19"])
def test_a_reporting_year_is_read_however_it_is_written(year: str, tmp_path: Path) -> None:
    dfe.folder(tmp_path, without=["c1"])
    columns, category, values = dfe.TABLES["c1"]
    dfe.table(tmp_path / "z.csv", columns, [(year, dfe.NORTH, values)], category)

    assert value(tmp_path, "referrals", 2019) == 1000


def test_counts_of_a_region_are_known_to_ten_and_percentages_to_a_tenth(tmp_path: Path) -> None:
    releases = read_releases([dfe.folder(tmp_path)])
    found = figures_of(releases, find(authorities(releases), "Northford", 2019), 2019)

    assert found["referrals"].cell.half_step == 0
    assert found.areas["Midshire"][0]["referrals"].cell.half_step == 5
    assert found["no_action_percent"].cell.half_step == pytest.approx(0.05)


def test_rows_of_other_categories_are_left_out(tmp_path: Path) -> None:
    dfe.folder(tmp_path)
    columns, category, values = dfe.TABLES["c5"]
    file = dfe.table(tmp_path / "z.csv", columns, [(2020, dfe.NORTH, values)], category)
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1].replace(category, "Age 0 to 4")]), encoding="utf-8")

    (newest, _) = read_releases([tmp_path]).of(Table.SOURCES)
    assert len(newest.rows) == 1


def broken(path: Path, old: str, new: str) -> Path:
    """A folder whose C1 has `old` replaced once."""
    dfe.folder(path)
    file = path / "download (0).csv"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "1000,220",
            "1000?,220",
            r"download \(0\)\.csv, row 2, referral_count: '1000\?' is neither a number nor one of",
        ),
        ("2018,Rep", "18,Rep", r"row 2, time_period: '18' is not a year"),
        ("2018,Rep", "201820,Rep", r"row 2, time_period: '201820' is not a year"),
        ("Northford,", "Northford,,", r"row 2: has 22 values under 21 headings"),
        (",101,", ",,", r"row 2, old_la_code: an authority's row must have its three-digit code"),
        (",102,", ",101,", r"rows 2 and 3: both are 101 .* in 2018"),
        ("rereferral_child_count", "no_further_action_count", r"the column no_further_action_count is there twice"),
    ],
)
def test_a_broken_file_earns_one_sentence_that_says_where(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(PublishedError, match=sentence) as error:
        read_releases([broken(tmp_path, old, new)])
    assert "\n" not in str(error.value)


def test_a_table_of_which_no_category_is_known_is_refused_with_those_it_has(tmp_path: Path) -> None:
    dfe.folder(tmp_path, without=["c6"])
    columns, _, values = dfe.TABLES["c6"]
    dfe.table(tmp_path / "z.csv", columns, [(2019, dfe.NORTH, values)], "Quarter")

    with pytest.raises(PublishedError, match=r"z\.csv: is C6, .* its categories are quarter"):
        read_releases([tmp_path])


def test_a_folder_without_any_of_the_tables_says_what_its_files_lack(tmp_path: Path) -> None:
    columns, category, values = dfe.TABLES["c1"]
    renamed = tuple(name.replace("not_in_need_count", "nin") for name in columns)
    dfe.table(tmp_path / "z.csv", renamed, [(2019, dfe.NORTH, values)], category)

    with pytest.raises(PublishedError, match=r"z\.csv looks like C1, .* but has no column not_in_need_count"):
        read_releases([tmp_path])


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b""])
def test_a_damaged_zip_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)

    with pytest.raises(PublishedError, match=r"is not a zip that can be read"):
        read_releases([tmp_path / "a.zip"])


def test_what_unpacks_to_more_than_any_published_file_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.published.files.MOST_BYTES", 10)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.csv", "x" * 11)

    with pytest.raises(PublishedError, match=re.escape("b.csv unpacks to more")):
        read_releases([tmp_path / "a.zip"])


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PublishedError, match="there is no such file or folder"):
        read_releases([tmp_path / "nowhere"])
