"""What a reader notes while it reads: findings and inferred links, in the order in which they came up."""

from dataclasses import dataclass, field

import polars as pl

from sim.history.history import Finding, Inference


@dataclass(slots=True)
class Notes:
    """Findings and inferences of one extract, gathered by its reader."""

    findings: list[Finding] = field(default_factory=list)
    inferred: list[Inference] = field(default_factory=list)

    def found(self, name: str, what: str, rows: pl.DataFrame, where: tuple[str, int], said: tuple[str, str]) -> None:
        """Note a finding about rows, if there are any; `where` is their table and its rows, `said` touches and done."""
        if len(rows):
            numbers = tuple(rows["row"].sort().to_list())
            self.findings.append(Finding(name, what, where[0], numbers, where[1], *said))

    def links(self, what: str, rule: str, made: int, not_made: int) -> None:
        """Note a kind of link that was inferred, where there was anything to link."""
        if made + not_made:
            self.inferred.append(Inference(what, rule, made, not_made))
