"""How long `frontdoor observe` takes over a large extract, and how much memory: from the command to the last page.

    python benchmarks/observe.py [ROWS]
    python benchmarks/observe.py --dataset [CONTACTS]

Writes an invented journeys file of so many rows (a million by default), or a folder of the Standard Safeguarding
Dataset with a country's contacts of a year (three million), to a temporary folder, observes it and says the time on the
clock, the processor's time and the peak of memory. The bars are a million rows in 60 s and 2 GB on two cores, and that
a country's folder is read within memory.
"""

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

ROWS, CONTACTS = 1_000_000, 3_000_000
START, END = datetime(2023, 4, 1), date(2024, 3, 31)  # noqa: DTZ001  (civil time, as a record has it)
SOURCES = ("6: Police", "2A: Schools", "3A: Health services", "1A: Individual")
HEADINGS = (
    *("contact_id", "child_id", "received", "source", "domestic_abuse", "decided", "outcome", "team", "allocated"),
    *("worker_id", "seen", "assessment_started", "authorised", "ending", "closed"),
)
DAYS = 365
REFERRED, ENQUIRED, CONFERRED = 0.21, 0.35, 0.32
"""Of contacts, of referrals and of enquiries: England has three million, 630,000, 230,000 and 72,000 in a year."""

WORKERS, TEAMS = 30_000, 150
CODES = ("6", "2A", "3A", "1A")
AFTER = {"decided": 1.0, "allocated": 3.0, "seen": 4.0, "authorised": 30.0}
"""The steps of a referral, each so many days after the one before, on average."""


def rows(count: int) -> Iterator[list[str]]:
    """Invented journeys of one year, three in ten of them referred; what is after the year has not happened."""
    rng = np.random.default_rng(1)
    for number in range(count):
        received = START + timedelta(minutes=int(rng.integers(365 * 1440)))
        decided = received + timedelta(hours=float(rng.exponential(20)))
        referred = rng.random() < 0.3  # noqa: PLR2004
        steps = [decided + timedelta(days=float(gap)) for gap in np.cumsum(rng.exponential((3, 4, 30)))]
        allocated, seen, authorised = (f"{step:%d/%m/%Y}" if step.date() <= END else "" for step in steps)
        yield [
            f"C{number}",
            f"P{rng.integers(count // 2)}",
            f"{received:%d/%m/%Y %H:%M}",
            SOURCES[number % len(SOURCES)],
            "YN"[number % 2],
            f"{decided:%d/%m/%Y %H:%M}" if decided.date() <= END else "",
            "referral" if referred else "advice",
            *([f"Team {number % 4}", allocated, f"W{number % 50}", seen, allocated] if referred else [""] * 5),
            *([authorised, "transfer" if authorised else "", authorised] if referred else ["", "", ""]),
        ]


class Spent(NamedTuple):
    """What a command took; the memory is unknown on Windows."""

    clock: float
    processor: float
    peak_gigabytes: float


def spent(command: Sequence[str]) -> Spent:
    """Run a command to its end, in a process of its own."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (our own)
    clock = time.perf_counter() - started
    if sys.platform == "win32":
        return Spent(clock, float("nan"), float("nan"))
    import resource  # noqa: PLC0415  (not on Windows)

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1e9 if sys.platform == "darwin" else 1e6
    return Spent(clock, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def write_journeys(count: int, path: Path) -> None:
    """A journeys file of so many rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(count))


