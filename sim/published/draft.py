"""A baseline in the making: numbers are set one after another, each with its source, grade and plausible range."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sim.published.prior import Prior
from sim.published.statement import Statement
from sim.published.told import Told
from sim.scenario import Evidence, Grade, Scenario

MOST_OF_A_SHARE: Final = 0.99


@dataclass
class Draft:
    """The scenario so far, the evidence of what was set, and what had to give way on the way.

    `shares` are the front door's shares of the authority's work, by the measure they are of: the share, low and high;
    `rounding` is by what posts differ, being whole, from those in proportion to the work.
    """

    statement: Statement
    prior: Prior
    so_far: Scenario
    evidence: dict[str, Evidence] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    shares: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    rounding: dict[str, float] = field(default_factory=dict)
    _unmade: dict[str, object] = field(default_factory=dict)

    @property
    def scenario(self) -> Scenario:
        """The scenario with everything set so far: made when it is asked for, for to make one is to check it all."""
        if self._unmade:
            self.so_far = self.so_far.changed(self._unmade)
            self._unmade.clear()
        return self.so_far

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        """Put another in its place, whatever was set and not yet made."""
        self._unmade.clear()
        self.so_far = scenario

    @property
    def told(self) -> Mapping[str, Told]:
        """What is told of the authority."""
        return self.statement.told

    def value(self, name: str) -> float:
        """A figure that the statement is known to hold."""
        return self.told[name].value

    def official(self, path: str, value: object, source: str) -> None:
        """Set a number that is a published figure itself."""
        self._set(path, value, Evidence(path, Grade.OFFICIAL, source, None, None))

    def moved(self, path: str, value: float, source: str) -> None:
        """Set a share that published figures and assumptions give together: its range moves with it, inside 0 to 1."""
        low, high = self._prior_range(path)
        by = value - self.prior.number(path)
        low, high = max(0.0, low + by), min(1.0, high + by)
        self._set(path, value, _assumed(path, source, min(low, value), max(high, value)))

    def scaled(self, path: str, value: float, source: str, *, of: str = "") -> None:
        """Set an amount likewise: its range keeps its ratio to it. `of` names the number inside a law that is meant."""
        low, high = self._prior_range(path)
        by = value / self.prior.number(of or path)
        self._set(of or path, value, _assumed(path, source, min(low * by, value), max(high * by, value)))

    def ranged(self, path: str, value: object, source: str, low: float, high: float) -> None:
        """Set a number or a whole law with a range of its own: that of its main number."""
        self._set(path, value, _assumed(path, source, low, high))

    def _prior_range(self, path: str) -> tuple[float, float]:
        entry = self.prior.evidence[path]
        value = entry.low if entry.low is not None else self.prior.number(path)
        return value, entry.high if entry.high is not None else value

    def _set(self, path: str, value: object, evidence: Evidence) -> None:
        self._unmade[path] = value
        self.evidence[evidence.path] = evidence


def _assumed(path: str, source: str, low: float, high: float) -> Evidence:
    return Evidence(path, Grade.ASSUMPTION, source, _short(low), _short(high))


def _short(number: float) -> float:
    """With no more digits than a range deserves."""
    return float(f"{number:.4g}")


def rows(*told: Told) -> str:
    """Where figures were read, in words: each table once, with its columns and row."""
    seen: dict[str, list[str]] = {}
    for one in told:
        for figure in one.figures:
            where = f"{figure.table.short}, {figure.year}, {figure.found_by}, {figure.file} row {figure.line}"
            where = f"{where} ({figure.note})" if figure.note else where
            columns = seen.setdefault(where, [])
            if figure.column not in columns:
                columns.append(figure.column)
    said = "; ".join(f"{where}: {', '.join(columns)}" for where, columns in seen.items())
    borrowed = dict.fromkeys(one.borrowed for one in told if one.borrowed)
    return f"{said}. Not published here: {', '.join(borrowed)} stands in" if borrowed else said
