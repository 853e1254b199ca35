"""What must be known before a figure is used, though no figure shows it."""

from collections.abc import Iterator

from sim.experiment import Comparison
from sim.experiment.steady import PART, Drift
from sim.report.basis import basis_sentences
from sim.report.headline import variants
from sim.report.starts import start_sentences
from sim.report.wording import Number, quoted, shown

TITLE = "Before you use these figures"


def notices(comparison: Comparison, *, beside_tables: bool = True) -> tuple[str, ...]:
    """A sentence or two each, what it rests on first and then the gravest; the same ones in every output.

    A card, which has no tables, points to none.
    """
    warnings = (f"Warning: {warning}." for warning in comparison.warnings)
    starts = start_sentences(comparison, beside_tables=beside_tables)
    return (*basis_sentences(comparison.basis), *_not_keeping_up(comparison), *warnings, *starts)


def _not_keeping_up(comparison: Comparison) -> Iterator[str]:
    """The scenarios whose open work keeps growing: a later day would give other figures."""
    for scenario in variants(comparison):
        found = scenario.drift
        if found is not None and not found.keeps_up:
            yield _grows(scenario.title, found)


def _grows(title: str, found: Drift) -> str:
    first, last, base = (shown(Number(many, "children")) for many in (found.first, found.last, found.base))
    part = found.days // PART
    return (
        f"Under {quoted(title)} the service does not keep up with its work: contacts undecided and referred children "
        f"unseen go from {first} on an average day of the first {part} days to {last} of the last {part} (baseline: "
        f"{base}), and are still growing. Its figures depend on the day the run stops; a longer run would show longer "
        "waits."
    )
