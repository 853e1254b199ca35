"""How well a reader infers what its format does not hold: its links against the true ones of a simulated year."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polars as pl

from sim.events import Ending, Outcome
from sim.history.history import History
from sim.history.pseudonyms import Pseudonyms
from sim.history.writing.invented import FOR_EARLY_HELP, GOES_ON

_PUBLISHED = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)
_WHOSE = ("child", "received", "on")


class Link(NamedTuple):
    """A step that a format holds apart from its contact: what it is, its column in journeys, and of which of them."""

    what: str
    step: str
    where: pl.Expr | None = None


class InferenceCheck(NamedTuple):
    """Of so many true links of a kind so many were inferred as they were; `wrong` were inferred and are not true.

    A link that was missed is neither right nor wrong.
    """

    what: str
    links: int
    right: int
    wrong: int


_REFERRAL = Link("referral to contact", "decided", pl.col("outcome").is_in([outcome.value for outcome in _PUBLISHED]))
_CLOSED_HERE = pl.col("closed_as").is_in([Ending.NO_FURTHER_ACTION.value, Ending.STEP_DOWN.value])
_GOES_ON = pl.col("closed_as").is_in([ending.value for ending in GOES_ON]).fill_null(value=False)
_CLOSED_CASE = pl.col("outcome").is_in([Outcome.REFERRAL.value, Outcome.STRATEGY_DISCUSSION.value]) & ~_GOES_ON
LINKS: Mapping[str, tuple[Link, ...]] = {
    "ssd": (_REFERRAL, Link("visit to contact", "seen"), Link("early help to contact", "help_started", FOR_EARLY_HELP)),
    "annex-a": (
        _REFERRAL,
        Link("assessment to contact", "assessment_started"),
        Link("strategy discussion to contact", "strategy_held", pl.col("section_47_started").is_not_null()),
        Link("early help to contact", "help_started", FOR_EARLY_HELP),
        Link("closing to contact", "closed", _CLOSED_HERE),
    ),
    "mosaic": (
        _REFERRAL,
        Link("visit to contact", "seen"),
        Link("worker to contact", "allocated"),
        Link("closing to contact", "closed", _CLOSED_CASE),
    ),
}
"""The links that each format does not hold; formats that are not named hold all."""


def check_links(
    told: pl.DataFrame, history: History, pseudonyms: Pseudonyms, links: Iterable[Link]
) -> tuple[InferenceCheck, ...]:
    """Compare the links of a history, read under these pseudonyms, with those of the journeys that were written.

    A link is a child's contact of one date and a step of another: two of one child on the same dates are one.
    """
    true = told.with_columns(pseudonyms.of(told["child"], "child"))
    return tuple(_checked(link, _linked(true, link), _linked(history.journeys, link)) for link in links)


def _linked(journeys: pl.DataFrame, link: Link) -> pl.DataFrame:
    wanted = journeys if link.where is None else journeys.filter(link.where)
    dates = wanted.select("child", pl.col("received").dt.date(), pl.col(link.step).dt.date().alias("on"))
    return dates.drop_nulls().unique()


def _checked(link: Link, true: pl.DataFrame, inferred: pl.DataFrame) -> InferenceCheck:
    right = len(true.join(inferred, on=_WHOSE, how="semi"))
    return InferenceCheck(link.what, len(true), right, len(inferred) - right)


def in_words(checks: Iterable[InferenceCheck]) -> str:
    """What was found, a line for all and one for each kind; a format that holds every link says so."""
    every = [check for check in checks if check.links]
    if not every:
        return "every link is in the format: none has to be inferred\n"
    links, right = sum(check.links for check in every), sum(check.right for check in every)
    lines = [f"of {links} links that the format does not hold, {right} are inferred as they were"]
    lines += [
        f"  {check.what}: {check.right} of {check.links}, {check.links - check.right} missed, {check.wrong} wrong"
        for check in every
    ]
    return "\n".join(lines) + "\n"
