"""Published figures as text and as data: what there is, where each was read, what stands in, what is missing."""

import csv
import io
import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.table import Table as Lines

from sim.experiment.targets import Target, TargetRole
from sim.published import NOT_PUBLISHED, Fitted, Releases, Statement, Told, Verdict
from sim.report.basis import basis_sentences
from sim.report.basis import rows as basis_rows
from sim.report.terminal import RULES, printed, terminal_width

_LABELS: Final = {
    "referrals": "Referrals",
    "no_action_share": "  without further action",
    "rereferrals_share": "  within 12 months of an earlier one",
    "not_in_need_share": "  assessed and found not in need",
    "from_police_share": "Referrals from the police",
    "from_schools_share": "  from schools and education services",
    "from_health_share": "  from health services",
    "from_la_services_share": "  from local authority services",
    "from_individuals_share": "  from individuals",
    "from_other_share": "  from others, anonymous or unknown",
    **{f"in_{month}_share": f"Referrals in {month.capitalize()}" for month in (
        "april", "may", "june", "july", "august", "september", "october", "november", "december", "january",
        "february", "march",
    )},
    "assessments": "Assessments completed",
    "assessment_q25": "  a quarter within",
    "assessment_q50": "  half within",
    "assessment_q75": "  three quarters within",
    "within_45_days_share": "  within 45 working days",
    "same_day_share": "  on the day they began",
    "1_10_days_share": "  in 1 to 10 working days",
    "11_20_days_share": "  in 11 to 20",
    "21_30_days_share": "  in 21 to 30",
    "31_40_days_share": "  in 31 to 40",
    "41_45_days_share": "  in 41 to 45",
    "46_50_days_share": "  in 46 to 50",
    "51_60_days_share": "  in 51 to 60",
    "61_days_share": "  in 61 or more",
    "domestic_abuse_share": "  with domestic abuse of a parent",
    "section_47": "Section 47 enquiries",
    "conferences": "Initial child protection conferences",
    "conference_q25": "  a quarter within",
    "conference_q50": "  half within",
    "conference_q75": "  three quarters within",
    "conference_within_15_days_share": "  within 15 working days",
    "duration_0_10_days_share": "  in 0 to 10 working days",
    "duration_11_15_days_share": "  in 11 to 15",
    "duration_16_20_days_share": "  in 16 to 20",
    "duration_21_days_share": "  in 21 or more",
    "social_workers": "Social workers in post, whole department",
    "case_holders": "  of them with cases",
    "caseload": "  mean caseload of those",
    "vacancy": "  vacant posts",
    "agency": "  agency workers",
    "absence": "  absence",
    "turnover": "  turnover in a year",
}  # fmt: skip
_UNITS: Final = {
    "social_workers": "full-time equivalents", "case_holders": "full-time equivalents", "caseload": "cases",
    **{f"{what}_q{at}": "working days" for what in ("assessment", "conference") for at in (25, 50, 75)},
    **dict.fromkeys(("referrals", "assessments", "section_47", "conferences"), "children"),
}  # fmt: skip
_CHANGED: Final = {
    Verdict.WIDEN: "what counts as a referral may have changed",
    Verdict.DECLINE: "what counts as a referral changed",
    Verdict.NOT_KNOWN: "no year before to hold it against",
}
_TOLD: Final = {
    Verdict.STEADY: "yes", Verdict.WIDEN: "perhaps not", Verdict.DECLINE: "no", Verdict.NOT_KNOWN: "not known",
}  # fmt: skip
_FIELDS: Final = (
    "figure", "value", "half_width", "unit", "of", "borrowed_from", "note", "table", "year", "file", "row", "columns",
)  # fmt: skip


def published_text(statement: Statement, releases: Releases, width: int | None = None) -> str:
    """What is published of one authority in one year, what stands in for what is not, and what nothing tells."""
    width = terminal_width() if width is None else width
    authority, year = statement.authority, statement.year
    table = Lines(box=RULES, show_edge=False, pad_edge=False)
    table.add_column("published")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("left open", justify="right", no_wrap=True)
    table.add_column("where from")
    for label, one in _rows(statement):
        table.add_row(label, _value(one), _left_open(one), _where(one))
    head = f"{authority.full}, {authority.region}, year to March {year}"
    said = (textwrap.fill(note, width, subsequent_indent="  ") for note in _notes(statement, releases))
    return printed([head, table, "\n".join(said)], width)


