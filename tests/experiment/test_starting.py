"""Comparisons that start from the open work of a record."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from sim.events import NOBODY, EventKind, EventLog, Role, check_lifecycle
from sim.experiment import Plan, Variant, compare, run_cell, simulate
from sim.experiment.comparison import DAYS_LIKE_THE_START
from sim.experiment.dealing import Held, deal
from sim.experiment.inheriting import Inheritance, inherit, start_calendar
from sim.experiment.own_measures import measured, measures_of
from sim.facts import Fact
from sim.history import Pseudonyms, fingerprint, observe, open_work
from sim.history.synthesis import journeys_told
from sim.history.writing import WRITERS, extract_in
from sim.measures import measure
from sim.measures import open_work as open_work_of
from sim.measures.inherited import INHERITED, inherited
from sim.scenario import Scenario, load, shipped
from sim.working_time import MINUTES_PER_DAY, OpeningHours
from sim.world.opening import OpenWork
from tests.worlds import a_person

E = EventKind
DAY = MINUTES_PER_DAY
SMALL = load(shipped("leicestershire-2018-19.toml")).changed(
    {
        "demand.family_contacts_per_year": 1000.0,
        "calendar.warm_up_days": 60,
        "calendar.horizon_days": 100,
        "calendar.follow_up_days": 30,
        "assessment.social_workers.experienced": 6,
        "assessment.social_workers.newly_qualified": 2,
        "assessment.social_workers.agency": 1,
        "front_door.managers": 2,
        "front_door.workers": 2,
    }
)


@cache
def the_year() -> EventLog:
    """What a small service went through up to a Wednesday night."""
    log = simulate(SMALL, seed=3, replication=0)
    cut = log.window_start + 87 * DAY
    return replace(log, window_start=0, window_end=cut, watched_until=cut - 1)


@cache
def the_work(form: str) -> OpenWork:
    """What was then open, as an extract of a format tells it."""
    log = the_year()
    last = log.first_day + timedelta(days=log.window_end // DAY - 1)
    with TemporaryDirectory() as folder:
        WRITERS[form](journeys_told(log), Path(folder))
        path = extract_in(Path(folder))
        hours = OpeningHours(log.office_opens_minute, log.office_closes_minute)
        return open_work(observe(path, Pseudonyms(bytes(32)), hours, last), fingerprint(path))


def started(form: str = "journeys") -> Scenario:
    """The small service on the day after the extract."""
    return SMALL.changed(start_calendar(the_work(form)))


@cache
def the_start(form: str = "journeys", replication: int = 0) -> Inheritance:
    """The open work as one cell's scenarios begin with it."""
    return inherit(the_work(form), started(form), 11, replication)


@cache
def the_log(form: str = "journeys") -> EventLog:
    """The baseline's run from it."""
    return simulate(started(form), seed=11, replication=0, start=the_start(form))


def a_plan(*variants: Variant, replications: int = 1) -> Plan:
    """Scenarios that start from the open work."""
    return Plan(started(), variants, ({},), replications, 11, opening=the_work("journeys"))


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_every_open_family_goes_on_from_a_lawful_past_in_every_format(form: str) -> None:
    work, start, log = the_work(form), the_start(form), the_log(form)

    check_lifecycle(log)
    assert len(start.inherited) == len(work.journeys) + start.borrowed
    came_before = log.contact_column("received") < log.window_start
    assert came_before.sum() == len(start.inherited)
    assert (start.borrowed > 0) == (form != "journeys")
    recorded = [one.contact.children for one in start.inherited[: len(work.journeys)]]
    assert recorded == [journey.children for journey in work.journeys]
    closed = set(log.of_kind(E.CLOSED)[:, 2].tolist())
    assert len([one for one in start.inherited if one.contact.id in closed]) > 0.8 * len(start.inherited)


def test_what_the_record_tells_stands_in_the_log_to_the_minute() -> None:
    work, start, log = the_work("journeys"), the_start(), the_log()
    kinds = (E.RECEIVED, E.DECIDED, E.ALLOCATED, E.ASSESSMENT_STARTED, E.ASSESSMENT_AUTHORISED)
    for one, journey in zip(start.inherited, work.journeys, strict=False):
        rows = log.events[(log.column("contact") == one.contact.id) & (log.column("time") < log.window_start)]
        found = {EventKind(kind): time - log.window_start for time, kind, *_ in reversed(rows.tolist())}
        assert {kind: found.get(kind) for kind in kinds} == {kind: journey.at.get(kind) for kind in kinds}
        seen = {(row[3], row[0] - log.window_start) for row in rows.tolist() if row[1] == E.SEEN}
        assert seen == set(journey.seen)


def test_open_work_at_the_first_minute_is_that_of_the_record() -> None:
    whole = simulate(SMALL, seed=3, replication=0)
    day = (the_year().window_end - whole.window_start) // DAY
    before = open_work_of(whole)
    after = open_work_of(the_log())

    assert after.open_contacts[0] == before.open_contacts[day] > 0
    assert after.open_assessments[0] == before.open_assessments[day] > 0
    assert after.unseen_children[0] == before.unseen_children[day] > 0


def test_measures_of_ones_own_are_read_of_the_years_that_start_from_it() -> None:
    key = ("days_to_seen_q90", "all")
    (found,) = measured(a_plan(), measures_of([key]))

    assert found.readings[0][key] == measure(the_log(), measures_of([key]))[key]


def test_the_same_cell_starts_the_same_and_another_one_otherwise() -> None:
    one, other = (the_start(replication=r).inherited for r in (0, 1))
    again = inherit(the_work("journeys"), started(), 11, 0).inherited

    assert one == again
    assert one != other


