"""A report from the question to its last annex."""

from datetime import datetime

from sim.report.assurance import NOT_ASSURED
from sim.report.document.about import About
from sim.report.document.annexes import annexes
from sim.report.document.blocks import Document
from sim.report.document.body import body
from sim.report.document.summary import summary


def report(about: About) -> Document:
    """The whole report; the same each time for the same result and question."""
    record = about.result.record
    return Document(
        title=f"{about.scenario.title}: modelled effect on days from contact to child seen",
        subject=about.question,
        foot=(
            f"Simulated figures: planning evidence. Front Door {record.frontdoor}, run {record.run_id}. Quality "
            f"assurance: {about.assurance.status or NOT_ASSURED}."
        ),
        made=datetime.fromisoformat(record.made_at),
        blocks=(*summary(about), *body(about), *annexes(about)),
    )
