"""A baseline that an authority's own record has set: its numbers, where each comes from, and the sets it carries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.calibration.mechanics.fit import SETS, Calibrated
from sim.calibration.mechanics.latent import CAPACITY, LATENTS, ready, settings
from sim.calibration.seen import Learned, Result, learned_values
from sim.distributions import Discrete
from sim.scenario import Evidence, Grade, Scenario, ScenarioError

_NUMBERS: Final = ("mean", "median", "p95", "cv")
_TRIES: Final = 40
_TWO_SIDED: Final = 1.96
_DECIMALS: Final = 9
_RANGE: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class OwnRecord:
    """A calibrated baseline, the evidence of every number, and sets of numbers by path, as comparisons take them.

    `learned` are the paths that the record shows by itself, `fitted` those found by running it again, `told` those that
    posts tell; all others are `borrowed` from the base.
    """

    scenario: Scenario
    evidence: tuple[Evidence, ...]
    sets: tuple[dict[str, object], ...]
    learned: tuple[str, ...]
    fitted: tuple[str, ...]
    told: tuple[str, ...]
    borrowed: tuple[str, ...]


def own_record(  # noqa: PLR0913  (what a record gives)
    base: Scenario,
    sources: Sequence[Evidence],
    results: Sequence[Result],
    found: Calibrated | None,
    *,
    staffing: Mapping[str, object],
    extract: str,
    words: Mapping[str, object],
    seed: int,
) -> OwnRecord:
    """The base with all that a record tells in place of its own. Raise `ScenarioError` where that fits no scenario.

    `extract` names the record in the sources; `words` are the scenario's name, title and summary.
    """
    learned = learned_values(tuple(results))
    fitted = {} if found is None else _centre(base, found)
    scenario = (base if found is None else ready(base)).changed({**words, **learned, **fitted, **staffing})
    entries = {entry.path: entry for entry in sources}
    entries |= {entry.path: entry for entry in _learned_evidence(results, extract)}
    if found is not None:
        entries |= {entry.path: entry for entry in _fitted_evidence(base, found, extract)}
    source = f"posts held at the end of the record ({extract})"
    entries |= {path: Evidence(path, Grade.OWN_RECORD, source, None, None) for path in staffing}
    told = {*learned, *map(_field, fitted), *staffing}
    return OwnRecord(
        scenario,
        tuple(entries.values()),
        tuple(_sets(base, scenario, results, found, seed)),
        tuple(learned),
        tuple(dict.fromkeys(map(_field, fitted))),
        tuple(staffing),
        tuple(path for path in entries if path not in told),
    )


def _field(path: str) -> str:
    """The field that a number inside a law belongs to."""
    names = {"mean", "median", "p95", "maximum", "rest", "cv"}
    parts = path.split(".")
    while parts[-1] in names:
        parts.pop()
    return ".".join(parts)


def _centre(base: Scenario, found: Calibrated) -> dict[str, object]:
    """What is set by the middles of the fitted numbers."""
    middles = found.found.quantiles((0.5,))[0].tolist()
    named = {latent.id: latent.value(at) for latent, at in zip(LATENTS, middles, strict=True)}
    return settings(ready(base), named)


def _learned_evidence(results: Iterable[Result], extract: str) -> Iterator[Evidence]:
    for one in results:
        if isinstance(one, Learned):
            for path, value in one.values.items():
                source = f"{one.what}, {one.n} counted: {one.rests_on} ({extract})"
                yield Evidence(path, Grade.OWN_RECORD, source, *_bounds(value, one.errors.get(path, ())))


def _bounds(value: object, errors: Sequence[float]) -> tuple[float | None, float | None]:
    """95 in 100 of a number, or of a law's main number; none of several numbers."""
    main = value if isinstance(value, float) else next(iter(_inside(value).values()), None)
    if main is None or not errors or isinstance(value, tuple | Discrete):
        return None, None
    width = _TWO_SIDED * errors[0]
    return round(max(main - width, 0.0), 6), round(main + width, 6)


