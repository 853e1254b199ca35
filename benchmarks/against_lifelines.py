"""Fits of delays beside those of lifelines, which shares no line with ours.

    python -m benchmarks.against_lifelines

needs an environment with this project and lifelines, which asks for an older pandas than the lock has: so it is no
extra. What it prints stands in tests/calibration/seen/test_against_lifelines.py, which holds ours against it.
"""

import sys
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.likelihood import Spells
from sim.distributions import Lognormal

Values = NDArray[np.float64]

MANY: Final = 600
WATCHED_DAYS: Final = 12.0
LAW: Final = Lognormal(median=3.0, p95=15.0)
_GOLDEN: Final = 0.6180339887498949
_ROOT: Final = 0.4142135623730951


def sample() -> Spells:
    """Delays that start at a known minute, end on a known day, or are open when last seen: without chance."""
    count = np.arange(1, MANY + 1).astype(np.float64)
    delays = LAW.quantile((count * _GOLDEN) % 1)
    start: Values = np.asarray((count * _ROOT) % 1, dtype=np.float64)
    ended, none = start + delays, np.zeros(MANY)
    is_open = ended >= WATCHED_DAYS
    low = np.where(is_open, WATCHED_DAYS, np.floor(ended))
    high = np.where(is_open, np.inf, low + 1)
    return Spells(start, start, low, high, none + WATCHED_DAYS, none == 0, none.astype(np.int64))


def main() -> None:
    """Fit each family by lifelines, and print its numbers as ours are told, and the error of its first parameter."""
    # In no environment but the one this is run in.
    from lifelines import ExponentialFitter, LogNormalFitter, WeibullFitter  # noqa: PLC0415

    spells = sample()
    bounds = np.maximum(spells.low - spells.begins, 0.0), spells.high - spells.begins
    lognormal, weibull, exponential = (
        kind().fit_interval_censoring(*bounds) for kind in (LogNormalFitter, WeibullFitter, ExponentialFitter)
    )
    scale, shape = weibull.lambda_, weibull.rho_
    for name, numbers, error in (
        (
            "lognormal",
            (np.exp(lognormal.mu_), np.exp(lognormal.mu_ + 1.6448536269514722 * lognormal.sigma_)),
            np.exp(lognormal.mu_) * lognormal.summary.loc["mu_", "se(coef)"],
        ),
        ("weibull", tuple(scale * np.log(1 / (1 - at)) ** (1 / shape) for at in (0.5, 0.95)), None),
        ("exponential", (exponential.lambda_,), exponential.summary.loc["lambda_", "se(coef)"]),
    ):
        sys.stdout.write(f"{name}: {tuple(float(n) for n in numbers)}, error of the first {error}\n")


if __name__ == "__main__":
    main()
