"""Changes in what counts as a referral: silent about steady services, and not about a moved threshold."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.history.regimes import FALSE_ALARMS, Change, changed
from tests.history.files import a_csv, a_year, found_ids, observed, the_finding

SERIES = 8
LATER = ("allocated", "seen", "assessment_started", "authorised", "ending", "closed")
STEADY = 2000


def test_a_steady_service_is_said_to_have_changed_in_at_most_one_in_a_hundred() -> None:
    rng = np.random.default_rng(7)
    alarms = 0
    for months in rng.choice((8, 12, 24, 36), STEADY):
        among = rng.poisson(rng.choice((60, 400, 2000)), months)
        part = rng.binomial(among, rng.choice((0.05, 0.25, 0.5)))
        alarms += changed(part, among, FALSE_ALARMS) is not None

    allowed = STEADY * FALSE_ALARMS
    assert alarms <= allowed + 3 * np.sqrt(allowed)


def test_months_that_vary_more_than_chance_do_not_look_like_a_change() -> None:
    rng = np.random.default_rng(8)
    alarms = 0
    for _ in range(STEADY):
        among = rng.poisson(500, 24)
        part = rng.binomial(among, rng.beta(20, 60, 24))
        alarms += changed(part, among, FALSE_ALARMS) is not None

    allowed = STEADY * FALSE_ALARMS
    assert alarms <= allowed + 3 * np.sqrt(allowed)


@pytest.mark.parametrize("months", [8, 12, 24])
def test_the_change_that_leicestershire_published_is_found_where_it_was(months: int) -> None:
    # 27.1% of 7,555 referrals a year with no further action, then 8.1% of 5,283.
    rng = np.random.default_rng(9)
    half = months // 2
    among = np.concatenate([rng.poisson(7555 / 12, half), rng.poisson(5283 / 12, half)])
    part = rng.binomial(among, np.repeat((0.271, 0.081), half))
    change = changed(part, among, FALSE_ALARMS / SERIES)

    assert change is not None
    assert change.month == half
    assert (change.before, change.after) == pytest.approx((0.271, 0.081), abs=4 * np.sqrt(0.2 / (half * 440)))


def test_a_real_change_of_less_than_a_quarter_is_not_said() -> None:
    among = np.full(24, 100_000)
    small, large = (np.repeat((20_000, level), 12) for level in (24_500, 25_500))

    assert changed(small, among, FALSE_ALARMS) is None
    assert changed(large, among, FALSE_ALARMS) == Change(12, 0.2, 0.255)


@pytest.mark.parametrize("part", [np.zeros(24, np.int64), np.full(24, 50)])
def test_shares_of_none_and_of_all_do_not_change(part: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    assert changed(part, np.full(24, 50), FALSE_ALARMS) is None


def test_a_threshold_moved_for_one_source_is_found_with_its_rows(tmp_path: Path) -> None:
    rows = a_year(per_day=8)
    since = "2023-10-01"
    for place, row in enumerate(rows):
        police = row["source"] == "6: Police"
        referred = police and place % (4 if row["received"] < since else 16) == 1
        row["outcome"] = "referral" if referred else "advice"
        row.update(dict.fromkeys(LATER, ""))
    found = observed(a_csv(tmp_path / "j.csv", rows), date(2024, 4, 12))

    one = the_finding(found, "regime_of_referrals_police")
    assert (
        one.what == "the share of contacts that become referrals, from police went from 50% to 13% about October 2023"
    )
    expected = (
        place + 2
        for place, row in enumerate(rows)
        if row["source"] == "6: Police" and since <= row["received"] < "2024-03-01"
    )
    assert one.rows == tuple(expected)
    assert [name for name in found_ids(found) if name.startswith("regime")] == [
        "regime_of_referrals",
        "regime_of_referrals_police",
    ]


def test_referrals_not_taken_are_watched_too(tmp_path: Path) -> None:
    rows = a_year(per_day=24)
    for place, row in enumerate(rows):
        if row["outcome"] == "referral" and place % (16 if row["received"] < "2023-10-01" else 48) == 0:
            row["outcome"] = "referral_no_action"
    found = observed(a_csv(tmp_path / "j.csv", rows), date(2024, 4, 12))

    assert [name for name in found_ids(found) if name.startswith("regime")] == ["regime_of_no_action"]
