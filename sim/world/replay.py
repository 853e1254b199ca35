"""A world made from a record: the contacts as they came, decided as they were; only what no record knows is drawn.

No family comes back but as the record says. Before the first day of the record the service is run in on contacts as
the scenario has them, so that it is neither empty nor idle when the record begins.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.events import Need, Outcome, Rating
from sim.randomness import Luck, Purpose, contact_ids
from sim.scenario import Scenario, Source
from sim.working_time import MINUTES_PER_DAY
from sim.world.arrivals import EPOCH, NO_CONTACT_BEFORE, arrivals
from sim.world.columns import Columns
from sim.world.families import Batches, DrawnFamilies
from sim.world.fates import Drawn, Fates, Ids, Values
from sim.world.hours import minute_of_day
from sim.world.in_post import PostHeld, people_in_post, teams_of
from sim.world.people import people
from sim.world.recorded import UNTOLD, Record
from sim.world.span import span
from sim.world.world import World

RUN_IN_DAYS: Final = 126
"""More than a statutory assessment takes, and time to hand over what it leads to."""

_RECORDED: Final = 24
"""Added to the source in the ids of replayed contacts: neither drawn ones nor open work taken on have the same."""

_UNKNOWN_SOURCE: Final = list(Source).index(Source.OTHER)
_HALF_A_YEAR: Final = 182


def replay_calendar(
    record: Record, posts: Sequence[PostHeld] = (), *, run_in_days: int = RUN_IN_DAYS, further_days: int = 0
) -> dict[str, object]:
    """What a scenario is changed by to run a record again: the record's days, run in before, and its teams.

    `further_days` beyond the record are run on contacts that are drawn.
    """
    found: dict[str, object] = {
        "calendar.first_day": record.first_day,
        "calendar.warm_up_days": run_in_days,
        "calendar.horizon_days": record.days + further_days,
        "calendar.follow_up_days": 0,
        "levers_start_day": 0,
    }
    return found | ({"assessment.teams": teams_of(posts)} if posts else {})


def replayed(
    scenario: Scenario,
    record: Record,
    posts: Sequence[PostHeld] = (),
    *,
    seed: int,
    replication: int,
    capacity_sd: float = 0.0,
) -> World:
    """The world of a record under a scenario whose calendar is that of `replay_calendar`.

    Without posts the scenario's own people work. Days beyond the record have contacts as the scenario does. Raise
    `ValueError` where the calendar is another.
    """
    when, luck = span(scenario), Luck(seed, replication)
    day_0 = scenario.calendar.warm_up_days
    if scenario.calendar.first_day != record.first_day or when.days - day_0 < record.days:
        raise ValueError("the scenario's calendar is not the record's: change it by `replay_calendar`")
    staff = (
        people_in_post(posts, scenario, luck, when, day_0=day_0, capacity_sd=capacity_sd)
        if posts
        else people(scenario, scenario, luck)
    )
    return World(when, ReplayedFamilies(scenario, luck, record), staff)


class ReplayedFamilies(DrawnFamilies):
    """The families of a record, between those on whom the service is run in and those that may come after it.

    No return is made of any: all that a scenario asks for comes at once, families who would come back among them.
    """

    def __init__(self, scenario: Scenario, luck: Luck, record: Record) -> None:
        super().__init__(scenario, scenario, luck, scenario.calendar.warm_up_days)
        self._record = record

    def _drawn(self, *, sparing: bool) -> Batches:
        none: list[Columns] = []
        ends = self._begins_day + self._record.days
        before, after = range(self._begins_day), range(ends, span(self._scenario).days)
        fresh = [self._asked_for(before, sparing=sparing), self._recorded(sparing=sparing)]
        return Batches([*fresh, self._asked_for(after, sparing=sparing)] if after else fresh, none, none)

    def _asked_for(self, days: range, *, sparing: bool) -> Columns:
        """Contacts of days that are not the record's."""
        scenario, when = self._scenario, span(self._scenario)
        came = arrivals(scenario, scenario, self._luck, when.first_day, days, days.stop)
        fates = Fates(scenario, self._luck, came.id, came.id, scenario, sparing=sparing)
        found = fates.columns(_born(came.id, came.received, came.source, came.seeded_return), came.need_before)
        return {**found, "would_return": np.zeros_like(found["would_return"])}

    def _recorded(self, *, sparing: bool) -> Columns:
        record, scenario = self._record, self._scenario
        source = np.where(record.source >= 0, record.source, _UNKNOWN_SOURCE)
        ids = _ids(record, source)
        midnight = record.received // MINUTES_PER_DAY * MINUTES_PER_DAY
        u = self._luck.uniforms(ids, (Purpose.MINUTE_OF_DAY,))[:, 0]
        hour = minute_of_day(u, scenario.demand.hour_index)
        received = np.where(record.dated == 1, midnight + hour, record.received) + self._begins_day * MINUTES_PER_DAY
        fates = RecordedFates(scenario, self._luck, ids, record, sparing=sparing)
        found = fates.columns(_born(ids, received, source, record.is_return), np.full(len(ids), NO_CONTACT_BEFORE))
        order = np.lexsort((found["id"], found["received"]))
        return {name: column[order] for name, column in found.items()}


def _born(ids: Ids, received: Values, source: Values, seeded_return: Values) -> Columns:
    nothing = np.zeros(len(ids), dtype=np.int64)
    return {
        "id": ids,
        "received": received,
        "source": source,
        "parent": nothing - 1,
        "return_number": nothing,
        "seeded_return": seeded_return,
    }


