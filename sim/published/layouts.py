"""The published tables: which columns each has, under the names of every release that is known.

A file is known by its columns, never by its name. A layout is one release's way of naming them; a table that changed
its names has one layout for each. Names are compared as `plain` leaves them: `41-45_days`, `41_45_Days` and
`X41.45.days` are one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sim.published.values import Unit

MONTHS: Final = (
    "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "january", "february", "march",
)  # fmt: skip
BANDS: Final = (
    "same_day", "1_10_days", "11_20_days", "21_30_days", "31_40_days", "41_45_days", "46_50_days", "51_60_days",
    "61_days",
)  # fmt: skip
CONFERENCE_BANDS: Final = ("duration_0_10_days", "duration_11_15_days", "duration_16_20_days", "duration_21_days")
SOURCES: Final = (
    "individual", "schools", "education_services", "health_services", "housing", "la_services", "police",
    "other_legal_agency", "other", "anonymous", "unknown",
)  # fmt: skip
PLACE: Final = ("time_period", "geographic_level", "region_name", "old_la_code", "new_la_code", "la_name")


class Table(StrEnum):
    """The published tables that are read."""

    REFERRALS = "C1, referrals and re-referrals"
    DURATIONS = "C2, duration of assessments"
    FACTORS = "C3, factors at the end of assessment"
    SECTION_47 = "C4, section 47 enquiries and conferences"
    SOURCES = "C5, referrals by source"
    MONTHS = "C6, referrals by month"
    WORKFORCE = "Children's social work workforce"

    @property
    def short(self) -> str:
        """C1 to C6, or the workforce's name."""
        return self.value.partition(",")[0]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: its name in a layout, plain, and what it counts. Files need not have the optional ones."""

    name: str
    unit: Unit
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """One release's way of naming a table's columns; `categories` are the rows taken where a column `category` is."""

    table: Table
    title: str
    columns: Mapping[str, Column]
    categories: frozenset[str]

    @property
    def needed(self) -> frozenset[str]:
        """The names by which the layout is known."""
        return frozenset(column.name for column in self.columns.values() if column.is_needed) | frozenset(PLACE)


def plain(name: str) -> str:
    """A column's name without its capitals and signs."""
    words = re.sub(r"[^a-z0-9]+", "_", name.strip().casefold().replace("%", "perc")).strip("_")
    return re.sub(r"^x(?=\d)", "", words)


def _same(names: tuple[str, ...], unit: Unit = Unit.COUNT) -> dict[str, Column]:
    return {name: Column(name, unit) for name in names}


_TOTAL = "total"
_C1 = frozenset({"referrals and re-referrals", _TOTAL})
_C3 = ("domestic_abuse_child", "domestic_abuse_parent", "domestic_abuse_person")

