"""Random scenarios small enough to run in a moment, and the worlds drawn from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from sim.events import EventLog, Need, Rating
from sim.model import run
from sim.scenario import Scenario, load
from sim.world import Contact, Known, Person, Round, World, draw
from tests.worlds import BASELINE, REFERRAL

BASE = load(BASELINE)
DAYS = 35

SHARES = st.sampled_from((0.0, 0.1, 0.5, 1.0))
SWITCHES = st.booleans()

SMALL: dict[str, object] = {
    "calendar.warm_up_days": 0,
    "calendar.horizon_days": DAYS,
    "calendar.follow_up_days": 5,
    "demand.surge.after_days": 5,
    "demand.surge.lasts_days": 10,
    "returns.delay_days": {"kind": "uniform", "low": 0.5, "high": 20.0},
    "returns.after_no_action_share": 0.3,
    "returns.after_early_help_share": 0.3,
    "returns.after_assessment_share": 0.9,
    "returns.after_transfer_share": 0.9,
    "assessment.outside_days": {
        "kind": "zero_inflated",
        "zero_share": 0.3,
        "rest": {"kind": "exponential", "mean": 8.0},
    },
    "workforce.vacancy_days": 6.0,
    "workforce.recruitment_days_experienced": 4,
    "workforce.recruitment_days_newly_qualified": 5,
    "workforce.recruitment_days_agency": 3,
    "workforce.ramp_up_days": 10,
}
"""Short lives: what takes months in the county happens within the run, or no law about it would ever be tried."""

LEVERS: dict[str, st.SearchStrategy[object]] = {
    "levers_start_day": st.integers(0, 20),
    "calendar.warm_up_days": st.sampled_from((0, 7)),
    "demand.family_contacts_per_year": st.sampled_from((0.0, 100.0, 350.0, 900.0)),
    "demand.surge.multiplier": st.sampled_from((0.0, 1.0, 3.0)),
    "demand.open_case_share": SHARES,
    "demand.other_team_share": SHARES,
    "demand.other_authority_share": st.sampled_from((0.0, 0.1)),
    "need.early_help_share": st.sampled_from((0.0, 0.24, 1.0)),
    "need.section_47_share": SHARES,
    "need.immediate_share": SHARES,
    "need.unclear_threshold_share": SHARES,
    "need.unclear_if_in_need_share": SHARES,
    "need.immediate_missed_share": SHARES,
    "need.section_47_at_visit_share": SHARES,
    "need.section_47_in_assessment_share": SHARES,
    "front_door.managers": st.integers(0, 3),
    "front_door.senior_practitioners": st.integers(0, 2),
    "front_door.workers": st.integers(0, 2),
    "front_door.delegate_green": SWITCHES,
    "front_door.order": st.sampled_from(("earliest_due_first", "strict_priority")),
    "further_work.chase_after_days": st.sampled_from((0.0, 0.5, 3.0)),
    "further_work.all_replies_needed": SWITCHES,
    "further_work.police_batch_days": st.sampled_from((0, 1, 7)),
    "further_work.limit_working_days": st.sampled_from((0, 1, 5)),
    "further_work.consent_refused_share": SHARES,
    "further_work.consent_dispensed_share": SHARES,
    "second_look.second_manager_on_call": SWITCHES,
    "second_look.decide_within_hours": st.sampled_from((0.0, 24.0)),
    "strategy.slots_per_day": st.sampled_from((1, 3, 24)),
    "strategy.to_section_47_share": SHARES,
    "strategy.conference_share": SHARES,
    "out_of_hours.staff": st.integers(0, 2),
    "out_of_hours.visits_section_47": SWITCHES,
    "domestic_abuse_team.on": SWITCHES,
    "domestic_abuse_team.posts": st.sampled_from(("existing", "new")),
    "assessment.arrangement": st.sampled_from(("pooled", "duty_week", "specialist")),
    "assessment.teams": st.integers(1, 3),
    "assessment.managers": st.integers(0, 2),
    "assessment.family_support_workers": st.integers(0, 1),
    "assessment.family_support_minutes": st.sampled_from((0, 150)),
    "assessment.social_workers.experienced": st.integers(1, 5),
    "assessment.social_workers.newly_qualified": st.integers(0, 2),
    "assessment.social_workers.agency": st.integers(0, 2),
    "assessment.duty_workers": st.integers(0, 1),
    "assessment.duty_reserved": SWITCHES,
    "assessment.duty_visit_after_days": st.sampled_from((0, 2, 10)),
    "assessment.caseload_guide": st.integers(1, 12),
    "assessment.over_guide_after_days": st.sampled_from((0, 2, 20)),
    "assessment.failed_visit_share": SHARES,
    "assessment.sibling_missed_share": SHARES,
    "assessment.brief_share": SHARES,
    "assessment.drift_share": SHARES,
    "assessment.deadline_strength": SHARES,
    "assessment.deadline_exempt_share": SHARES,
    "assessment.deadline_margin_working_days": st.sampled_from((0, 3, 30)),
    "assessment.review_days": st.sampled_from(((), (2,), (2, 5, 10))),
    "assessment.review_done_share": SHARES,
    "assessment.long_supervision_days": st.sampled_from((0, 1, 5)),
    "assessment.unstick_share": SHARES,
    "assessment.support_from_allocation": SWITCHES,
    "ending.close_share": st.sampled_from((0.0, 0.4)),
    "ending.step_down_share": st.sampled_from((0.0, 0.3, 0.6)),
    "ending.waiting_visit_days": st.sampled_from((0, 3)),
    "workforce.turnover_per_year": st.sampled_from((0.0, 0.1, 3.0)),
    "workforce.absence_share": st.sampled_from((0.0, 0.03, 0.4)),
    "workforce.part_time_share": SHARES,
    "workforce.sudden_leavers": st.integers(0, 3),
}
"""What a random scenario may set, each to a value that makes some part of the model matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A baseline as what it changes in the small one, a scenario as what it changes in that, and the chance."""

    before: Mapping[str, object]
    after: Mapping[str, object]
    seed: int

    @property
    def baseline(self) -> Scenario:
        """The baseline."""
        return SMALL_BASE.changed(self.before)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.baseline.changed(self.after)

    def world(self) -> World:
        """The world drawn."""
        return draw(self.scenario, seed=self.seed, replication=0, baseline=self.baseline)

    def log(self, world: World | None = None) -> EventLog:
        """The log of the world, drawn unless given."""
        return run(self.scenario, world or self.world(), baseline=self.baseline)


def changes(*, at_most: int) -> st.SearchStrategy[dict[str, object]]:
    """Settings of some of the levers."""
    chosen = st.lists(st.sampled_from(sorted(LEVERS)), max_size=at_most, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: LEVERS[name] for name in names}))


STAFFED: dict[str, object] = {
    "demand.family_contacts_per_year": 350.0,
    "front_door.managers": 2,
    "front_door.senior_practitioners": 1,
    "front_door.workers": 1,
    "out_of_hours.staff": 1,
    "assessment.teams": 2,
    "assessment.managers": 1,
    "assessment.family_support_workers": 1,
    "assessment.caseload_guide": 6,
    "assessment.duty_workers": 1,
    "assessment.social_workers.experienced": 4,
    "assessment.social_workers.newly_qualified": 1,
    "assessment.social_workers.agency": 1,
    "domestic_abuse_team.managers": 1,
    "domestic_abuse_team.social_workers": 1,
}
"""A front door for three hundred and fifty contacts a year: where a random scenario starts from."""

SMALL_BASE = BASE.changed({**SMALL, **STAFFED})


LONG: Mapping[str, object] = {
    "calendar.horizon_days": 130,
    "workforce.turnover_per_year": 3.0,
    "ending.transfer_days": {"kind": "exponential", "mean": 20.0},
}
"""Time enough for cases to be passed on, and reason to."""


@st.composite
def cases(draw_value: st.DrawFn, *, at_most: int = 12, long: bool = False) -> Case:
    """A random baseline and a scenario that differs from it in some levers, over a month or over four."""
    before = (dict(LONG) if long else {}) | draw_value(changes(at_most=at_most))
    after = draw_value(changes(at_most=at_most // 2))
    after.pop("calendar.warm_up_days", None)
    return Case(before, after, draw_value(st.integers(0, 2**32)))


GRID = 30
ON_THE_HALF_HOUR: Mapping[str, object] = {
    "further_work.chase_minutes": 30,
    "further_work.consent_minutes": 30,
    "out_of_hours.handover_minutes": 30,
    "strategy.conference_minutes": 60,
    "assessment.arrange_minutes": 30,
    "assessment.brief_minutes": 30,
    "assessment.rework_minutes": 60,
    "assessment.long_supervision_minutes": 30,
    "assessment.managers": 2,
    "ending.handover_minutes": 30,
    "workforce.handover_minutes": 60,
    "workforce.booked_minutes_worker": 60,
    "workforce.booked_minutes_manager": 60,
    "workforce.booked_minutes_first_response": 60,
}
"""Efforts that are the scenario's own, in half hours."""