def _ids(record: Record, source: Values) -> Ids:
    """An id for each contact, from its day and source and its place among those of the record."""
    day = record.received // MINUTES_PER_DAY + (record.first_day - EPOCH).days
    key = day * (_RECORDED + len(Source)) + source
    order = np.argsort(key, kind="stable")
    first = np.searchsorted(key[order], key[order])
    index = np.empty(len(key), dtype=np.int64)
    index[order] = np.arange(len(key)) - first
    return contact_ids(day, source + _RECORDED, index)


class RecordedFates(Fates):
    """Fates of recorded contacts: what the record tells of each is so, the rest is drawn given that."""

    def __init__(self, scenario: Scenario, luck: Luck, ids: Ids, record: Record, *, sparing: bool) -> None:
        super().__init__(scenario, luck, ids, ids, scenario, sparing=sparing)
        self._record = record
        self._decided = record.outcome
        self._is_refused = self._decided == Outcome.CONSENT_REFUSED
        self._is_open = (record.open_case == 1) | (self._decided == Outcome.OPEN_CASE)

    def columns(self, born: Columns, need_before: Values) -> Columns:
        """The contacts as drawn, and as the record has them where it tells."""
        found = super().columns(born, need_before)
        nothing, decided = np.zeros(len(self._ids), dtype=np.int64), self._decided
        is_told, refused = decided != UNTOLD, self._is_refused.astype(np.int64)
        for name, outcome in (
            ("other_team", Outcome.OTHER_TEAM),
            ("other_authority", Outcome.OTHER_AUTHORITY),
            ("no_action_after_referral", Outcome.REFERRAL_NO_ACTION),
            ("advice", Outcome.ADVICE),
            ("consent_refused", Outcome.CONSENT_REFUSED),
        ):
            found[name] = np.where(is_told, decided == outcome, found[name]).astype(np.int64)
        enquiry = self._record.to_section_47
        found["to_section_47"] = np.where(enquiry != UNTOLD, enquiry, found["to_section_47"])
        found["open_case"] = np.where(is_told | self._is_open, self._is_open, found["open_case"]).astype(np.int64)
        found["consent_dispensed"] = np.where(refused, 0, found["consent_dispensed"])
        returned = self._record.is_return
        found["previously_referred"] = returned
        found["return_delay"] = np.where(returned == 1, _HALF_A_YEAR * MINUTES_PER_DAY, found["return_delay"])
        return {**found, "would_return": np.zeros((len(nothing), 4), dtype=np.int64)}

    def _family(self, source: Values) -> None:
        super()._family(source)
        record = self._record
        self.children = np.where(record.children > 0, record.children, self.children)
        self.domestic_abuse = np.where(record.domestic_abuse >= 0, record.domestic_abuse, self.domestic_abuse)
        self.consent_missing = np.where(self._is_refused, 1, self.consent_missing)

    def _need(self, source: Values, before: Values) -> None:
        super()._need(source, before)
        drawn, decided = self.true_need, self._decided
        is_refused = self._is_refused & ((drawn < Need.EARLY_HELP) | (drawn > Need.IN_NEED))
        nothing = (decided == Outcome.NO_FURTHER_ACTION) | (decided == Outcome.ADVICE)
        in_need = (decided == Outcome.REFERRAL) | (decided == Outcome.REFERRAL_NO_ACTION)
        in_need |= (decided == Outcome.OTHER_TEAM) & (drawn < Need.IN_NEED)
        told = np.select(
            [nothing, (decided == Outcome.EARLY_HELP) | is_refused, in_need, decided == Outcome.STRATEGY_DISCUSSION],
            [Need.BELOW_THRESHOLD, Need.EARLY_HELP, Need.IN_NEED, self._harm()],
            drawn,
        )
        self.true_need = np.where(self._is_open, drawn, told).astype(np.int64)
        is_free = (decided == UNTOLD).astype(np.int64)
        self.misdirected, self.misdirected_by_team = self.misdirected * is_free, self.misdirected_by_team * is_free
        self.wrong_if_cut = self.wrong_if_cut * is_free
        needlessly = self.misdirected | self.misdirected_by_team | self.wrong_if_cut
        self._may_be_assessed = (self.true_need >= Need.IN_NEED) | (needlessly == 1)

    def _harm(self) -> Values:
        """Significant harm or immediate risk: as the rating given makes likely, where the record tells it."""
        need, rating = self._scenario.need, self._record.rating
        immediate, other = need.immediate_share, 1 - need.immediate_share
        reds = immediate * (1 - need.immediate_missed_share), other * need.rated_red_if_significant_share
        others = immediate * need.immediate_missed_share, other * (1 - need.rated_red_if_significant_share)
        if_red, if_not = (pair[0] / sum(pair) if sum(pair) > 0 else 0.0 for pair in (reds, others))
        share = np.where(rating == UNTOLD, immediate, np.where(rating == Rating.RED, if_red, if_not))
        return np.where(self._u(Purpose.IMMEDIATE) < share, Need.IMMEDIATE_RISK, Need.SIGNIFICANT_HARM)

    def _rating(self, true_need: Values) -> Values:
        """As given; but what was decided for less than significant harm was not acted on as immediate risk."""
        rating = self._record.rating
        kept = np.where((rating == Rating.RED) & (true_need < Need.SIGNIFICANT_HARM), Rating.AMBER, rating)
        return np.where(rating == UNTOLD, super()._rating(true_need), kept).astype(np.int64)

    def _threshold_unclear(self) -> Values:
        return np.where(self._is_refused, 0, super()._threshold_unclear())

    def _aftermath(self) -> Drawn:
        """Every recorded contact was made."""
        for name, column in super()._aftermath():
            yield name, np.zeros_like(column) if name == "not_made" else column
