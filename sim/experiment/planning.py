"""A plan from scenario files: a baseline as it is set, the scenarios that extend it, and the sets they all meet."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from sim.experiment.inheriting import start_calendar
from sim.experiment.plan import OF, Plan, Variant
from sim.experiment.sets import unexplored, unvaried, with_assumed_effects, without
from sim.scenario import (
    Evidence,
    Grade,
    Scenario,
    ScenarioError,
    ScenarioFile,
    basis_of,
    cautions_of,
    evidence,
    past_months_of,
    plausible_draws,
    read,
    shipped,
)
from sim.world.opening import OpenWork

DEFAULT_SEED = 20181010
DEFAULT_REPLICATIONS = 20
REPLICATIONS_SETTING = "FRONTDOOR_REPLICATIONS"
_LONGEST_TITLE, _LONGEST_SUMMARY = 100, 2000


def replications_asked(given: int | None, usual: int = DEFAULT_REPLICATIONS) -> int:
    """How many simulated years: as given, or else as the environment setting says, or else the usual number."""
    if given is not None:
        return given
    text = os.environ.get(REPLICATIONS_SETTING, str(usual))
    if not text.strip().isdecimal() or not int(text):
        raise ScenarioError(f"environment setting {REPLICATIONS_SETTING}={text}: must be a whole number of 1 or more")
    return int(text)


def plan_of_files(
    base: ScenarioFile,
    others: Sequence[ScenarioFile],
    settings: Mapping[str, object],
    *,
    replications: int,
    seed: int,
    opening: OpenWork | None = None,
) -> Plan:
    """The plan of a baseline with `settings`, and of the scenarios compared with it; raises `ScenarioError`."""
    baseline = starting_from(as_set(base.scenario, settings), opening, settings)
    variants = tuple(_variant(other, base) for other in others)
    sets = plausible_draws(base.baseline) or ({},)
    kept = with_assumed_effects(sets, variants, _beside(base.baseline, sets[0]))
    sources = _sources(base.baseline)
    return Plan(
        baseline,
        variants,
        without(kept, {**base.differences, **settings}),
        replications,
        seed,
        notes=(*(f"calibration: {one}" for one in cautions_of(base.baseline)), *unexplored(sets, kept, variants)),
        opening=opening,
        unvaried=unvaried(sets, sources),
        is_calibrated=any(entry.grade is Grade.OWN_RECORD for entry in sources),
        basis=basis_of(base.baseline),
        past_months=past_months_of(base.baseline),
    )


def as_set(baseline: Scenario, settings: Mapping[str, object]) -> Scenario:
    """The baseline with levers set, and a title and summary that say so; raises `ScenarioError`."""
    if not settings:
        return baseline
    words = [f"{path} = {value}" for path, value in settings.items()]
    title = f"{baseline.title}, with {' and '.join(words)}"
    if len(title) > _LONGEST_TITLE:
        title = f"{baseline.title[:_LONGEST_TITLE]}, with {len(words)} change{'' if len(words) == 1 else 's'}"
    said = {
        "title": title,
        "summary": f"{baseline.summary} Changed for this run: {'; '.join(words)}."[:_LONGEST_SUMMARY],
    }
    try:
        return baseline.changed({**said, **settings})
    except ScenarioError as mistake:
        raise ScenarioError(f"--set {mistake}") from None


def starting_from(baseline: Scenario, work: OpenWork | None, settings: Collection[str] = ()) -> Scenario:
    """The baseline with the calendar of its start: the day after the extract, and no warm-up.

    Raise `ScenarioError` where one of the `settings` asked for says otherwise.
    """
    if work is None:
        return baseline
    calendar = start_calendar(work)
    for path in calendar.keys() & set(settings):
        raise ScenarioError(f"--set {path}: is given by the extract of --start; leave one of them out")
    return baseline.changed(calendar)


def _sources(baseline: Path) -> tuple[Evidence, ...]:
    """Where a baseline's numbers come from, as far as a file beside it says."""
    return evidence(baseline) if baseline.with_suffix(".sources.toml").exists() else ()


def _variant(file: ScenarioFile, base: ScenarioFile) -> Variant:
    """A scenario as how it differs from the file it is compared with."""
    differences = file.beyond(base.path)
    if differences is None:
        raise ScenarioError(f"{file.path}: does not extend {base.path}; compare scenarios of one baseline")
    return Variant(file.scenario.name, file.scenario.title, {"summary": file.scenario.summary, **differences})


def _beside(baseline: Path, keys: Iterable[str]) -> dict[str, Mapping[str, object]]:
    """What the scenarios beside a baseline, or shipped, change whose assumed effects its sets tell."""
    names = sorted({key.partition(OF)[0] for key in keys if OF in key})
    files = {name: _file_of(name, baseline) for name in names}
    return {name: read(path).differences for name, path in files.items() if path is not None}


def _file_of(name: str, baseline: Path) -> Path | None:
    """A scenario beside a baseline, or else the one that ships under the name; None where there is neither."""
    beside = baseline.with_name(f"{name}.toml")
    if beside.exists():
        return beside
    try:
        return shipped(beside.name)
    except ScenarioError:
        return None