def on_the_half_hour(world: World) -> World:
    """The same world but that all in it lasts whole half hours: what seldom meets in one minute does so often."""
    before, after = (
        {parent: _rounded(contact) for parent, contact in returns.items()}
        for returns in (world.returns_before, world.returns_after)
    )
    people = tuple(person for person in map(_employed, world.people) if not 0 <= person.leaves <= person.starts)
    return World(world.span, Known(tuple(map(_rounded, world.contacts)), before, after), people)


def _up(minutes: int) -> int:
    return -(-minutes // GRID) * GRID if minutes > 0 else minutes


def _rounded(contact: Contact) -> Contact:
    names = [name for name in Contact._fields if name.endswith(("_minutes", "_delay")) or name == "received"]
    times: dict[str, Any] = {name: _up(getattr(contact, name)) for name in names}
    return contact._replace(
        **times,
        minute_of_day=contact.minute_of_day // GRID * GRID,
        retry_delays=tuple(map(_up, contact.retry_delays)),
        rounds=tuple(Round(*map(_up, each)) for each in contact.rounds),
    )


def _employed(person: Person) -> Person:
    starts, leaves = _up(person.starts), person.leaves if person.leaves < 0 else person.leaves // GRID * GRID
    end = max(person.calendar.ends, default=0) if leaves < 0 else leaves
    return person._replace(starts=starts, leaves=leaves, calendar=person.calendar.between(starts, max(starts, end)))


FLAGS = st.integers(0, 1)
CONTACTS = st.builds(
    REFERRAL._replace,
    need=st.sampled_from([need for need in Need if need is not Need.UNKNOWN]),
    rating=st.sampled_from(Rating),
    open_case=FLAGS,
    other_team=FLAGS,
    other_authority=FLAGS,
    consent_missing=FLAGS,
    consent_refused=FLAGS,
    consent_dispensed=FLAGS,
    misdirected=FLAGS,
    no_action_after_referral=FLAGS,
    advice=FLAGS,
)
"""Contacts of every need, rating and character."""
