"""How long a large extract takes, and how much memory: read, checked, made into a log and measured.

    python benchmarks/observe.py [ROWS]

Writes an invented journeys file of so many rows (a million by default) to a temporary folder, observes it and says the
time on the clock, the processor's time and the peak of memory. The bar is a million rows in 60 s and 2 GB on two cores.
"""

import csv
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from sim.history import Observed, Pseudonyms, observe
from sim.measures import measure
from sim.working_time import OpeningHours

ROWS = 1_000_000
START, END = datetime(2023, 4, 1), date(2024, 3, 31)  # noqa: DTZ001  (civil time, as a record has it)
SOURCES = ("6: Police", "2A: Schools", "3A: Health services", "1A: Individual")
HEADINGS = (
    *("contact_id", "child_id", "received", "source", "domestic_abuse", "decided", "outcome", "team", "allocated"),
    *("worker_id", "seen", "assessment_started", "authorised", "ending", "closed"),
)


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


def peak_gigabytes() -> float:
    """The most memory this process has had; unknown on Windows."""
    if sys.platform == "win32":
        return float("nan")
    import resource  # noqa: PLC0415  (not on Windows)

    unit = 1e9 if platform.system() == "Darwin" else 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def observed(path: Path) -> Observed:
    """The file observed, under a salt of the occasion."""
    return observe(path, Pseudonyms(), OpeningHours(), END)


def main(count: int) -> None:
    """Write the file, observe it and say what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journeys.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(rows(count))
        clock, processor = time.perf_counter(), time.process_time()
        found = observed(path)
        read = time.perf_counter() - clock
        measure(found.log)
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
    sys.stdout.write(
        f"{count:,} rows, {len(found.log.events):,} events: {clock:.1f} s (reading {read:.1f} s), "
        f"{processor:.1f} s of processor, {peak_gigabytes():.2f} GB at most\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
