"""The mechanics of one made-up authority fitted by pyabc too, which shares no line with ours.

    python -m benchmarks.against_pyabc [--runs 3000]

needs an environment with this project and pyabc, whose many requirements are no extra of ours. The record is the first
of `benchmarks.recovery`, its truth in the middle of what is assumed before; both methods run it again and see the same
figures. pyabc goes its own way: sequential Monte Carlo, its distances weighed by how much each figure tells of the
parameters.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.recovery import LEVELS, TRUTHS_FROM, as_recorded, history
from sim.calibration import kept_years
from sim.calibration.mechanics import LATENTS, Replays, figures_of, prior
from sim.calibration.mechanics.latent import values
from sim.calibration.mechanics.replays import years_at
from sim.calibration.posterior import posterior
from sim.calibration.years import Year

Values = NDArray[np.float64]

POPULATION: Final = 200
GENERATIONS: Final = 8
SEED: Final = 2018


def main() -> None:
    """Fit both, print a row a number."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3000, help="at most, of pyabc")
    parser.add_argument("--table", type=int, default=2000, help="runs of our table")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path("results/recovery"))
    options = parser.parse_args()
    _, _, replays = history(0, "small")
    box = prior()
    truth = (box.low + box.high) / 2
    observed = _observed(replays, truth)
    ours = _ours(replays, observed, options)
    theirs, runs = _theirs(replays, observed, options.runs)
    sys.stdout.write(
        f"pyabc: {runs} runs\n| number | truth | ours, 90% | pyabc, 90% | they overlap |\n|---|---|---|---|---|\n"
    )
    for place, latent in enumerate(LATENTS):
        spans = [[latent.value(float(end)) for end in (said[0][place], said[2][place])] for said in (ours, theirs)]
        overlap = max(spans[0][0], spans[1][0]) <= min(spans[0][1], spans[1][1])
        told = " | ".join(f"{low:.2f} to {high:.2f}" for low, high in spans)
        sys.stdout.write(
            f"| {latent.label} | {latent.value(float(truth[place])):.2f} | {told} | {'yes' if overlap else 'no'} |\n"
        )


def _observed(replays: Replays, truth: Values) -> Values:
    log = replays.log(Year(values(truth), 0, TRUTHS_FROM - 1))
    return np.array(figures_of(as_recorded(log, np.random.default_rng(SEED))))


def _ours(replays: Replays, observed: Values, options: argparse.Namespace) -> tuple[Values, ...]:
    box = prior()
    points = box.points(options.table, seed=0)
    with kept_years(replays, options.keep, processes=options.processes) as years:
        table = years.figures(years_at([values(row) for row in points], seed=0))
    return tuple(posterior(box, points, table, observed).quantiles(LEVELS))


def _theirs(replays: Replays, observed: Values, runs: int) -> tuple[tuple[Values, ...], int]:
    # In no environment but the one this is run in.
    import pyabc  # noqa: PLC0415
    from pyabc.predictor import LinearPredictor  # noqa: PLC0415
    from pyabc.sumstat import PredictorSumstat  # noqa: PLC0415

    box = prior()
    names = [f"p{place}" for place in range(len(box))]
    known = np.isfinite(observed)
    done = iter(range(2 * TRUTHS_FROM))

    def model(at: dict[str, float]) -> dict[str, Values]:
        row = np.array([at[name] for name in names])
        figures = np.array(replays(Year(values(row), SEED, next(done))))[known]
        return {"figures": np.nan_to_num(figures)}

    before = pyabc.Distribution(
        **{name: pyabc.RV("uniform", low, high - low) for name, low, high in zip(names, box.low, box.high, strict=True)}
    )
    search = pyabc.ABCSMC(
        model,
        before,
        pyabc.AdaptivePNormDistance(p=1, sumstat=PredictorSumstat(LinearPredictor(), fit_ixs={1, 3})),
        population_size=POPULATION,
        sampler=pyabc.sampler.SingleCoreSampler(),
    )
    np.random.seed(SEED)  # noqa: NPY002 -- the one that pyabc draws from
    with tempfile.TemporaryDirectory() as folder:
        search.new(f"sqlite:///{Path(folder) / 'abc.db'}", {"figures": observed[known]})
        past = search.run(max_nr_populations=GENERATIONS, max_total_nr_simulations=runs)
        found, weights = past.get_distribution()
        return tuple(
            np.array(
                [pyabc.weighted_statistics.weighted_quantile(found[n].to_numpy(), weights, alpha=a) for n in names]
            )
            for a in LEVELS
        ), past.total_nr_simulations


if __name__ == "__main__":
    main()
