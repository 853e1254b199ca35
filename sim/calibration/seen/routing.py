"""Where contacts and cases go: shares of what was decided, counted where long enough ago to have been decided.

Counting only what has been decided would favour what is decided quickly, so a share is one of all that came early
enough, and what of that is still undecided is said.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibration.seen.delays import missing
from sim.calibration.seen.learned import Learned, NotLearned, Result
from sim.calibration.seen.shares import JEFFREYS, Cells, Counted, error, shrunk
from sim.calibration.seen.spells import known_until
from sim.events import Ending, EventKind, Outcome
from sim.facts import Fact
from sim.measures.index import NEVER, LogIndex
from sim.scenario import Source
from sim.working_time import MINUTES_PER_DAY

Mask = NDArray[np.bool_]
Parts = tuple[Mask, ...]

E = EventKind

LEAST_COUNTED: Final = 30
SMALL: Final = 10
"""Cells of fewer are not told by themselves."""

_MOST_OPEN: Final = 0.05
_MOST_CHILDREN: Final = 15
_YEAR: Final = 365
_REFERRED: Final = (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.OTHER_TEAM, Outcome.REFERRAL_NO_ACTION)


class Share(NamedTuple):
    """Shares of a whole: the fields they go to, what must be known, and the masks of the parts, the last with no field.

    Of what came fewer than `settled_days` before the end nothing is counted.
    """

    what: str
    paths: tuple[str, ...]
    facts: frozenset[Fact]
    parts: Callable[[LogIndex], Parts]
    rests_on: str
    settled_days: int


def _decided_as(index: LogIndex, *outcomes: Outcome) -> Mask:
    return np.isin(index.outcome, outcomes)


def _has(index: LogIndex, kind: EventKind) -> Mask:
    return np.asarray(index.first(kind) != NEVER)


def _open_case(index: LogIndex) -> Parts:
    return index.open_case, ~index.open_case


def _other_authority(index: LogIndex) -> Parts:
    elsewhere = _decided_as(index, Outcome.OTHER_AUTHORITY)
    return elsewhere, (index.outcome != NEVER) & ~elsewhere & ~index.open_case


def _other_team(index: LogIndex) -> Parts:
    other = _decided_as(index, Outcome.OTHER_TEAM)
    return other, _decided_as(index, *_REFERRED) & ~other


def _no_action(index: LogIndex) -> Parts:
    return _decided_as(index, Outcome.REFERRAL_NO_ACTION), _decided_as(index, Outcome.REFERRAL)


def _to_section_47(index: LogIndex) -> Parts:
    held = _has(index, E.STRATEGY_HELD) & _decided_as(index, Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)
    started = _has(index, E.SECTION_47_STARTED)
    return held & started, held & ~started


def _to_conference(index: LogIndex) -> Parts:
    enquired, met = _has(index, E.SECTION_47_STARTED), _has(index, E.CONFERENCE_HELD)
    return enquired & met, enquired & ~met


def _ended(index: LogIndex, of: Mask, *endings: Ending) -> Parts:
    detail = index.first_detail(E.ASSESSMENT_AUTHORISED)
    parts = tuple(of & (detail == ending) for ending in endings)
    rest = of & np.isin(detail, (Ending.NO_FURTHER_ACTION, Ending.STEP_DOWN, Ending.TRANSFER))
    return (*parts, rest & ~np.logical_or.reduce(parts))


def _endings(index: LogIndex) -> Parts:
    return _ended(index, ~_has(index, E.SECTION_47_STARTED), Ending.NO_FURTHER_ACTION, Ending.STEP_DOWN)


def _endings_after_section_47(index: LogIndex) -> Parts:
    of = _has(index, E.SECTION_47_STARTED) & ~_has(index, E.CONFERENCE_HELD)
    return _ended(index, of, Ending.NO_FURTHER_ACTION)


_DECIDED = frozenset({Fact.RECEIPT, Fact.DECISION})

SHARES: tuple[Share, ...] = (
    Share(
        "contacts on open cases",
        ("demand.open_case_share",),
        # Without every decision, which cases were open is worked out from those that the lists happen to hold.
        _DECIDED | {Fact.OPEN_CASE},
        _open_case,
        "all contacts",
        0,
    ),
    Share(
        "contacts for another authority",
        ("demand.other_authority_share",),
        _DECIDED,
        _other_authority,
        "decided contacts that are not about an open case",
        30,
    ),
    Share(
        "referrals to other teams",
        ("demand.other_team_share",),
        _DECIDED | {Fact.REFERRAL},
        _other_team,
        "referrals",
        30,
    ),
    Share(
        "referrals with no further action",
        ("need.referred_then_no_action_share",),
        # Discussions that started no enquiry would otherwise stand among the referrals.
        frozenset({Fact.REFERRAL, Fact.NO_ACTION, Fact.STRATEGY_ASKED}),
        _no_action,
        "referrals without a strategy discussion, of this service's teams",
        30,
    ),
    Share(
        "strategy discussions that start an enquiry",
        ("strategy.to_section_47_share",),
        # Where discussions have no place of their own, only those are known that started an enquiry.
        frozenset({Fact.STRATEGY_ASKED, Fact.STRATEGY, Fact.SECTION_47}),
        _to_section_47,
        "strategy discussions on referrals",
        30,
    ),
    Share(
        "enquiries that go to a conference",
        ("strategy.conference_share",),
        frozenset({Fact.SECTION_47, Fact.CONFERENCE}),
        _to_conference,
        "section 47 enquiries begun long enough ago",
        150,
    ),
    Share(
        "endings of section 17 assessments",
        ("ending.close_share", "ending.step_down_share"),
        frozenset({Fact.SECTION_47, Fact.AUTHORISATION, Fact.ENDING}),
        _endings,
        "authorised assessments without an enquiry, of contacts long enough ago",
        120,
    ),
    Share(
        "endings after an enquiry",
        ("ending.close_after_section_47_share",),
        frozenset({Fact.SECTION_47, Fact.CONFERENCE, Fact.AUTHORISATION, Fact.ENDING}),
        _endings_after_section_47,
        "authorised assessments with an enquiry and without a conference, of contacts long enough ago",
        150,
    ),
)


def routing(index: LogIndex) -> Iterator[Result]:
    """Every share, learned or not."""
    for share in SHARES:
        yield _share(share, index)
    yield _domestic_abuse(index)
    yield _children(index)
    yield _again(index)


def settled(index: LogIndex, days: int) -> Mask:
    """Contacts of the window that were received long enough before all ends."""
    until = min(known_until(index.log), index.log.window_end) - days * MINUTES_PER_DAY
    return index.received_in_window & (index.received < until)


def _share(share: Share, index: LogIndex) -> Result:
    if why := missing(index, share.facts):
        return NotLearned(share.what, share.paths, why)
    of = settled(index, share.settled_days)
    counts = np.array([[float((part & of).sum()) for part in share.parts(index)]])
    if counts.sum() < LEAST_COUNTED:
        return NotLearned(share.what, share.paths, f"fewer than {LEAST_COUNTED} were counted")
    if not counts.all():
        why = "one of the outcomes is nowhere in the record: none happened, or it has no place there"
        return NotLearned(share.what, share.paths, why)
    return _told(share.what, share.rests_on, Cells((share.paths,), shrunk(counts)), counts)


def _told(what: str, rests_on: str, cells: Cells, counts: NDArray[np.float64]) -> Learned:
    return Learned(what, int(counts.sum()), rests_on, cells.setting, cells.errors, cells)


def _firsts(index: LogIndex) -> Mask:
    """The first contact of each family in the record: those that come back are no further evidence of a family."""
    firsts: Mask = index.received_in_window & (index.log.contact_column("parent") == NEVER)
    return firsts


def _domestic_abuse(index: LogIndex) -> Result:
    """By source; a source with few contacts leans on all together."""
    what = "contacts about domestic abuse by source"
    paths = tuple((f"demand.{source.value}.domestic_abuse_share",) for source in Source)
    flat = tuple(path for row in paths for path in row)
    if why := missing(index, frozenset({Fact.RECEIPT, Fact.SOURCE, Fact.DOMESTIC_ABUSE})):
        return NotLearned(what, flat, why)
    source, abuse = index.log.contact_column("source"), index.log.contact_column("domestic_abuse")
    of = _firsts(index)
    counts = np.array(
        [[float((of & (source == row) & (abuse == one)).sum()) for one in (1, 0)] for row in range(len(Source))]
    )
    if counts.sum() < LEAST_COUNTED or not counts.sum(axis=0).all():
        return NotLearned(what, flat, "too few contacts are noted as about domestic abuse or as not")
    return _told(
        what,
        "families' first contacts of which it is noted; small sources lean on all",
        Cells(paths, shrunk(counts)),
        counts,
    )


def _children(index: LogIndex) -> Result:
    what, path = "children of a family's contact", "demand.children_per_family"
    if why := missing(index, frozenset({Fact.RECEIPT, Fact.FAMILY})):
        return NotLearned(what, (path,), why)
    children = np.clip(index.children[_firsts(index)], 1, _MOST_CHILDREN)
    counts = np.bincount(children, minlength=2)[1:].astype(np.float64)
    if counts.sum() < LEAST_COUNTED:
        return NotLearned(what, (path,), f"fewer than {LEAST_COUNTED} were counted")
    values = tuple(float(size) for size in range(1, len(counts) + 1))
    posterior = Counted(path, values, counts + JEFFREYS)
    errors = {path: tuple(error(posterior.weights).tolist())}
    return Learned(what, int(counts.sum()), "families' first contacts", posterior.setting, errors, posterior)


def _again(index: LogIndex) -> Result:
    """What the model is to arrive at: no number of a scenario."""
    what = "referrals within a year of a referral before"
    if why := missing(index, frozenset({Fact.RECEIPT, Fact.REFERRAL})):
        return NotLearned(what, (), why)
    looked_back = index.log.window_start + _YEAR * MINUTES_PER_DAY
    if index.log.facts == frozenset(Fact):
        looked_back = index.log.window_start
    of = index.received_in_window & (index.received >= looked_back) & _decided_as(index, *_REFERRED)
    again = index.log.contact_column("is_return") == 1
    counts = np.array([[float((of & again).sum()), float((of & ~again).sum())]])
    if counts.sum() < LEAST_COUNTED:
        why = f"fewer than {LEAST_COUNTED} referrals have a year of the record before them, as looking back needs"
        return NotLearned(what, (), why)
    shares = shrunk(counts)
    seen = {"share": float(shares.means[0, 0]), "standard error": float(shares.errors[0, 0])}
    rests_on = "referrals a year and more into the record"
    return Learned(what, int(counts.sum()), rests_on, {}, {}, Cells(((),), shares), seen)
