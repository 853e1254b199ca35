"""Shares of cells that lean on their parents: as sure as their counts make them, and no surer."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibration.seen.conferences import untruncated
from sim.calibration.seen.learned import keyed
from sim.calibration.seen.needs import implied_needs
from sim.calibration.seen.shares import Shrunk, shrunk
from sim.scenario import Source
from sim.world.steady import outcome_shares
from tests.calibration.seen.samples import county


def counted(shares: NDArray[np.float64], sizes: list[int], seed: int) -> Shrunk:
    chance = keyed(seed, "shares")
    rows = zip(shares, sizes, strict=True)
    return shrunk(np.array([chance.multinomial(size, row) for row, size in rows], dtype=np.float64))


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.3])
def test_shares_lie_within_their_errors_whether_cells_are_alike_or_not(spread: float) -> None:
    first = 0.4 + spread * np.linspace(-1, 1, 6)
    truth = np.stack([first, 1 - first], axis=1)
    found = [counted(truth, [400, 200, 100, 60, 40, 20], seed) for seed in range(60)]
    far = np.array([(one.means - truth)[:, 0] / one.errors[:, 0] for one in found])

    # Sixty counts of six cells: cells that lean on one another are out together.
    assert 0.8 < np.sqrt((far**2).mean()) < 1.3


def test_cells_that_are_alike_are_told_more_closely_than_each_by_itself_and_not_than_all_together() -> None:
    truth = np.full((6, 2), 0.5)
    small = counted(truth, [40] * 6, 1).errors[0, 0]

    assert np.sqrt(0.25 / 240) * 0.95 < small < np.sqrt(0.25 / 40) * 0.9


def test_draws_have_the_means_and_the_errors_that_are_said() -> None:
    found = counted(np.array([[0.2, 0.8], [0.5, 0.5], [0.25, 0.75]]), [100, 30, 50], 2)
    drawn = found.drawn(keyed(3, "draws"), 20_000)

    assert drawn.mean(axis=0) == pytest.approx(found.means, abs=0.002)
    assert drawn.std(axis=0) == pytest.approx(found.errors, rel=0.05)


def test_conferences_yet_to_come_are_put_back() -> None:
    chance = keyed(1, "conferences")
    days, possible = chance.choice([8, 12, 20], size=4000, p=[0.3, 0.4, 0.3]), chance.integers(0, 40, 4000)
    held = days <= possible
    shares = untruncated(days[held], possible[held])

    assert np.bincount(days[held])[20] / held.sum() < 0.25
    assert shares[[8, 12, 20]] == pytest.approx([0.3, 0.4, 0.3], abs=0.03)


def test_the_needs_of_a_scenario_come_back_from_the_outcomes_that_they_give() -> None:
    base = county()
    demand, need, further = base.demand, base.need, base.further_work
    weights = np.array([demand.profile(source).contact_share for source in Source])
    rows = []
    for source in Source:
        profile = demand.profile(source)
        refused = profile.consent_missing_share * further.consent_refused_share * (1 - further.consent_dispensed_share)
        above, rest = 1 - profile.below_threshold_share, 1 - need.early_help_share
        harm = above * rest * need.section_47_share
        helped = (1 - refused) * above * need.early_help_share * (1 - need.early_help_referred_share)
        needless = profile.below_threshold_share * need.referred_below_threshold_share
        needless += above * need.early_help_share * need.early_help_referred_share
        referred = (1 - refused) * (needless + above * rest - harm) + harm * demand.other_team_share
        discussed = harm * (1 - demand.other_team_share)
        rows.append([1 - helped - referred - discussed, helped, referred, discussed])
    shares = np.array(rows)
    ours = (1 - demand.open_case_share) * (1 - demand.other_authority_share)

    below, early, harm_share = implied_needs(shares, weights, base.changed({"need.early_help_share": 0.5}))

    # Those decided with help, as the model's own steady state has them.
    assert weights @ shares[:, 1] * ours == pytest.approx(outcome_shares(base)[1])
    assert below == pytest.approx([demand.profile(source).below_threshold_share for source in Source])
    assert (early, harm_share) == pytest.approx((need.early_help_share, need.section_47_share))
