"""The DfE's own files, where they lie beside the repository: an extra, whose absence is counted among the skips."""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sim.published import Releases, Statement, Table, Verdict, find, read_releases, statement_of, statements
from sim.published.definition import CLUSTERING, ORDINARY_NO_ACTION, ORDINARY_REFERRALS, _angle
from sim.published.places import authorities

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("FRONTDOOR_DFE_DATA", ROOT.parent / "shared" / "data")) / "dfe"
YEARS = range(2014, 2025)


@pytest.fixture(scope="module")
def releases() -> Releases:
    if not FOLDER.is_dir():
        pytest.skip(f"the DfE's files are not here: {FOLDER} (FRONTDOOR_DFE_DATA names the folder above)")
    return read_releases([FOLDER])


@pytest.fixture(scope="module")
def every(releases: Releases) -> Mapping[tuple[str, int], Statement]:
    return {(one.authority.code, one.year): one for one in statements(releases)}


def test_every_table_is_there_and_nothing_is_left_unread(releases: Releases) -> None:
    assert releases.missing == ()
    assert releases.unread == ()
    assert {file.layout.title for file in releases.of(Table.WORKFORCE)} == {
        "indicators, as from the release of 2023",
        "headline measures, to the release of 2022",
    }


def test_nearly_every_authority_is_usable_in_every_year_that_has_all_tables(
    every: Mapping[tuple[str, int], Statement],
) -> None:
    declined = Counter(one.year for one in every.values() if one.reasons)

    assert {year: declined[year] for year in YEARS} == {
        2014: 46, 2015: 3, 2016: 2, 2017: 2, 2018: 2, 2019: 2, 2020: 1, 2021: 3, 2022: 3, 2023: 2, 2024: 5,
    }  # fmt: skip


def test_those_declined_are_the_smallest_and_those_whose_returns_were_withheld(
    every: Mapping[tuple[str, int], Statement],
) -> None:
    declined = {one.authority.name for one in every.values() if one.reasons and 2014 < one.year < 2025}

    assert declined == {
        "Isles of Scilly", "City of London", "South Tyneside", "Hackney", "Hampshire", "Herefordshire, County of",
        "Barnet",
    }  # fmt: skip


def test_leicestershires_changes_of_what_counts_as_a_referral_are_found(releases: Releases) -> None:
    county = find(authorities(releases), "Leicestershire", 2019)
    found = {year: statement_of(releases, county, year).change.verdict for year in range(2015, 2026)}

    assert {year for year, verdict in found.items() if verdict is Verdict.DECLINE} == {2016, 2017, 2018, 2019}
    assert {verdict for year, verdict in found.items() if year > 2019} == {Verdict.STEADY}


def test_how_far_ordinary_years_differ_is_as_measured(every: Mapping[tuple[str, int], Statement]) -> None:
    moved, grown, chance = [], [], []
    for (code, year), one in every.items():
        before = every.get((code, year - 1))
        needed = [
            told.get(name)
            for told in (one.told, before.told if before else {})
            for name in ("referrals", "no_action_share")
        ]
        if all(value is not None for value in needed):
            now, share, then, share_before = (value.value for value in needed if value is not None)
            if min(now, then) >= 100:
                moved.append(_angle(share) - _angle(share_before))
                grown.append(np.log(now / then))
                chance.append(CLUSTERING * (1 / now + 1 / then))
    for values, stated in ((moved, ORDINARY_NO_ACTION), (grown, ORDINARY_REFERRALS)):
        spread = 1.4826 * np.median(np.abs(np.array(values) - np.median(values)))
        assert np.sqrt(spread**2 - np.median(chance)) == pytest.approx(stated, abs=0.001)
