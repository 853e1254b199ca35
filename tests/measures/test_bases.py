"""How many cases a measure rests on."""

import pytest

from sim.events import EventKind, Outcome
from sim.measures import MEASURES, base, measure
from sim.measures.measure import DOMESTIC_ABUSE, NOT_DOMESTIC_ABUSE
from tests.measures.logs import at, closed, contact, decided, event, log, seen


def test_every_measure_says_what_it_rests_on() -> None:
    empty = log()

    assert {base(empty, m.id, group) for m in MEASURES for group in m.groups} == {0}


def test_a_measure_that_is_not_there_rests_on_nothing() -> None:
    with pytest.raises(KeyError, match="no_such_measure"):
        base(log(), "no_such_measure")


def test_quantiles_rest_on_children_seen_and_shares_on_children_referred() -> None:
    families = [contact(1, children=3, domestic_abuse=1), contact(2), contact(3)]
    written = log(
        families, [decided(10), decided(10, 2), decided(20, 3, Outcome.ADVICE), seen(at(2)), seen(at(3), child=1)]
    )

    assert base(written, "days_to_seen_q50") == 2
    assert base(written, "seen_within_5_days_share") == 4
    assert base(written, "seen_within_5_days_share", DOMESTIC_ABUSE) == 3
    assert base(written, "seen_within_5_days_share", NOT_DOMESTIC_ABUSE) == 1


@pytest.mark.parametrize("name", ["referred_children_count", "contacts_count", "section_47_count", "referrals_count"])
def test_a_count_rests_on_itself(name: str) -> None:
    strategy = [decided(10, 1, Outcome.STRATEGY_DISCUSSION), event(20, EventKind.STRATEGY_ASKED)]
    enquiry = [event(30, EventKind.STRATEGY_HELD), event(40, EventKind.SECTION_47_STARTED)]
    turned_back = [decided(50, 3, Outcome.ADVICE), closed(60, 3)]
    families = [contact(1, children=2), contact(2), contact(3)]
    written = log(families, [*strategy, *enquiry, decided(10, 2), *turned_back])

    assert base(written, name) == measure(written)[name, "all"]
