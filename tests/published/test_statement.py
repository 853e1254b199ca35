from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from sim.published import Statement, Verdict, find, read_releases, statement_of
from sim.published.definition import CLUSTERING, ODD, ORDINARY_NO_ACTION, TELLING, change
from sim.published.places import authorities
from sim.published.told import Told
from tests.published import dfe

Others = Mapping[tuple[str, int, dfe.Place], Sequence[object]]


def stated(path: Path, others: Others | None = None, without: Sequence[str] = (), year: int = 2019) -> Statement:
    releases = read_releases([dfe.folder(path, others=others, without=without)])
    return statement_of(releases, find(authorities(releases), "Northford", year), year)


def counted(referrals: float, no_action: float) -> dict[str, Told]:
    return {
        "referrals": Told("referrals", referrals, 0.0, None, ()),
        "no_action_share": Told("no_action_share", no_action / referrals, 0.0, referrals, ()),
    }


def test_two_like_years_are_steady(tmp_path: Path) -> None:
    found = stated(tmp_path)

    assert found.change.verdict is Verdict.STEADY
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((6836, 3295), (7555, 2047), Verdict.DECLINE),  # Leicestershire, 2017 to 2018
        ((7555, 2047), (5283, 429), Verdict.DECLINE),  # and to 2019
        ((5283, 429), (5523, 287), Verdict.STEADY),
        ((5283, 429), (5300, 1000), Verdict.WIDEN),
        ((5283, 429), (7600, 617), Verdict.WIDEN),
    ],
)
def test_a_change_of_what_counts_as_a_referral_is_told_from_an_ordinary_year(
    before: tuple[float, float], after: tuple[float, float], verdict: Verdict
) -> None:
    found = change(counted(*before), counted(*after))

    assert found.verdict is verdict
    assert f"{before[0]:,}" in found.sentence


def test_of_ordinary_years_one_in_twenty_is_odd_and_one_in_a_thousand_telling() -> None:
    rng = np.random.default_rng(7)
    years, size, share = 4000, 3000, 0.1
    angle = 2 * np.arcsin(np.sqrt(share)) + rng.normal(0, ORDINARY_NO_ACTION, years)
    after = rng.binomial(round(size / CLUSTERING), np.sin(angle / 2) ** 2) * CLUSTERING
    before = rng.binomial(round(size / CLUSTERING), share, years) * CLUSTERING
    pairs = zip(before.tolist(), after.tolist(), strict=True)
    z = np.array([abs(change(counted(size, b), counted(size, a)).no_action_z) for b, a in pairs])

    odd, error = (z > ODD).mean(), (0.05 * 0.95 / years) ** 0.5
    assert odd == pytest.approx(0.05, abs=3 * error)
    assert (z > TELLING).mean() < 0.004


def test_in_a_small_authority_the_same_change_of_share_may_be_chance() -> None:
    large = change(counted(5000, 400), counted(5000, 1000))
    small = change(counted(150, 12), counted(150, 30))

    assert (large.verdict, small.verdict) == (Verdict.WIDEN, Verdict.STEADY)


def test_a_year_without_the_one_before_is_not_known_to_be_like_it(tmp_path: Path) -> None:
    assert stated(tmp_path, year=2018).change.verdict is Verdict.NOT_KNOWN


@pytest.mark.parametrize(
    ("table", "column", "code", "reason"),
    [
        ("c1", "referral_count", "u", "C1, referrals and re-referrals, referral_count: withheld as unreliable"),
        ("c1", "no_further_action_count", "x", "no_further_action_count: not available"),
        ("c2", "Assessments_completed", "c", "Assessments_completed: suppressed"),
        ("c2", "Median_days", "z", "Median_days: does not apply"),
        ("c4", "Section47", "u", "Section47: withheld"),
        ("c4", "ICPC", "", "ICPC: left blank"),
    ],
)
def test_without_an_amount_of_work_a_baseline_is_declined_and_the_reason_is_that_of_the_cell(
    table: str, column: str, code: str, reason: str, tmp_path: Path
) -> None:
    percentage = {"no_further_action_percent": code} if table == "c1" else {}
    found = stated(tmp_path, {(table, 2019, dfe.NORTH): dfe.changed(table, {column: code, **percentage})})

    (said,) = found.reasons
    assert reason.casefold() in said.casefold()


@pytest.mark.parametrize(("table", "column"), [("c2", "Assessments_completed"), ("c4", "Section47"), ("c4", "ICPC")])
def test_an_amount_of_nought_is_no_work_to_simulate(table: str, column: str, tmp_path: Path) -> None:
    found = stated(tmp_path, {(table, 2019, dfe.NORTH): dfe.changed(table, {column: 0})})

    assert any(reason.casefold().endswith(f"{column.casefold()}: nought") for reason in found.reasons)


def test_a_percentage_of_more_than_all_is_a_reason_to_decline(tmp_path: Path) -> None:
    odd = {"no_further_action_count": "x", "no_further_action_percent": 101}
    found = stated(tmp_path, {("c1", 2019, dfe.NORTH): dfe.changed("c1", odd)})

    assert found.reasons == ("C1: 101% of referrals without further action, which is more than all",)
    assert found.change.verdict is Verdict.NOT_KNOWN


def test_columns_missing_for_one_reason_are_one_reason(tmp_path: Path) -> None:
    gone = {("c2", 2019, dfe.NORTH): ["u"] * len(dfe.DURATIONS)}

    (said,) = stated(tmp_path, gone).reasons
    assert said.startswith("C2, duration of assessments, assessments_completed, 25th_percentile_days, median_days")


def test_a_table_that_ends_before_the_year_is_said_with_its_years(tmp_path: Path) -> None:
    dfe.folder(tmp_path, years=(2018,))
    dfe.folder(tmp_path / "more", years=(2019,), without=["c2", "c4"])
    releases = read_releases([tmp_path])
    found = statement_of(releases, find(authorities(releases), "Northford", 2019), 2019)

    assert found.reasons == (
        "C2, duration of assessments: no row for 2019; its files run from 2018 to 2018",
        "C4, section 47 enquiries and conferences: no row for 2019; its files run from 2018 to 2018",
    )


def test_a_table_that_was_not_downloaded_is_said_with_columns_to_know_it_by(tmp_path: Path) -> None:
    (said,) = stated(tmp_path, without=["c4"]).reasons

    assert said.startswith("C4, section 47 enquiries and conferences: no file of it was given (it is known by columns")


def test_a_few_children_a_year_are_no_service_to_simulate(tmp_path: Path) -> None:
    others = {("c1", 2019, dfe.NORTH): (60, 12, 20.0, 0, 0, 20, 33.3, 50, 9, 18)}

    assert stated(tmp_path, others).reasons == ("60 referrals a year: fewer than 100, too few for teams to simulate",)


def test_without_the_workforce_or_the_sources_the_region_stands_in_and_nothing_is_declined(tmp_path: Path) -> None:
    gone = {(name, 2019, dfe.NORTH): ["x"] * len(dfe.TABLES[name][2]) for name in ("c3", "c5", "c6", "workforce")}
    found = stated(tmp_path, gone)

    assert found.reasons == ()
    assert {one.borrowed for one in found.borrowed} == {"Midshire"}
    assert {"absence", "from_police_share", "in_july_share", "domestic_abuse_share"} <= {o.name for o in found.borrowed}
