"""A comparison as data: CSV for spreadsheets, JSON with everything."""

import csv
import io
import json
import math
import re
from dataclasses import asdict

from sim.experiment import Comparison, Estimate, Later, Range, ScenarioResult
from sim.experiment.starts import Start
from sim.measures import STAGE_LABELS, WAIT_LABELS, Stage
from sim.measures.inherited import INHERITED
from sim.report.headline import GROUP_LABEL, MEASURE, SHOWN_WAITS, safety_in_words, share_improving, standing
from sim.report.notices import notices
from sim.report.sentences import sentences
from sim.report.starting import as_kept
from sim.report.starts import ROLE_LABEL
from sim.report.tables import Cell, Table, summary
from sim.report.wording import SIMULATED, Number, error_of

Json = dict[str, object]

_CSV_DECIMALS = {"days": 2, "working days": 2, "hours": 2, "ratio": 2}
_CSV_DECIMALS_OTHERWISE = 1
_FORMULA = re.compile(r"[=@\t\r]|[+-][^\d\s.]")
"""How text begins that spreadsheets would work out."""


def as_csv(comparison: Comparison) -> str:
    """The headline table as CSV."""
    return csv_text(summary(comparison))


def csv_text(table: Table) -> str:
    """A table as CSV: days to two decimals, per cent and counts to one, nothing where there is nothing to say."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(table.headings)
    writer.writerows([_csv(cell) for cell in row] for row in table.rows)
    return file.getvalue()


def _csv(cell: Cell) -> str | int | None:
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"  # as text: a title must not become a formula in whoever's spreadsheet
    if not isinstance(cell, Number):
        return cell
    if math.isnan(cell.value):
        return None
    decimals = _CSV_DECIMALS.get(cell.unit, _CSV_DECIMALS_OTHERWISE)
    return f"{round(cell.scaled, decimals) + 0.0:.{decimals}f}"


def as_json(comparison: Comparison) -> str:
    """The whole comparison as JSON: every measure with its ranges, unrounded; shares are fractions of 1."""
    content = {
        "basis": SIMULATED,
        "in_plain_english": sentences(comparison),
        "before_you_use_these_figures": notices(comparison),
        "replications": comparison.replications,
        "draws": comparison.draws,
        "seed": comparison.seed,
        "confidence_of_changes": comparison.confidence,
        "measures": {
            m.id: {"label": m.label, "unit": m.unit, "better": str(m.better), "meaning": m.meaning}
            for m in MEASURE.values()
        },
        "groups": GROUP_LABEL,
        "fitted": None if comparison.basis is None else asdict(comparison.basis),
        "not_varied": [each._asdict() for each in comparison.unvaried],
        **_started(comparison),
        "scenarios": [_scenario(scenario) for scenario in comparison.scenarios],
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _scenario(scenario: ScenarioResult) -> Json:
    return {
        "name": scenario.name,
        "is_unchanged": scenario.is_unchanged,
        "title": scenario.title,
        "summary": scenario.summary,
        "assumes": [asdict(each) for each in scenario.assumed],
        "measures": [_measure(scenario, *key) for key in scenario.levels],
        "starts": _start(scenario.start),
        "later_contacts": [_later(scenario, found) for found in scenario.later],
        "keeps_up": scenario.drift is None or scenario.drift.keeps_up,
        "same_children": {group: _same(scenario, group) for group in scenario.same_children},
        "safety": [
            {
                "check": result.check.label,
                "measure": result.check.measure,
                "group": result.check.group.id,
                "margin": result.check.margin,
                "change": _estimate(result.change),
                "is_worse": result.is_worse,
                "finding": str(standing(result)),
            }
            for result in scenario.safety
        ],
        "safety_in_words": safety_in_words(scenario) if scenario.safety else None,
        "open_work": {name: [_known(day) for day in days.tolist()] for name, days in scenario.open_work.items()},
        "stage_days": {group: _stages(scenario, group) for group in scenario.stage_days},
    }


def _started(comparison: Comparison) -> Json:
    """The open work that the comparison started from, and what became of it; nothing where it started from none."""
    if comparison.started is None:
        return {}
    start = as_kept(comparison.started)
    became = {
        scenario.name: {
            measure.id: {
                "level": _estimate(scenario.inherited[measure.id]),
                **({"change": _estimate(scenario.inherited_changes[measure.id])} if scenario.inherited_changes else {}),
            }
            for measure in INHERITED
        }
        for scenario in comparison.scenarios
    }
    return {
        "start": {
            "as_at": start.as_at.isoformat(),
            "format": start.format,
            "fingerprint": start.fingerprint,
            "children": start.children,
            "became": became,
        }
    }


def _start(start: Start | None) -> Json | None:
    if start is None:
        return None
    posts = [
        {"role": ROLE_LABEL[p.role], "number": p.number, "from": _iso(start, p.earliest), "to": _iso(start, p.latest)}
        for p in start.posts
    ]
    return {"levers": _iso(start, start.levers), "added_posts": posts, "all_in_place": _iso(start, start.in_place)}


def _iso(start: Start, day: int) -> str:
    return start.on(day).isoformat()


def _later(scenario: ScenarioResult, found: Later) -> Json:
    return {
        "received_from": None if scenario.start is None else _iso(scenario.start, found.day),
        "measures": [
            {
                "measure": measure,
                "group": group,
                "level": _estimate(found.levels[measure, group]),
                "level_in_the_baseline": _estimate(found.base[measure, group]),
                "change": _estimate(change),
            }
            for (measure, group), change in found.changes.items()
        ],
    }


def _measure(scenario: ScenarioResult, measure: str, group: str) -> Json:
    change = scenario.changes.get((measure, group))
    content: Json = {"measure": measure, "group": group, "level": _estimate(scenario.levels[measure, group])}
    if change is not None:
        improving = share_improving(MEASURE[measure], change)
        content |= {"change": _estimate(change), "share_of_draws_improving": improving}
    return content


def _same(scenario: ScenarioResult, group: str) -> Json:
    same = scenario.same_children[group]
    return {
        "mean_change_days": _estimate(same.mean_change_days),
        "in_both": same.same,
        "sooner": same.sooner,
        "longer": same.longer,
        "baseline_alone": same.diverted,
        "here_alone": same.newly_referred,
    }


def _stages(scenario: ScenarioResult, group: str) -> dict[str, dict[str, float | None]]:
    days = scenario.stage_days[group]
    return {
        STAGE_LABELS[stage]: {WAIT_LABELS[wait]: _known(float(days[stage, wait])) for wait in SHOWN_WAITS}
        for stage in Stage
    }


def _estimate(estimate: Estimate) -> Json:
    return {
        "mean": _known(estimate.mean),
        "simulation_error": _ends(error_of(estimate)),
        "what_we_do_not_know": _ends(estimate.unknown),
        "one_year": _ends(estimate.year),
        "simulated_years": estimate.runs,
    }


def _ends(values: Range | None) -> list[float | None] | None:
    return None if values is None else [_known(values.low), _known(values.high)]


def _known(value: float) -> float | None:
    # Adding nought turns -0.0 into 0.0.
    return None if math.isnan(value) else value + 0.0
