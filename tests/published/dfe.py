"""Small files of the shape in which the DfE publishes, written by the tests: two invented authorities, their region."""

import csv
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

PLACE: Final = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name",
    "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
C1: Final = (
    "referral_count", "rereferral_count", "rereferral_percent", "no_further_action_count", "no_further_action_percent",
    "not_in_need_count", "not_in_need_percent", "referral_child_count", "rereferral_child_count",
    "rereferral_child_percent",
)  # fmt: skip
C1_BEFORE: Final = (
    "Referrals", "Re_referrals", "Re_referrals_percent", "No_Further_Action", "No_Further_Action_percent",
    "Not_in_Need", "Not_in_Need_percent", "Referrals_child", "Re_referrals_child", "Re_referrals_child_percent",
)  # fmt: skip
C2: Final = (
    "Assessments_completed", "Assessments_completed_rate", "Same_day", "1-10_days", "11-20_days", "21-30_days",
    "31-40_days", "41-45_days", "46-50_days", "51-60_days", "61+_days", "25th_Percentile_days", "Median_days",
    "75th_Percentile_days",
)  # fmt: skip
C3: Final = (
    "Episodes_with_assessment_factor", "Alcohol_Misuse_child", "Domestic_Abuse_child", "Domestic_Abuse_parent",
    "Domestic_Abuse_person", "Other",
)  # fmt: skip
C4: Final = (
    "Section47", "Section47_rate", "Section47_child", "ICPC", "ICPC_rate", "ICPC_child", "Duration_0-10_days",
    "Duration_11-15_days", "Duration_16-20_days", "Duration_21+_days", "Duration_25th_Percentile", "Duration_median",
    "Duration_75th_Percentile",
)  # fmt: skip
C4_WITHOUT_RATES: Final = tuple(name for name in C4 if not name.endswith("_rate"))
C5: Final = (
    "Referrals", "Individual", "Schools", "Education_Services", "Health_Services", "Housing", "LA_Services", "Police",
    "Other_legal_agency", "Other", "Anonymous", "Unknown",
)  # fmt: skip
C6: Final = (
    "Referrals", "April", "May", "June", "July", "August", "September", "October", "November", "December", "January",
    "February", "March",
)  # fmt: skip
WORKFORCE: Final = (
    "inpost_fte", "turnover_rate_fte", "agency_rate_fte", "vacancy_rate_fte", "case_holders_fte", "caseload_fte",
    "absence_rate_fte",
)  # fmt: skip
WORKFORCE_BEFORE: Final = (
    "social_worker_fte", "turnover_rate_fte_%", "agency_worker_rate_fte_%", "vacancy_rate_fte_%", "case_holders_fte",
    "caseload_fte", "absence_rate_fte_%",
)  # fmt: skip


class Place(NamedTuple):
    """Whose row it is: an authority by its codes and name, or a region, or England."""

    level: str
    region: str
    old_code: str = ""
    new_code: str = ""
    name: str = ""


Row = tuple[int | str, Place, Sequence[object]]

ENGLAND: Final = Place("National", "")
MIDSHIRE: Final = Place("Regional", "Midshire")
NORTH: Final = Place("Local authority", "Midshire", "101", "E06000101", "Northford")
SOUTH: Final = Place("Local authority", "Midshire", "102", "E10000102", "Southleigh, County of")

# A county of whole numbers: 1,000 referrals, of which 80 without action.
REFERRALS: Final = (1000, 220, 22.0, 80, 8.0, 300, 30.0, 900, 190, 21.1)
DURATIONS: Final = (900, 500.0, 30, 100, 160, 170, 180, 110, 50, 50, 50, 17, 30, 42)
FACTORS: Final = (700, 20, 60, 280, 30, 90)
SECTION_47: Final = (220, 150.0, 200, 100, 60.0, 98, 12, 76, 6, 6, 12, 13, 14)
SOURCES: Final = (1000, 110, 120, 10, 140, 20, 150, 340, 40, 40, 20, 10)
MONTHS: Final = (1000, 84, 84, 90, 80, 70, 84, 90, 90, 74, 86, 80, 88)
STAFF: Final = (120.0, 15.0, 16.0, 10.0, 80.0, 16.5, 3.2)

TABLES: Final[Mapping[str, tuple[tuple[str, ...], str, tuple[object, ...]]]] = {
    "c1": (C1, "Referrals and Re-referrals", REFERRALS),
    "c2": (C2, "Duration of assessment", DURATIONS),
    "c3": (C3, "Factors identified at the end of assessment", FACTORS),
    "c4": (C4, "Section 47s and Initial Child Protection Conferences", SECTION_47),
    "c5": (C5, "Source of referral", SOURCES),
    "c6": (C6, "Month of referral", MONTHS),
    "workforce": (WORKFORCE, "", STAFF),
}


def table(path: Path, columns: Sequence[str], rows: Iterable[Row], category: str) -> Path:
    """Write one table; without a category it has no such column, as the workforce's has none."""
    kinds = ("category",) if category else ()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*PLACE, *kinds, *columns])
        for year, place, values in rows:
            where = [year, "Reporting year", place.level, "E92000001", "England", "", place.region]
            kind = [category] if category else []
            writer.writerow([*where, place.old_code, place.new_code, place.name, *kind, *values])
    return path


def with_codes(values: Sequence[object], codes: Mapping[int, object]) -> tuple[object, ...]:
    """The values with some of them replaced, by their place."""
    return tuple(codes.get(place, value) for place, value in enumerate(values))


def changed(name: str, codes: Mapping[str, object]) -> tuple[object, ...]:
    """A table's usual values with some of them replaced, by their column."""
    columns, _, values = TABLES[name]
    return with_codes(values, {columns.index(column): value for column, value in codes.items()})


def folder(
    path: Path,
    *,
    years: Sequence[int] = (2018, 2019),
    places: Sequence[Place] = (NORTH, SOUTH, MIDSHIRE, ENGLAND),
    others: Mapping[tuple[str, int, Place], Sequence[object]] | None = None,
    without: Sequence[str] = (),
) -> Path:
    """A folder of all tables, each place with the same figures but for `others`, under names that tell nothing."""
    path.mkdir(parents=True, exist_ok=True)
    for number, (name, (columns, category, values)) in enumerate(TABLES.items()):
        if name not in without:
            rows = [(y, p, (others or {}).get((name, y, p), values)) for y in years for p in places]
            table(path / f"download ({number}).csv", columns, rows, category)
    return path


def zipped(path: Path, source: Path) -> Path:
    """The folder as Explore Education Statistics packs a release: its files in `data`, words beside them."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data-guidance/data-guidance.txt", "Guidance")
        for file in sorted(source.glob("*.csv")):
            archive.write(file, f"data/{file.name}")
    return path