def write_dataset(contacts: int, start: datetime, folder: Path) -> None:
    """Write tables with so many contacts of the year from `start`, and what followed them in proportion, as CSVs."""
    rng = np.random.default_rng(1)
    every = pl.DataFrame(
        {
            "number": np.arange(contacts),
            "child": rng.integers(contacts // 2, size=contacts),
            "received": rng.integers(DAYS, size=contacts),
            "referred": rng.random(contacts) < REFERRED,
        }
    )
    referred, before = every.filter("referred"), "received"
    for step, mean in AFTER.items():
        gap = pl.Series(step, rng.exponential(mean, len(referred)).astype(np.int64))
        referred, before = referred.with_columns(gap + referred[before]), step
    for name, share in (("enquired", ENQUIRED), ("conferred", CONFERRED)):
        referred = referred.with_columns(pl.Series(name, rng.random(len(referred)) < share))
    folder.mkdir()
    known = referred.filter(pl.col("decided") < DAYS)
    for name, table in (_told(every, start) | _followed(known, start) | _people(known, start)).items():
        table.write_csv(folder / f"ssd_{name}.csv")


def _on(step: str, start: datetime) -> pl.Expr:
    """The date of a step, empty where it lies after the year."""
    stamp = (pl.lit(start) + pl.duration(days=step)).dt.strftime("%Y-%m-%dT00:00:00")
    return pl.when(pl.col(step) < DAYS).then(stamp)


def _id(letter: str, of: str = "number") -> pl.Expr:
    return pl.format("{}{}", pl.lit(letter), pl.col(of))


def _one_of(letter: str, many: int) -> pl.Expr:
    return pl.format("{}{}", pl.lit(letter), pl.col("number") % many)


def _told(every: pl.DataFrame, start: datetime) -> dict[str, pl.DataFrame]:
    became = pl.when("referred").then(pl.lit("NEW_REFERRAL")).otherwise(pl.lit("ADVICE"))
    code = (pl.col("number") % len(CODES)).replace_strict(dict(enumerate(CODES)), return_dtype=pl.String)
    contacts = every.select(
        cont_contact_id=_id("C"),
        cont_person_id=_id("P", "child"),
        cont_contact_date=_on("received", start),
        cont_contact_source_code=code,
        cont_contact_outcome_json=pl.concat_str(pl.lit('{"'), became, pl.lit('_FLAG":"Y"}')),
    )
    return {"contacts": contacts}


def _followed(referred: pl.DataFrame, start: datetime) -> dict[str, pl.DataFrame]:
    begun, ended, seen = (referred.filter(pl.col(step) < DAYS) for step in ("allocated", "authorised", "seen"))
    enquired = referred.filter("enquired")
    return {
        "cin_episodes": referred.select(
            cine_referral_id=_id("R"), cine_person_id=_id("P", "child"), cine_referral_date=_on("decided", start),
            cine_referral_outcome_json=pl.lit('{"SINGLE_ASSESSMENT_FLAG":"Y"}'), cine_referral_nfa=pl.lit("N"),
            cine_close_date=_on("authorised", start), cine_close_reason=_closed(),
            cine_referral_team=_one_of("T", TEAMS),
        ),
        "cin_assessments": begun.select(
            cina_assessment_id=_id("A"), cina_person_id=_id("P", "child"), cina_referral_id=_id("R"),
            cina_assessment_start_date=_on("allocated", start), cina_assessment_child_seen=pl.lit("Y"),
            cina_assessment_auth_date=_on("authorised", start),
            cina_assessment_outcome_json=pl.lit('{"NFA_FLAG":"Y"}'),
        ),
        "assessment_factors": ended.select(
            cinf_assessment_id=_id("A"), cinf_assessment_factors_json=pl.lit('["3B","4B"]')
        ),
        "s47_enquiry": enquired.select(
            s47e_s47_enquiry_id=_id("E"), s47e_person_id=_id("P", "child"), s47e_referral_id=_id("R"),
            s47e_s47_start_date=_on("decided", start), s47e_s47_end_date=_on("allocated", start),
        ),
        "initial_cp_conference": enquired.filter("conferred").select(
            icpc_s47_enquiry_id=_id("E"), icpc_person_id=_id("P", "child"), icpc_referral_id=_id("R"),
            icpc_icpc_transfer_in=pl.lit("N"), icpc_icpc_date=_on("seen", start),
        ),
        "cin_visits": seen.select(
            cinv_person_id=_id("P", "child"), cinv_cin_visit_date=_on("seen", start), cinv_cin_visit_seen=pl.lit("Y")
        ),
    }  # fmt: skip


def _closed() -> pl.Expr:
    return pl.when(pl.col("authorised") < DAYS).then(pl.lit("RC8"))


def _people(referred: pl.DataFrame, start: datetime) -> dict[str, pl.DataFrame]:
    workers, teams = (pl.DataFrame({"number": np.arange(many)}) for many in (WORKERS, TEAMS))
    return {
        "involvements": referred.filter(pl.col("allocated") < DAYS).select(
            invo_professional_id=_one_of("W", WORKERS), invo_professional_role_id=pl.lit("Allocated Case Worker"),
            invo_professional_team=_one_of("T", TEAMS), invo_person_id=_id("P", "child"),
            invo_involvement_start_date=_on("allocated", start),
            invo_involvement_end_date=_on("authorised", start), invo_referral_id=_id("R"),
        ),
        "professionals": workers.select(
            prof_professional_id=_id("W"), prof_professional_job_title=pl.lit("Social worker"),
            prof_full_time_equivalency=pl.lit(1.0),
        ),
        "department": teams.select(dept_team_id=_id("T"), dept_team_name=pl.format("Team {}", "number")),
    }  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Write the extract, observe it and say what it took."""
    of_dataset = "--dataset" in arguments
    numbers = [int(argument) for argument in arguments if argument != "--dataset"]
    count = numbers[0] if numbers else CONTACTS if of_dataset else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("dataset" if of_dataset else "journeys.csv")
        if of_dataset:
            write_dataset(count, START, path)
        else:
            write_journeys(count, path)
        out = str(Path(folder) / "observed")
        took = spent([sys.executable, "-m", "sim", "observe", str(path), "--as-at", END.isoformat(), "--out", out])
    sys.stdout.write(
        f"{count:,} {'contacts of the dataset' if of_dataset else 'rows'}: {took.clock:.1f} s, "
        f"{took.processor:.1f} s of processor, {took.peak_gigabytes:.2f} GB at most\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
