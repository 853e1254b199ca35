"""The DfE's own files, where they lie beside the repository: an extra, whose absence is counted among the skips."""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sim.published import (
    Releases,
    Statement,
    Table,
    Verdict,
    before_fitting,
    find,
    held,
    read_releases,
    shipped_prior,
    statement_of,
    statements,
)
from sim.published.definition import CLUSTERING, ORDINARY_NO_ACTION, ORDINARY_REFERRALS, _angle
from sim.published.places import authorities
from sim.scenario import levers

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


# The shipped county was made by hand, and then tuned. Where arithmetic on the same figures gives another number, why.
EXPLAINED = {
    "name": "the same", "title": "the same", "summary": "another text",
    "demand.schools.contact_share": "50 suppressed referrals: with schools by hand, here shared as in the region",
    "demand.other.contact_share": "likewise",
    "demand.other_team_share": "0.15 by hand; 0.153 leaves 97% of assessments exactly",
    "need.section_47_share": "0.25 gives 75% of the enquiries published, as the county's sources reckon; 0.26 is tuned",
    "need.referred_then_no_action_share": "follows from the two above",
    **{f"demand.{s}.below_threshold_share": "two decimals by hand, and the share at significant harm" for s in (
        "police", "schools", "health", "la_services", "individuals", "other")},
    **{f"demand.{s}.domestic_abuse_share": "about 40% by hand, 41.5% as published here" for s in (
        "police", "schools", "health", "la_services", "individuals", "other")},
    "strategy.conference_working_days": "days held taken as days booked; by hand a few were booked earlier",
    "assessment.brief_share": "in proportion to 3.58% on the same day, which the county's targets round to 3.6%",
}  # fmt: skip
NEARLY = {"demand.schools.contact_share": 0.006, "demand.other.contact_share": 0.006, "need.section_47_share": 0.011}


def test_leicestershires_arithmetic_gives_the_shipped_countys_numbers_but_for_what_is_explained(
    releases: Releases,
) -> None:
    county, prior = find(authorities(releases), "Leicestershire", 2019), shipped_prior()
    found = before_fitting(statement_of(releases, county, 2019), prior)

    assert found.notes == ()
    differ = [path for path, _ in levers() if found.scenario.value(path) != prior.scenario.value(path)]
    assert set(differ) <= set(EXPLAINED)
    for path in differ:
        ours, theirs = found.scenario.value(path), prior.scenario.value(path)
        if isinstance(ours, float) and isinstance(theirs, float):
            assert ours == pytest.approx(theirs, abs=NEARLY.get(path, 0.0061)), path


def test_leicestershires_targets_are_the_shipped_countys_but_for_the_letter(releases: Releases) -> None:
    county, prior = find(authorities(releases), "Leicestershire", 2019), shipped_prior()
    made = before_fitting(statement_of(releases, county, 2019), prior)
    found = {one.entry["measure"]: one.entry for one in made.targets}
    shipped = {entry["measure"]: entry for entry in prior.targets if "published" in entry}
    remainder = {"referrals_from_schools_share": 0.006, "referrals_from_other_share": 0.006, "open_assessments_mean": 1}

    assert set(found) == set(shipped)
    for measure, entry in shipped.items():
        assert found[measure]["published"] == pytest.approx(entry["published"], abs=remainder.get(measure, 1e-9)), (
            measure
        )
        assert found[measure].get("front_door_share") == entry.get("front_door_share"), measure
        assert found[measure]["tolerance"] >= entry["tolerance"], measure


def test_figures_that_contradict_one_another_decline_two_authorities_more_in_a_year(releases: Releases) -> None:
    prior = shipped_prior()
    found = {one.authority.name: held(one, prior).reasons for one in statements(releases, (2023,))}
    why = {name: reasons[0] for name, reasons in found.items() if reasons}

    assert set(why) == {"City of London", "Isles of Scilly", "Herefordshire, County of", "Shropshire"}
    assert why["Herefordshire, County of"].startswith("3,025 assessments for 1,569 referrals with action")
    assert why["Shropshire"].startswith("3,606 assessments for 1,667 referrals with action")
