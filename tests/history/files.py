"""Invented extracts, written as an authority's system would write them."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from sim.history import Finding, Observed, Pseudonyms, Staff, observe
from sim.working_time import OpeningHours

HOURS = OpeningHours(510, 1020)
SALT = b"invented, for tests only"
AS_AT = date(2024, 3, 31)


def a_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A CSV with the columns of all the rows, cells that a row does not name left empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def observed(
    path: Path, as_at: date | None = AS_AT, most_refused_share: float = 1.0, staff: Staff | None = None
) -> Observed:
    """What is observed in an extract, always under one salt; teams keep their names, however small."""
    return observe(path, Pseudonyms(SALT), HOURS, as_at, most_refused_share, smallest_team=1, staff=staff)


def found_ids(found: Observed) -> list[str]:
    """What was found, in order."""
    return [finding.id for finding in found.findings]


def the_finding(found: Observed, wanted: str) -> Finding:
    """The one finding of an id."""
    (one,) = (finding for finding in found.findings if finding.id == wanted)
    return one


def a_year(per_day: int = 4, days: int = 365, first: date = date(2023, 4, 3)) -> list[dict[str, str]]:
    """A plain year: so many contacts a working day, each decided the next day, every fourth one referred and seen."""
    rows: list[dict[str, str]] = []
    for day in (first + timedelta(days=number) for number in range(days)):
        for place in range(per_day if day.weekday() < 5 else 0):
            number = len(rows)
            referred = number % 4 == 0
            later = [str(day + timedelta(days=gap)) for gap in (1, 3, 6, 30 + number % 9)]
            rows.append(
                {
                    "contact_id": f"C{number}",
                    "child_id": f"P{number}",
                    "received": f"{day} {9 + place % 8:02}:{number % 60:02}",
                    "source": "6: Police" if place % 2 else "2A: Schools",
                    "decided": later[0],
                    "outcome": "referral" if referred else "advice",
                    "allocated": later[1] if referred else "",
                    "seen": later[2] if referred else "",
                    "assessment_started": later[1] if referred else "",
                    "authorised": later[3] if referred else "",
                    "ending": "transfer" if referred else "",
                    "closed": later[3] if referred else later[0],
                }
            )
    return rows
