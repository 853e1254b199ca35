"""What a run comes to, as parts that a page shows: made from what is on disk, and the latest kept in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Final, Generic, TypeVar

from sim import __version__
from sim.experiment import Comparison, compare
from sim.experiment.steady import refuse_drift
from sim.report.costs import Prices, costs
from sim.report.data import csv_text
from sim.report.figures import Picture, leaders_figures, png, svg
from sim.report.headline import variants
from sim.report.leaders import Lead, leads, safety_rows, staff_from, who_waits
from sim.report.now import heading, now_sentences, trust
from sim.report.page import parts
from sim.report.queue_picture import drawings
from sim.report.queues import queues
from sim.report.sentences import differing, rests_on
from sim.report.starting import start_in_words, starting_sentences
from sim.report.tables import inherited, measures, summary
from sim.web.catalogue import Baseline
from sim.web.runs import Run, Runs

_MOST_COMPARISONS: Final = 3
_MOST_FILES: Final = 48
TYPES: Final[Mapping[str, str]] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "toml": "application/toml",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

OF_START: Final = "inherited.csv"
_TABLES: Final = {"summary.csv": summary, "measures.csv": measures, OF_START: inherited}
_SAVED: Final[Mapping[str, Callable[[Picture], bytes]]] = {
    "svg": lambda picture: svg(picture, fonts="path").encode(),
    "png": png,
}

Made = TypeVar("Made")


class Latest(Generic[Made]):
    """The latest few things made; each is made once, and whoever asks for it meanwhile waits.

    At most `at_once` are made at a time, for what is being made takes memory; what is there is had all the same.
    """

    def __init__(self, most: int, at_once: int = 2) -> None:
        self._most, self._made, self._lock = most, OrderedDict[Hashable, Made](), threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._room = threading.BoundedSemaphore(at_once)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made for a key, or is made now."""
        with self._lock:
            if key in self._made:
                return self._found(key)
            alone = self._making.setdefault(key, threading.Lock())
        with alone:
            with self._lock:
                if key in self._made:
                    return self._found(key)
            try:
                with self._room:
                    made = make()
                with self._lock:
                    self._made[key] = made
                    return self._found(key)
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._made.clear()

    def _found(self, key: Hashable) -> Made:
        self._made.move_to_end(key)
        while len(self._made) > self._most:
            self._made.popitem(last=False)
        return self._made[key]


class Answers:
    """The answers of all runs, of so many years each. What it raises is a `ScenarioError`, or a `FolderError`."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._comparisons = Latest[Comparison](_MOST_COMPARISONS)
        self._pictures = Latest[Mapping[str, Picture]](_MOST_COMPARISONS)
        self._files = Latest[bytes](_MOST_FILES)
        self._reports = Latest[bytes | None](_MOST_COMPARISONS, at_once=1)

    def parts(self, run: Run, years: int, prices: Prices) -> dict[str, object]:
        """Everything the page shows of an answer, by the names that its templates know."""
        found = self._comparison(run, years)
        told: dict[str, object] = {"heading": heading(found), "now": now_sentences(found), "trust": trust(found)}
        told |= {"leads": self._leads(run, found), "differing": tuple(differing(found)), "rests_on": rests_on(found)}
        told["costs"] = costs(found, run.plan.scenarios(0), prices)
        told |= {
            "who_waits": [(s.title, who_waits(s)) for s in variants(found)],
            "safety_rows": [(s.title, safety_rows(s)) for s in variants(found)],
        }
        told["queues"] = drawings(queues(found))
        told["started_sentences"] = () if found.started is None else starting_sentences(found.started)
        pictures = tuple(self._drawn(run, years).values())
        return {**parts(found, self._details(run, years)), **told, "pictures": pictures}

    def file(self, run: Run, years: int, name: str) -> bytes | None:
        """A file of an answer: a figure as `days_to_seen.svg` or `.png`, or the table as CSV; None of another name."""
        if name in _TABLES and (name != OF_START or run.plan.opening is not None):
            return csv_text(_TABLES[name](self._comparison(run, years))).encode()
        stem, _, kind = name.rpartition(".")
        picture = self._drawn(run, years).get(stem)
        if picture is None or kind not in _SAVED:
            return None
        return self._files.get((run.id, years, name), lambda: _SAVED[kind](picture))

    def report(self, run: Run, years: int, name: str, base: Baseline) -> bytes | None:
        """The Word report of a scenario, or the record of the run; None of another name. `base` is the baseline's."""

        def make() -> bytes | None:
            # Here and not above: what writes Word files, of which most answers have no need.
            from sim.web import reports  # noqa: PLC0415

            return reports.file(name, run.plan, self._comparison(run, years), self._runs.results(run, years), base)

        return self._reports.get((run.id, years, name), make)

    def forget(self) -> None:
        """Let go of all answers that are in memory; each is made again when it is asked for."""
        for latest in (self._comparisons, self._pictures, self._files, self._reports):
            latest.clear()

    def _leads(self, run: Run, found: Comparison) -> list[tuple[Lead, str]]:
        """What leads of each scenario, with where the staff of a new team come from."""
        return list(zip(leads(found), map(staff_from, run.plan.scenarios(0)[1:]), strict=True))

    def _drawn(self, run: Run, years: int) -> Mapping[str, Picture]:
        def draw() -> Mapping[str, Picture]:
            return {p.name: p for p in leaders_figures(self._comparison(run, years), self._details(run, years))}

        return self._pictures.get((run.id, years), draw)

    def _details(self, run: Run, years: int) -> dict[str, str]:
        start = {} if run.plan.opening is None else {"start": start_in_words(run.plan.opening)}
        return {"run": run.id, "simulated years of each scenario": str(years), "frontdoor": __version__, **start}

    def _comparison(self, run: Run, years: int) -> Comparison:
        return self._comparisons.get((run.id, years), lambda: self._compared(run, years))

    def _compared(self, run: Run, years: int) -> Comparison:
        results = self._runs.results(run, years)
        if run.plan.opening is None:
            refuse_drift(run.plan.baseline.name, results)
        return compare(run.plan, results)
