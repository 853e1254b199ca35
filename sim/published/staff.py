"""Staff from published figures: rates of the workforce, and posts in proportion to the work.

Nothing is published of the front door alone, and only the ratio of work to people shows in any figure. So each role
has the prior's posts, times this authority's work over the prior's, times what one of its people works over what one of
the prior's does. The department's published case holders are held beside it.
"""

from dataclasses import dataclass
from typing import Final

from sim.published.draft import Draft, rows
from sim.published.flows import Flows, flows_of
from sim.published.told import Told
from sim.scenario import Scenario

FEWEST_MANAGERS: Final = 2
"""Of each place of work: with one, nothing would be decided while that one is on leave."""
PLAUSIBLE_PART: Final = (0.10, 0.60)
"""Of a department's case holders, the part that may work at the front door: assumed. The prior's is 0.27."""
_FEWEST_IN_A_TEAM: Final = 2
_DAYS_A_YEAR: Final = 365.0
_MINUTES_AN_HOUR: Final = 60.0


def set_rates(draft: Draft) -> None:
    """Absence and turnover as published of the whole department."""
    for name, path in (("absence", "workforce.absence_share"), ("turnover", "workforce.turnover_per_year")):
        told = draft.told.get(name)
        if told is None:
            draft.notes.append(
                f"{name.capitalize()}: no workforce is published for the year, so the prior's rate stands."
            )
            continue
        words = f"{name.capitalize()} of the whole department, year to 30 September: {told.value:.1%} ({rows(told)})."
        value = round(told.value, 4)
        if told.borrowed:
            draft.ranged(path, value, words, max(0.0, value - told.half_width), value + told.half_width)
        else:
            draft.official(path, value, words)


@dataclass(frozen=True, slots=True)
class Work:
    """How much work there is by what it goes with, as a ratio to the prior's."""

    contacts: float
    assessing: float
    enquiries: float
    assessed: float


def work_of(draft: Draft) -> Work:
    """This authority's work over the prior's."""
    ours, theirs = flows_of(draft.scenario), flows_of(draft.prior.scenario)
    return Work(
        contacts=ours.contacts / theirs.contacts,
        assessing=_hours(draft.scenario, ours) / _hours(draft.prior.scenario, theirs),
        enquiries=ours.enquiries / theirs.enquiries,
        assessed=ours.assessed / theirs.assessed,
    )


def _hours(scenario: Scenario, flows: Flows) -> float:
    """Social workers' hours a year of assessments, enquiries and conferences, for each child."""
    assessment, strategy = scenario.assessment, scenario.strategy
    each = assessment.work_minutes.mean + assessment.visit_minutes.mean
    minutes = flows.assessed * each + flows.enquiries * strategy.enquiry_minutes.mean
    return (minutes + flows.conferences * strategy.conference_minutes) / _MINUTES_AN_HOUR


def _worked(scenario: Scenario) -> float:
    """The part of a social worker's post that is worked, as far as published rates tell it."""
    workforce = scenario.workforce
    empty = workforce.turnover_per_year * workforce.vacancy_days / _DAYS_A_YEAR
    return (1 - workforce.absence_share) * (1 - min(empty, 0.9))


def set_posts(draft: Draft) -> None:
    """Posts of every role."""
    work = work_of(draft)
    per_person = _worked(draft.prior.scenario) / _worked(draft.scenario)
    absent = (1 - draft.prior.scenario.workforce.absence_share) / (1 - draft.scenario.workforce.absence_share)
    _post(draft, "front_door.managers", work.contacts * absent, "contacts", FEWEST_MANAGERS)
    _post(draft, "front_door.workers", work.contacts * absent, "contacts", FEWEST_MANAGERS)
    _post(draft, "assessment.managers", work.assessing * absent, "assessments and enquiries", FEWEST_MANAGERS)
    _post(draft, "assessment.family_support_workers", work.assessed * absent, "assessments", 1)
    _post(draft, "out_of_hours.staff", work.contacts, "contacts", 1)
    _post(draft, "strategy.slots_per_day", work.enquiries, "enquiries", 2)
    total = _social_workers(draft, work.assessing * per_person)
    _post(draft, "assessment.duty_workers", min(work.enquiries, total / 5), "enquiries", 1)
    _teams(draft, total)
    _say_part(draft, total)