def test_a_scenario_that_changes_nothing_changes_nothing() -> None:
    cell = next(a_plan(Variant("same", "Same", {})).cells())
    base, same = run_cell(a_plan(Variant("same", "Same", {})), cell).readings

    assert base.log_hash == same.log_hash
    assert base.inherited == pytest.approx(same.inherited, nan_ok=True)


def test_scenarios_start_alike_and_differ_from_the_first_day() -> None:
    more = Variant("more", "More", {"assessment.managers": "+3", "assessment.social_workers.experienced": "+6"})
    plan = a_plan(more)
    base, other = run_cell(plan, next(plan.cells())).readings

    assert base.log_hash != other.log_hash
    assert base.open_work.unseen_children[0] == other.open_work.unseen_children[0]


def test_families_of_contacts_before_the_start_come_back() -> None:
    def returns(scenario: Scenario) -> float:
        log = simulate(scenario, seed=11, replication=0, start=the_start())
        inside = log.contact_column("received") >= log.window_start
        return float(log.contact_column("is_return")[inside].mean())

    assert returns(started()) > 0.05
    assert returns(started().changed({"returns.multiplier": 0.0})) == 0.0


def test_a_comparison_that_starts_from_open_work_is_not_warned_of_a_short_warm_up() -> None:
    recent = replace(a_plan(), baseline=started().changed({"calendar.warm_up_days": 60}))

    assert not any("warm_up_days" in warning for warning in recent.warnings())
    assert any("warm_up_days" in warning for warning in replace(recent, opening=None).warnings())


def test_small_counts_cannot_be_read_off_the_first_days() -> None:
    plan = a_plan(Variant("same", "Same", {}), replications=2)
    results = [run_cell(plan, cell) for cell in plan.cells()]
    few = compare(plan, results)
    assert plan.opening is not None
    many = compare(replace(plan, opening=replace(plan.opening, journeys=plan.opening.journeys * 6)), results)

    assert 1 <= min(count for count in plan.opening.children_by_stage().values() if count) <= 5
    for days in few.baseline.open_work.values():
        assert np.isnan(days[:DAYS_LIKE_THE_START]).all()
        assert not np.isnan(days[DAYS_LIKE_THE_START:]).any()
    assert not np.isnan(many.baseline.open_work["unseen_children"]).any()
    assert {measure.id for measure in INHERITED} == set(few.baseline.inherited)


def test_what_becomes_of_the_open_work_is_counted_from_the_start() -> None:
    log = the_log()
    found = inherited(log)
    before = set(log.contacts[log.contact_column("received") < log.window_start, 0].tolist())
    closed = {row[2]: row[0] for row in log.of_kind(E.CLOSED).tolist()}
    children = {row[0]: row[4] for row in log.contacts.tolist() if not row[8]}
    for weeks in (4, 13):
        moment = log.window_start + weeks * 7 * DAY
        still = sum(children.get(one, 0) for one in before if closed.get(one, moment) >= moment)
        assert found[f"inherited_open_after_{weeks}_weeks"] == still
    shares = [found[f"inherited_seen_within_{days}_working_days_share"] for days in (5, 10, 20)]
    assert shares == sorted(shares)
    assert 0 < shares[-1] <= 1


WORKER, OTHER, NEW = (
    a_person(Role.EXPERIENCED_SOCIAL_WORKER, 0, guide=10),
    a_person(Role.EXPERIENCED_SOCIAL_WORKER, 1, guide=20),
    a_person(Role.NEWLY_QUALIFIED_SOCIAL_WORKER, 0, guide=10),
)


def a_case(recorded: int, children: int = 1, *, section_47: bool = False) -> Held:
    return Held(children, section_47, recorded)


def test_a_recorded_workers_cases_stay_together_the_largest_with_the_largest_guide() -> None:
    cases = [a_case(7), a_case(3, 2), a_case(3, 2), a_case(7)]

    assert deal(cases, (WORKER, OTHER), 0) == [WORKER.id, OTHER.id, OTHER.id, WORKER.id]


def test_cases_of_workers_too_many_go_to_who_has_most_room() -> None:
    cases = [a_case(1, 6), a_case(2, 4), a_case(3, 1), a_case(3, 1)]
    found = deal(cases, (WORKER, OTHER), 0)

    assert found[:2] == [OTHER.id, WORKER.id]
    assert Counter(found[2:]) == {OTHER.id: 2}


def test_nobody_newly_qualified_is_dealt_section_47() -> None:
    cases = [a_case(1, 5, section_47=True), a_case(1, 5), a_case(2, 1)]
    found = deal(cases, (NEW, WORKER), 0)

    assert found[0] == WORKER.id
    assert deal([a_case(NOBODY, section_47=True)], (NEW,), 0) == [NOBODY]


def test_only_who_is_in_post_at_the_start_is_dealt_cases() -> None:
    gone, to_come = WORKER._replace(leaves=5 * DAY), OTHER._replace(starts=9 * DAY)

    assert deal([a_case(1)], (gone, to_come, NEW), 7 * DAY) == [NEW.id]
    assert deal([a_case(1)], (gone, to_come), 7 * DAY) == [NOBODY]


def test_the_journeys_format_tells_all_that_a_start_needs() -> None:
    work = the_work("journeys")

    assert work.tells_undecided
    assert work.tells_unbegun
    assert work.tells_after
    assert {Fact.ALLOCATION, Fact.SEEN, Fact.FAMILY} <= work.facts
