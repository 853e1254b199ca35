import pytest

from sim.published.flows import below_threshold, conversion, flows_of
from sim.scenario import Source, load
from tests.worlds import PRIOR

COUNTY = load(PRIOR)


def test_the_prior_implies_what_is_published_of_the_county_it_was_set_by() -> None:
    flows = flows_of(COUNTY)

    assert flows.contacts == pytest.approx(11914)
    assert flows.referred == pytest.approx(5283, rel=0.01)
    assert flows.referrals[Source.POLICE] / flows.referred == pytest.approx(0.354, abs=0.005)
    assert flows.no_action / flows.referred == pytest.approx(0.081, abs=0.003)
    assert flows.assessed == pytest.approx(0.97 * 4172, rel=0.01)
    assert flows.not_in_need / flows.referred == pytest.approx(0.355, abs=0.005)
    assert flows.conferences / flows.enquiries == pytest.approx(544 / 1174, abs=0.001)


def test_nobody_is_lost_between_referral_and_what_becomes_of_it() -> None:
    flows = flows_of(COUNTY)
    elsewhere = flows.referred * COUNTY.demand.other_team_share

    assert flows.no_action + flows.assessed + elsewhere == pytest.approx(flows.referred)
    assert flows.conferences < flows.enquiries < flows.assessed


@pytest.mark.parametrize("source", list(Source))
def test_the_share_below_the_threshold_is_that_with_which_as_many_are_referred_as_wanted(source: Source) -> None:
    wanted = 0.47
    below = below_threshold(COUNTY, source, wanted)
    changed = COUNTY.changed({f"demand.{source.value}.below_threshold_share": below})

    assert conversion(changed, source) == pytest.approx(wanted)
