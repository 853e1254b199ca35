"""A world as the twin's memory: what scenarios share is packed once, and nothing else is taken for it."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("numba", reason="the compiled engine needs Numba")

from sim.events import Need
from sim.model.compiled import spare
from sim.model.compiled.engine import run_all
from sim.model.compiled.layout import NONE
from sim.model.compiled.pack import room_for_world, state_of
from sim.model.compiled.pack_contacts import ContactRows, contact_rows
from sim.model.compiled.rows import contact as K  # noqa: N812
from sim.model.same import Same
from sim.model.tables import window
from sim.working_time import MINUTES_PER_DAY
from sim.world import Known, Round, World, draw
from sim.world.columns import NOT_DRAWN
from tests.model.twins import Trial, found
from tests.strategies import SMALL_BASE


def packed(world: World) -> ContactRows:
    return contact_rows(Same(world.families), Same(world.inherited))


def test_families_that_two_scenarios_share_are_packed_once() -> None:
    scenario = SMALL_BASE.changed({"front_door.managers": "+1"})
    one, other = (draw(each, seed=1, replication=0, baseline=SMALL_BASE) for each in (SMALL_BASE, scenario))

    assert packed(one)[0] is packed(other)[0]


def test_families_that_are_only_alike_are_packed_for_themselves() -> None:
    world = draw(SMALL_BASE, seed=1, replication=0)
    plain = replace(world, families=Known(world.contacts, world.returns_before, world.returns_after))
    more = tuple(c._replace(children=c.children + 1) for c in world.contacts)
    larger = replace(world, families=Known(more, world.returns_before, world.returns_after))
    rows, fresh, *_ = packed(plain)
    others, *_ = packed(larger)

    assert (others[:fresh, K.children] == rows[:fresh, K.children] + 1).all()
    assert np.array_equal(np.delete(others, K.children, axis=1), np.delete(rows, K.children, axis=1))


def test_what_is_drawn_as_columns_is_packed_as_what_is_written_down_one_by_one() -> None:
    scenario = SMALL_BASE.changed({"further_work.reply_multiplier": 0.5, "returns.multiplier": 2.0})
    world = draw(scenario, seed=1, replication=0, baseline=SMALL_BASE)
    one_by_one = replace(world, families=Known(world.contacts, world.returns_before, world.returns_after))
    (columns, *sizes), (rows, *others) = packed(world), packed(one_by_one)
    is_drawn = columns > NOT_DRAWN // 2
    some = is_drawn[:, K.work_minutes]

    assert sizes == others
    assert (columns[some] == rows[some])[is_drawn[some]].all()
    alike = [*range(K.retry_delays - 1), *range(K.would_return, K.size)]
    assert (columns[:, alike] == rows[:, alike])[is_drawn[:, alike]].all()


def test_nothing_is_drawn_of_an_assessment_to_which_a_contact_can_never_come() -> None:
    rows = packed(draw(SMALL_BASE, seed=1, replication=0)).rows
    never = rows[:, K.work_minutes] < NOT_DRAWN // 2

    assert never.sum() > len(rows) // 4
    assert (rows[never, K.need] < Need.IN_NEED).all()
    assert not rows[never][:, [K.misdirected, K.misdirected_by_team, K.wrong_if_cut]].any()


def test_whatever_stood_in_place_of_what_is_not_drawn_the_run_would_be_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spare, "_SPARE", [])
    scenario = SMALL_BASE.changed({"demand.multiplier": 3.0, "returns.multiplier": 2.0})
    world = draw(scenario, seed=3, replication=1, baseline=SMALL_BASE)
    state, other = (state_of(scenario, SMALL_BASE, world, room_for_world(world)) for _ in range(2))
    anything = np.random.default_rng(1).integers(0, 2 * 365 * MINUTES_PER_DAY, len(state.w))
    strange = np.where(state.w > NOT_DRAWN // 2, state.w, anything)
    ends = [run_all(m, w, *window(scenario)) for m, w in ((state.m, state.w), (other.m, strange))]

    assert (strange != state.w).sum() > len(state.w) // 20
    assert ends[0] == ends[1]
    assert np.array_equal(state.m, other.m)


def test_whatever_an_earlier_run_left_in_memory_a_run_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    kept: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    monkeypatch.setattr(spare, "_SPARE", kept)
    for case in found(12, at_most=25):
        world = case.world()
        size = len(state_of(case.scenario, case.baseline, world, room_for_world(world)).m)
        kept[:] = [chance.integers(-(2**62), 2**62, 2 * size)]

        assert Trial(case.scenario, case.baseline, world).differ() == []
        assert len(kept) == 1


def test_memory_is_kept_for_the_next_run_unless_it_is_very_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare, "_SPARE", [])
    monkeypatch.setattr(spare, "_MOST_NUMBERS", 1000)
    first = spare.memory_of(600)
    spare.give_back(first)
    again = spare.memory_of(500)
    beside = spare.memory_of(500)

    assert np.shares_memory(first, again)
    assert not np.shares_memory(again, beside)
    spare.give_back(spare.memory_of(2000))
    assert not spare._SPARE


def test_memory_of_a_log_is_spare_once_no_array_looks_into_it() -> None:
    spare._SPARE_LOGS.clear()
    first = spare.memory_of_log(600)
    column = first.reshape(2, 300).T[:5, 1]
    column[:] = range(5)
    del first
    beside = spare.memory_of_log(500)
    beside[:] = -1

    assert column.tolist() == [0, 1, 2, 3, 4]
    column = column[:0]
    del column
    assert len(spare._SPARE_LOGS) == 1
    assert spare.memory_of_log(700)[:5].tolist() == [0] * 5


def test_lists_of_any_length_lie_in_their_own_rows() -> None:
    world = draw(SMALL_BASE, seed=1, replication=0)
    drawn = [(), (Round(1, 2, 3, 4, 5),), (Round(6, 7, 8, 9, 10), Round(11, NONE, 13, 14, 15))]
    retries = [(7,), (8, 9), (10, 11, 12)]
    contacts = tuple(
        world.contacts[0]._replace(id=n, rounds=rounds, retry_delays=delays, missed_children=(1, 3)[:n])
        for n, (rounds, delays) in enumerate(zip(drawn, retries, strict=True))
    )
    rows, *_ = packed(replace(world, families=Known(contacts, {}, {})))

    assert rows[:3, K.rounds_drawn].tolist() == [0, 1, 2]
    assert rows[:3, K.rounds : K.rounds + 10].tolist() == [
        [0] * 10,
        [1, 2, 3, 4, 5, 0, 0, 0, 0, 0],
        [6, 7, 8, 9, 10, 11, NONE, 13, 14, 15],
    ]
    assert rows[:3, K.failed_visits].tolist() == [0, 1, 2]
    assert rows[:3, K.retry_delays : K.retry_delays + 3].tolist() == [[7, 0, 0], [8, 9, 0], [10, 11, 12]]
    assert rows[:3, K.missed].tolist() == [0, 0b10, 0b1010]


def test_the_same_is_the_very_same() -> None:
    one, other = {1: 2}, {1: 2}

    assert Same(one) == Same(one)
    assert hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(other)
