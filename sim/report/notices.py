"""What must be known before a figure is used, though no figure shows it."""

from sim.experiment import Comparison

TITLE = "Before you use these figures"


def notices(comparison: Comparison) -> tuple[str, ...]:
    """A sentence or two each, the gravest first; the same ones in every output."""
    return tuple(f"Warning: {warning}." for warning in comparison.warnings)
