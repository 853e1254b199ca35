"""Authorities in published tables: found by name or code, whatever their code of the year; mergers and splits."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, NamedTuple

from sim.published.files import Releases
from sim.published.layouts import Table
from sim.published.rows import Level, Row
from sim.published.values import PublishedError


class Succession(NamedTuple):
    """Authorities that were replaced by others with other boundaries; the years are those of the tables' rows."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    how: str


# By the three-digit code, which is kept when only the nine-digit code changes (Gateshead, Northumberland,
# Buckinghamshire, North Yorkshire, Somerset, Barnsley and Sheffield).
SUCCESSIONS: Final = (
    Succession(
        ("835", "836", "837"),
        ("838", "839"),
        "in April 2019 Bournemouth, Poole and the Christchurch part of Dorset became one authority",
    ),
    Succession(("928",), ("940", "941"), "in April 2021 Northamptonshire was split in two"),
    Succession(("909",), ("942", "943"), "in April 2023 Cumbria was split in two"),
)
TOGETHER: Final = (("314", "318"), ("940", "941"))
"""Authorities whose workforce is published together, in one row or under the code of one of them."""
_SHORT: Final = {"bcp": "839"}
_COMMON: Final = frozenset(
    {"of", "the", "and", "city", "county", "council", "borough", "royal", "metropolitan", "upon"}
)


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority within one set of boundaries: its code of three digits, its names, region, and years of C1."""

    code: str
    name: str
    region: str
    new_codes: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def full(self) -> str:
        """Name and code."""
        return f"{self.name} ({self.code})"


def authorities(releases: Releases) -> dict[str, Authority]:
    """Every authority that C1 has a row of, by its code, in order of name."""
    rows: dict[str, dict[int, Row]] = defaultdict(dict)
    for file in reversed(releases.of(Table.REFERRALS)):
        for row in file.rows:
            if row.level is Level.AUTHORITY and len(row.codes) == 1:
                rows[row.codes[0]][row.year] = row
    found = [_authority(code, years) for code, years in rows.items()]
    return {authority.code: authority for authority in sorted(found, key=lambda a: (a.name, a.code))}


def find(known: Mapping[str, Authority], asked: str, year: int) -> Authority:
    """The authority of this name or code that had rows in `year`. Raise `PublishedError`, one sentence, where none."""
    named = _named(known.values(), asked)
    if not named:
        names = sorted({authority.name for authority in known.values()})
        close = get_close_matches(asked.casefold(), [name.casefold() for name in names], n=2, cutoff=0.6)
        meant = [name for name in names if name.casefold() in close]
        hint = f"; did you mean {' or '.join(meant)}?" if meant else ""
        raise PublishedError(f"--authority {asked}: no authority of this name or code has rows in C1{hint}")
    there = [authority for authority in named if year in authority.years]
    if len(there) == 1:
        return there[0]
    if there:
        raise PublishedError(f"--authority {asked}: may be any of {_listed(there)}; name one of them")
    raise PublishedError(_not_in_year(known, named[0], year))


def _authority(code: str, years: Mapping[int, Row]) -> Authority:
    last = years[max(years)]
    new_codes = dict.fromkeys(new for row in years.values() for new in row.new_codes)
    return Authority(code, last.name, last.region, tuple(new_codes), tuple(sorted(years)))


def _named(known: Iterable[Authority], asked: str) -> list[Authority]:
    """By code; by the whole name; by its words without the common ones; by some of them."""
    said, words = asked.strip().casefold(), _words(asked)
    said = _SHORT.get(said, said)
    tries = (
        lambda a: said in (a.code, *(code.casefold() for code in a.new_codes)),
        lambda a: said == a.name.casefold(),
        lambda a: words == _words(a.name) and bool(words),
        lambda a: bool(words) and words <= _words(a.name),
    )
    choices = list(known)
    return next((found for test in tries if (found := [a for a in choices if test(a)])), [])


def _words(name: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", name.casefold().replace("'", ""))
    return frozenset(words) - _COMMON


def _not_in_year(known: Mapping[str, Authority], authority: Authority, year: int) -> str:
    has = f"--authority {authority.full}, --year {year}: C1 has it for {_span(authority.years)} only"
    for one in SUCCESSIONS:
        others = one.after if authority.code in one.before else one.before if authority.code in one.after else ()
        there = [known[code] for code in others if code in known and year in known[code].years]
        if there:
            return f"{has}: {one.how}; for {year} name {_listed(there)}"
    years = sorted({at for other in known.values() for at in other.years})
    return has if years[0] <= year <= years[-1] else f"{has}; a year is named by the March it ends in"


def _span(years: tuple[int, ...]) -> str:
    whole = years == tuple(range(years[0], years[-1] + 1))
    if len(years) == 1:
        return str(years[0])
    return f"{years[0]} to {years[-1]}" if whole else ", ".join(str(year) for year in years)


def _listed(authorities: Iterable[Authority]) -> str:
    names = [authority.full for authority in authorities]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
