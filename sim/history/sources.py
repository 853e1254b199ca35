"""Who makes contact: the national codes, and the words that systems and local lists use for them.

A code with its letter says it by itself, as does the name of a national group. What is made out from words within a
description is counted as inferred, and words that point to two groups point to none. A number alone may be one of a
system's own list, so a whole column says what its numbers are: it is a national code where the column also holds a code
with its letter, or a number with the words of its code, and no number that is none.
"""

import re
from collections.abc import Iterable

import polars as pl

from sim.history.fields import Kind, plain
from sim.history.history import Inference
from sim.history.tables import Table
from sim.scenario import Source

_PLACE = {source: place for place, source in enumerate(Source)}
UNKNOWN = -1

LOCAL = -2
"""A local code that nobody has told the meaning of; counted as a finding and read as unknown."""

_OF_NO_CODE = -3
"""A number that is no national code by itself, as 1, 2, 3 and 5 are not: the numbers of its column are a local list."""

_NATIONAL, _BY_WORDS, _BESIDE_A_NUMBER, _BY_NUMBER = 8, 16, 32, 64
"""Added, until the column is settled, to what was read from a code that is national beyond doubt, from words within a
description, from words beside a number of a local list, and from a number alone."""

_LETTERED = {"1": Source.INDIVIDUALS, "2": Source.SCHOOLS, "3": Source.HEALTH, "5": Source.LA_SERVICES}
_NUMBERED = {
    "4": Source.OTHER, "6": Source.POLICE, "7": Source.OTHER, "8": Source.OTHER, "9": Source.INDIVIDUALS, "10": None,
}  # fmt: skip
"""The DfE's codes: 1A-1D, 2A-2B, 3A-3F, 5A-5D; 4 housing, 6, 7 legal, 8 other, 9 anonymous, 10 unknown."""

_LETTER_OF_LIST = r"^(?:[a-z]\d?\)\s*)?"
_CODE = re.compile(_LETTER_OF_LIST + r"(1[a-d]|2[ab]|3[a-f]|5[a-d])\b")
_NUMBER = re.compile(_LETTER_OF_LIST + r"(\d+)\s*(?:$|[:)\-.,]\s*(.*)$)")

_NUMBER_AND_WORDS = re.compile(_LETTER_OF_LIST + r"(\d+)\s+(\D.*)$")

_NAMES = {
    "police": Source.POLICE,
    "school": Source.SCHOOLS, "schools": Source.SCHOOLS, "education": Source.SCHOOLS,
    "education services": Source.SCHOOLS,
    "health": Source.HEALTH, "health service": Source.HEALTH, "health services": Source.HEALTH,
    "la services": Source.LA_SERVICES, "local authority services": Source.LA_SERVICES,
    "individual": Source.INDIVIDUALS, "individuals": Source.INDIVIDUALS, "anonymous": Source.INDIVIDUALS,
    "housing": Source.OTHER, "legal agency": Source.OTHER, "other legal agency": Source.OTHER,
}  # fmt: skip
"""The names of the national groups, alone or before what is said more closely: `LA services - Early Help`."""

_WHOLE = {**_NAMES, "other": Source.OTHER, "self": Source.INDIVIDUALS, "family": Source.INDIVIDUALS}

_PHRASES = (
    (r"school (?:health|nurs)\w*", Source.HEALTH), (r"family (?:court|proceedings)", Source.OTHER),
    (r"(?:local authority|la|council) housing", Source.OTHER), (r"youth custody", Source.OTHER),
    (r"other (?:internal|local authority)", Source.LA_SERVICES),
    (r"family (?:member|friend|or friend|and friend|carer|/)\w*", Source.INDIVIDUALS),
)  # fmt: skip
"""Words that mean something else together than each by itself; looked for first, and then taken out."""

_WORDS = (
    (r"police", Source.POLICE), (r"school|education|nursery|college", Source.SCHOOLS),
    (r"health|hserv|hospital|nhs\b|a ?& ?e\b|gp\b|midwi|nurse\b|nursing", Source.HEALTH),
    (r"la services?\b|local authority|early help|social care", Source.LA_SERVICES),
    (r"individual|indfrc|relative|carer|self referral|acquaintance|anonymous", Source.INDIVIDUALS),
    (r"housing|legal|court|probation|cafcass|prison", Source.OTHER),
)  # fmt: skip
_IF_NOTHING_ELSE = re.compile(r"^other\b|\bvoluntary|\bindependent (?:agency|provider|sector)")
_ORGANISED = re.compile(r"\b(?:services?|team|hub|project|centre|support|charity|group|panel)\b")
"""Carers' services and family hubs are no individuals."""

_NOT_KNOWN = ("unknown", "not recorded", "not known", "not stated")


def source_of(text: str) -> int | None:
    """The position in `Source` of a code or description; -1 for one that says unknown, None for a local one."""
    read = _read(text)
    return None if read in (LOCAL, _OF_NO_CODE) else _settled_one(read)


def _settled_one(read: int) -> int:
    return read - _BY_NUMBER if read >= _BY_NUMBER + UNKNOWN else read % _NATIONAL if read >= 0 else read


