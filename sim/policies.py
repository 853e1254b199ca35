"""Decisions: pure functions of what is known when they are taken. Time belongs to the engine."""

from collections.abc import Iterable, Sequence
from enum import IntEnum

from sim.events import Activity, Ending, Guide, Need, Outcome, Rating
from sim.scenario import Arrangement, Order, Scenario, Source
from sim.working_time import MINUTES_PER_DAY, Calendar, WorkingDays
from sim.world import DOMESTIC_ABUSE_TEAM, FIRST_ASSESSMENT_TEAM, NOT_ASKED, Contact, Round

ASSESSMENT_WORKING_DAYS = 45
"""Statutory guidance: an assessment takes at most 45 working days from the point of referral."""

SECTION_47_VISIT_WORKING_DAYS = 1
"""Local practice standard: a child subject to section 47 is seen within one working day (Torbay, among others)."""

LONGEST_PIECE_MINUTES = 120
"""Work is done in pieces of at most this, and nothing interrupts a piece."""

_MINUTES_PER_HOUR = 60
RETURN_BITS = 4
WORKING_DAYS_PER_WEEK = 5


class Urgency(IntEnum):
    """The classes of strict priority, the most urgent first."""

    IMMEDIATE = 0
    SECTION_47 = 1
    PROMPT = 2
    USUAL = 3


class ReturnClass(IntEnum):
    """The ways of ending that differ in how many come back: positions in `Contact.would_return`."""

    NO_ACTION = 0
    EARLY_HELP = 1
    ASSESSED = 2
    TRANSFERRED = 3


_CLASSES = {
    Order.EARLIEST_DUE_FIRST: (Urgency.IMMEDIATE, Urgency.SECTION_47, Urgency.PROMPT, Urgency.PROMPT),
    Order.STRICT_PRIORITY: tuple(Urgency),
}


def job_rank(order: Order, urgency: Urgency, due: int) -> tuple[int, int]:
    """What a free person does first: the lower pair.

    Immediate risk and section 47 come first under either order; what is due earliest otherwise decides, at once or
    within each class.
    """
    return _CLASSES[order][urgency], due


def decision_due(scenario: Scenario, rating: Rating, received: int, days: WorkingDays) -> int:
    """When a contact of this rating is to be decided."""
    front = scenario.front_door
    match rating:
        case Rating.RED:
            return received + int(front.red_hours * _MINUTES_PER_HOUR)
        case Rating.AMBER:
            return days.add(received, front.amber_working_days)
        case Rating.GREEN:
            return days.add(received, front.green_working_days)


_URGENCIES = {Rating.RED: Urgency.IMMEDIATE, Rating.AMBER: Urgency.PROMPT, Rating.GREEN: Urgency.USUAL}


def urgency_of(rating: Rating) -> Urgency:
    """The class of strict priority of a rating."""
    return _URGENCIES[rating]


def may_be_section_47(contact: Contact) -> bool:
    """Whether immediate risk or a possible section 47 is in view, which consent and further work never delay."""
    return contact.rating == Rating.RED or contact.need >= Need.SIGNIFICANT_HARM or bool(contact.threshold_unclear)


def is_discussed_before_passed_on(contact: Contact, decided: int) -> bool:
    """Whether a strategy discussion is held about a contact that is another team's, in the service or of specialists.

    About a case open elsewhere where section 47 is in view; about a new one where significant harm was found.
    """
    if decided == Outcome.OTHER_TEAM:
        return contact.need >= Need.SIGNIFICANT_HARM
    return decided == Outcome.OPEN_CASE and may_be_section_47(contact)


def cannot_wait(contact: Contact) -> bool:
    """Whether somebody acts and goes out at once, at night too: a contact rated as immediate risk."""
    return contact.rating == Rating.RED


def rounds_of_further_work(contact: Contact) -> Sequence[Round]:
    """The rounds a manager asks for: none where the contact is clear, or delay is never allowed."""
    return () if may_be_section_47(contact) or contact.open_case else contact.rounds


def must_seek_consent(contact: Contact) -> bool:
    """Whether a decision about early help or section 17 waits for consent; a manager may dispense with it at once."""
    is_for_help = contact.need >= Need.EARLY_HELP or contact.misdirected
    is_wanted = contact.consent_missing and not contact.consent_dispensed
    elsewhere = contact.open_case or contact.other_authority
    return bool(is_wanted and is_for_help) and not may_be_section_47(contact) and not elsewhere


def has_history(contact: Contact) -> bool:
    """Whether the family has been in contact before, so that there is something to read."""
    return bool(contact.return_number or contact.seeded_return)