LAYOUTS: Final = (
    Layout(
        Table.REFERRALS,
        "as from the release of 2024",
        {
            "referrals": Column("referral_count", Unit.COUNT),
            "rereferrals": Column("rereferral_count", Unit.COUNT),
            "rereferrals_percent": Column("rereferral_percent", Unit.PERCENT, is_needed=False),
            "no_action": Column("no_further_action_count", Unit.COUNT),
            "no_action_percent": Column("no_further_action_percent", Unit.PERCENT, is_needed=False),
            "not_in_need": Column("not_in_need_count", Unit.COUNT),
            "not_in_need_percent": Column("not_in_need_percent", Unit.PERCENT, is_needed=False),
        },
        _C1,
    ),
    Layout(
        Table.REFERRALS,
        "as in the releases of 2021 to 2023",
        {
            "referrals": Column("referrals", Unit.COUNT),
            "rereferrals": Column("re_referrals", Unit.COUNT),
            "rereferrals_percent": Column("re_referrals_percent", Unit.PERCENT, is_needed=False),
            "no_action": Column("no_further_action", Unit.COUNT),
            "no_action_percent": Column("no_further_action_percent", Unit.PERCENT, is_needed=False),
            "not_in_need": Column("not_in_need", Unit.COUNT),
            "not_in_need_percent": Column("not_in_need_percent", Unit.PERCENT, is_needed=False),
        },
        _C1,
    ),
    Layout(
        Table.DURATIONS,
        "since 2014",
        {
            "assessments": Column("assessments_completed", Unit.COUNT),
            **_same(BANDS),
            "assessment_q25": Column("25th_percentile_days", Unit.WORKING_DAYS),
            "assessment_q50": Column("median_days", Unit.WORKING_DAYS),
            "assessment_q75": Column("75th_percentile_days", Unit.WORKING_DAYS),
        },
        frozenset({"duration of assessment", _TOTAL}),
    ),
    Layout(
        Table.FACTORS,
        "since 2018",
        {"episodes": Column("episodes_with_assessment_factor", Unit.COUNT), **_same(_C3)},
        frozenset({"factors identified at the end of assessment", _TOTAL}),
    ),
    Layout(
        Table.SECTION_47,
        "since 2013, with rates or without",
        {
            "section_47": Column("section47", Unit.COUNT),
            "conferences": Column("icpc", Unit.COUNT),
            **_same(CONFERENCE_BANDS),
            "conference_q25": Column("duration_25th_percentile", Unit.WORKING_DAYS),
            "conference_q50": Column("duration_median", Unit.WORKING_DAYS),
            "conference_q75": Column("duration_75th_percentile", Unit.WORKING_DAYS),
        },
        frozenset({"section 47s and initial child protection conferences", _TOTAL}),
    ),
    Layout(
        Table.SOURCES,
        "since 2014",
        {"referrals_by_source": Column("referrals", Unit.COUNT), **_same(SOURCES)},
        frozenset({"source of referral", _TOTAL}),
    ),
    Layout(
        Table.MONTHS,
        "since 2013",
        {"referrals_by_month": Column("referrals", Unit.COUNT), **_same(MONTHS)},
        frozenset({"month of referral", _TOTAL}),
    ),
    Layout(
        Table.WORKFORCE,
        "indicators, as from the release of 2023",
        {
            "social_workers": Column("inpost_fte", Unit.FTE),
            "turnover": Column("turnover_rate_fte", Unit.PERCENT),
            "agency": Column("agency_rate_fte", Unit.PERCENT),
            "vacancy": Column("vacancy_rate_fte", Unit.PERCENT),
            "case_holders": Column("case_holders_fte", Unit.FTE),
            "caseload": Column("caseload_fte", Unit.CASES),
            "absence": Column("absence_rate_fte", Unit.PERCENT),
        },
        frozenset(),
    ),
    Layout(
        Table.WORKFORCE,
        "headline measures, to the release of 2022",
        {
            "social_workers": Column("social_worker_fte", Unit.FTE),
            "turnover": Column("turnover_rate_fte_perc", Unit.PERCENT),
            "agency": Column("agency_worker_rate_fte_perc", Unit.PERCENT),
            "vacancy": Column("vacancy_rate_fte_perc", Unit.PERCENT),
            "case_holders": Column("case_holders_fte", Unit.FTE),
            "caseload": Column("caseload_fte", Unit.CASES),
            "absence": Column("absence_rate_fte_perc", Unit.PERCENT),
        },
        frozenset(),
    ),
)

NEIGHBOURS: Final = (("old_la_code", "sn_{}"), ("la_number", "sn{}"))
"""The two layouts of statistical neighbours: the column of the authority's code, and those of its ten neighbours."""
NEIGHBOUR_COUNT: Final = 10


def layout_of(header: frozenset[str]) -> Layout | None:
    """The layout whose columns a file has; None where it is another table."""
    return next((layout for layout in LAYOUTS if layout.needed <= header), None)


def nearly(header: frozenset[str]) -> tuple[Layout, list[str]] | None:
    """A layout that a file has most of, and the columns it lacks: a table that has been renamed or cut."""
    for layout in LAYOUTS:
        lacking = layout.needed - header
        own = layout.needed - frozenset(PLACE)
        if len(own - lacking) * 2 > len(own):
            return layout, sorted(lacking)
    return None
