"""Whether a scenario's posts could do its work: what is refused, and what is only warned of."""

from collections.abc import Iterator

from sim.scenario.quantities import Posts
from sim.scenario.scenario import Scenario

WIDEST_SPAN = 8
"""People to a manager above which a scenario is warned of: an assumption, from practice of usually six to eight."""


def staffing_gaps(scenario: Scenario) -> Iterator[str]:
    """Each role without anybody: nothing it works at would ever be done. And no demand: there is nothing to compare."""
    front, assessment, team = scenario.front_door, scenario.assessment, scenario.domestic_abuse_team
    if scenario.demand.family_contacts_per_year * scenario.demand.multiplier == 0:
        yield "demand: no contact is made in a year (family_contacts_per_year or multiplier is 0): nothing to compare"
        return
    is_taken = team.on and team.posts is Posts.EXISTING
    able = assessment.social_workers.experienced + assessment.social_workers.agency - team.social_workers * is_taken
    needed = (
        ("front_door.managers", front.managers - team.managers * is_taken, "every contact is decided by a manager"),
        ("front_door.workers", front.workers, "somebody must ask for information and take the morning's handover"),
        ("out_of_hours.staff", scenario.out_of_hours.staff, "what cannot wait at night waits for nobody else"),
        ("assessment.managers", assessment.managers, "every family is allocated by a manager"),
        ("assessment.social_workers", able, "section 47 needs an experienced or agency social worker"),
        (
            "assessment.family_support_workers",
            assessment.family_support_workers if assessment.family_support_minutes else 1,
            "every assessment waits for their part of it (or set assessment.family_support_minutes to 0)",
        ),
    )
    posts, leavers = able + assessment.social_workers.newly_qualified, scenario.workforce.sudden_leavers
    if leavers >= posts > 0:
        yield f"workforce.sudden_leavers: {leavers} leave at once, of {posts} social workers: nobody is left"
    yield from (f"{path}: nobody is left to work there, and {why}" for path, people, why in needed if people < 1)


def wide_spans(scenario: Scenario) -> Iterator[str]:
    """Each group of staff with more posts to a manager than `WIDEST_SPAN`: it can be run, and may not be managed."""
    front, workers, team = scenario.front_door, scenario.assessment.social_workers, scenario.domestic_abuse_team
    is_taken = team.on and team.posts is Posts.EXISTING
    posts = workers.experienced + workers.newly_qualified + workers.agency - team.social_workers * is_taken
    led = (
        ("assessment.managers", scenario.assessment.managers, posts, "social worker posts"),
        ("domestic_abuse_team.managers", team.managers * team.on, team.social_workers, "social worker posts"),
        (
            "front_door.managers",
            front.managers - team.managers * is_taken,
            front.workers + front.senior_practitioners,
            "front door posts",
        ),
    )
    for path, managers, people, what in led:
        if people > WIDEST_SPAN * managers > 0:
            yield (
                f"{path}: {people} {what} to {managers} team manager{'' if managers == 1 else 's'} is "
                f"{people / managers:.1f} each, more than {WIDEST_SPAN} (an assumption: practice is usually 6 to "
                f"{WIDEST_SPAN})"
            )
