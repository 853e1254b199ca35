"""Keyed chance: every uniform is a function of what it is for, never of when it was asked for.

A uniform's key is (root seed, replication, entity, purpose, occasion), and the generator is the counter-based
Philox4x64-10 of Salmon et al. (2011), the same words as numpy's `Philox`. So adding a scenario, an entity or a purpose
changes no other number, and the same child meets the same luck in every scenario.

An entity's id says where it came from: a contact its day, source and place among that day's contacts; a return its
parent and its number. Ids are packed into 63 bits, so they fit the signed 64-bit columns of an event log.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

Words = NDArray[np.uint64]
Ids = NDArray[np.int64]
Uniforms = NDArray[np.float64]
Fill = Callable[[Words, Words, Words, Words, Ids, Uniforms], None]

LANES = 4
_ROUNDS = 10
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_KEY_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_WORD = 2**64
_WORD_MASK = _WORD - 1
_LOW_HALF = np.uint64(2**32 - 1)
_HALF = np.uint64(32)

# 52 of the 64 bits are kept: adding a half needs a 53rd, which is all a double has. With 53 bits kept the half would be
# rounded, and the largest word would become exactly 1, whose quantile is infinite.
_DROPPED_BITS = np.uint64(12)
_STEP = 2.0**-52

# Entities worked on at a time: with a dozen blocks each, the working arrays still fit a processor's cache.
_CHUNK = 2048

_KIND_SHIFT = 60


class KeyRangeError(ValueError):
    """A part of a key that is not a whole number, or does not fit its width."""


class Purpose(IntEnum):
    """What a uniform is for. Append only: a number once given is never changed, and never given again."""

    FAMILY_SIZE = 0
    DOMESTIC_ABUSE = 1
    ARRIVALS = 2
    MINUTE_OF_DAY = 3
    SEEDED_RETURN = 4
    PREVIOUSLY_REFERRED = 5
    BELOW_THRESHOLD = 6
    EARLY_HELP = 7
    SECTION_47 = 8
    IMMEDIATE = 9
    THRESHOLD_UNCLEAR = 10
    RATING = 11
    MISDIRECTED = 12
    INFORMATION_UNCLEAR = 13
    CONSENT_MISSING = 14
    CONSENT_REFUSED = 15
    CONSENT_DISPENSED = 16
    OPEN_CASE = 17
    OTHER_TEAM = 18
    OTHER_AUTHORITY = 19
    NO_ACTION_AFTER_REFERRAL = 20
    ADVICE = 21
    SCREENING = 22
    DECISION = 23
    ROUNDS = 24
    CONSENT_DELAY = 25
    SECOND_LOOK_DELAY = 26
    SECOND_LOOK = 27
    EARLY_HELP_DELAY = 28
    OUT_OF_HOURS_SCREENING = 29
    OUT_OF_HOURS_VISIT = 30
    STRATEGY_DELAY = 31
    STRATEGY = 32
    TO_SECTION_47 = 33
    ACTION_TIMED = 34
    ACTION_DELAY = 35
    DRIFT_DELAY = 36
    ENQUIRY = 37
    CONFERENCE = 38
    CONFERENCE_DELAY = 39
    ALLOCATION = 40
    APPOINTMENT_DELAY = 41
    VISIT = 42
    SECTION_47_AT_VISIT = 43
    SECTION_47_IN_ASSESSMENT = 44
    WORK = 45
    OUTSIDE_DELAY = 46
    REVIEW = 47
    SIGN_OFF = 48
    SIGN_OFF_RETURNED = 49
    SUPPORT_DELAY = 50
    ENDING = 51
    CLOSE_AFTER_SECTION_47 = 52
    STEP_DOWN_DELAY = 53
    TRANSFER_DELAY = 54
    RETURN = 55
    RETURN_DELAY = 56
    ASK = 57
    CHASED_REPLY = 58
    POLICE_ASKED = 59
    POLICE_REPLY = 60
    HEALTH_ASKED = 61
    HEALTH_REPLY = 62
    EDUCATION_ASKED = 63
    EDUCATION_REPLY = 64
    VISIT_FAILS = 65
    RETRY_DELAY = 66
    SIBLING_MISSED = 67
    REVIEW_DONE = 68
    UNSTUCK = 69
    STAY = 70
    PART_TIME = 71
    PART_TIME_DAYS = 72
    LEAVE = 73
    SHORT_ABSENCE = 74
    SHORT_ABSENCE_DAY = 75
    LONG_ABSENCE = 76
    BOOKED_TIME = 77
    BRIEF = 78
    CLOSED_DAY = 79
    NOT_MADE = 80
    SAME_NEED = 81
    PREVIOUS_NEED = 82
    WRONG_IF_CUT = 83
    INHERITED = 84
    UNHURRIED = 85
    CAPACITY = 86


class EntityKind(IntEnum):
    """What an entity is. Append only, up to 7; none is 0, so a bare count is never an id."""

    CONTACT = 1
    CHILD = 2
    PERSON = 3
    DAY = 4


# Bits of each part of an id. Days count from 1970-01-01 and last until 2328; a child's parts begin with its contact's.
_CONTACT_PARTS = MappingProxyType({"day": 17, "source": 5, "index": 13, "return number": 4})
_PARTS: Mapping[EntityKind, Mapping[str, int]] = MappingProxyType(
    {
        EntityKind.CONTACT: _CONTACT_PARTS,
        EntityKind.CHILD: MappingProxyType({**_CONTACT_PARTS, "child": 4}),
        EntityKind.PERSON: MappingProxyType({"role": 8, "kind": 4, "post": 16, "holder": 12}),
        EntityKind.DAY: MappingProxyType({"day": 17, "source": 5}),
    }
)


def entity_id(kind: EntityKind, *parts: int) -> int:
    """Return the id of one entity; its parts are those of the vectorised function for its kind, in the same order."""
    widths = _PARTS[kind]
    if len(parts) != len(widths) or not all(type(part) is int and part >= 0 for part in parts):
        return int(_packed(kind, parts))
    found = int(kind) << _KIND_SHIFT
    for part, width, shift in zip(parts, widths.values(), _shifts(kind), strict=True):
        if part >> width:
            return int(_packed(kind, parts))
        found += part << shift
    return found


@cache
def _shifts(kind: EntityKind) -> tuple[int, ...]:
    """By how many bits each part of an id is shifted."""
    widths = list(_PARTS[kind].values())
    return tuple(sum(widths[place + 1 :]) for place in range(len(widths)))


def contact_ids(day: ArrayLike, source: ArrayLike, index: ArrayLike, return_number: ArrayLike = 0) -> Ids:
    """Return the ids of contacts, each the `index`-th of its source on its day (days since 1970-01-01).

    A fresh contact has return number 0; its k-th return keeps the first three parts and has return number k.
    """
    return _packed(EntityKind.CONTACT, (day, source, index, return_number))


def child_ids(contacts: Ids, child_index: ArrayLike) -> Ids:
    """Return the ids of the `child_index`-th children of the contacts with these ids."""
    contacts = _whole("contact id", contacts, _KIND_SHIFT + 3)
    if (contacts >> _KIND_SHIFT != EntityKind.CONTACT).any():
        raise KeyRangeError("child ids: every id they are made from must be that of a contact")
    width = _PARTS[EntityKind.CHILD]["child"]
    family = contacts - (int(EntityKind.CONTACT) << _KIND_SHIFT)
    return (int(EntityKind.CHILD) << _KIND_SHIFT) + (family << width) + _whole("child", child_index, width)


def person_id(role: int, kind: int, post: int, holder: int) -> int:
    """Return the id of the `holder`-th person to hold this post of this role and kind."""
    return entity_id(EntityKind.PERSON, role, kind, post, holder)


def day_ids(day: ArrayLike, source: ArrayLike) -> Ids:
    """Return the ids of days (since 1970-01-01) of a source, for what is drawn once a day: how many arrive."""
    return _packed(EntityKind.DAY, (day, source))


def _packed(kind: EntityKind, parts: Sequence[ArrayLike]) -> Ids:
    """Return the ids of these parts, broadcast against one another."""
    widths = _PARTS[kind]
    if len(parts) != len(widths):
        raise KeyRangeError(f"{kind.name.lower()} id of {len(parts)} parts: must have {', '.join(widths)}")
    packed: Ids = np.asarray(0, dtype=np.int64)
    for (name, width), part in zip(widths.items(), parts, strict=True):
        packed = (packed << width) + _whole(name, part, width)
    return packed + (int(kind) << _KIND_SHIFT)


def _whole(name: str, numbers: ArrayLike, width: int) -> Ids:
    """Return the numbers as signed 64-bit integers, all from 0 to what `width` bits hold."""
    array = np.asarray(numbers)
    if array.size and array.dtype.kind not in "iu":
        raise KeyRangeError(f"{name} of type {array.dtype}: must be whole numbers")
    if array.size and (array.min() < 0 or int(array.max()) >> width):
        worst = int(array.min()) if array.min() < 0 else int(array.max())
        raise KeyRangeError(f"{name} {worst}: must be from 0 to {2**width - 1}")
    return array.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Luck:
    """All the chance of one replication, as a function; nothing in it changes when it is used.

    Both numbers may be any whole number from 0 to 2**64 - 1.
    """

    root_seed: int
    replication: int

    def __post_init__(self) -> None:
        for name, word in (("root seed", self.root_seed), ("replication", self.replication)):
            if not 0 <= word < _WORD:
                raise KeyRangeError(f"{name} {word}: must be from 0 to {_WORD_MASK}")

    def uniforms(
        self, entities: Ids | Words, purposes: Sequence[int], occasion: int | Ids | Words = 0
    ) -> NDArray[np.float64]:
        """Return uniforms strictly between 0 and 1, of shape (entities, purposes), each column contiguous.

        `occasion` is one number, or one for each entity: the round of something that repeats.
        """
        blocks = sorted({purpose // LANES for purpose in purposes})
        if _compiled:
            return self._filled(_compiled[0], entities, purposes, blocks, occasion)
        words = self.raw(entities, blocks, occasion)
        columns = np.empty((len(purposes), words.shape[2]))
        for column, purpose in zip(columns, purposes, strict=True):
            _unit(words[blocks.index(purpose // LANES), purpose % LANES], column)
        return columns.T

    def _filled(
        self,
        fill: Fill,
        entities: Ids | Words,
        purposes: Sequence[int],
        blocks: Sequence[int],
        occasion: int | Ids | Words,
    ) -> Uniforms:
        """The same by compiled code."""
        ids, rounds = (_words(*one).reshape(-1) for one in (("entity", entities), ("occasion", occasion)))
        if len(rounds) != 1:
            rounds = np.broadcast_to(rounds, ids.shape).copy()
        distinct = list(dict.fromkeys(purposes))
        rows = np.full((len(blocks), LANES), -1, dtype=np.int64)
        for row, purpose in enumerate(distinct):
            rows[blocks.index(purpose // LANES), purpose % LANES] = row
        columns = np.empty((len(distinct), len(ids)))
        key = np.array([self.root_seed, self.replication], dtype=np.uint64)
        fill(key, _words("block", blocks), rounds, ids, rows, columns)
        return (columns if len(distinct) == len(purposes) else columns[[distinct.index(p) for p in purposes]]).T

    def uniform(self, entity: int, purpose: int, occasion: int = 0) -> float:
        """Return the one uniform that `uniforms` has for this entity, purpose and occasion."""
        for name, word in (("entity", entity), ("purpose", purpose), ("occasion", occasion)):
            if not 0 <= word < _WORD:
                raise KeyRangeError(f"{name} {word}: must be from 0 to {_WORD_MASK}")
        block = _block((purpose // LANES + 1, occasion, 0, entity), (self.root_seed, self.replication))
        return ((block[purpose % LANES] >> int(_DROPPED_BITS)) + 0.5) * _STEP

    def raw(self, entities: Ids | Words, blocks: Sequence[int], occasion: int | Ids | Words) -> Words:
        """Return the Philox words, of shape (blocks, 4, entities); a purpose p is lane p % 4 of block p // 4.

        They are the first four words of numpy's `Philox(key=[root_seed, replication], counter=[block, occasion, 0,
        entity])`, which adds 1 to its counter before the first.
        """
        ids = _words("entity", entities).reshape(-1)
        first = _words("block", blocks).reshape(-1, 1) + np.uint64(1)
        rounds = np.broadcast_to(_words("occasion", occasion), ids.shape)
        words = np.empty((len(first), LANES, len(ids)), dtype=np.uint64)
        for start in range(0, len(ids), _CHUNK):
            part = slice(start, start + _CHUNK)
            words[:, :, part] = _blocks(first, rounds[part], ids[part], (self.root_seed, self.replication))
        return words


_compiled: list[Fill] = []


def hasten(fill: Fill | None) -> None:
    """Draw by compiled code from now on, `sim.philox.fill`, or again without: the uniforms are the same."""
    _compiled[:] = [fill] if fill else []


def _words(name: str, numbers: ArrayLike) -> Words:
    """Return the numbers as 64-bit words; refuse a negative one, which would wrap round to a large one."""
    array = np.asarray(numbers)
    if array.size and (array.dtype.kind not in "iu" or array.min() < 0):
        raise KeyRangeError(f"{name} of type {array.dtype}: must be whole numbers, none negative")
    return array.astype(np.uint64)


def _unit(words: Words, out: NDArray[np.float64]) -> None:
    """Write the words as numbers strictly between 0 and 1, at the middles of 2**52 equal steps."""
    out[:] = words >> _DROPPED_BITS
    out += 0.5
    out *= _STEP


def _blocks(first: Words, second: Words, fourth: Words, key: tuple[int, int]) -> Words:
    """Return the Philox blocks of the counters (first, second, 0, fourth), of shape (firsts, 4, fourths).

    A word that is one number for a whole row or column stays so until a round mixes it: the first two rounds are cheap.
    """
    a, b, c, d = first, second[np.newaxis], np.zeros((1, 1), dtype=np.uint64), fourth[np.newaxis]
    for key_a, key_c in _round_keys(key):
        high_a, low_a = _product(a, _MULTIPLIERS[0])
        high_c, low_c = _product(c, _MULTIPLIERS[1])
        a, b, c, d = high_c ^ b ^ np.uint64(key_a), low_c, high_a ^ d ^ np.uint64(key_c), low_a
    return np.stack(np.broadcast_arrays(a, b, c, d), axis=1)


def _round_keys(key: tuple[int, int]) -> list[tuple[int, int]]:
    return [
        ((key[0] + i * _KEY_STEPS[0]) & _WORD_MASK, (key[1] + i * _KEY_STEPS[1]) & _WORD_MASK) for i in range(_ROUNDS)
    ]


def _product(words: Words, multiplier: int) -> tuple[Words, Words]:
    """Return the high and the low words of the 128-bit products, by halves: numpy has no wider integer."""
    m_high, m_low = np.uint64(multiplier >> 32), np.uint64(multiplier & int(_LOW_HALF))
    high_half, low_half = words >> _HALF, words & _LOW_HALF
    middle = low_half * m_low
    middle >>= _HALF
    middle += high_half * m_low
    low_half *= m_high
    low_half += middle & _LOW_HALF
    low_half >>= _HALF
    middle >>= _HALF
    high_half *= m_high
    high_half += middle
    high_half += low_half
    return high_half, words * np.uint64(multiplier)


def _block(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return one Philox block in Python's integers: for a single uniform, far quicker than arrays."""
    a, b, c, d = counter
    for key_a, key_c in _round_keys(key):
        product_a, product_c = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, b = (product_c >> 64) ^ b ^ key_a, product_c & _WORD_MASK
        c, d = (product_a >> 64) ^ d ^ key_c, product_a & _WORD_MASK
    return a, b, c, d
