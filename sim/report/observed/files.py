"""An observed record as files in a folder: what can be passed on, and what stays where the extract is kept."""

from collections.abc import Callable
from pathlib import Path

from sim.provenance.event_files import CONTACTS_NAME, EVENTS_NAME, LOG_NAME, save_log
from sim.report.data import csv_text
from sim.report.observed import quality
from sim.report.observed.account import Account, basis
from sim.report.observed.data import as_json

README = """{basis}

FOR THOSE WHO KEEP THE EXTRACT. These hold dates of single children, or rows of your file. There is no name, address,
date of birth or number of yours in them, ids being replaced by numbers of our own; but a date and a source can be
enough to know a child by. Keep them as you keep the extract, and delete them with it.
{local}
CAN BE PASSED ON, once you have read them.
{hiding}
{shared}
To delete everything that was made from the extract, delete this folder{salt}.
"""

LOCAL = {
    EVENTS_NAME: "every event of every contact, pseudonymous",
    CONTACTS_NAME: "every contact, pseudonymous",
    LOG_NAME: "the rest of the event log: window, teams, what the record tells",
    "quality.html": "the data-quality report",
    "quality.csv": "what was found, how often, what was done",
    "quality-rows.csv": "the rows of each finding",
    "refusals.csv": "the rows that were refused, and why",
}
SHARED = {
    "summary.html": "the page: who is waiting, days to seen, the steps, every measure",
    "summary.json": "the same as data",
    "waiting.csv": "children not yet seen, by stage and age",
    "teams.csv": "the same by team",
    "months.csv": "days to seen month by month",
    "measures.csv": "every measure",
    "steps.csv": "from step to step",
    "contacts_by_source.csv": "contacts a month by who made them",
    "staff.csv": "staff in post by team and role",
    "against.csv": "open work month by month, against what a run said of it",
}


def write(told: Account, folder: Path, record_summary: dict[str, str], advance: Callable[[str], None]) -> None:
    """Write everything into a folder that exists; `advance` is told what comes next."""
    # Here and not above: matplotlib takes half a second to import.
    from sim.report.observed.figures import figures, png  # noqa: PLC0415
    from sim.report.observed.page import quality_page, summary_page  # noqa: PLC0415

    advance("drawing")
    pictures = figures(told)
    advance("writing")
    save_log(told.observed.log, folder)
    makers = (quality.findings, quality.finding_rows, quality.refusals)
    tables = [*(make(told.observed) for make in makers), *told.tables.values()]
    contents = {f"{table.name}.csv": csv_text(table).encode() for table in tables}
    contents["summary.json"] = as_json(told).encode()
    contents["summary.html"] = summary_page(told, pictures, record_summary).encode()
    contents["quality.html"] = quality_page(told).encode()
    contents |= {f"{picture.name}.png": png(picture) for picture in pictures}
    drawn = {f"{picture.name}.png": picture.title for picture in pictures}
    contents["README.txt"] = readme(told, {*contents}, drawn).encode()
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def readme(told: Account, written: set[str], pictures: dict[str, str]) -> str:
    """Which files stay and which can be passed on."""
    small, smallest = told.reading.rules.small_count, told.reading.rules.smallest_team
    hiding = (
        f"Counts of 1 to {small} are hidden, and what would give them away; teams with fewer than {smallest} children "
        "stand\ntogether; no worker is shown. Hidden here is not hidden elsewhere: pass on this, or a comparison that "
        "starts from\nthe same extract, but not both, nor this beside results of another date close by."
        if small
        else "NOTHING IS HIDDEN: counts of one child stand in them, as --small-count 0 asked. Pass none of them on."
    )
    shared = {name: words for name, words in SHARED.items() if name in written} | pictures
    return README.format(
        basis=basis(told), local=_listed(LOCAL), hiding=hiding, shared=_listed(shared),
        salt=" and, if you kept one with --keep-salt, the salt",
    )  # fmt: skip


def _listed(files: dict[str, str]) -> str:
    return "".join(f"  {name:<24}{words}\n" for name, words in files.items())