def is_worded(read: pl.Series) -> pl.Series:
    """Which cells of a column as it was read were made out from words."""
    return read.is_between(_BY_WORDS, _BY_NUMBER + UNKNOWN - 1)


def _read(text: str) -> int:
    """What a cell says, with how it says it added."""
    words = plain(text)
    if code := _CODE.match(words):
        return _PLACE[_LETTERED[code[1][0]]] + _NATIONAL
    if number := _NUMBER.match(words):
        return _numbered(number[1], number[2] or "")
    if number := _NUMBER_AND_WORDS.match(words):
        # `6 Police` says its code; `6 year check` does not.
        told = _numbered(number[1], number[2])
        return told if told == UNKNOWN or _NATIONAL <= told < _BY_WORDS else _by_words(words)
    if any(word in words for word in _NOT_KNOWN):
        return UNKNOWN
    first = re.split(r"\s+[-:]\s+|[:(/]", words)[0].strip()
    named = _WHOLE.get(words) or _NAMES.get(first)
    return _PLACE[named] if named else _by_words(words)


def _numbered(number: str, words: str) -> int:
    """What a number means: its national code, unless the words beside it say something else, as in a local list."""
    beside = _settled_one(_read(words)) if words else LOCAL
    if number in _NUMBERED:
        source = _NUMBERED[number]
        place = UNKNOWN if source is None else _PLACE[source]
        if beside == place:
            return place if source is None else place + _NATIONAL
        if beside in (LOCAL, _OF_NO_CODE):
            return place + _BY_NUMBER
    return beside + _BESIDE_A_NUMBER if beside >= 0 else UNKNOWN if beside == UNKNOWN else _OF_NO_CODE


def _by_words(words: str) -> int:
    """The one group that all the words known here point to."""
    found = set[Source]()
    for phrase, source in _PHRASES:
        words, count = re.subn(rf"\b{phrase}", " ", words)
        found |= {source} if count else set()
    found |= {source for word, source in _WORDS if re.search(rf"\b(?:{word})", words)}
    if not found and _IF_NOTHING_ELSE.search(words):
        found = {Source.OTHER}
    if len(found) != 1 or (found == {Source.INDIVIDUALS} and _ORGANISED.search(words)):
        return LOCAL
    return _PLACE[found.pop()] + _BY_WORDS


def _sources(cells: pl.Series) -> pl.Series:
    wanted = cells.drop_nulls().unique()
    values = [_read(cell) for cell in wanted.to_list()]
    found = pl.DataFrame({"cell": wanted, "value": pl.Series(values, dtype=pl.Int8)})
    return cells.to_frame("cell").join(found, on="cell", how="left", maintain_order="left")["value"]


def settled(read: pl.Series) -> tuple[pl.Series, int]:
    """The sources of a whole column as it was read, and how many of them are made out from words."""
    value, worded = pl.col("value"), is_worded(read)
    number = pl.lit(LOCAL) if has_own_list(read) or is_unvouched(read) else value - _BY_NUMBER
    told = (
        pl.when(value == _OF_NO_CODE)
        .then(LOCAL)
        .when(value >= _BY_NUMBER + UNKNOWN)
        .then(number)
        .when(value >= 0)
        .then(value % _NATIONAL)
        .otherwise(value)
    )
    settled_ones = read.to_frame("value").select(told.cast(pl.Int8).alias("settled"))["settled"]
    return settled_ones.alias(read.name), int(worded.sum())


def has_own_list(read: pl.Series) -> bool:
    """Whether the numbers of a column as it was read are of a local list: one of them is no national code."""
    beside = read.is_between(_BESIDE_A_NUMBER, _BY_NUMBER + UNKNOWN - 1)
    return bool(((read == _OF_NO_CODE) | beside).any())


def is_unvouched(read: pl.Series) -> bool:
    """Whether a column has numbers alone that may be national codes, and nothing in it that says that they are."""
    return bool((read >= _BY_NUMBER + UNKNOWN).any() and not read.is_between(_NATIONAL, _BY_WORDS - 1).any())


SOURCE = Kind("must be a source", _sources, settled)


def as_national(read: pl.Series) -> pl.Series:
    """A column as it was read, its numbers alone taken for national codes, as a return's definition says they are."""
    alone = (read >= _BY_NUMBER + UNKNOWN).fill_null(value=False)
    return (read - _BY_NUMBER).zip_with(alone, read)


NATIONAL_SOURCE = Kind("must be a source", lambda cells: as_national(_sources(cells)), settled)

_RULE = "the words of its description that are known here, all of one group; a code or the name of a group is no guess"


def made_out_from_words(made: int, not_made: int) -> tuple[Inference, ...]:
    """How many sources were made out from words, and how many say who made contact in words or codes not known."""
    return (Inference("who made contact, from words", _RULE, made, not_made),) if made else ()


def sources_by_words(tables: Iterable[Table]) -> tuple[Inference, ...]:
    """How many cells of these tables were made out from words, and how many are of a local list."""
    every = list(tables)
    local = sum(int((table.frame[name] == LOCAL).sum()) for table in every for name in table.inferred)
    return made_out_from_words(sum(sum(table.inferred.values()) for table in every), local)
