"""A fitted baseline as files, in the form of the shipped ones: the scenario, its sources, targets, draws and basis."""

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.published.baseline import BeforeFitting
from sim.published.fitted import Fitted
from sim.scenario import Basis, as_toml
from sim.scenario.stating import scenario_lines, source_lines

MADE = "Made by frontdoor init from published figures"
_HEAD = f"# {{}}\n# {MADE}: made again, and not edited, when they change.\n"
_TARGETS = """# A share must be met within `tolerance` as a share, a quartile within that many working days, a count or
# open work within that share of it. `front_door_share`: published counts are the whole authority's; the model's are
# held against that share of them. Tolerances are the prior's, fixed beforehand, or wider where chance in so many
# children, rounding or suppression asks for it. A pattern must lie from `low` to `high`.
"""
_SOURCES = """# grade   A official statistic   B published study   C another authority's practice
#         D assumption, to be replaced by the authority's own figure
# low, high   plausible range of the number, or of a law's main number
"""


def baseline_texts(baseline: BeforeFitting, file: Path) -> dict[Path, str]:
    """What its files are to hold: the scenario as `file`, its sources and targets beside it."""
    return {
        file: scenario_text(baseline),
        file.with_suffix(".sources.toml"): sources_text(baseline),
        file.with_suffix(".targets.toml"): targets_text(baseline),
    }


def fitted_texts(found: Fitted, file: Path) -> dict[Path, str]:
    """What all files of a fitted baseline are to hold."""
    return {
        **baseline_texts(found.baseline, file),
        file.with_suffix(".draws.csv"): draws_text(found.draws),
        file.with_suffix(".basis.toml"): basis_text(found.basis),
    }


def scenario_text(baseline: BeforeFitting) -> str:
    """The scenario, every number of it."""
    head = _HEAD.format("Every number of the baseline; their sources stand in the .sources.toml beside it.")
    return head + "\n" + scenario_lines(baseline.scenario)


def sources_text(baseline: BeforeFitting) -> str:
    """The source, grade and range of every number, what had to give way, and what figures do not tell."""
    notes = "".join(f"# {line}\n" for note in baseline.notes for line in _wrapped(f"- {note}"))
    given = f"#\n# What had to give way:\n{notes}" if notes else ""
    borrowed = "".join(f"# - {one.name.replace('_', ' ')}: {one.borrowed}\n" for one in baseline.statement.borrowed)
    borrowed = f"#\n# Not published of this authority, so another place stands in:\n{borrowed}" if borrowed else ""
    entries = source_lines(baseline.evidence)
    return f"{_HEAD.format('Where every number comes from.')}#\n{_SOURCES}{given}{borrowed}\n{entries}"


def targets_text(baseline: BeforeFitting) -> str:
    """The targets, as `compare --targets` reads them."""
    entries = "\n".join(
        "[[target]]\n" + "".join(f"{key} = {as_toml(value)}\n" for key, value in one.entry.items())
        for one in baseline.targets
    )
    return f"{_HEAD.format('What the baseline is held against.')}#\n{_TARGETS}\n{entries}"


def basis_text(basis: Basis) -> str:
    """What the baseline rests on, as every output reads it."""
    words = "".join(
        f"{name} = {as_toml(getattr(basis, name))}\n"
        for name in ("made_from", "heading", "rests_on", "limits", "sharper")
    )
    entries = "\n".join(
        "[[learned]]\n" + "".join(f"{name} = {as_toml(_short(value))}\n" for name, value in one._asdict().items())
        for one in basis.learned
    )
    return (
        f"{_HEAD.format('What the baseline rests on, and what was learned of each number fitted.')}\n{words}\n{entries}"
    )


def draws_text(draws: Sequence[Mapping[str, object]]) -> str:
    """The sets of numbers, a row each under a header of dotted paths."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, fieldnames=list(draws[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(draws)
    return file.getvalue()


def _short(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _wrapped(note: str) -> Sequence[str]:
    return textwrap.wrap(note, 116, subsequent_indent="  ")
