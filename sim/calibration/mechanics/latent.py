"""What is fitted by running a record again: numbers of a scenario that leave their mark only on how long things take.

Each is an effective number. Minutes and the share of time that goes to them show only as their ratio, so what is told
is the minutes that fit with booked time as the base scenario has it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.posterior import Box
from sim.distributions import Lognormal
from sim.scenario import Scenario

Values = NDArray[np.float64]
Setting = dict[str, object]

Scale = Literal["ratio", "plain"]

RATIO: Final = "ratio"
PLAIN: Final = "plain"
CAPACITY: Final = "capacity_sd"
_DECIMALS: Final = 4
_LONGEST_APPOINTMENT: Final = 60.0


class Latent(NamedTuple):
    """A number to be fitted, between `low` and `high`, on a log scale where it is a `RATIO`.

    `setting` gives the fields of a scenario that it sets, none for what is not the scenario's. `shown` gives the number
    that a reader is shown, in `unit`: minutes for a multiple of the base's minutes.
    """

    id: str
    label: str
    unit: str
    low: float
    high: float
    scale: Scale
    setting: Callable[[Scenario, float], Setting]
    shown: Callable[[Scenario, float], float]
    note: str = ""

    @property
    def bounds(self) -> tuple[float, float]:
        """On the scale on which it is fitted."""
        return (float(np.log(self.low)), float(np.log(self.high))) if self.scale == RATIO else (self.low, self.high)

    def value(self, fitted: float) -> float:
        """From the scale on which it is fitted."""
        return float(np.exp(fitted)) if self.scale == RATIO else fitted


def _times(base: Scenario, paths: Sequence[str], ratio: float) -> Setting:
    """Fields multiplied by a ratio; whole numbers stay whole."""
    found: Setting = {}
    for path in paths:
        value = base.value(path)
        if isinstance(value, int):
            found[path] = round(value * ratio)
        elif isinstance(value, float):
            found[path] = round(value * ratio, _DECIMALS)
    return found


_NUMBERS: Final = ("mean", "median", "p95", "maximum", "rest.mean", "rest.median", "rest.p95", "rest.maximum")


def _inside(base: Scenario, path: str) -> list[str]:
    """The numbers of a law that say how long it is, by their paths, its main number first."""
    stated = set(_stated(base.value(path)))
    return [f"{path}.{name}" for name in _NUMBERS if name in stated]


def _stated(law: object, before: str = "") -> Iterator[str]:
    """The names of the numbers that state a law, those of a law inside it after its name."""
    for name in getattr(type(law), "model_fields", {}):
        value = getattr(law, name)
        if isinstance(value, int | float):
            yield before + name
        else:
            yield from _stated(value, f"{before}{name}.")


def _number(base: Scenario, path: str) -> float:
    return float(str(base.value(path)))


def _law(path: str) -> Callable[[Scenario, float], Setting]:
    return lambda base, ratio: _times(base, _inside(base, path), ratio)


def _main(path: str) -> Callable[[Scenario, float], float]:
    return lambda base, ratio: _number(base, _inside(base, path)[0]) * ratio


def _plain(path: str) -> Callable[[Scenario, float], Setting]:
    return lambda _, value: {path: round(value, _DECIMALS)}


def _none(_: Scenario, __: float) -> Setting:
    return {}


def _as_it_is(_: Scenario, value: float) -> float:
    return value


def _front_door(base: Scenario, ratio: float) -> Setting:
    paths = [*_inside(base, "front_door.screening_minutes"), *_inside(base, "front_door.decision_minutes")]
    return _times(base, [*paths, "front_door.further_child_minutes"], ratio)


def _front_door_minutes(base: Scenario, ratio: float) -> float:
    return _main("front_door.screening_minutes")(base, ratio) + _main("front_door.decision_minutes")(base, ratio)


def _casework(base: Scenario, ratio: float) -> Setting:
    laws = [*_inside(base, "assessment.work_minutes"), *_inside(base, "strategy.enquiry_minutes")]
    return _times(base, [*laws, "assessment.work_further_child_minutes"], ratio)


LATENTS: Final[tuple[Latent, ...]] = (
    Latent(
        "manager_minutes",
        "a front door manager's time for a contact, screening and decision",
        "minutes",
        0.4,
        2.5,
        RATIO,
        _front_door,
        _front_door_minutes,
        "only its ratio to managers' free time shows",
    ),
    Latent(
        "casework_minutes",
        "a social worker's time for an assessment, beyond visits",
        "minutes",
        0.4,
        2.5,
        RATIO,
        _casework,
        _main("assessment.work_minutes"),
        "only its ratio to workers' free time shows",
    ),
    Latent(
        "appointment_days",
        "wait for a family to be available for a first visit (median)",
        "days",
        0.2,
        6.0,
        RATIO,
        _none,
        _as_it_is,
    ),
    Latent(
        "appointment_spread",
        "the longest such waits (95th percentile) over the median",
        "ratio",
        1.6,
        8.0,
        RATIO,
        _none,
        _as_it_is,
    ),
    Latent(
        "further_work",
        "contacts that need further work, over what the base scenario has",
        "ratio",
        0.25,
        2.0,
        RATIO,
        _plain("demand.information_unclear_multiplier"),
        _as_it_is,
    ),
    Latent(
        "partner_replies",
        "partners' reply times, over what the base scenario has",
        "ratio",
        0.3,
        3.0,
        RATIO,
        _plain("further_work.reply_multiplier"),
        _as_it_is,
    ),
    Latent(
        "assessment_waits",
        "waits for partners and family in an assessment (median)",
        "days",
        0.3,
        2.5,
        RATIO,
        _law("assessment.outside_days"),
        _main("assessment.outside_days"),
    ),
    Latent(
        CAPACITY,
        "swings of everybody's working time from four weeks to the next",
        "share",
        0.0,
        0.3,
        PLAIN,
        _none,
        _as_it_is,
        "a nuisance: it keeps the other ranges honest, and is no number of the scenario",
    ),
)
"""In the order of the columns of a table of runs."""

NAMES: Final = tuple(latent.id for latent in LATENTS)


def prior() -> Box:
    """Between which bounds each lies, on the scale on which it is fitted."""
    low, high = zip(*(latent.bounds for latent in LATENTS), strict=True)
    return Box(np.array(low), np.array(high))


def values(fitted: Values) -> dict[str, float]:
    """One row of fitted numbers by name, on their own scales."""
    return {latent.id: latent.value(at) for latent, at in zip(LATENTS, fitted.tolist(), strict=True)}


def settings(base: Scenario, named: Mapping[str, float]) -> Setting:
    """The fields of a scenario that these numbers set."""
    found: Setting = {}
    for latent in LATENTS:
        found |= latent.setting(base, named[latent.id])
    median = round(named["appointment_days"], _DECIMALS)
    path = "assessment.appointment_days"
    found[f"{path}.median"], found[f"{path}.p95"] = median, round(median * named["appointment_spread"], _DECIMALS)
    found[f"{path}.maximum"] = max(_LONGEST_APPOINTMENT, _number_or(base, f"{path}.maximum"))
    return found


def _number_or(base: Scenario, path: str) -> float:
    law = base.value(path.rpartition(".")[0])
    return float(getattr(law, "maximum", None) or 0.0)


def ready(base: Scenario) -> Scenario:
    """The base with a wait for appointments whose median and spread can be set apart: a lognormal law."""
    law = base.assessment.appointment_days
    if isinstance(law, Lognormal):
        return base
    median, p95 = (float(law.quantile(np.array([share]))[0]) for share in (0.5, 0.95))
    median = max(median, 0.05)
    lognormal = Lognormal(median=median, p95=max(p95, 1.2 * median), maximum=_LONGEST_APPOINTMENT)
    return base.changed({"assessment.appointment_days": lognormal})