def outcome(  # noqa: PLR0911  (one line an outcome)
    contact: Contact,
    was_cut: bool = False,  # noqa: FBT001, FBT002  (compiled code takes no keyword alone)
    has_answered: bool = True,  # noqa: FBT001, FBT002
) -> Outcome:
    """How a contact is decided once its information is in, or where it `was_cut` short.

    A family refuses nothing before it `has_answered`: decided sooner, the contact is decided by its need.
    """
    if contact.open_case:
        return Outcome.OPEN_CASE
    if contact.other_authority:
        return Outcome.OTHER_AUTHORITY
    if must_seek_consent(contact) and contact.consent_refused and has_answered:
        return Outcome.CONSENT_REFUSED
    if contact.need >= Need.SIGNIFICANT_HARM:
        return Outcome.OTHER_TEAM if contact.other_team else Outcome.STRATEGY_DISCUSSION
    is_referred_here = contact.need == Need.IN_NEED or bool(contact.misdirected)
    if was_cut and contact.wrong_if_cut:
        is_referred_here = not is_referred_here
    if is_referred_here:
        return _referral(contact)
    if contact.need == Need.EARLY_HELP:
        return Outcome.EARLY_HELP
    return Outcome.ADVICE if contact.advice else Outcome.NO_FURTHER_ACTION


def _referral(contact: Contact) -> Outcome:
    if contact.other_team:
        return Outcome.OTHER_TEAM
    return Outcome.REFERRAL_NO_ACTION if contact.no_action_after_referral else Outcome.REFERRAL


def replied_by(scenario: Scenario, drawn: Round, asked: int, office: Calendar, police_multiplier: float = 1.0) -> int:
    """When enough partners have replied: all of those asked, or all but the slowest. Only police reply at any hour."""
    others = [asked + reply for reply in (drawn.health_reply, drawn.education_reply) if reply != NOT_ASKED]
    replies = [reply if (opens := office.next_open(reply)) is None else opens for reply in others]
    replies += [asked + int(drawn.police_reply * police_multiplier)] if drawn.police_reply != NOT_ASKED else []
    if not replies:
        return asked
    replies.sort()
    return replies[-1] if scenario.further_work.all_replies_needed or len(replies) == 1 else replies[-2]


