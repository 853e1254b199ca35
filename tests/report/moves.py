"""Numbers moved one at a time, made by hand."""

import math
from dataclasses import replace

from sim.experiment import Range
from sim.experiment.break_even import BreakEven
from sim.experiment.one_at_a_time import Swing, Tornado
from sim.experiment.one_by_one import OneByOne
from sim.report.moved import Moved
from tests.report.comparisons import Q90, an_estimate

REPLY = "further_work.police_reply_days.median"
WAIT = "domestic_abuse_team.information_wait_multiplier"
_SURE = 0.2


def a_swing(path: str, low: float, high: float, apart: float, error: float = _SURE) -> Swing:
    return Swing(path, low, high, an_estimate(-apart / 4), an_estimate(apart * 3 / 4), an_estimate(apart, error=error))


def an_even(against: str, *means: float, at: tuple[float, ...] = (), error: Range | None = None) -> BreakEven:
    differences = tuple(an_estimate(mean, error=_SURE) for mean in means)
    return BreakEven(Q90, WAIT, "More social workers", against, (0.4, 0.7, 1.0), differences, at, error, 24)


def one_by_one() -> OneByOne:
    swings = (
        a_swing(REPLY, 0.5, 1.5, 2.0),
        a_swing(f"more-workers:{WAIT}", 0.4, 0.98, 1.2),
        a_swing("second_look.minutes.mean", 26.8, 74.1, -0.4, error=0.9),
    )
    evens = (
        an_even("The county as it is", -2.6, -1.8, -1.0, error=Range(math.inf, math.inf)),
        an_even("Quicker decisions", -0.8, 0.1, 0.6, at=(0.65,), error=Range(0.52, math.inf)),
    )
    tornado = Tornado(
        Q90, "more-workers", "More social workers", an_estimate(-1.8, error=0.4), swings, 155, ("a.b",), 24, 20, 2
    )
    return OneByOne("more-workers", tornado, evens, (), 7)


def moved(run: str) -> Moved:
    return Moved(one_by_one(), run, "frontdoor sensitivity run --scenario more-workers", model="abc")


def untold() -> OneByOne:
    """The same of too few years to tell anything."""
    found = one_by_one()
    swings = tuple(replace(swing, apart=an_estimate(swing.apart.mean, error=9.0)) for swing in found.tornado.swings)
    luck = tuple(an_estimate(0.1, error=0.9) for _ in range(3))
    evens = tuple(replace(each, differences=luck, crossings=(0.5,)) for each in found.break_evens)
    return replace(found, tornado=replace(found.tornado, swings=swings), break_evens=evens)
