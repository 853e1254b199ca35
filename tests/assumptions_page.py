"""docs/assumptions.md, made from the shipped county's own files: every number, what it means and where it comes from.

    python -m tests.assumptions_page

writes it anew. A test holds that what lies there is what would be written.
"""

from itertools import groupby
from pathlib import Path

from sim.report.document.numbers import in_words
from sim.scenario import Evidence, evidence, flatten, levers, read, shipped

PAGE = Path(__file__).parents[1] / "docs" / "assumptions.md"
BASE = shipped("leicestershire-2018-19.toml")
PARTS = {
    "demand": "Contacts: who sends how many, and when",
    "need": "What children turn out to need",
    "front_door": "Screening and decision at the front door",
    "further_work": "Further work before a decision",
    "second_look": "The second look at a section 47 threshold",
    "strategy": "Strategy discussions, section 47, conferences",
    "out_of_hours": "Out of hours (EDT)",
    "domestic_abuse_team": "The co-located domestic abuse team",
    "assessment": "Allocation, first visit, assessment",
    "ending": "How assessments end",
    "returns": "Children who come back",
    "workforce": "Staff: absence, leavers, recruitment, booked time",
}
HEAD = """# Every number of the shipped county, and where it comes from

Made from `scenarios/leicestershire-2018-19.toml` and its `.sources.toml`. **Grade** is of the evidence: **A** an
official statistic, **B** a published study, **C** another authority's practice, **D** an assumption, to be replaced
by your own. **Range** is what was thought plausible when it was set, of a law for its mean or median: the sets of
plausible numbers lie within it, but where a number follows by arithmetic from published figures and from others
(contacts, shares below the threshold and at significant harm, effort for each contact) it is wherever those put it.
What the numbers do is in [the pathway](pathway.md). `frontdoor levers` lists them as a scenario file writes them.
"""


def page() -> str:
    """The whole page."""
    found = read(BASE).scenario
    values = dict(flatten(found.model_dump(mode="json", exclude_none=True)))
    told = evidence(BASE)
    parts = [HEAD]
    rows = [(path, field) for path, field in levers() if path.partition(".")[0] in PARTS]
    for part, group in groupby(rows, key=lambda row: row[0].partition(".")[0]):
        parts.append(
            f"## {PARTS[part]}\n\n| number | what it is | value | range | grade | source |\n|---|---|---|---|---|---|"
        )
        parts += [_row(path, field.description, field.json_schema_extra["unit"], values, told) for path, field in group]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _row(path: str, meaning: str, unit: str, values: dict[str, object], told: tuple[Evidence, ...]) -> str:
    own = {
        key.removeprefix(f"{path}."): value
        for key, value in values.items()
        if key == path or key.startswith(f"{path}.")
    }
    value = in_words(own.get(path, own)) if own else "not set"
    from_where = next((one for one in told if path == one.path or path.startswith(f"{one.path}.")), None) or next(
        (one for one in told if one.path.startswith(f"{path}.")), None
    )
    grade, source = (from_where.grade.value, from_where.source) if from_where else ("", "")
    cells = (f"`{path}`", meaning, f"{value} ({unit})", _range(from_where), grade, source)
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in cells)} |"


def _range(told: Evidence | None) -> str:
    if told is None or told.low is None or told.high is None:
        return ""
    return "at rest" if told.low == told.high else f"{told.low:g} to {told.high:g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