def _fitted_evidence(base: Scenario, found: Calibrated, extract: str) -> Iterator[Evidence]:
    """One entry for each field that a latent number sets, with the range of 90 in 100 of the field's main number."""
    rows = found.found.quantiles(_RANGE)
    labels = found.found.labels
    sets = [
        settings(ready(base), {n.id: n.value(at) for n, at in zip(LATENTS, row.tolist(), strict=True)}) for row in rows
    ]
    latents = {
        path: (latent, label) for latent, label in zip(LATENTS, labels, strict=True) for path in _paths(base, latent.id)
    }
    for path in dict.fromkeys(map(_field, sets[1])):
        main = next(key for key in sets[1] if _field(key) == path)
        latent, label = latents[path]
        source = f"fitted by running the record again, {label.value}: {latent.label} ({extract})"
        yield Evidence(path, Grade.OWN_RECORD, source, float(str(sets[0][main])), float(str(sets[2][main])))


def _paths(base: Scenario, name: str) -> list[str]:
    """The fields that one latent number sets."""
    if name == CAPACITY:
        return []
    if name in {"appointment_days", "appointment_spread"}:
        return ["assessment.appointment_days"] if name == "appointment_days" else []
    latent = next(latent for latent in LATENTS if latent.id == name)
    return [_field(path) for path in latent.setting(ready(base), 1.0)]


def _sets(
    base: Scenario, scenario: Scenario, results: Sequence[Result], found: Calibrated | None, seed: int
) -> Iterator[dict[str, object]]:
    """Draws of all that is not known: of the fitted numbers, and of what the record shows, each with its error."""
    count = SETS if found is None else len(found.sets)
    columns = [_drawn(one, scenario, seed, count) for one in results if isinstance(one, Learned)]
    for place in range(count):
        drawn: dict[str, object] = {path: value for column in columns for path, value in column[place].items()}
        if found is not None:
            drawn |= settings(ready(base), found.sets[place])
        if drawn:
            _refuse_impossible(scenario, drawn)
            yield drawn


def _refuse_impossible(scenario: Scenario, drawn: Mapping[str, object]) -> None:
    """A set that makes no scenario is a fault of the fit, and found before it is written."""
    try:
        scenario.changed(dict(drawn))
    except ScenarioError as error:
        raise ScenarioError(f"a set of fitted numbers makes no scenario: {error}") from None


def _drawn(one: Learned, scenario: Scenario, seed: int, count: int) -> list[dict[str, object]]:
    """Draws as plain numbers: those inside a law are of the family that the scenario has, and several at once stay.

    A drawn law longer than a scenario holds is drawn anew.
    """
    kept: list[dict[str, object]] = []
    has_law = any(not isinstance(value, float | tuple) for value in one.values.values())
    whole = len(dict(_numbers(one, one.values)))
    for draw in one.draws(seed, _TRIES * count if has_law else count):
        numbers: dict[str, object] = dict(_numbers(one, draw))
        if len(numbers) == whole and (not has_law or _makes_one(scenario, numbers)):
            kept.append(numbers)
        if len(kept) == count:
            return kept
    middle: dict[str, object] = dict(_numbers(one, one.values))
    return [*kept, *([middle] * (count - len(kept)))]


def _makes_one(scenario: Scenario, numbers: Mapping[str, object]) -> bool:
    try:
        scenario.changed(dict(numbers))
    except ScenarioError:
        return False
    return True


def _numbers(one: Learned, draw: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    for path, value in draw.items():
        if isinstance(value, float):
            yield path, round(value, _DECIMALS)
        elif not isinstance(value, tuple | Discrete) and type(value) is type(one.values[path]):
            yield from ((f"{path}.{name}", round(number, _DECIMALS)) for name, number in _inside(value).items())


def _inside(law: object) -> dict[str, float]:
    """The numbers by which a law is stated, its main number first; none of what is no law."""
    stated = {name: getattr(law, name) for name in _NUMBERS if name in getattr(type(law), "model_fields", {})}
    return {name: float(value) for name, value in stated.items() if isinstance(value, int | float)}
