"""Fates: the quantiles of a contact's keyed uniforms under a scenario.

Each attribute has its own purpose, so the same family meets the same luck in every scenario, and a lever that is moved
changes only what it must.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution, minutes_at, whole_minutes
from sim.events import Ending, Need, Rating
from sim.randomness import Luck, Purpose
from sim.scenario import MOST_ROUNDS, Scenario, Source
from sim.working_time import MINUTES_PER_DAY
from sim.world.columns import NOT_DRAWN, Columns
from sim.world.contact import MOST_FAILED_VISITS, NOT_ASKED, Round
from sim.world.hours import minute_of_day
from sim.world.steady import new_needs, referred_return_share, referred_return_shares, return_chances

Ids = NDArray[np.int64]
Values = NDArray[np.int64]
Drawn = Iterator[tuple[str, Values]]
Some = NDArray[np.bool_] | None

_PARTNERS = (
    ("police", Purpose.POLICE_ASKED, Purpose.POLICE_REPLY),
    ("health", Purpose.HEALTH_ASKED, Purpose.HEALTH_REPLY),
    ("education", Purpose.EDUCATION_ASKED, Purpose.EDUCATION_REPLY),
)
_REVIEW_ROUNDS = 10
_ONCE_A_CONTACT = (
    *(purpose for purpose in Purpose if purpose < Purpose.ASK),
    Purpose.BRIEF,
    Purpose.CLOSED_DAY,
    Purpose.NOT_MADE,
    Purpose.SAME_NEED,
    Purpose.UNHURRIED,
    Purpose.WRONG_IF_CUT,
)
_COLUMN = {purpose: place for place, purpose in enumerate(_ONCE_A_CONTACT)}
SATURDAY = 5
_MINUTES_PER_HOUR = 60


class Fates:
    """Draws the attributes of many contacts at once, as columns.

    `families` are the ids that own what a family keeps from one contact to its return: its size and its troubles.
    What returns take out of the needs of the new is the baseline's. Where it is `sparing`, a law of what a contact can
    never come to is not asked, and its column says `NOT_DRAWN` there.
    """

    def __init__(
        self, scenario: Scenario, luck: Luck, ids: Ids, families: Ids, baseline: Scenario, *, sparing: bool = False
    ) -> None:
        self._scenario = scenario
        self._baseline = baseline
        self._luck = luck
        self._ids = ids
        self._families = families
        self._key = ids.tobytes()
        self._is_sparing = sparing
        self._columns: Columns = {}

    def _u(self, purpose: Purpose) -> NDArray[np.float64]:
        return _once_a_contact(self._luck, self._key)[:, _COLUMN[purpose]]

    def _is(self, purpose: Purpose, share: float | NDArray[np.float64]) -> Values:
        return (self._u(purpose) < share).astype(np.int64)

    def _effort(self, law: Distribution, purpose: Purpose, each: int = 0, *, of: Some = None) -> Values:
        """Minutes of work, at least one, and `each` more for every child after the first."""
        return self._drawn(law, purpose, of, minimum=1) + each * (self.children - 1)

    def _delay(
        self, law: Distribution, purpose: Purpose, unit_minutes: int = MINUTES_PER_DAY, *, of: Some = None
    ) -> Values:
        return self._drawn(law, purpose, of, unit_minutes)

    def _drawn(self, law: Distribution, purpose: Purpose, of: Some, unit_minutes: int = 1, minimum: int = 0) -> Values:
        """A law's values as whole numbers, `of` some contacts alone where it is sparing."""
        if of is None or not self._is_sparing:
            return _minutes(law, self._luck, self._key, purpose, unit_minutes, minimum)
        found = np.full(len(self._ids), NOT_DRAWN)
        found[of] = minutes_at(law, self._u(purpose)[of], unit_minutes=unit_minutes, minimum=minimum)
        return found

    def columns(self, born: Columns, need_before: Values) -> Columns:
        """The contacts that are made, given what is known at birth: id, received, source, parent and kind of return.

        `need_before` is the need found at the family's contact before, less than 0 where there was none. A column is
        (contacts,), or for a list (contacts, most of it) beside a column of how many there are (`sim.world.columns`).
        """
        self._columns = dict(born)
        self._has_history = (born["return_number"] > 0) | (born["seeded_return"] > 0)
        self._family(born["source"])
        self._need(born["source"], need_before)
        for draw in (self._character, self._further_work, self._section_47, self._casework, self._aftermath):
            self._columns.update(draw())
        if not self._columns["not_made"].any():
            return self._columns
        made = self._columns["not_made"] == 0
        return {name: column[made] for name, column in self._columns.items()}

    def _family(self, source: Values) -> None:
        demand = self._scenario.demand
        profiles = [demand.profile(s) for s in Source]
        family = self._luck.uniforms(self._families, (Purpose.FAMILY_SIZE, Purpose.DOMESTIC_ABUSE))
        self.children = minutes_at(demand.children_per_family, family[:, 0], minimum=1)
        self.domestic_abuse = (family[:, 1] < np.array([p.domestic_abuse_share for p in profiles])[source]).astype(
            np.int64
        )
        unclear = np.array([p.information_unclear_share for p in profiles]) * demand.information_unclear_multiplier
        self.information_unclear = self._is(Purpose.INFORMATION_UNCLEAR, unclear[source])
        missing = np.array([p.consent_missing_share for p in profiles]) * demand.consent_missing_multiplier
        self.consent_missing = self._is(Purpose.CONSENT_MISSING, missing[source])

    def _need(self, source: Values, before: Values) -> None:
        own = self._need_of_its_own(source)
        self._is_same = (before >= 0) & (self._u(Purpose.SAME_NEED) < self._scenario.returns.same_need_share)
        self.true_need = np.where(self._is_same, before, own)
        needless = self._scenario.domestic_abuse_team.needless_referral_multiplier
        self.wrong_if_cut = self._is(Purpose.WRONG_IF_CUT, self._scenario.further_work.wrong_if_cut_share)
        self.misdirected, self.misdirected_by_team = self._misdirected(1.0), self._misdirected(needless)
        needlessly = self.misdirected | self.misdirected_by_team | self.wrong_if_cut
        self._may_be_assessed = (self.true_need >= Need.IN_NEED) | (needlessly == 1)

    def _character(self) -> Drawn:
        need, demand, further = self._scenario.need, self._scenario.demand, self._scenario.further_work
        yield "domestic_abuse", self.domestic_abuse
        yield "children", self.children
        yield "need", self.true_need
        self.rating = self._rating(self.true_need)
        yield "rating", self.rating
        yield "previously_referred", self._previously_referred()
        yield "open_case", self._is(Purpose.OPEN_CASE, demand.open_case_share)
        yield "other_team", self._is(Purpose.OTHER_TEAM, demand.other_team_share)
        yield "other_authority", self._is(Purpose.OTHER_AUTHORITY, demand.other_authority_share)
        yield "information_unclear", self.information_unclear
        yield "consent_missing", self.consent_missing
        yield "consent_refused", self._is(Purpose.CONSENT_REFUSED, further.consent_refused_share)
        yield "consent_dispensed", self._is(Purpose.CONSENT_DISPENSED, further.consent_dispensed_share)
        yield "wrong_if_cut", self.wrong_if_cut
        self.threshold_unclear = self._threshold_unclear()
        yield "threshold_unclear", self.threshold_unclear
        yield "misdirected", self.misdirected
        yield "misdirected_by_team", self.misdirected_by_team
        dropped = self._is(Purpose.NO_ACTION_AFTER_REFERRAL, need.referred_then_no_action_share)
        yield "no_action_after_referral", dropped
        yield "advice", self._is(Purpose.ADVICE, 0.5)

    def _threshold_unclear(self) -> Values:
        need = self._scenario.need
        unclear = np.select(
            [self.true_need == Need.SIGNIFICANT_HARM, self.true_need == Need.IN_NEED],
            [need.unclear_threshold_share, need.unclear_if_in_need_share],
            0.0,
        )
        return self._is(Purpose.THRESHOLD_UNCLEAR, unclear)

    def _previously_referred(self) -> Values:
        """Whether a return due from before the run follows a referral: what its need tells, if that is the same."""
        if_same = referred_return_shares(self._baseline)[self.true_need]
        share = np.where(self._is_same, if_same, referred_return_share(self._baseline))
        return self._is(Purpose.PREVIOUSLY_REFERRED, share)

    def _need_of_its_own(self, source: Values) -> Values:
        below, early, in_need, harm = new_needs(self._scenario, self._baseline)[source].T
        severity = np.where(
            self._u(Purpose.SECTION_47) * (in_need + harm) >= harm,
            Need.IN_NEED,
            np.where(
                self._u(Purpose.IMMEDIATE) < self._scenario.need.immediate_share,
                Need.IMMEDIATE_RISK,
                Need.SIGNIFICANT_HARM,
            ),
        )
        above = np.where(self._u(Purpose.EARLY_HELP) * (1 - below) < early, Need.EARLY_HELP, severity)
        return np.where(self._u(Purpose.BELOW_THRESHOLD) < below, Need.BELOW_THRESHOLD, above).astype(np.int64)

    def _misdirected(self, multiplier: float) -> Values:
        need, is_below = self._scenario.need, self.true_need == Need.BELOW_THRESHOLD
        share = np.where(is_below, need.referred_below_threshold_share, need.early_help_referred_share)
        return self._is(Purpose.MISDIRECTED, share * multiplier)

    def _rating(self, true_need: Values) -> Values:
        need, u = self._scenario.need, self._u(Purpose.RATING)
        return np.select(
            [true_need == Need.IMMEDIATE_RISK, true_need == Need.SIGNIFICANT_HARM, true_need == Need.IN_NEED],
            [
                np.where(u < need.immediate_missed_share, Rating.AMBER, Rating.RED),
                np.where(u < need.rated_red_if_significant_share, Rating.RED, Rating.AMBER),
                np.where(u < need.rated_green_if_in_need_share, Rating.GREEN, Rating.AMBER),
            ],
            Rating.GREEN,
        ).astype(np.int64)

    def _further_work(self) -> Drawn:
        front, further, look = self._scenario.front_door, self._scenario.further_work, self._scenario.second_look
        each, is_unclear = front.further_child_minutes, self.threshold_unclear == 1
        yield "screening_minutes", self._effort(front.screening_minutes, Purpose.SCREENING, each)
        yield "decision_minutes", self._effort(front.decision_minutes, Purpose.DECISION, each)
        yield from self._rounds()
        missing = self.consent_missing == 1
        yield "consent_delay", self._delay(further.consent_days, Purpose.CONSENT_DELAY, of=missing)
        yield "second_look_delay", self._delay(look.information_days, Purpose.SECOND_LOOK_DELAY, of=is_unclear)
        yield "second_look_minutes", self._effort(look.minutes, Purpose.SECOND_LOOK, of=is_unclear)
        yield "early_help_delay", self._delay(front.early_help_wait_days, Purpose.EARLY_HELP_DELAY)
        ours = self._scenario.out_of_hours
        screening = self._effort(ours.screening_minutes, Purpose.OUT_OF_HOURS_SCREENING)
        yield "out_of_hours_screening_minutes", screening
        visit = self._effort(ours.visit_minutes, Purpose.OUT_OF_HOURS_VISIT, of=self._may_be_assessed)
        yield "out_of_hours_visit_minutes", visit

    def _rounds(self) -> Drawn:
        """The rounds of further work of a contact that is not clear; what lies beyond the last is nought."""
        counts = minutes_at(self._scenario.further_work.rounds, self._u(Purpose.ROUNDS), minimum=1)
        counts = np.minimum(counts, MOST_ROUNDS) * self.information_unclear
        rounds = np.zeros((len(counts), MOST_ROUNDS, len(Round._fields)), dtype=np.int64)
        for occasion in range(MOST_ROUNDS):
            rows = np.flatnonzero(counts > occasion)
            rounds[rows, occasion] = self._round(rows, occasion)
        yield "round_count", counts
        yield "rounds", rounds

    def _round(self, rows: Values, occasion: int) -> Values:
        """A round of each of these contacts, its numbers in the order of `Round`: shape (contacts, 5)."""
        further = self._scenario.further_work
        purposes = (Purpose.ASK, Purpose.CHASED_REPLY, *(p for partner in _PARTNERS for p in partner[1:]))
        u = _on_occasion(self._luck, self._ids[rows].tobytes(), purposes, occasion)
        replies = []
        for place, (partner, _, _) in enumerate(_PARTNERS):
            asked = u[:, 2 + 2 * place] < getattr(further, f"{partner}_asked_share")
            delay = self._reply(getattr(further, f"{partner}_reply_days"), u[:, 3 + 2 * place])
            replies.append(np.where(asked, delay, NOT_ASKED))
        chased = self._reply(further.health_reply_days, u[:, 1])
        asking = minutes_at(further.ask_minutes, u[:, 0], minimum=1)
        return np.stack([asking, *replies, chased], axis=1)

    def _reply(self, law: Distribution, u: NDArray[np.float64]) -> Values:
        """How long a partner takes to answer; slower partners, too, take no longer than the law's longest."""
        days = law.quantile(u) * self._scenario.further_work.reply_multiplier
        longest = getattr(law, "maximum", None)
        return whole_minutes((days if longest is None else np.minimum(days, longest)) * MINUTES_PER_DAY)

    def _section_47(self) -> Drawn:
        strategy, some = self._scenario.strategy, self._may_be_assessed
        delay = self._delay(strategy.slot_hours, Purpose.STRATEGY_DELAY, _MINUTES_PER_HOUR, of=some)
        yield "strategy_delay", delay
        yield "strategy_minutes", self._effort(strategy.minutes, Purpose.STRATEGY, of=some) + strategy.dating_minutes
        yield "to_section_47", self._is(Purpose.TO_SECTION_47, strategy.to_section_47_share)
        yield "action_timed", self._is(Purpose.ACTION_TIMED, strategy.actions_timed_share)
        yield "action_delay", self._delay(strategy.action_days, Purpose.ACTION_DELAY, of=some)
        yield "drift_delay", self._delay(strategy.drift_days, Purpose.DRIFT_DELAY, of=some)
        yield "enquiry_minutes", self._effort(strategy.enquiry_minutes, Purpose.ENQUIRY, of=some)
        yield "to_conference", self._is(Purpose.CONFERENCE, strategy.conference_share)
        days = self._drawn(strategy.conference_working_days, Purpose.CONFERENCE_DELAY, some)
        yield "conference_working_days", days

    def _casework(self) -> Drawn:
        team, need, some = self._scenario.assessment, self._scenario.need, self._may_be_assessed
        yield "allocation_minutes", self._effort(team.allocation_minutes, Purpose.ALLOCATION, of=some)
        yield "appointment_delay", self._delay(team.appointment_days, Purpose.APPOINTMENT_DELAY, of=some)
        each = team.visit_further_child_minutes
        yield "visit_minutes", self._effort(team.visit_minutes, Purpose.VISIT, each, of=some)
        yield from self._retries()
        yield "missed_children", self._missed()
        yield "section_47_at_visit", self._is(Purpose.SECTION_47_AT_VISIT, need.section_47_at_visit_share)
        later = self._is(Purpose.SECTION_47_IN_ASSESSMENT, need.section_47_in_assessment_share)
        yield "section_47_in_assessment", later
        yield "work_minutes", self._effort(team.work_minutes, Purpose.WORK, team.work_further_child_minutes, of=some)
        yield "brief", self._is(Purpose.BRIEF, team.brief_share)
        yield "outside_delay", self._delay(team.outside_days, Purpose.OUTSIDE_DELAY, of=some)
        yield "unhurried", self._is(Purpose.UNHURRIED, team.deadline_exempt_share)
        yield "review_minutes", self._effort(team.review_minutes, Purpose.REVIEW, of=some)
        yield "reviews_done", self._repeated(Purpose.REVIEW_DONE, team.review_done_share, team.review_days)
        supervisions = range(_REVIEW_ROUNDS if team.long_supervision_days else 0)
        yield "unstuck", self._repeated(Purpose.UNSTUCK, team.unstick_share, supervisions)
        yield "sign_off_minutes", self._effort(team.sign_off_minutes, Purpose.SIGN_OFF, of=some)
        yield "sign_off_returned", self._is(Purpose.SIGN_OFF_RETURNED, team.sign_off_returned_share)
        yield "support_delay", self._delay(team.support_start_days, Purpose.SUPPORT_DELAY, of=some)

    def _retries(self) -> Drawn:
        """The delays after each failed visit, and one more before the visit to a child who was missed."""
        team, rows = self._scenario.assessment, self._rows_of(self._may_be_assessed)
        key, purposes = self._ids[rows].tobytes(), (Purpose.VISIT_FAILS, Purpose.RETRY_DELAY)
        u = np.stack([_on_occasion(self._luck, key, purposes, k) for k in range(MOST_FAILED_VISITS + 1)])
        fails = u[:MOST_FAILED_VISITS, :, 0] < team.failed_visit_share
        counts = np.zeros(len(self._ids), dtype=np.int64)
        counts[rows] = np.cumprod(fails, axis=0).sum(axis=0) + 1
        drawn = minutes_at(team.retry_days, u[:, :, 1].ravel(), unit_minutes=MINUTES_PER_DAY, minimum=1)
        delays = np.zeros((len(self._ids), MOST_FAILED_VISITS + 1), dtype=np.int64)
        delays[rows] = drawn.reshape(len(u), -1).T
        yield "retry_count", counts
        yield "retry_delays", np.where(np.arange(MOST_FAILED_VISITS + 1) < counts[:, None], delays, 0)

    def _missed(self) -> Values:
        """Which children a first visit misses: shape (contacts, most children), 1 for a child who is missed."""
        share = self._scenario.assessment.sibling_missed_share
        missed = np.zeros((len(self._ids), int(self.children.max(initial=1))), dtype=np.int64)
        for child in range(1, missed.shape[1]):
            rows = np.flatnonzero(self.children > child)
            u = _on_occasion(self._luck, self._ids[rows].tobytes(), (Purpose.SIBLING_MISSED,), child)[:, 0]
            missed[rows, child] = u < share
        return missed

    def _repeated(self, purpose: Purpose, share: float, occasions: Sequence[int]) -> Values:
        """What may happen on each of some occasions: shape (contacts, occasions), 1 where it does."""
        rows = self._rows_of(self._may_be_assessed)
        key, found = self._ids[rows].tobytes(), np.zeros((len(self._ids), len(occasions)), dtype=np.int64)
        for place, occasion in enumerate(occasions):
            found[rows, place] = _on_occasion(self._luck, key, (purpose,), occasion)[:, 0] < share
        return found

    def _rows_of(self, some: NDArray[np.bool_]) -> Values:
        """The places of some contacts where it is sparing, or else of all."""
        return np.flatnonzero(some) if self._is_sparing else np.arange(len(self._ids))

    def _aftermath(self) -> Drawn:
        ending, some, demand = self._scenario.ending, self._may_be_assessed, self._scenario.demand
        u = self._u(Purpose.ENDING)
        yield (
            "ending",
            np.where(
                u < ending.close_share,
                Ending.NO_FURTHER_ACTION,
                np.where(u < ending.close_share + ending.step_down_share, Ending.STEP_DOWN, Ending.TRANSFER),
            ),
        )
        closes = self._is(Purpose.CLOSE_AFTER_SECTION_47, ending.close_after_section_47_share)
        yield "close_after_section_47", closes
        yield "step_down_delay", self._delay(ending.step_down_days, Purpose.STEP_DOWN_DELAY, of=some)
        yield "transfer_delay", self._delay(ending.transfer_days, Purpose.TRANSFER_DELAY, of=some)
        chances = return_chances(self._scenario) * self._effect_of_reading()[:, None]
        back = (self._u(Purpose.RETURN)[:, None] < chances) & self._possible_endings()
        yield "would_return", back.astype(np.int64)
        yield "minute_of_day", minute_of_day(self._u(Purpose.MINUTE_OF_DAY), demand.hour_index)
        weekend, week = demand.weekday_index[SATURDAY:], demand.weekday_index[:SATURDAY]
        closed_share = (sum(weekend) / len(weekend)) / (sum(week) / len(week)) if sum(week) > 0 else 1.0
        yield "comes_on_closed_days", self._is(Purpose.CLOSED_DAY, closed_share)
        not_made = self._is(Purpose.NOT_MADE, 1 - demand.below_threshold_multiplier)
        yield "not_made", not_made & (self.true_need == Need.BELOW_THRESHOLD)
        # A return due from before the run has its own delay behind it.
        came_or_comes = (back.sum(axis=1) > 0) | (self._columns["seeded_return"] == 1)
        delays = self._scenario.returns.delay_days
        yield "return_delay", self._delay(delays, Purpose.RETURN_DELAY, of=came_or_comes)

    def _effect_of_reading(self) -> NDArray[np.float64]:
        """What each family's chance to come back is multiplied by: less than 1 where its history has been read."""
        front = self._scenario.front_door
        is_read = self._has_history & (self.rating != Rating.RED) & (front.history_minutes > 0)
        return np.where(is_read, front.history_return_multiplier, 1.0)

    def _possible_endings(self) -> NDArray[np.bool_]:
        """Which classes of ending a contact can meet, shape (contacts, 4): no need to draw a return from the others."""
        assessed, helped = self._may_be_assessed, self.true_need == Need.EARLY_HELP
        return np.stack([np.ones_like(assessed), helped, assessed, assessed], axis=1)


# A cell draws the contacts before the levers start, those after it, and up to six rounds of returns of each: the caches
# hold what two different sets of these need, so that the second finds what the first has drawn.
@lru_cache(maxsize=32)
def _once_a_contact(luck: Luck, ids: bytes) -> NDArray[np.float64]:
    """The uniforms of everything drawn once a contact, a column a purpose: the same for every scenario of a cell."""
    return luck.uniforms(np.frombuffer(ids, dtype=np.int64), _ONCE_A_CONTACT)


@lru_cache(maxsize=512)
def _on_occasion(luck: Luck, ids: bytes, purposes: tuple[Purpose, ...], occasion: int) -> NDArray[np.float64]:
    """The uniforms of what may happen to a contact several times."""
    return luck.uniforms(np.frombuffer(ids, dtype=np.int64), purposes, occasion)


@lru_cache(maxsize=1024)
def _minutes(law: Distribution, luck: Luck, ids: bytes, purpose: Purpose, unit_minutes: int, minimum: int) -> Values:
    """A law's whole minutes for these contacts; kept, since most laws are the same in every scenario of a cell."""
    return minutes_at(law, _once_a_contact(luck, ids)[:, _COLUMN[purpose]], unit_minutes=unit_minutes, minimum=minimum)
