"""A record to be run again and again: with each set of latent numbers, each with chance of its own."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sim.calibration.mechanics.figures import FIGURES, figures_of
from sim.calibration.mechanics.latent import CAPACITY, LATENTS, ready, settings
from sim.calibration.years import Figures, Year
from sim.events import EventLog
from sim.model import Engine, hasten_chance, run
from sim.model.garbage import left_lying
from sim.provenance.model import model_hash
from sim.scenario import Scenario
from sim.world import PostHeld, Record, replay_calendar, replayed

_KEY_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class Replays:
    """A record, who was in post, and the scenario it is run under: a year's setting in, the figures of its run out.

    A year's setting has a value for each latent number, by its name.
    """

    base: Scenario
    record: Record = field(repr=False)
    posts: tuple[PostHeld, ...] = field(repr=False)
    engine: Engine | None = None

    def __call__(self, year: Year) -> Figures:
        """The figures of one run."""
        return figures_of(self.log(year))

    def log(self, year: Year) -> EventLog:
        """One run."""
        named = {name: float(str(value)) for name, value in year.setting.items()}
        scenario = self.base.changed(settings(self.base, named))
        hasten_chance(self.engine)
        with left_lying():
            world = replayed(
                scenario,
                self.record,
                self.posts,
                seed=year.seed,
                replication=year.replication,
                capacity_sd=named[CAPACITY],
            )
            return run(scenario, world, engine=self.engine)

    @property
    def names(self) -> tuple[str, ...]:
        """A name a figure."""
        return tuple(name for _, name in FIGURES)

    @property
    def fingerprint(self) -> str:
        """Another for another record, other posts, another scenario, other latent numbers or figures, another model."""
        digest = hashlib.sha256(f"{model_hash()} {self.base.content_hash} {self.posts} {FIGURES}".encode())
        digest.update(repr([(latent.id, latent.low, latent.high) for latent in LATENTS]).encode())
        record = self.record
        for column in (
            record.received,
            record.dated,
            record.source,
            record.domestic_abuse,
            record.children,
            record.open_case,
            record.is_return,
            record.outcome,
            record.rating,
            record.to_section_47,
        ):
            digest.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
        digest.update(f"{record.first_day} {record.days}".encode())
        return digest.hexdigest()[:_KEY_LENGTH]


def replays_of(
    base: Scenario,
    record: Record,
    posts: Sequence[PostHeld] = (),
    engine: Engine | None = None,
    *,
    further_days: int = 0,
) -> Replays:
    """A record to be run again under a scenario, with the record's own calendar and so many days beyond it."""
    scenario = ready(base).changed(replay_calendar(record, posts, further_days=further_days))
    return Replays(scenario, record, tuple(posts), engine)


def years_at(named: Sequence[Mapping[str, float]], seed: int, first: int = 0) -> list[Year]:
    """A run of each, with chance of its own."""
    return [Year(dict(each), seed, first + place) for place, each in enumerate(named)]
