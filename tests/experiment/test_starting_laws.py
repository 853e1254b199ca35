"""Whatever a record tells and leaves out, and however odd it is, its open work goes on lawfully and none is lost."""

from dataclasses import replace
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events import NOBODY, Ending, EventKind, Outcome, Rating, check_lifecycle
from sim.experiment import log_hash, simulate
from sim.experiment.inheriting import inherit
from sim.facts import ALL_FACTS, Fact
from sim.working_time import MINUTES_PER_DAY
from sim.world.opening import OpenJourney, OpenWork
from tests.experiment.test_starting import started, the_work

E = EventKind
DAY = MINUTES_PER_DAY
AFTER_DECISION = (E.STRATEGY_HELD, E.SECTION_47_STARTED, E.ALLOCATED, E.ASSESSMENT_STARTED, E.ASSESSMENT_AUTHORISED)
UNKNOWN = -1


@st.composite
def journeys(draw: st.DrawFn) -> OpenJourney:
    """An open family with any steps in any order after its contact, dated or timed, of any age, or one undecided."""
    received = -draw(st.integers(1, 360 * DAY))
    children = draw(st.integers(1, 6))
    dates = st.integers(1, 360).map(lambda day: max(-day * DAY, received))
    moments = st.one_of(st.integers(received, -1), dates)
    at = {E.RECEIVED: received}
    if draw(st.booleans()):
        at[E.DECIDED] = draw(moments)
        at |= {kind: draw(moments) for kind in AFTER_DECISION if draw(st.booleans())}
    elif draw(st.booleans()):
        at |= {kind: draw(moments) for kind in (E.SCREENED, E.INFORMATION_ASKED, E.INFORMATION_READY)}
    seen = [(child, draw(moments)) for child in range(children) if draw(st.booleans())]
    outcome = draw(st.sampled_from((Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)))
    return OpenJourney(
        children=children,
        source=draw(st.integers(-1, 5)),
        domestic_abuse=draw(st.integers(-1, 1)),
        open_case=0 if E.DECIDED in at else draw(st.integers(0, 1)),
        is_return=draw(st.integers(0, 1)),
        rating=draw(st.sampled_from((UNKNOWN, *Rating))),
        outcome=outcome if E.DECIDED in at else UNKNOWN,
        ending=draw(st.sampled_from((UNKNOWN, *tuple(Ending)[1:5]))) if E.ASSESSMENT_AUTHORISED in at else UNKNOWN,
        at=at,
        seen=tuple(seen),
        holder=draw(st.integers(NOBODY, 12)) if E.ALLOCATED in at else NOBODY,
    )


@st.composite
def works(draw: st.DrawFn) -> OpenWork:
    """Open work of such families, in a record that tells any of the facts."""
    known = draw(st.sets(st.sampled_from(sorted(ALL_FACTS)))) | {Fact.REFERRAL, Fact.CLOSURE}
    families = tuple(draw(st.lists(journeys(), min_size=1, max_size=25)))
    if any(E.DECIDED not in family.at for family in families):
        # Only a record that tells both has families who are undecided.
        known |= {Fact.RECEIPT, Fact.DECISION}
    return replace(
        the_work("journeys"),
        journeys=families,
        facts=frozenset(known),
        tells_undecided={Fact.RECEIPT, Fact.DECISION} <= known,
        tells_unbegun=draw(st.booleans()),
        tells_after=draw(st.booleans()),
    )


def goes_on_lawfully(work: OpenWork) -> None:
    """The log is lawful, every family is in it as told, and nearly all come to an end within months."""
    baseline = started().changed({"calendar.horizon_days": 60, "calendar.follow_up_days": 10})
    start = inherit(work, baseline, 11, 0)
    log = simulate(baseline, seed=11, replication=0, start=start, engine="simpy")

    check_lifecycle(log)
    if find_spec("numba"):
        twins = simulate(baseline, seed=11, replication=0, start=start, engine="compiled")
        assert log_hash(twins) == log_hash(log)
    assert len(start.inherited) == len(work.journeys) + start.borrowed
    known = {row[0]: row[4] for row in log.contacts.tolist()}
    for one, journey in zip(start.inherited, work.journeys, strict=False):
        assert known[one.contact.id] == journey.children
        seen = [step.child for step in one.events if step.kind is E.SEEN]
        assert len(seen) == len(set(seen))
        assert set(seen) <= set(range(journey.children))
    decided = set(log.of_kind(E.DECIDED)[:, 2].tolist())
    assert {one.contact.id for one in start.inherited} <= decided, "a contact was never decided"


@settings(max_examples=8)
@given(works())
def test_any_open_work_goes_on_lawfully(work: OpenWork) -> None:
    goes_on_lawfully(work)


@pytest.mark.slow
@settings(max_examples=200)
@given(works())
def test_much_stranger_open_work_goes_on_lawfully(work: OpenWork) -> None:
    goes_on_lawfully(work)