def next_batch(ready: int, batch_days: int, opens_minute: int) -> int:
    """When information ready at a minute is released, if it is released every so many days as the office opens."""
    if batch_days == 0:
        return ready
    period = batch_days * MINUTES_PER_DAY
    return opens_minute + -(-(ready - opens_minute) // period) * period


def pieces_in(effort: int) -> int:
    """How many pieces of at most two hours an effort is worked in."""
    return -(-effort // LONGEST_PIECE_MINUTES)


def piece(effort: int, number: int) -> int:
    """The minutes of one piece of an effort, counted from 0: pieces are as even as whole minutes allow."""
    count = pieces_in(effort)
    return effort // count + (1 if number < effort % count else 0)


def pieces(effort: int) -> list[int]:
    """An effort as its pieces."""
    return [piece(effort, number) for number in range(pieces_in(effort))]


ARRANGEMENTS = tuple(Arrangement)
_POOLED, _DUTY_WEEK = ARRANGEMENTS.index(Arrangement.POOLED), ARRANGEMENTS.index(Arrangement.DUTY_WEEK)


def team_for(arrangement: Arrangement, teams: int, week: int, *, section_47: bool, contact_id: int) -> int:
    """The assessment team a referral goes to; all share one list where pooled."""
    return team_of(ARRANGEMENTS.index(arrangement), teams, week, section_47, contact_id)


def team_of(arrangement: int, teams: int, week: int, section_47: bool, contact_id: int) -> int:  # noqa: FBT001
    """The assessment team a referral goes to, the arrangement told by its place in `ARRANGEMENTS`."""
    if arrangement == _POOLED:
        return FIRST_ASSESSMENT_TEAM
    if arrangement == _DUTY_WEEK:
        return FIRST_ASSESSMENT_TEAM + week % teams
    specialists = max(1, teams // 3) if teams > 1 else 0
    # The lowest bits of an id number the return: the next are the place among the day's contacts.
    place = contact_id >> RETURN_BITS
    if section_47 and specialists:
        return FIRST_ASSESSMENT_TEAM + place % specialists
    return FIRST_ASSESSMENT_TEAM + specialists + place % (teams - specialists)


def list_now(team: int, teams: int, has_domestic_abuse_team: bool) -> int:  # noqa: FBT001
    """The list on which a team's families wait, should that team be no more: one of those there are."""
    if team == DOMESTIC_ABUSE_TEAM:
        return team if has_domestic_abuse_team else FIRST_ASSESSMENT_TEAM
    return FIRST_ASSESSMENT_TEAM + (team - FIRST_ASSESSMENT_TEAM) % teams


def serves(arrangement: Arrangement, list_team: int, worker_team: int) -> bool:
    """Whether a worker of one team takes cases from a team's unallocated list."""
    if DOMESTIC_ABUSE_TEAM in (list_team, worker_team):
        return list_team == worker_team
    return arrangement is Arrangement.POOLED or list_team == worker_team


def room_for(children: int, open_children: int, guide: int, section_47: bool, waited_long: bool) -> Guide | None:  # noqa: FBT001
    """Why a family may be allocated to a worker with these open cases, or None where it may not."""
    if open_children + children <= guide:
        return Guide.WITHIN
    if children > guide and open_children == 0:
        return Guide.LARGE_FAMILY_ALONE
    if section_47:
        return Guide.OVER_FOR_SECTION_47
    return Guide.OVER_AFTER_WAITING if waited_long else None


def load(open_children: int, guide: int) -> tuple[int, int]:
    """Open cases relative to guide, in an order exact in whole numbers: lower takes the next case."""
    return (open_children * 1000 // guide, open_children) if guide else (open_children, 0)


def drift_left(gap: int, drift_share: float, reviewed: bool) -> int:  # noqa: FBT001
    """An outside wait less the part nobody needed, once progress has been reviewed."""
    return gap - int(gap * drift_share) if reviewed else gap


def hurried(gap: int, now: int, projected_end: int, deadline: int, strength: float) -> int:
    """An outside wait cut short in the measure that the assessment would otherwise end after its deadline."""
    if strength == 0 or projected_end <= deadline or projected_end <= now:
        return gap
    lateness = (projected_end - max(deadline, now)) / (projected_end - now)
    return int(gap * (1 - strength * lateness))


_RETURNS_AFTER_OUTCOME = {
    Outcome.NO_FURTHER_ACTION: ReturnClass.NO_ACTION,
    Outcome.ADVICE: ReturnClass.NO_ACTION,
    Outcome.CONSENT_REFUSED: ReturnClass.NO_ACTION,
    Outcome.REFERRAL_NO_ACTION: ReturnClass.NO_ACTION,
    Outcome.EARLY_HELP: ReturnClass.EARLY_HELP,
}
_RETURNS_AFTER_ENDING = {
    Ending.NO_FURTHER_ACTION: ReturnClass.ASSESSED,
    Ending.STEP_DOWN: ReturnClass.ASSESSED,
    Ending.TRANSFER: ReturnClass.TRANSFERRED,
    Ending.TRANSFER_AFTER_CONFERENCE: ReturnClass.TRANSFERRED,
}


def return_class(decided: Outcome, ending: Ending) -> ReturnClass | None:
    """Which of a family's return chances an ending meets; None for those whose return is not ours to model."""
    return _RETURNS_AFTER_OUTCOME.get(decided) if ending is Ending.AT_CONTACT else _RETURNS_AFTER_ENDING.get(ending)


def return_lands(after: int, contact: Contact, days: WorkingDays) -> int:
    """When a family that comes back makes contact, no earlier than the minute after which its delay is over.

    Those due on a closed day that come on none are spread over the next five working days: no Monday brings them all.
    """
    day = after // MINUTES_PER_DAY + (after % MINUTES_PER_DAY > contact.minute_of_day)
    if not (contact.comes_on_closed_days or days.is_working_day(day)):
        place = (contact.id >> RETURN_BITS) % WORKING_DAYS_PER_WEEK
        day = days.add(day * MINUTES_PER_DAY, 1 + place) // MINUTES_PER_DAY - 1
    return day * MINUTES_PER_DAY + contact.minute_of_day


def goes_to_domestic_abuse_team(contact: Contact) -> bool:
    """Whether the team co-located with the police takes a contact: what the police notify about domestic abuse."""
    return bool(contact.domestic_abuse) and contact.source == _POLICE


_POLICE = list(Source).index(Source.POLICE)


def is_referred(decided: Outcome) -> bool:
    """Whether a contact so decided counts as a referral."""
    return decided in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION, Outcome.REFERRAL_NO_ACTION, Outcome.OTHER_TEAM)


def is_assessed(decided: Outcome) -> bool:
    """Whether a contact so decided goes on to be assessed or enquired into by us."""
    return decided in (Outcome.REFERRAL, Outcome.STRATEGY_DISCUSSION)


def on_duty(rostered: Iterable[tuple[int, int]], week_team: int, day: int, places: int) -> list[int]:
    """Whose turn on the duty rota: of (team, person) at work that day, the duty week's team first, then the others.

    Each team takes turns among its own, day by day.
    """
    people = sorted(rostered)
    first = [person for team, person in people if team == week_team]
    others = [person for team, person in people if team != week_team]
    turned = [
        group[(day * places) % len(group) :] + group[: (day * places) % len(group)]
        for group in (first, others)
        if group
    ]
    return [person for group in turned for person in group][:places]


_BESIDE = frozenset(
    {
        Activity.CHASING,
        Activity.REVIEWING,
        Activity.SUPERVISING,
        Activity.CONFERENCE,
        Activity.WAITING_VISIT,
        Activity.TAKING_OVER,
    }
)


def is_beside_the_path(activity: Activity) -> bool:
    """Whether work of this kind goes on beside the contact's way to its next step rather than on it."""
    return activity in _BESIDE