def all_text(statements: Sequence[Statement], width: int | None = None) -> str:
    """Every authority and year: whether a baseline can rest on what is published, and why not."""
    width = terminal_width() if width is None else width
    lines: list[str] = []
    for one in statements:
        why = "; ".join(one.reasons)
        marks = _marks(one)
        said = f"declined: {why}" if why else f"usable{f' ({marks})' if marks else ''}"
        lines.append(textwrap.fill(f"{one.authority.full}, {one.year}: {said}", width, subsequent_indent="    "))
    return "\n".join([*lines, "", *_totals(statements)]) + "\n"


def fitted_text(found: Fitted, files: Sequence[Path], width: int | None = None) -> str:
    """What was written, how well it meets what is published, what was learned, and what it cannot tell."""
    width = terminal_width() if width is None else width
    base, targets = found.baseline, found.baseline.held_against
    borrowed = [f"{one.name.replace('_', ' ')} ({one.borrowed})" for one in base.statement.borrowed]
    said = [
        *basis_sentences(found.basis),
        _met(found),
        *(_missed(target, found) for target in targets if not target.is_met_by(found.modelled[target.key].mean)),
        base.statement.change.sentence,
        *base.notes,
        *([f"Not published of this authority, another place stands in: {', '.join(borrowed)}."] if borrowed else []),
        *(f"Written: {file}" for file in files),
    ]
    table = Lines(box=RULES, show_edge=False, pad_edge=False)
    for place, heading in enumerate(_LEARNED):
        table.add_column(heading, justify="left" if place in (0, len(_LEARNED) - 1) else "right")
    for label, unit, low, high, *after, _, told in basis_rows(found.basis):
        table.add_row(f"{label} ({unit})", f"{low} to {high}", f"{after[0]} to {after[2]}", told)
    lines = "\n".join(textwrap.fill(line, width, subsequent_indent="  ") for line in said)
    return printed([base.scenario.title, table, lines], width)


def index_text(became: Mapping[str, int], index: Path) -> str:
    """How many authorities were fitted, were there already, or were declined."""
    said = ", ".join(f"{count} {what}" for what, count in sorted(became.items()))
    return f"{sum(became.values())} authorities: {said}. Index: {index}\n"


_LEARNED: Final = ("number", "range before", "nine in ten after", "learned")


def _met(found: Fitted) -> str:
    """How many published figures are met, and how many of those that the fit did not use."""
    targets = found.baseline.held_against
    held = [target for target in targets if target.role is TargetRole.HELD_OUT]
    kept = sum(target.is_met_by(found.modelled[target.key].mean) for target in held)
    return (
        f"Of {len(targets)} {_targets_word(found)} {found.met} are met, on average over {len(found.draws)} plausible "
        f"sets; of the {len(held)} among them that the fit did not use, {kept}."
    )


def _targets_word(found: Fitted) -> str:
    return "published figures and other targets" if found.baseline.also else "published figures"


def _missed(target: Target, found: Fitted) -> str:
    """A target that the model does not meet, with what it gives."""
    mean, spread = found.modelled[target.key].mean, found.ranges[target.key]
    low, high, *modelled = (
        _in_words(target, value) for value in (target.low, target.high, mean, spread.low, spread.high)
    )
    asked = (
        f"{low} to {high} asked"
        if target.expected is None
        else f"{_in_words(target, target.expected)} published of what is the front door's"
    )
    return f"Not met: {target.label}, {asked}; {modelled[0]} modelled (95% range {modelled[1]} to {modelled[2]})."


def _in_words(target: Target, value: float) -> str:
    if target.unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f}" if target.unit == "children" else f"{value:.1f}"