def _post(draft: Draft, path: str, ratio: float, work: str, fewest: int) -> None:
    before = draft.prior.number(path)
    posts = max(fewest, round(before * ratio))
    draft.rounding[path] = posts / (before * ratio)
    draft.scaled(
        path,
        posts,
        f"Nothing is published for the front door alone. The prior's {before:.0f}, times {ratio:.2f}: {work} here over "
        "the prior's, and absence. The fit finds how busy that makes people.",
    )


def _teams(draft: Draft, total: int) -> None:
    """As many as the prior has, of whatever size: each takes a week's referrals, and that week comes round as often."""
    before = round(draft.prior.number("assessment.teams"))
    draft.scaled(
        "assessment.teams",
        max(1, min(before, total // _FEWEST_IN_A_TEAM)),
        f"Not published. The prior's {before}, or as many as have {_FEWEST_IN_A_TEAM} social workers: more teams "
        "would have each "
        "take a whole week's referrals more rarely. In a large authority each stands for several, by area.",
    )


def _social_workers(draft: Draft, ratio: float) -> int:
    """Posts of social workers by kind; gives how many in all."""
    prior = draft.prior.scenario.assessment.social_workers
    before = prior.experienced + prior.newly_qualified + prior.agency
    total = max(3, round(before * ratio))
    agency, words = _agency(draft, total)
    new = round(total * prior.newly_qualified / before)
    of_each = {"agency": agency, "newly_qualified": new, "experienced": max(1, total - agency - new)}
    said = (
        f"Nothing is published for the front door alone. {total} social workers in all: the prior's {before}, times "
        f"{ratio:.2f}: hours of assessments, enquiries and conferences here over the prior's, absence and empty posts."
    )
    why = {
        "agency": words,
        "newly_qualified": f"{said} Newly qualified in the prior's proportion.",
        "experienced": f"{said} Those who are neither newly qualified nor agency.",
    }
    # All at once: a rota must not be longer than the workers there are.
    draft.scenario = draft.scenario.changed(
        {"assessment.duty_workers": 1, **{f"assessment.social_workers.{kind}": n for kind, n in of_each.items()}}
    )
    for kind, count in of_each.items():
        draft.scaled(f"assessment.social_workers.{kind}", count, why[kind])
    return sum(of_each.values())


def _agency(draft: Draft, total: int) -> tuple[int, str]:
    told: Told | None = draft.told.get("agency")
    prior = draft.prior.scenario.assessment.social_workers
    if told is None:
        share = prior.agency / (prior.experienced + prior.newly_qualified + prior.agency)
        return round(total * share), f"No workforce is published for the year: the prior's share of {total} workers."
    count = min(round(total * told.value), total - 1)
    return count, f"Agency workers {told.value:.1%} of the department's FTE ({rows(told)}). Applied to {total} workers."


def _say_part(draft: Draft, total: int) -> None:
    """Say where the posts are an implausible part of the department that is published."""
    holders = draft.told.get("case_holders")
    if holders is None or holders.note or not holders.value:
        return
    part = total / holders.value
    low, high = PLAUSIBLE_PART
    if not low <= part <= high:
        draft.notes.append(
            f"Staff: {total} social workers would be {part:.0%} of the department's {holders.value:.1f} case "
            "holders, outside "
            f"{low:.0%} to {high:.0%}: efforts here are likely to differ from the prior's."
        )


def set_caseload(draft: Draft) -> None:
    """The caseload guide moves with the department's mean caseload."""
    told = draft.told.get("caseload")
    if told is None or told.note:
        return
    before = draft.prior.number("assessment.caseload_guide")
    mean = REFERENCE_CASELOAD
    draft.scaled(
        "assessment.caseload_guide",
        max(5, round(before * told.value / mean)),
        f"Not published. The department's mean caseload is {told.value:.1f} ({rows(told)}), the prior's {mean}: its "
        "guide of "
        f"{before:.0f} moves with it.",
    )


REFERENCE_CASELOAD: Final = 17.4
"""The department that the prior is of, 30 September 2019; its guide of 20 was set beside it."""
