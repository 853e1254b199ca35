"""Worlds: drawn before anything moves, shared by scenarios as far as they are alike."""

from enum import IntEnum

import numpy as np
import pytest

from sim.randomness import Luck, Purpose
from sim.scenario import Scenario, Source
from sim.working_time import MINUTES_PER_DAY
from sim.world import MOST_RETURNS, Contact, World, draw, span
from sim.world import fates as fates_module
from sim.world.steady import _need_shares, new_needs
from tests.strategies import SMALL_BASE

START = 15 * MINUTES_PER_DAY


def drawn(scenario: Scenario, baseline: Scenario | None = None) -> World:
    """A world of the small baseline."""
    return draw(scenario, seed=4, replication=2, baseline=baseline)


def parts(world: World) -> tuple[object, ...]:
    """All that a world holds, to be compared."""
    return (world.span, world.contacts, world.returns_before, world.returns_after, world.people)


NOBODY: dict[str, object] = {
    "front_door.managers": 0,
    "front_door.senior_practitioners": 0,
    "front_door.workers": 0,
    "out_of_hours.staff": 0,
    "assessment.managers": 0,
    "assessment.family_support_workers": 0,
    "assessment.duty_workers": 0,
    "assessment.social_workers.experienced": 0,
    "assessment.social_workers.newly_qualified": 0,
    "assessment.social_workers.agency": 0,
}

BASE = drawn(SMALL_BASE)
MOVED = SMALL_BASE.changed({"levers_start_day": 15, "need.section_47_share": 1.0, "demand.multiplier": 2.0})


class TestDraw:
    def test_is_a_function_of_scenario_seed_and_replication(self) -> None:
        assert parts(drawn(SMALL_BASE)) == parts(BASE)
        assert draw(SMALL_BASE, seed=4, replication=3).contacts != BASE.contacts
        assert draw(SMALL_BASE, seed=5, replication=2).contacts != BASE.contacts

    def test_a_copy_of_the_baseline_has_its_world(self) -> None:
        copy = drawn(SMALL_BASE.changed({"name": "copy", "title": "A copy", "summary": "The same."}), SMALL_BASE)

        assert parts(copy) == parts(BASE)

    def test_contacts_before_the_levers_start_are_the_baselines(self) -> None:
        moved = drawn(MOVED, SMALL_BASE)

        early = tuple(contact for contact in moved.contacts if contact.received < START)
        assert early == tuple(contact for contact in BASE.contacts if contact.received < START)
        assert len(moved.contacts) > len(BASE.contacts)

    def test_contacts_after_it_are_the_scenarios(self) -> None:
        now = drawn(MOVED.changed({"levers_start_day": 0}), SMALL_BASE)
        moved = drawn(MOVED, SMALL_BASE)

        assert [c for c in moved.contacts if c.received >= START] == [c for c in now.contacts if c.received >= START]

    def test_a_levers_start_beyond_the_run_leaves_the_baseline(self) -> None:
        never = drawn(MOVED.changed({"levers_start_day": 400}), SMALL_BASE)

        assert never.contacts == BASE.contacts
        assert never.people == BASE.people

    def test_ids_are_unique(self) -> None:
        ids = [contact.id for contact in (*BASE.contacts, *BASE.returns_after.values())]

        assert len(set(ids)) == len(ids)
        assert len({person.id for person in BASE.people}) == len(BASE.people)

    def test_no_demand_no_warm_up_and_no_people_are_possible(self) -> None:
        empty = drawn(SMALL_BASE.changed({**NOBODY, "demand.multiplier": 0.0, "calendar.warm_up_days": 0}))

        assert (empty.contacts, empty.returns_after, empty.people) == ((), {}, ())


class TestReturns:
    def test_each_belongs_to_a_contact_that_may_come_back(self) -> None:
        known = {contact.id: contact for contact in (*BASE.contacts, *BASE.returns_after.values())}

        for parent, back in BASE.returns_after.items():
            assert back.parent == parent
            assert any(known[parent].would_return)
            assert back.return_number == known[parent].return_number + 1 <= MOST_RETURNS
            assert (back.children, back.domestic_abuse, back.source) == (
                known[parent].children,
                known[parent].domestic_abuse,
                known[parent].source,
            )

    def test_everyone_who_may_come_back_has_one_up_to_the_most(self) -> None:
        may = [c for c in (*BASE.contacts, *BASE.returns_after.values()) if any(c.would_return)]

        assert {c.id for c in may if c.return_number < MOST_RETURNS} == set(BASE.returns_after)

    def test_before_the_levers_start_a_return_has_the_baselines_fate(self) -> None:
        moved = drawn(MOVED, SMALL_BASE)
        parent = next(c.id for c in moved.contacts if c.received < START and c.id in moved.returns_after)

        assert moved.return_of(parent, START - 1) == BASE.returns_after[parent]
        assert moved.return_of(parent, START) == moved.returns_after[parent]
        assert moved.return_of(-1, START) is None

    def test_what_referrers_no_longer_make_does_not_come_back_either(self) -> None:
        better = drawn(SMALL_BASE.changed({"demand.below_threshold_multiplier": 0.5}), SMALL_BASE)

        assert 0 < len(better.contacts) < len(BASE.contacts)
        assert set(better.contacts) <= set(BASE.contacts)
        assert not any(contact.not_made for contact in (*better.contacts, *better.returns_after.values()))

    def test_a_family_that_came_back_before_the_levers_start_may_come_back_again(self) -> None:
        fewer = SMALL_BASE.changed({"levers_start_day": 30, "returns.multiplier": 0.3})
        world = drawn(fewer, SMALL_BASE)
        # First returns with the baseline's fate, whose families would come back once more.
        firsts = [back for back in world.returns_before.values() if back.return_number == 1 and any(back.would_return)]

        assert firsts
        assert all(world.return_of(back.id, world.span.levers_start) is not None for back in firsts)


