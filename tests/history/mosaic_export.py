"""Invented Mosaic exports, and what is observed in them told as stories."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sim.events import EventKind, EventLog, check_lifecycle
from sim.history import Observed
from tests.history.files import a_csv, observed

TYPES = {
    "335": "contact",
    "344": "out_of_hours_contact",
    "350": "further_enquiries",
    "360": "strategy_discussion",
    "361": "section_47",
    "362": "conference",
    "370": "assessment",
    "371": "visit",
    "372": "allocation",
    "380": "early_help",
    "385": "other_team",
    "390": "no_action",
    "391": "closure",
    "399": "other",
}
NUMBERS = {meaning: number for number, meaning in TYPES.items()}
AS_AT = date(2024, 6, 30)

Row = Mapping[str, str]


def a_step(  # noqa: PLR0913, PLR0917  (the columns of a step)
    step: str,
    meaning: str,
    incoming: str = "",
    started: str = "",
    completed: str = "",
    status: str = "",
    subgroup: str = "G1",
    team: str = "FR",
) -> dict[str, str]:
    """A step of a type that means something, in January 2024 where a date is only a day and a time."""
    dates = {
        name: f"2024-01-{cell}" if cell and not cell.startswith("2024") else cell
        for name, cell in (("INCOMING_ON", incoming), ("STARTED_ON", started), ("COMPLETED_ON", completed))
    }
    told = status or ("COMPLETED" if completed else "STARTED" if started else "INCOMING")
    return {
        "WORKFLOW_STEP_ID": step,
        "WORKFLOW_STEP_TYPE_ID": NUMBERS.get(meaning, meaning),
        "SUBGROUP_ID": subgroup,
        **dates,
        "STEP_STATUS": told,
        "ASSIGNEE_ID": "W7",
        "RESPONSIBLE_TEAM_ID": team,
    }


def an_export(
    folder: Path,
    steps: Sequence[Row],
    links: Sequence[tuple[str, str]] = (),
    subjects: Sequence[tuple[str, str]] = (("G1", "A"),),
    tables: Mapping[str, Sequence[Row]] | None = None,
) -> Path:
    """A folder of CSV files as Mosaic would write them, and what the step types mean."""
    folder.mkdir(exist_ok=True)
    a_csv(folder / "DM_WORKFLOW_STEPS.csv", steps)
    columns = ("SOURCE_STEP_ID", "TARGET_STEP_ID", "WORKFLOW_NEXT_ACTION_TYPE_ID")
    _headed(folder / "dm_workflow_links.csv", columns, [(*link, "12") for link in links])
    columns = ("SUBGROUP_ID", "SUBJECT_COMPOUND_ID", "SUBJECT_TYPE_CODE")
    _headed(folder / "dm_subgroup_subjects.csv", columns, [(*subject, "PER") for subject in subjects])
    _headed(folder / "step_types.csv", ("WORKFLOW_STEP_TYPE_ID", "MEANING"), list(TYPES.items()))
    for name, rows in (tables or {}).items():
        a_csv(folder / f"{name}.csv", rows)
    return folder


def _headed(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])


def seen_in(folder: Path) -> Observed:
    """What is observed in an export; its log is always lawful and its totals always add up."""
    found = observed(folder, AS_AT)
    check_lifecycle(found.log)
    assert all(tally.read + tally.refused == tally.in_file for tally in found.history.tallies)
    assert sum(tally.refused for tally in found.history.tallies) == len(found.history.refused)
    return found


def story(log: EventLog, *, work: bool = False) -> list[str]:
    """Each event with its time, as it would be told; with or without the queues and handling of steps."""
    start = datetime.combine(log.first_day, datetime.min.time())
    beside = (EventKind.WORK_QUEUED, EventKind.WORK_STARTED, EventKind.WORK_ENDED)
    return [
        f"{start + timedelta(minutes=row[0]):%d %H:%M} {EventKind(row[1]).name.lower()}"
        for row in log.events.tolist()
        if work or row[1] not in beside
    ]


def findings(found: Observed) -> dict[str, tuple[int, ...]]:
    """The rows of each finding, by its name."""
    return {finding.id: finding.rows for finding in found.findings}


CASE = (
    a_step("1", "contact", "08 09:00", "08 10:00", "08 12:00"),
    a_step("2", "assessment", "08 12:00", "09 10:00", "2024-02-20 10:00"),
)
