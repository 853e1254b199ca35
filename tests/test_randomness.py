from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Philox
from numpy.typing import NDArray
from scipy import stats

from sim import randomness
from sim.randomness import (
    EntityKind,
    KeyRangeError,
    Luck,
    Purpose,
    child_ids,
    contact_ids,
    day_ids,
    entity_id,
    person_id,
)

WORD = st.integers(0, 2**64 - 1)
LUCK = Luck(root_seed=20260101, replication=3)
IDS = contact_ids(np.repeat(np.arange(17_600, 17_800), 20), np.tile(np.arange(20), 200), 0)

# Chance that a right generator fails a check; there are a few dozen checks in this file, and their seeds are fixed.
SMALLEST_P = 0.001


def numpy_words(luck: Luck, entity: int, block: int, occasion: int) -> list[int]:
    generator = Philox(
        key=np.array([luck.root_seed, luck.replication], dtype=np.uint64),
        counter=np.array([block, occasion, 0, entity], dtype=np.uint64),
    )
    return [int(word) for word in generator.random_raw(4)]


def numpy_uniform(luck: Luck, entity: int, purpose: int, occasion: int) -> float:
    return float(((numpy_words(luck, entity, purpose // 4, occasion)[purpose % 4] >> 12) + 0.5) * 2.0**-52)


def correlations(*tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the correlation of every column of the tables with every other."""
    return np.asarray(np.corrcoef(np.hstack(tables), rowvar=False))


class TestTheGenerator:
    @given(WORD, WORD, st.lists(WORD, min_size=1, max_size=5), st.lists(st.integers(0, 2**32), max_size=3), WORD)
    def test_words_are_those_of_numpy(
        self, root_seed: int, replication: int, entities: list[int], blocks: list[int], occasion: int
    ) -> None:
        luck = Luck(root_seed, replication)

        words = luck.raw(np.array(entities, dtype=np.uint64), blocks, occasion)

        assert words.shape == (len(blocks), 4, len(entities))
        assert words.transpose(0, 2, 1).tolist() == [
            [numpy_words(luck, entity, block, occasion) for entity in entities] for block in blocks
        ]

    @given(WORD, WORD, WORD, st.integers(0, 200), WORD)
    def test_one_uniform_is_that_of_numpy_alone_and_among_many(
        self, root_seed: int, replication: int, entity: int, purpose: int, occasion: int
    ) -> None:
        luck = Luck(root_seed, replication)
        expected = numpy_uniform(luck, entity, purpose, occasion)

        assert luck.uniform(entity, purpose, occasion) == expected
        assert luck.uniforms(np.array([entity], dtype=np.uint64), [purpose], occasion).item() == expected

    @pytest.mark.parametrize(
        ("counter", "key", "words"),
        [
            ((0,) * 4, (0,) * 2, "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b"),
            ((2**64 - 1,) * 4, (2**64 - 1,) * 2, "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0"),
        ],
    )
    def test_known_answers_of_its_authors(
        self, counter: tuple[int, int, int, int], key: tuple[int, int], words: str
    ) -> None:
        assert [f"{word:016x}" for word in randomness._block(counter, key)] == words.split()

    def test_golden_values(self) -> None:
        assert Luck(0, 0).uniform(0, 0) == 0.011546754286331562
        assert LUCK.uniforms(np.array([1, 2]), [1, 4], 7).tolist() == [
            [0.037643969363081786, 0.23786186389261343],
            [0.4360035943437598, 0.6475606406637994],
        ]

    def test_entities_beyond_one_chunk_have_the_words_they_have_alone(self) -> None:
        entities = np.arange(2 * randomness._CHUNK + 3)
        rounds = entities % 5

        words = LUCK.raw(entities, [0, 3], rounds)

        for i in (0, randomness._CHUNK - 1, randomness._CHUNK, len(entities) - 1):
            assert words[1, :, i].tolist() == numpy_words(LUCK, int(entities[i]), 3, int(rounds[i]))


@pytest.fixture(params=["numpy", "compiled"])
def drawn_by(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test with either way to draw."""
    if request.param == "compiled":
        pytest.importorskip("numba", reason="compiled chance needs Numba")
        randomness.hasten(compiled_chance())
    else:
        randomness.hasten(None)
    yield
    randomness.hasten(None)


def compiled_chance() -> randomness.Fill:
    from sim.philox import fill  # noqa: PLC0415  (it needs Numba)

    if fill.is_interpreted:
        pytest.skip("Numba is told to compile nothing")
    return fill


@given(
    st.lists(WORD, max_size=5),
    st.lists(st.integers(0, 300), max_size=9),
    WORD | st.lists(WORD, min_size=5, max_size=5),
    WORD,
    WORD,
)
def test_compiled_uniforms_are_those_of_numpy_bit_for_bit(
    entities: list[int], purposes: list[int], occasion: int | list[int], root_seed: int, replication: int
) -> None:
    pytest.importorskip("numba", reason="compiled chance needs Numba")
    luck, ids = Luck(root_seed, replication), np.array(entities, dtype=np.uint64)
    occasions = np.array(occasion[: len(ids)], dtype=np.uint64) if isinstance(occasion, list) else occasion
    randomness.hasten(None)
    expected = luck.uniforms(ids, purposes, occasions)
    randomness.hasten(compiled_chance())
    found = luck.uniforms(ids, purposes, occasions)
    randomness.hasten(None)

    assert np.array_equal(found, expected)


@pytest.mark.usefixtures("drawn_by")
class TestUniforms:
    @pytest.mark.parametrize(("word", "expected"), [(0, 2.0**-53), (2**64 - 1, 1 - 2.0**-53), (2**63, 0.5 + 2.0**-53)])
    def test_even_the_extreme_words_lie_strictly_between_0_and_1(self, word: int, expected: float) -> None:
        out = np.empty(1)

        randomness._unit(np.array([word], dtype=np.uint64), out)

        assert out.item() == expected
        assert 0 < out.item() < 1

    @given(st.permutations(range(9)), st.integers(1, 9))
    def test_do_not_depend_on_what_else_is_asked_or_in_what_order(self, order: list[int], asked: int) -> None:
        everything = LUCK.uniforms(IDS[:9], range(9))

        some = LUCK.uniforms(IDS[order], order[:asked])

        assert np.array_equal(some, everything[np.ix_(order, order[:asked])])

    def test_a_purpose_asked_twice_is_given_twice(self) -> None:
        uniforms = LUCK.uniforms(IDS, [2, 2])

        assert np.array_equal(uniforms[:, 0], uniforms[:, 1])

    def test_occasions_may_differ_by_entity(self) -> None:
        rounds = np.arange(len(IDS)) % 3

        mixed = LUCK.uniforms(IDS, [1], rounds)[:, 0]

        for k in range(3):
            assert np.array_equal(mixed[rounds == k], LUCK.uniforms(IDS, [1], k)[rounds == k, 0])

    def test_signed_and_unsigned_ids_are_the_same_entities(self) -> None:
        assert np.array_equal(LUCK.uniforms(IDS, [0, 5]), LUCK.uniforms(IDS.astype(np.uint64), [0, 5]))

    def test_no_entities_or_no_purposes_is_an_empty_table(self) -> None:
        assert LUCK.uniforms(np.empty(0, dtype=np.int64), [0, 1]).shape == (0, 2)
        assert LUCK.uniforms(IDS, []).shape == (len(IDS), 0)

    def test_each_column_is_contiguous(self) -> None:
        uniforms = LUCK.uniforms(IDS, [0, 1, 2])

        assert uniforms.shape == (len(IDS), 3)
        assert all(column.flags.c_contiguous for column in uniforms.T)

    @pytest.mark.parametrize(
        ("entities", "purposes", "occasion", "what"),
        [
            (np.array([-1]), [0], 0, "entity"),
            (np.array([1.0]), [0], 0, "entity of type float64"),
            (np.array([1]), [-1], 0, "block"),
            (np.array([1]), [0], -1, "occasion"),
        ],
    )
    def test_refuses_a_key_that_is_no_whole_number(
        self, entities: NDArray[np.int64], purposes: list[int], occasion: int, what: str
    ) -> None:
        with pytest.raises(KeyRangeError, match=f"{what}.*must be whole numbers, none negative"):
            LUCK.uniforms(entities, purposes, occasion)

    @pytest.mark.parametrize(("entity", "purpose", "occasion"), [(-1, 0, 0), (0, -1, 0), (0, 0, 2**64)])
    def test_refuses_one_key_out_of_range(self, entity: int, purpose: int, occasion: int) -> None:
        with pytest.raises(KeyRangeError, match="must be from 0 to 18446744073709551615"):
            LUCK.uniform(entity, purpose, occasion)

    @pytest.mark.parametrize(("root_seed", "replication"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**64)])
    def test_refuses_seeds_out_of_range(self, root_seed: int, replication: int) -> None:
        with pytest.raises(KeyRangeError, match="must be from 0 to 18446744073709551615"):
            Luck(root_seed, replication)


class TestQuality:
    """Keys differ here as they do in a run: by small counts in their low bits."""

    slots = LUCK.uniforms(IDS, range(32))

    @pytest.mark.parametrize("purpose", range(32))
    def test_every_slot_is_uniform(self, purpose: int) -> None:
        assert stats.kstest(self.slots[:, purpose], "uniform").pvalue > SMALLEST_P

    def test_no_two_slots_are_correlated(self) -> None:
        pairs = correlations(self.slots)[np.triu_indices(32, k=1)]

        assert np.abs(pairs).max() < 4.5 / np.sqrt(len(IDS))

    @pytest.mark.parametrize(
        "others",
        [
            LUCK.uniforms(IDS, range(32), occasion=1),
            Luck(LUCK.root_seed, LUCK.replication + 1).uniforms(IDS, range(32)),
            Luck(LUCK.root_seed + 1, LUCK.replication).uniforms(IDS, range(32)),
            LUCK.uniforms(child_ids(IDS, 0), range(32)),
            LUCK.uniforms(IDS + 16, range(32)),
        ],
        ids=["next occasion", "next replication", "next seed", "first child", "neighbouring index"],
    )
    def test_neighbouring_keys_are_uncorrelated(self, others: NDArray[np.float64]) -> None:
        across = correlations(self.slots, others)[:32, 32:]

        assert np.abs(across).max() < 4.5 / np.sqrt(len(IDS))

    def test_consecutive_entities_are_uncorrelated(self) -> None:
        neighbours = np.stack([self.slots[:-1].ravel(), self.slots[1:].ravel()], axis=1)

        assert abs(correlations(neighbours)[0, 1]) < 4.5 / np.sqrt(len(neighbours))


class TestPurposes:
    # In order of their numbers, from 0. A purpose that moved would change every result ever recorded:
    # append new ones at the end, and change nothing before them.
    pinned = """
        FAMILY_SIZE DOMESTIC_ABUSE ARRIVALS MINUTE_OF_DAY SEEDED_RETURN PREVIOUSLY_REFERRED BELOW_THRESHOLD
        EARLY_HELP SECTION_47 IMMEDIATE THRESHOLD_UNCLEAR RATING MISDIRECTED INFORMATION_UNCLEAR CONSENT_MISSING
        CONSENT_REFUSED CONSENT_DISPENSED OPEN_CASE OTHER_TEAM OTHER_AUTHORITY NO_ACTION_AFTER_REFERRAL ADVICE
        SCREENING DECISION ROUNDS CONSENT_DELAY SECOND_LOOK_DELAY SECOND_LOOK EARLY_HELP_DELAY
        OUT_OF_HOURS_SCREENING OUT_OF_HOURS_VISIT STRATEGY_DELAY STRATEGY TO_SECTION_47 ACTION_TIMED
        ACTION_DELAY DRIFT_DELAY ENQUIRY CONFERENCE CONFERENCE_DELAY ALLOCATION APPOINTMENT_DELAY VISIT
        SECTION_47_AT_VISIT SECTION_47_IN_ASSESSMENT WORK OUTSIDE_DELAY REVIEW SIGN_OFF SIGN_OFF_RETURNED
        SUPPORT_DELAY ENDING CLOSE_AFTER_SECTION_47 STEP_DOWN_DELAY TRANSFER_DELAY RETURN RETURN_DELAY ASK
        CHASED_REPLY POLICE_ASKED POLICE_REPLY HEALTH_ASKED HEALTH_REPLY EDUCATION_ASKED EDUCATION_REPLY
        VISIT_FAILS RETRY_DELAY SIBLING_MISSED REVIEW_DONE UNSTUCK STAY PART_TIME PART_TIME_DAYS LEAVE
        SHORT_ABSENCE SHORT_ABSENCE_DAY LONG_ABSENCE BOOKED_TIME BRIEF CLOSED_DAY NOT_MADE SAME_NEED
        PREVIOUS_NEED WRONG_IF_CUT INHERITED UNHURRIED CAPACITY
    """

    def test_keep_the_numbers_they_were_given_and_new_ones_are_pinned(self) -> None:
        assert {name: purpose.value for name, purpose in Purpose.__members__.items()} == {
            name: number for number, name in enumerate(self.pinned.split())
        }


CONTACT_PARTS = st.tuples(
    st.integers(0, 2**17 - 1), st.integers(0, 2**5 - 1), st.integers(0, 2**13 - 1), st.integers(0, 2**4 - 1)
)
ENTITIES = st.one_of(
    st.tuples(st.just(EntityKind.CONTACT), CONTACT_PARTS),
    st.tuples(st.just(EntityKind.CHILD), st.tuples(CONTACT_PARTS, st.integers(0, 15)).map(lambda p: (*p[0], p[1]))),
    st.tuples(
        st.just(EntityKind.PERSON),
        st.tuples(st.integers(0, 255), st.integers(0, 15), st.integers(0, 2**16 - 1), st.integers(0, 2**12 - 1)),
    ),
    st.tuples(st.just(EntityKind.DAY), st.tuples(st.integers(0, 2**17 - 1), st.integers(0, 31))),
)


class TestEntityIds:
    @given(ENTITIES, ENTITIES)
    def test_different_entities_have_different_ids(
        self, one: tuple[EntityKind, tuple[int, ...]], other: tuple[EntityKind, tuple[int, ...]]
    ) -> None:
        assert (entity_id(one[0], *one[1]) == entity_id(other[0], *other[1])) == (one == other)

    @given(ENTITIES)
    def test_ids_fit_a_signed_column_and_begin_with_their_kind(
        self, entity: tuple[EntityKind, tuple[int, ...]]
    ) -> None:
        packed = entity_id(entity[0], *entity[1])

        assert 0 < packed < 2**63
        assert packed >> 60 == entity[0]

    def test_the_greatest_parts_fill_their_widths_and_no_more(self) -> None:
        greatest = {
            EntityKind.CONTACT: (2**17 - 1, 31, 8191, 15),
            EntityKind.CHILD: (2**17 - 1, 31, 8191, 15, 15),
            EntityKind.PERSON: (255, 15, 65_535, 4095),
            EntityKind.DAY: (2**17 - 1, 31),
        }

        payloads = {kind: entity_id(kind, *parts) - (kind << 60) for kind, parts in greatest.items()}

        assert payloads == {
            EntityKind.CONTACT: 2**39 - 1,
            EntityKind.CHILD: 2**43 - 1,
            EntityKind.PERSON: 2**40 - 1,
            EntityKind.DAY: 2**22 - 1,
        }

    @given(st.lists(CONTACT_PARTS, min_size=1, max_size=5), st.integers(0, 15))
    def test_vectorised_ids_are_those_of_one_at_a_time(
        self, parts: list[tuple[int, int, int, int]], child: int
    ) -> None:
        day, source, index, return_number = np.array(parts).T

        contacts = contact_ids(day, source, index, return_number)

        assert contacts.dtype == np.int64
        assert contacts.tolist() == [entity_id(EntityKind.CONTACT, *p) for p in parts]
        assert child_ids(contacts, child).tolist() == [entity_id(EntityKind.CHILD, *p, child) for p in parts]
        assert day_ids(day, source).tolist() == [entity_id(EntityKind.DAY, *p[:2]) for p in parts]

    def test_people_are_packed_in_the_order_of_their_parts(self) -> None:
        assert person_id(role=2, kind=1, post=7, holder=3) == entity_id(EntityKind.PERSON, 2, 1, 7, 3)

    def test_ids_of_contacts_sort_by_day_then_source_then_index_then_return(self) -> None:
        inorder = [(1, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 0), (1, 1, 0, 0), (2, 0, 0, 0)]
        ids = [entity_id(EntityKind.CONTACT, *parts) for parts in inorder]

        assert all(a < b for a, b in pairwise(ids))

    def test_golden_ids(self) -> None:
        contact = contact_ids([17_897], [3], [12], [1])

        assert contact.tolist() == [(1 << 60) + (17_897 << 22) + (3 << 17) + (12 << 4) + 1]
        assert child_ids(contact, 2).tolist() == [2305844210267327506]
        assert person_id(2, 1, 7, 3) == 3458764522678939651
        assert day_ids([17_897], [3]).tolist() == [4611686018427960611]

    @pytest.mark.parametrize(
        ("kind", "parts", "rule"),
        [
            (EntityKind.CONTACT, (2**17, 0, 0, 0), "day 131072: must be from 0 to 131071"),
            (EntityKind.CONTACT, (0, 32, 0, 0), "source 32: must be from 0 to 31"),
            (EntityKind.CONTACT, (0, 0, 8192, 0), "index 8192: must be from 0 to 8191"),
            (EntityKind.CONTACT, (0, 0, 0, 16), "return number 16: must be from 0 to 15"),
            (EntityKind.CHILD, (0, 0, 0, 0, 16), "child 16: must be from 0 to 15"),
            (EntityKind.PERSON, (256, 0, 0, 0), "role 256: must be from 0 to 255"),
            (EntityKind.PERSON, (0, 16, 0, 0), "kind 16: must be from 0 to 15"),
            (EntityKind.PERSON, (0, 0, 65_536, 0), "post 65536: must be from 0 to 65535"),
            (EntityKind.PERSON, (0, 0, 0, 4096), "holder 4096: must be from 0 to 4095"),
            (EntityKind.DAY, (-1, 0), "day -1: must be from 0 to 131071"),
            (EntityKind.DAY, (0.5, 0), "day of type float64: must be whole numbers"),
            (EntityKind.DAY, (1,), "day id of 1 parts: must have day, source"),
        ],
    )
    def test_parts_too_wide_are_refused_by_name(self, kind: EntityKind, parts: tuple[int, ...], rule: str) -> None:
        with pytest.raises(KeyRangeError, match=rule):
            entity_id(kind, *parts)

    def test_one_part_too_wide_among_many_is_refused(self) -> None:
        with pytest.raises(KeyRangeError, match="index 9000: must be from 0 to 8191"):
            contact_ids([1, 2], [0, 0], [0, 9000])

    def test_children_are_made_from_contacts_alone(self) -> None:
        with pytest.raises(KeyRangeError, match="must be that of a contact"):
            child_ids(np.array([IDS[0], entity_id(EntityKind.DAY, 1, 1)]), 0)
        with pytest.raises(KeyRangeError, match="child 16: must be from 0 to 15"):
            child_ids(IDS, 16)
