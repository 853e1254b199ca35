"""How long `frontdoor observe` takes over a large extract, and how much memory: from the command to the last page.

    python benchmarks/observe.py [ROWS]

Writes an invented journeys file of so many rows (a million by default) to a temporary folder, observes it and says the
time on the clock, the processor's time and the peak of memory. The bar is a million rows in 60 s and 2 GB on two cores.
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


def main(count: int) -> None:
    """Write the file, observe it and say what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journeys.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(rows(count))
        out = str(Path(folder) / "observed")
        took = spent([sys.executable, "-m", "sim", "observe", str(path), "--as-at", END.isoformat(), "--out", out])
    sys.stdout.write(
        f"{count:,} rows: {took.clock:.1f} s, {took.processor:.1f} s of processor, "
        f"{took.peak_gigabytes:.2f} GB at most\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