def published_csv(statement: Statement) -> str:
    """Every figure with its file, row and columns, for a spreadsheet."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, _FIELDS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_entries(statement))
    return file.getvalue()


def published_json(statement: Statement) -> str:
    """The same, with what is missing and what follows from the year before."""
    content = {
        "authority": statement.authority.name,
        "code": statement.authority.code,
        "year": statement.year,
        "declined_because": list(statement.reasons),
        "definition_of_referral": {"verdict": statement.change.verdict, "in_words": statement.change.sentence},
        "figures": list(_entries(statement)),
        "missing": [{"column": one.column, "table": one.table, "why": one.why_none} for one in statement.missing],
        "in_no_statistic": list(NOT_PUBLISHED),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _rows(statement: Statement) -> Iterator[tuple[str, Told]]:
    return ((label, statement.told[name]) for name, label in _LABELS.items() if name in statement.told)


def _entries(statement: Statement) -> Iterator[dict[str, object]]:
    head = ""
    for label, one in _rows(statement):
        head = head if label.startswith(" ") else label
        first = one.figures[0]
        columns = " / ".join(dict.fromkeys(figure.column for figure in one.figures))
        name = head if label == head else f"{head}: {label.strip()}"
        values = (name, one.value, one.half_width, _unit(one), one.size, one.borrowed, one.note)
        where = (first.table, first.year, first.file, first.line, columns)
        yield dict(zip(_FIELDS, (*values, *where), strict=True))


def _unit(one: Told) -> str:
    return _UNITS.get(one.name, "share")


def _value(one: Told) -> str:
    unit = _unit(one)
    if unit == "share":
        return f"{one.value:.1%}"
    if unit in {"children", "working days"}:
        return f"{one.value:,.0f}"
    return f"{one.value:.1f}"


def _left_open(one: Told) -> str:
    """What rounding, suppression or standing in leaves open: nothing of a whole count."""
    if not one.half_width:
        return ""
    unit = _unit(one)
    return f"\N{PLUS-MINUS SIGN}{one.half_width:.2%}" if unit == "share" else f"\N{PLUS-MINUS SIGN}{one.half_width:.2f}"


def _where(one: Told) -> str:
    first = one.figures[0]
    where = f"{first.table.short} {first.year}, row {first.line}"
    if one.borrowed:
        where = f"{first.table.short} {first.year}: {one.borrowed} stands in"
    return f"{where}; {one.note}" if one.note else where


def _notes(statement: Statement, releases: Releases) -> Iterator[str]:
    if statement.reasons:
        yield f"No baseline can rest on this: {'; '.join(statement.reasons)}."
    else:
        yield "A baseline can rest on this."
    yield statement.change.sentence
    for why, names in _by_reason(statement).items():
        yield f"Not published ({why}): {', '.join(names)}."
    yield from NOT_PUBLISHED
    yield f"Read: {', '.join(f'{file.name} ({file.layout.table.short})' for file in releases.files)}."
    if releases.unread:
        yield f"Not read: {'; '.join(releases.unread)}."


def _by_reason(statement: Statement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for figure in statement.missing:
        why = figure.why_none if figure.line else f"no row for {statement.year}"
        found.setdefault(f"{figure.table.short}, {why}", []).append(figure.column)
    return found


def _marks(one: Statement) -> str:
    marks = [_CHANGED[one.change.verdict]] if one.change.verdict in _CHANGED else []
    count = len(one.borrowed)
    marks += [f"{count} figure{'' if count == 1 else 's'} borrowed"] if count else []
    return ", ".join(marks)


def _totals(statements: Iterable[Statement]) -> Iterator[str]:
    usable, every, verdicts = Counter[int](), Counter[int](), dict[int, Counter[Verdict]]()
    for one in statements:
        every[one.year] += 1
        usable[one.year] += not one.reasons
        verdicts.setdefault(one.year, Counter())[one.change.verdict] += 1
    for year in sorted(every):
        found = ", ".join(f"{words} {verdicts[year][verdict]}" for verdict, words in _TOLD.items())
        yield f"{year}: {usable[year]} of {every[year]} usable; referrals counted as in the year before: {found}"