class TestSameNeed:
    def test_returns_keep_the_need_of_the_contact_before_where_everybody_does(self) -> None:
        always = drawn(SMALL_BASE.changed({"returns.same_need_share": 1.0}))
        known = {contact.id: contact for contact in (*always.contacts, *always.returns_after.values())}

        assert always.returns_after
        assert all(back.need is known[parent].need for parent, back in always.returns_after.items())

    def test_without_it_the_needs_of_the_new_are_those_asked_for(self) -> None:
        never = SMALL_BASE.changed({"returns.same_need_share": 0.0})
        asked = np.stack([_need_shares(never, source) for source in Source])

        assert new_needs(never, never) == pytest.approx(asked, abs=1e-15)

    @pytest.mark.parametrize(
        "lever", [{"returns.multiplier": 0.0}, {"ending.close_share": 0.0}, {"returns.same_need_share": 0.0}]
    )
    def test_a_lever_that_is_not_about_need_changes_that_of_no_first_contact(self, lever: dict[str, object]) -> None:
        other = drawn(SMALL_BASE.changed(lever), SMALL_BASE)
        firsts = [(a, b) for a, b in zip(BASE.contacts, other.contacts, strict=True) if not a.seeded_return]

        assert SMALL_BASE.returns.same_need_share > 0
        assert len(firsts) > 20
        assert all((a.need, a.rating) == (b.need, b.rating) for a, b in firsts)

    def test_a_return_before_the_levers_start_hands_on_the_need_it_was_found_in(self) -> None:
        always = SMALL_BASE.changed({"returns.same_need_share": 1.0})
        harm = always.changed({"levers_start_day": 15, "need.section_47_share": 1.0})
        world = drawn(harm, always)
        early = {c.id: c for c in world.contacts if c.received < START and c.id in world.returns_after}

        assert early
        assert all(world.returns_after[parent].need is contact.need for parent, contact in early.items())


def test_an_unused_purpose_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {purpose.name: purpose.value for purpose in Purpose}
    longer = IntEnum("longer", {**names, "NEVER_USED": max(names.values()) + 1})  # type: ignore[misc]
    monkeypatch.setattr(fates_module, "Purpose", longer)

    assert drawn(SMALL_BASE).contacts == BASE.contacts
    ids = np.array([contact.id for contact in BASE.contacts], dtype=np.int64)
    every, known = (Luck(1, 1).uniforms(ids, list(purposes)) for purposes in (longer, Purpose))
    assert (every[:, : len(known[0])] == known).all()


def test_the_span_is_warm_up_year_and_follow_up() -> None:
    scenario = SMALL_BASE.changed(
        {
            "calendar.warm_up_days": 10,
            "calendar.horizon_days": 20,
            "calendar.follow_up_days": 5,
            "levers_start_day": 3,
        }
    )
    found = span(scenario)

    assert (found.days, found.levers_start, found.end) == (35, 13 * MINUTES_PER_DAY, 35 * MINUTES_PER_DAY)
    assert (scenario.calendar.first_day - found.first_day).days == 10


def test_a_longer_warm_up_changes_no_contact_of_the_year() -> None:
    longer = drawn(SMALL_BASE.changed({"calendar.warm_up_days": 50, "returns.multiplier": 0.0}))
    shorter = drawn(SMALL_BASE.changed({"calendar.warm_up_days": 0, "returns.multiplier": 0.0}))

    def of_the_year(world: World) -> list[Contact]:
        begins = (SMALL_BASE.calendar.first_day - world.span.first_day).days * MINUTES_PER_DAY
        return [c._replace(received=c.received - begins) for c in world.contacts if c.received >= begins]

    assert of_the_year(longer) == of_the_year(shorter)
