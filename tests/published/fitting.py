"""What the tests of fitting share: an invented authority, and a model of its figures that takes no time to run."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.calibration.years import Figures, Year
from sim.published import Drawing, authorities, before_fitting, find, read_releases, shipped_prior, statement_of
from sim.published.drawing import numbers
from tests.published import dfe

PRIOR = shipped_prior()


def drawing(folder: Path) -> Drawing:
    """Northford, 2019, before fitting."""
    releases = read_releases([dfe.folder(folder)])
    statement = statement_of(releases, find(authorities(releases), "Northford", 2019), 2019)
    return Drawing(before_fitting(statement, PRIOR), PRIOR)


@dataclass(frozen=True, slots=True)
class Straight:
    """Figures that are all as published, but that two of them follow an unknown each, with a little luck.

    Half of the children are assessed within 20 days times the wait for partners over the base's, and re-referrals are
    in proportion to returns after assessment.
    """

    drawing: Drawing
    luck: float = 0.02

    def __call__(self, year: Year) -> Figures:
        """The figures of a year."""
        base = numbers(self.drawing.base.scenario)
        now = {**base, **year.setting}
        random = np.random.default_rng(zlib.crc32(repr((year.replication, sorted(year.setting.items()))).encode()))
        found: list[float] = []
        for target in self.drawing.base.held_against:
            value = float(target.expected or 0.0)
            if target.key[0] == "assessment_working_days_q50":
                value = 20 * self._ratio("assessment.outside_days.rest.median", now, base)
            if target.key[0] == "rereferrals_share":
                value *= self._ratio("returns.after_assessment_share", now, base)
            found.append(value * float(np.exp(self.luck * random.standard_normal())))
        return tuple(found)

    @staticmethod
    def _ratio(path: str, now: dict[str, object], base: dict[str, object]) -> float:
        return float(str(now[path])) / float(str(base[path]))

    @property
    def names(self) -> tuple[str, ...]:
        """A name a figure."""
        return tuple(":".join(target.key) for target in self.drawing.base.held_against)

    @property
    def fingerprint(self) -> str:
        """Always the same."""
        return "straight"
