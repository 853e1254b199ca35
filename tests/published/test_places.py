from pathlib import Path

import pytest

from sim.published import PublishedError, figures_of, find, read_releases
from sim.published.places import authorities
from tests.published import dfe

OLD_COUNTY = dfe.Place("Local authority", "East Midlands", "928", "E10000021", "Northamptonshire")
NEW_NORTH = dfe.Place("Local authority", "East Midlands", "940", "E06000061", "North Northamptonshire")
NEW_WEST = dfe.Place("Local authority", "East Midlands", "941", "E06000062", "West Northamptonshire")
BOTH = dfe.Place(
    "Local authority", "East Midlands", "940 / 941", "E06000061 / E06000062",
    "North Northamptonshire / West Northamptonshire",
)  # fmt: skip
EAST_MIDLANDS = dfe.Place("Regional", "East Midlands")
OLD_DORSET = dfe.Place("Local authority", "South West", "835", "E10000009", "Dorset")
NEW_DORSET = dfe.Place("Local authority", "South West", "838", "E06000059", "Dorset")


def split_county(path: Path) -> Path:
    """One authority to 2021, two from 2022."""
    dfe.folder(path / "before", years=(2020, 2021), places=(OLD_COUNTY, OLD_DORSET, EAST_MIDLANDS))
    dfe.folder(path / "after", years=(2022,), places=(NEW_NORTH, NEW_WEST, NEW_DORSET, EAST_MIDLANDS))
    return path


def name_in(path: Path, asked: str, year: int) -> str:
    return find(authorities(read_releases([path])), asked, year).full


@pytest.mark.parametrize(
    "asked", ["Southleigh, County of", "southleigh", "Southleigh County Council", "102", "E10000102", " SOUTHLEIGH "]
)
def test_an_authority_is_found_by_name_with_or_without_what_it_is_called_and_by_either_code(
    asked: str, tmp_path: Path
) -> None:
    assert name_in(dfe.folder(tmp_path), asked, 2019) == "Southleigh, County of (102)"


def test_a_name_mistyped_is_told_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PublishedError, match=r"--authority Nortford: no authority .*; did you mean Northford\?"):
        name_in(dfe.folder(tmp_path), "Nortford", 2019)


def test_a_name_that_may_be_two_is_told_both(tmp_path: Path) -> None:
    path = dfe.folder(tmp_path, years=(2022,), places=(NEW_NORTH, NEW_WEST, EAST_MIDLANDS))

    with pytest.raises(PublishedError, match=r"may be any of North Northamptonshire \(940\) or West North"):
        name_in(path, "northamptonshire council", 2022)


def test_a_year_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(PublishedError, match=r"Northford \(101\), --year 2031: C1 has it for 2018 to 2019 only"):
        name_in(dfe.folder(tmp_path), "Northford", 2031)


def test_an_authority_that_was_split_is_not_found_after_it_and_its_successors_are_named(tmp_path: Path) -> None:
    path = split_county(tmp_path)

    sentence = r"Northamptonshire was split in two; for 2022 name North Northamptonshire \(940\) or West North"
    with pytest.raises(PublishedError, match=sentence):
        name_in(path, "928", 2022)
    with pytest.raises(PublishedError, match=r"for 2020 name Northamptonshire \(928\)"):
        name_in(path, "West Northamptonshire", 2020)


def test_a_name_that_two_authorities_bore_is_that_of_the_year(tmp_path: Path) -> None:
    path = split_county(tmp_path)

    assert (name_in(path, "Dorset", 2021), name_in(path, "Dorset", 2022)) == ("Dorset (835)", "Dorset (838)")


def test_an_authority_whose_long_code_changed_is_one(tmp_path: Path) -> None:
    dfe.folder(tmp_path / "before", places=(dfe.NORTH,))
    dfe.folder(tmp_path / "after", years=(2020,), places=(dfe.NORTH._replace(new_code="E06000999"),))
    (found,) = authorities(read_releases([tmp_path])).values()

    assert found.years == (2018, 2019, 2020)
    assert set(found.new_codes) == {"E06000101", "E06000999"}


def test_staff_published_of_two_authorities_together_are_said_to_be(tmp_path: Path) -> None:
    dfe.folder(tmp_path, years=(2022,), places=(NEW_NORTH, NEW_WEST, EAST_MIDLANDS), without=["workforce"])
    dfe.table(tmp_path / "z.csv", dfe.WORKFORCE, [(2022, BOTH, dfe.STAFF)], "")
    releases = read_releases([tmp_path])
    figure = figures_of(releases, find(authorities(releases), "941", 2022), 2022)["case_holders"]

    assert figure.value == 80
    assert "two authorities that report their workforce together" in figure.source


def test_staff_published_under_the_other_authoritys_code_are_found_there_and_said_to_be_of_both(tmp_path: Path) -> None:
    dfe.folder(tmp_path, years=(2022,), places=(NEW_NORTH, NEW_WEST, EAST_MIDLANDS), without=["workforce"])
    rows: list[dfe.Row] = [(2022, NEW_NORTH, dfe.STAFF), (2022, NEW_WEST, ["z"] * len(dfe.STAFF))]
    dfe.table(tmp_path / "z.csv", dfe.WORKFORCE, rows, "")
    releases = read_releases([tmp_path])
    for code in ("940", "941"):
        figure = figures_of(releases, find(authorities(releases), code, 2022), 2022)["case_holders"]
        assert figure.value == 80, code
        assert "two authorities" in figure.note, code


def test_staff_of_the_year_before_stand_in_where_the_year_has_none_and_it_is_said(tmp_path: Path) -> None:
    dfe.folder(tmp_path, without=["workforce"])
    dfe.table(tmp_path / "z.csv", dfe.WORKFORCE, [(2018, dfe.NORTH, dfe.STAFF)], "")
    releases = read_releases([tmp_path])
    figure = figures_of(releases, find(authorities(releases), "Northford", 2019), 2019)["absence"]

    assert (figure.value, figure.year) == (3.2, 2018)
    assert figure.note.startswith("of the year before")
