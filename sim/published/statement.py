"""What is published of an authority and a year, and whether a baseline can rest on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sim.published.definition import Change, change
from sim.published.figures import AuthorityFigures, Figure, figures_of
from sim.published.files import Releases
from sim.published.layouts import LAYOUTS, Table
from sim.published.places import Authority, authorities
from sim.published.told import Told, told

FEWEST_REFERRALS: Final = 100
"""Children referred in a year below which a service has no teams to simulate: an assumption."""

# Without any of these there is no amount of work to simulate, and another place's would not be this one's.
_NEEDED: Final = {
    "referrals": "referrals",
    "no_action_share": "no_action",
    "assessments": "assessments",
    "assessment_q25": "assessment_q25",
    "assessment_q50": "assessment_q50",
    "assessment_q75": "assessment_q75",
    "section_47": "section_47",
    "conferences": "conferences",
}
_AMOUNTS: Final = ("assessments", "section_47", "conferences")
NOT_PUBLISHED: Final = (
    "Days from contact to a child being seen are in no statistic, nor is any part of that wait.",
    "Contacts, and how many become referrals, are not published; nor are ratings, questions to partners, consent.",
    "The workforce is that of the whole department: who works at the front door is not published.",
    "Counts are of the whole authority: work begun in other teams is in them.",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """An authority's published figures in a year: as read, as they can be used, and why not where they cannot.

    `change` is that of what counts as a referral, upon the year before. `reasons` are empty where a baseline can rest
    on it.
    """

    figures: AuthorityFigures
    told: Mapping[str, Told]
    change: Change
    reasons: tuple[str, ...]

    @property
    def authority(self) -> Authority:
        """Whose figures they are."""
        return self.figures.authority

    @property
    def year(self) -> int:
        """The year of the March they run to."""
        return self.figures.year

    @property
    def borrowed(self) -> tuple[Told, ...]:
        """What another place stands in for."""
        return tuple(one for one in self.told.values() if one.borrowed)

    @property
    def missing(self) -> tuple[Figure, ...]:
        """Figures that hold no number, for whatever reason."""
        return tuple(figure for figure in self.figures.figures.values() if figure.value is None)


def statement_of(releases: Releases, authority: Authority, year: int) -> Statement:
    """What is published of an authority in the year to March `year`, with the year before beside it."""
    figures = figures_of(releases, authority, year)
    found = told(figures)
    before = told(figures_of(releases, authority, year - 1)) if year - 1 in authority.years else {}
    return Statement(figures, found, change(before, found), tuple(_reasons(releases, figures, found)))


def statements(releases: Releases, years: tuple[int, ...] | None = None) -> Iterator[Statement]:
    """That of every authority in every year of C1, or in those asked for."""
    for authority in authorities(releases).values():
        for year in authority.years:
            if years is None or year in years:
                yield statement_of(releases, authority, year)


def years_of(releases: Releases, table: Table) -> tuple[int, ...]:
    """The years a table is there for."""
    return tuple(sorted({year for file in releases.of(table) for year in file.by_year}))


def _reasons(releases: Releases, figures: AuthorityFigures, found: Mapping[str, Told]) -> Iterator[str]:
    lacking = [figures[figure] for name, figure in _NEEDED.items() if name not in found]
    absent = dict.fromkeys(figure.table for figure in lacking if not figure.line)
    for table in absent:
        yield _no_table(releases, table, figures.year)
    columns: dict[tuple[Table, str], list[str]] = {}
    for figure in lacking:
        if figure.table not in absent and figure.why_none:
            columns.setdefault((figure.table, figure.why_none), []).append(figure.column)
    yield from (f"{table}, {', '.join(names)}: {why}" for (table, why), names in columns.items())
    referrals, no_action = (figures.value(name) for name in ("referrals", "no_action"))
    if referrals and no_action and no_action > referrals:
        yield f"C1: {no_action:,.0f} referrals without further action, of {referrals:,.0f} in all"
    elif "no_action_share" in found and found["no_action_share"].value > 1:
        yield f"C1: {found['no_action_share'].value:.0%} of referrals without further action, which is more than all"
    for name in _AMOUNTS:
        if name in found and found[name].value == 0:
            yield f"{figures[name].table}, {figures[name].column}: nought"
    if referrals is not None and referrals < FEWEST_REFERRALS:
        yield f"{referrals:,.0f} referrals a year: fewer than {FEWEST_REFERRALS}, too few for teams to simulate"


def _no_table(releases: Releases, table: Table, year: int) -> str:
    years = years_of(releases, table)
    if not years:
        return f"{table}: no file of it was given ({_columns(table)})"
    return f"{table}: no row for {year}; its files run from {years[0]} to {years[-1]}"


def _columns(table: Table) -> str:
    layout = next(layout for layout in LAYOUTS if layout.table is table)
    return f"it is known by columns such as {', '.join(column.name for column in list(layout.columns.values())[:3])}"
