"""Families that come back with the need they had before, and what a steady state of them implies."""

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

from sim.randomness import Luck
from sim.scenario import Scenario, Source
from sim.world import Contact
from sim.world.steady import _need_shares, implied_returns, referred_return_shares, returning_needs
from tests.world.drawn import BASE, MOST_Z, NUMBER, class_of_ending, column, even, fates, z_of_share

KEPT = BASE.changed({"returns.same_need_share": 0.6})
NEEDS_BEFORE = np.arange(NUMBER) % 5


class TestSameNeed:
    def test_without_it_a_family_that_comes_back_is_as_if_it_came_first(self) -> None:
        assert fates(BASE, return_number=1, need_before=NEEDS_BEFORE) == fates(BASE, return_number=1)
        assert fates(BASE, need_before=NEEDS_BEFORE) == fates(BASE)

    def test_with_nothing_else_every_need_is_that_found_before(self) -> None:
        always = BASE.changed({"returns.same_need_share": 1.0})

        assert column(fates(always, return_number=1, need_before=NEEDS_BEFORE), "need").tolist() == (
            NEEDS_BEFORE.tolist()
        )

    def test_the_share_asked_for_keep_their_need_and_nobody_loses_it_to_a_greater_share(self) -> None:
        back, new = (fates(KEPT, return_number=1, need_before=needs) for needs in (NEEDS_BEFORE, None))
        more = fates(BASE.changed({"returns.same_need_share": 0.8}), return_number=1, need_before=NEEDS_BEFORE)
        other = column(new, "need") != NEEDS_BEFORE
        is_same = column(back, "need") == NEEDS_BEFORE

        assert abs(z_of_share(is_same[other], 0.6)) < MOST_Z
        assert (column(back, "need") == np.where(is_same, NEEDS_BEFORE, column(new, "need"))).all()
        assert (column(more, "need") == NEEDS_BEFORE)[is_same & other].all()

    def test_needs_of_first_contacts_and_of_returns_together_are_those_asked_for(self) -> None:
        families, asked = _families(KEPT), [_need_shares(KEPT, source).tolist() for source in Source]

        scores = [
            _z(families, is_from(source), has_need(need), asked[source][need])
            for source in range(6)
            for need in range(3)
        ]
        assert max(map(abs, scores)) < MOST_Z

    def test_as_many_come_back_as_a_steady_state_implies(self) -> None:
        families, asked = _families(KEPT), implied_returns(KEPT).sum(axis=1).tolist()

        scores = [_z(families, is_from(source), _is_return, asked[source]) for source in range(6)]
        assert max(map(abs, scores)) < MOST_Z

    def test_as_many_come_back_as_a_steady_state_implies_where_histories_are_read(self) -> None:
        read = KEPT.changed({"front_door.history_minutes": 30, "front_door.history_return_multiplier": 0.5})
        asked, unread = (float(implied_returns(even(each)).sum(axis=1).mean()) for each in (read, KEPT))

        assert (
            abs(_z(_families(read), _any, _is_return, asked)) < MOST_Z < -_z(_families(read), _any, _is_return, unread)
        )

    def test_what_was_found_before_a_return_is_as_a_steady_state_implies(self) -> None:
        families, asked = _families(KEPT), returning_needs(KEPT).tolist()

        scores = [
            _z(families, returns(is_from(source)), has_need(need), asked[source][need])
            for source in range(6)
            for need in range(5)
        ]
        assert max(map(abs, scores)) < MOST_Z

    def test_whether_a_return_follows_a_referral_is_as_a_steady_state_implies(self) -> None:
        families = _families(KEPT)
        asked = [referred_return_shares(_only(KEPT, source)).tolist() for source in Source]

        scores = [
            _z(families, returns(is_from(source), has_need(need)), _was_assessed, share)
            for source, shares in enumerate(asked)
            for need, share in enumerate(shares[:3])
        ]
        assert max(map(abs, scores)) < MOST_Z
        # Significant harm is always assessed, unless another team does it, from which nobody comes back to us.
        assert {share for shares in asked for share in shares[3:]} == {1.0}


def _only(scenario: Scenario, source: Source) -> Scenario:
    """The scenario with no contacts but those of one source."""
    return scenario.changed({f"demand.{s.value}.contact_share": float(s is source) for s in Source})


Family = tuple[Contact, ...]
Which = Callable[[Contact], bool]


@cache
def _families(scenario: Scenario) -> tuple[Family, ...]:
    """First contacts, their families' returns, and returns of returns until all is over, by family."""
    found: list[Family] = []
    for luck in (Luck(3, k) for k in range(2)):
        families = [[contact] for contact in fates(scenario, luck)]
        for number in range(1, 12):
            needs = np.array([f[-1].need if len(f) == number and _comes_back(f[-1]) else -1 for f in families])
            if (needs < 0).all():
                break
            for family, back, need in zip(families, fates(scenario, luck, number, needs), needs, strict=True):
                if need >= 0:
                    family.append(back)
        found += [tuple(family) for family in families]
    return tuple(found)


def _z(families: Iterable[Family], counted: Which, is_one: Which, share: float) -> float:
    """How many standard errors a share of the contacts counted is from what is asked: families are independent."""
    excess = np.array([sum(is_one(c) - share for c in family if counted(c)) for family in families])
    return float(excess.sum() / np.sqrt((excess**2).sum()))


def is_from(source: int) -> Which:
    """Whether a contact is from a source."""
    return lambda contact: contact.source == source


def has_need(need: int) -> Which:
    """Whether a contact's true need is this one."""
    return lambda contact: contact.need == need


def returns(*which: Which) -> Which:
    """Those contacts of which all this is so and whose families come back."""
    return lambda contact: all(w(contact) for w in which) and _comes_back(contact)


def _any(_: Contact) -> bool:
    return True


def _is_return(contact: Contact) -> bool:
    return contact.return_number > 0


def _was_assessed(contact: Contact) -> bool:
    return class_of_ending(contact) >= 2


def _comes_back(contact: Contact) -> bool:
    kind = class_of_ending(contact)
    return kind >= 0 and bool(contact.would_return[kind])
