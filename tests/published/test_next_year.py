from pathlib import Path

import numpy as np
import pytest

from sim.published import authorities, find, read_releases
from sim.published.baseline import settled
from sim.published.definition import Verdict
from sim.published.draft import Draft
from sim.published.next_year import clustered_error, drift_of, of_next_year, predicted, widened, winkler
from sim.published.statement import statement_of
from tests.published import dfe
from tests.published.fitting import PRIOR, drawing

NEXT: dict[str, dict[str, object]] = {
    "c1": {"referral_count": 1200, "rereferral_count": 264, "no_further_action_count": 240, "not_in_need_count": 360},
    "c5": {"Referrals": 1200, "Police": 540},
    "c6": {"Referrals": 1200},
    "workforce": {"case_holders_fte": 100.0, "absence_rate_fte": 6.4},
}


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Draft, Draft]:
    """Northford in 2019, and in 2020 with a fifth more referrals, more of them police's, and a quarter more staff."""
    others = {(name, 2020, dfe.NORTH): dfe.changed(name, codes) for name, codes in NEXT.items()}
    folder = dfe.folder(tmp_path_factory.mktemp("dfe") / "files", years=(2019, 2020), others=others)
    releases = read_releases([folder])
    northford = find(authorities(releases), "Northford", 2020)
    before, after = (settled(statement_of(releases, northford, year), PRIOR) for year in (2019, 2020))
    return before, after


def test_demand_and_staffing_are_next_years_and_all_else_is_as_it_was(
    years: tuple[Draft, Draft], tmp_path: Path
) -> None:
    before, after = years
    now = drawing(tmp_path).base.scenario
    then = of_next_year(now, before, after)

    assert then.demand.family_contacts_per_year == pytest.approx(1.2 * now.demand.family_contacts_per_year)
    assert then.demand.police.contact_share > now.demand.police.contact_share
    assert then.workforce.absence_share == 0.064
    assert then.calendar.first_day.year == 2019
    assert then.assessment.social_workers.experienced == round(1.25 * now.assessment.social_workers.experienced)
    assert then.need == now.need
    assert then.ending == now.ending
    assert then.assessment.outside_days == now.assessment.outside_days


def test_posts_stay_where_case_holders_of_a_year_are_not_published(years: tuple[Draft, Draft], tmp_path: Path) -> None:
    before, after = years
    now = drawing(tmp_path).base.scenario
    told = {name: one for name, one in after.told.items() if name != "case_holders"}
    without = Draft(
        after.statement.__class__(after.statement.figures, told, after.statement.change, ()), PRIOR, after.scenario
    )

    assert of_next_year(now, before, without).assessment.social_workers == now.assessment.social_workers


def test_a_prediction_moves_with_the_model_and_is_as_wide_as_the_drift(tmp_path: Path) -> None:
    target = next(t for t in drawing(tmp_path).base.held_against if t.key[0] == "rereferrals_share")
    random = np.random.default_rng(1)
    still, up, sure = (
        predicted(target, 0.22, np.array([move]), drift, random) for move, drift in ((0.0, 0.2), (0.5, 0.2), (0.0, 0.1))
    )

    assert still.middle == pytest.approx(0.22, abs=0.01)
    assert up.middle == pytest.approx(1 / (1 + np.exp(-(np.log(0.22 / 0.78) + 0.5))), abs=0.01)
    assert still.high_95 - still.low_95 == pytest.approx(2 * (sure.high_95 - sure.low_95), rel=0.1)
    assert still.low_95 < still.low_80 < still.middle < still.high_80 < still.high_95


def test_the_interval_score_is_the_width_and_ten_times_what_an_80_percent_range_misses_by() -> None:
    assert winkler(2.0, 5.0, 3.0, 0.8) == 3.0
    assert winkler(2.0, 5.0, 5.5, 0.8) == pytest.approx(3.0 + 10 * 0.5)
    assert winkler(2.0, 5.0, 1.0, 0.8) == pytest.approx(3.0 + 10 * 1.0)


def test_an_authoritys_few_changes_lean_on_everybodys() -> None:
    everybodys = [0.1, -0.1] * 50

    assert drift_of([], everybodys) == pytest.approx(0.1)
    assert drift_of([0.4], everybodys) == pytest.approx((4 * 0.1 + 0.4) / 5)
    assert drift_of([], []) == 0.0


def test_one_change_out_of_all_proportion_widens_nobodys_range() -> None:
    assert drift_of([], [0.1, -0.1] * 50 + [9.0]) == pytest.approx(0.1)


def test_figures_are_taken_wider_where_what_is_counted_may_have_changed() -> None:
    assert widened("section_47", Verdict.STEADY) == 1.0
    assert 1.0 < widened("section_47", Verdict.WIDEN) < widened("no_action_share", Verdict.WIDEN)


def test_an_error_by_authority_is_as_large_as_if_each_were_told_once() -> None:
    # Ten authorities, each with the same gain in five figures: fifty terms are worth ten.
    gains = np.repeat(np.linspace(-1, 1, 10), 5)
    names = [str(place // 5) for place in range(50)]
    once = np.linspace(-1, 1, 10).std(ddof=1) / np.sqrt(10)

    assert clustered_error(gains, names) == pytest.approx(once)
    assert np.isnan(clustered_error(gains[:5], names[:5]))
