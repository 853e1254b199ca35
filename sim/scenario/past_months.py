"""What a test against past months came to, beside the baseline that it was of."""

from pathlib import Path

from sim.scenario.files import as_toml, read_toml
from sim.scenario.scenario import ScenarioError

ENDING = ".past-months.toml"


def past_months_of(baseline: str | Path) -> tuple[str, ...]:
    """The verdicts on a baseline, in sentences, from the file beside it; none without one. Raises `ScenarioError`."""
    path = Path(baseline).with_suffix(ENDING)
    if not path.exists():
        return ()
    found = read_toml(path).get("verdicts")
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise ScenarioError(f"{path}: verdicts must be sentences in quotation marks, one at least")
    return tuple(found)


def past_months_text(verdicts: tuple[str, ...], fitted_to: str) -> str:
    """The file that holds them."""
    lines = "".join(f"    {as_toml(one)},\n" for one in verdicts)
    return f"# Written by frontdoor backcast, fitted to what was known on {fitted_to}.\nverdicts = [\n{lines}]\n"
