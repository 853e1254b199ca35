"""The whole model: what must hold on average, over replications of the baseline or of a small part of it."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.events import Ending, EventKind, EventLog, Outcome, Role
from sim.measures import clocks
from sim.measures.clocks import End
from sim.model import run
from sim.policies import return_class
from sim.scenario import Scenario, Source, load
from sim.world import MOST_RETURNS, Known, Span, World, draw, expected_per_day
from sim.world.steady import return_shares
from tests.strategies import SMALL_BASE
from tests.verification.queues import asked, is_the_mean
from tests.worlds import (
    BASELINE,
    DAY,
    DAYS,
    FIRST_DAY,
    NO_ACTION,
    a_contact,
    a_person,
    contact_number,
    plain,
    staff,
)

BASE = load(BASELINE)

BUSY: dict[str, object] = {
    "calendar.warm_up_days": 60,
    "calendar.horizon_days": 120,
    "calendar.follow_up_days": 60,
    "demand.family_contacts_per_year": 600.0,
    "front_door.managers": 1,
    "assessment.social_workers.experienced": 3,
    "assessment.social_workers.agency": 0,
    "assessment.social_workers.newly_qualified": 0,
    "assessment.managers": 1,
    "workforce.recruitment_days_experienced": 0,
    "workforce.ramp_up_days": 0,
    "workforce.turnover_per_year": 0.0,
}
"""A small front door where people are short, so that one more matters."""


def mean_days_to_seen(scenario: Scenario, baseline: Scenario, replication: int) -> float:
    """Mean days from contact to seen of referred children, those still waiting counted to the end."""
    world = draw(scenario, seed=12, replication=replication, baseline=baseline)
    found = clocks(run(scenario, world, baseline=baseline))
    kept = found.referred & np.isin(found.end, (End.SEEN, End.STILL_WAITING))
    return float((found.ended - found.received)[kept].mean() / DAY)


@pytest.mark.slow
@pytest.mark.parametrize(
    "post", ["assessment.social_workers.experienced", "front_door.managers", "assessment.managers"]
)
def test_one_more_of_those_who_are_short_shortens_the_mean_wait(post: str) -> None:
    base = SMALL_BASE.changed(BUSY)
    more = base.changed({post: int(str(base.value(post))) + 1})
    gains = [mean_days_to_seen(base, base, r) - mean_days_to_seen(more, base, r) for r in range(20)]

    # A single child may wait longer with one more worker, and by chance a run; the mean does not.
    assert np.mean(gains) + stats.t.isf(0.0005, len(gains) - 1) * stats.sem(gains) > 0
    assert np.mean(gains) > 0


def year(replication: int) -> tuple[World, EventLog]:
    """A replication of the baseline."""
    world = draw(BASE, seed=7, replication=replication)
    return world, run(BASE, world)


@cache
def by_quarter(replication: int) -> NDArray[np.int64]:
    """Contacts received in each quarter of the reporting year from each source, fresh and returned: (4, sources)."""
    _, log = year(replication)
    days = (log.contact_column("received") - log.window_start) // DAY
    # A histogram's last bin has both its ends: day 365 is not of the year.
    within = days < 365
    sources = log.contact_column("source")[within]
    bins = ([0, 91, 182, 273, 365], np.arange(len(Source) + 1))
    return np.histogram2d(days[within], sources, bins=bins)[0].astype(np.int64)


ASKED = expected_per_day(BASE, BASE.calendar.first_day, range(365))


@pytest.mark.slow
def test_fresh_and_returning_families_are_the_contacts_asked_for() -> None:
    totals = [int(by_quarter(replication).sum()) for replication in range(24)]

    assert ASKED.sum() == pytest.approx(BASE.demand.family_contacts_per_year)
    assert is_the_mean(totals, BASE.demand.family_contacts_per_year)


@pytest.mark.slow
def test_fresh_and_returning_families_are_the_contacts_asked_for_in_each_quarter() -> None:
    quarters = np.stack([by_quarter(replication).sum(axis=1) for replication in range(24)])
    expected = [ASKED[start:end].sum() for start, end in ((0, 91), (91, 182), (182, 273), (273, 365))]

    assert all(is_the_mean(quarters[:, k], expected[k]) for k in range(4))


@pytest.mark.slow
def test_fresh_and_returning_families_are_the_contacts_asked_for_of_each_source() -> None:
    sources = np.stack([by_quarter(replication).sum(axis=0) for replication in range(24)])

    assert all(is_the_mean(sources[:, k], ASKED[:, k].sum()) for k in range(len(Source)))


@pytest.mark.slow
def test_as_many_come_back_as_the_endings_and_the_delays_say() -> None:
    excess, variance = 0.0, 0.0
    for replication in range(4):
        world, log = year(replication)
        outcomes = {row[2]: Outcome(row[6]) for row in log.of_kind(EventKind.DECIDED).tolist()}
        number = {c.id: c.return_number for c in (*world.contacts, *world.returns_after.values())}
        parents = log.contact_column("parent")
        excess += float((parents >= 0).sum())
        for row in log.of_kind(EventKind.CLOSED).tolist():
            chance = came_back(log, outcomes[row[2]], Ending(row[6]), row[0]) * (number[row[2]] < MOST_RETURNS)
            excess -= chance
            variance += chance * (1 - chance)

    # A return waits for its hour and its weekday: that takes away those due in the last two days.
    due = 2 * float((parents >= 0).sum()) / (log.watched_until / DAY) * 4
    assert -4 * np.sqrt(variance) - due < excess < 4 * np.sqrt(variance)


def came_back(log: EventLog, decided: Outcome, ending: Ending, closed: int) -> float:
    """The chance that a family with this ending has come back before watching ended."""
    kind = return_class(decided, ending)
    if kind is None:
        return 0.0
    within = ((log.watched_until - closed) / DAY >= DELAYS).mean()
    return float(return_shares(BASE)[kind] * BASE.returns.multiplier * within)


DELAYS = BASE.returns.delay_days.quantile((np.arange(4000) + 0.5) / 4000)


def test_the_domestic_abuse_team_and_its_contacts_may_be_taken_away_without_a_change_for_others() -> None:
    on: Mapping[str, object] = {
        "domestic_abuse_team.on": True,
        "domestic_abuse_team.managers": 1,
        "domestic_abuse_team.social_workers": 1,
        "domestic_abuse_team.posts": "new",
    }
    unclear = NO_ACTION._replace(rounds=(asked(40, DAY),))
    contacts = [a_contact(n, 600 + 45 * n, unclear._replace(domestic_abuse=n % 2)) for n in range(40)]
    # By day only: the night's handover is the first response workers' work for everybody.
    contacts = [contact for contact in contacts if 540 <= contact.received % DAY < 1000]
    team = [a_person(role, 1, team=0) for role in (Role.FRONT_DOOR_MANAGER, Role.EXPERIENCED_SOCIAL_WORKER)]
    others = staff("manager", "responder", "night")
    both = run(plain(on), World(Span(FIRST_DAY, DAYS, 0), Known(tuple(contacts), {}, {}), (*others, *team)))
    kept = tuple(contact for contact in contacts if not contact.domestic_abuse)
    alone = run(plain(on), World(Span(FIRST_DAY, DAYS, 0), Known(kept, {}, {}), others))

    ids = [contact.id for contact in kept]
    assert len(ids) > 5
    assert contact_number(0) == min(ids)
    assert both.events[np.isin(both.column("contact"), ids)].tolist() == alone.events.tolist()
