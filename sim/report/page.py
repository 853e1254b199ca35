"""A comparison as one page that needs nothing but itself: no request leaves the reader's machine."""

import re
from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.experiment import Comparison, ScenarioResult
from sim.measures import STAGE_LABELS, WAIT_LABELS, Stage
from sim.report import basis, views
from sim.report.assumptions import NOTE, assumptions, unvaried_lines
from sim.report.assumptions import TITLE as ASSUMED
from sim.report.figures import Picture, svg
from sim.report.headline import ALL, DAYS, LEVELS, MEASURE, SHOWN_WAITS
from sim.report.notices import TITLE, notices
from sim.report.sentences import CAVEATS, range_notes, run_details, sentences
from sim.report.starting import inherited_view
from sim.report.tables import OPEN_WORK_LABEL, mean_open_work
from sim.report.wording import SIMULATION_ERROR, UNKNOWNS, Number, sentence, shown, typographic

TEMPLATE = "summary.html.j2"

_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_NAMESPACE = re.compile(r'\s+xmlns(:xlink)?="[^"]*"')
_GROUP_ID = re.compile(r'<g id="[^"]*"')
_SIZE = re.compile(r'<svg ([^>]*?)width="[\d.]+pt"([^>]*)>')
_HEIGHT = re.compile(r'\s+height="[\d.]+pt"')


def page(comparison: Comparison, pictures: Sequence[Picture], record_summary: Mapping[str, str]) -> str:
    """The page as HTML."""
    drawn = [(picture, Markup(inline(picture))) for picture in pictures]  # noqa: S704  (drawn here, text escaped)
    shown_parts = parts(comparison, record_summary)
    return environment().get_template(TEMPLATE).render(shown_parts, pictures=drawn)


def parts(comparison: Comparison, record_summary: Mapping[str, str]) -> dict[str, object]:
    """Everything that a page shows of a comparison but its pictures, by the names that templates know it under."""
    return {
        "scenarios": comparison.scenarios,
        "sentences": sentences(comparison),
        "caveats_title": TITLE,
        "caveats": (*notices(comparison), *CAVEATS),
        "levels": views.levels(comparison),
        "changes": views.changes(comparison),
        "later": views.later(comparison),
        "inherited": inherited_view(comparison),
        "same": views.same_children(comparison),
        "safety": views.safety(comparison),
        "range_notes": range_notes(comparison),
        "unvaried": unvaried_lines(comparison),
        "error_label": sentence(SIMULATION_ERROR),
        "unknowns_label": sentence(UNKNOWNS),
        "waits": tuple(WAIT_LABELS[wait] for wait in SHOWN_WAITS),
        "stages": [(views.marked(comparison, scenario), _stage_rows(scenario)) for scenario in comparison.scenarios],
        "open_labels": tuple(OPEN_WORK_LABEL.values()),
        "open_work": [(views.marked(comparison, scenario), _open_row(scenario)) for scenario in comparison.scenarios],
        "assumed": assumptions(comparison),
        "assumed_title": ASSUMED,
        "assumed_note": NOTE,
        "learned": () if comparison.basis is None else tuple(basis.rows(comparison.basis)),
        "learned_title": basis.TITLE,
        "learned_note": basis.MEANING,
        "learned_headings": basis.HEADINGS,
        "meanings": _meanings(),
        "run_details": run_details(comparison),
        "record": record_summary,
    }


def environment(package: str = "sim.report") -> Environment:
    """Where the templates of a package are found, and what they may use."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"minus": typographic, "capital": sentence}
    return made


def inline(picture: Picture) -> str:
    """A figure as SVG to stand inside a page: no prologue, no address, no names that two figures share."""
    drawn = _METADATA.sub("", _NAMESPACE.sub("", _PROLOGUE.sub("", svg(picture))))
    drawn = _SIZE.sub(r"<svg \1\2>", _GROUP_ID.sub("<g", drawn), count=1)
    return _HEIGHT.sub("", drawn, count=1).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _meanings() -> list[tuple[list[str], str]]:
    """What the headline measures count, those that count alike together."""
    labels: dict[str, list[str]] = {}
    for name in LEVELS:
        labels.setdefault(MEASURE[name].meaning, []).append(MEASURE[name].label)
    return [(found, meaning) for meaning, found in labels.items()]


def _stage_rows(scenario: ScenarioResult) -> list[tuple[str, list[str]]]:
    days = scenario.stage_days[ALL]
    return [(STAGE_LABELS[stage], [_days(float(days[stage, wait])) for wait in SHOWN_WAITS]) for stage in Stage]


def _open_row(scenario: ScenarioResult) -> list[str]:
    return [shown(Number(mean, "children")) for mean in mean_open_work(scenario).values()]


def _days(value: float) -> str:
    return shown(Number(value, DAYS))
