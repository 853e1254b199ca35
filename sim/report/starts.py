"""When what scenarios change is there, in words."""

from calendar import month_name, monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sim.events import Role
from sim.experiment import Comparison, Later, ScenarioResult
from sim.experiment.months import MonthOfWork
from sim.experiment.starts import Filled, Start
from sim.report.wording import listed, quoted

ROLE_LABEL = {
    Role.FRONT_DOOR_MANAGER: "front door managers",
    Role.SENIOR_PRACTITIONER: "senior practitioners",
    Role.FIRST_RESPONSE_WORKER: "first response workers",
    Role.OUT_OF_HOURS_WORKER: "out of hours staff",
    Role.TEAM_MANAGER: "assessment team managers",
    Role.EXPERIENCED_SOCIAL_WORKER: "experienced social workers",
    Role.NEWLY_QUALIFIED_SOCIAL_WORKER: "newly qualified social workers",
    Role.AGENCY_SOCIAL_WORKER: "agency social workers",
    Role.FAMILY_SUPPORT_WORKER: "family support workers",
}


def in_words(day: date) -> str:
    """A date as people write it: 1 April 2018."""
    return f"{day.day} {month_name[day.month]} {day.year}"


def month_in_words(month: MonthOfWork) -> str:
    """A month, and which part of it is told where that is not all of it."""
    name = f"{month_name[month.first.month]} {month.first.year}"
    whole = monthrange(month.first.year, month.first.month)[1]
    return name if month.days == whole else f"{name}, {month.days} days from {month.first.day}"


def start_sentences(comparison: Comparison, *, beside_tables: bool = True) -> Iterator[str]:
    """What of each scenario is not there all year, those that start alike together; a card has no tables."""
    alike: dict[str, list[ScenarioResult]] = {}
    for scenario in comparison.scenarios:
        if scenario.start is not None and not scenario.start.is_from_the_first_day:
            alike.setdefault(_opening(scenario.start), []).append(scenario)
    for opening, scenarios in alike.items():
        start = scenarios[0].start
        if start is not None:
            whose = listed([quoted(s.title) for s in scenarios])
            yield f"{whose}: {opening} {_of_the_year(start, beside_tables=beside_tables)}"


def not_there_yet(scenario: ScenarioResult) -> str:
    """That all of a year is the baseline's because what the scenario changes comes after it; nothing of another."""
    start = scenario.start
    if not scenario.is_unchanged or start is None or start.in_place < start.days:
        return ""
    return (
        f"In the model nothing is different yet: what {quoted(scenario.title)} changes is there from "
        f"{in_words(start.on(start.in_place))}, and these figures end before. They say nothing of what it would do."
    )


def year_note(comparison: Comparison) -> str:
    """For the foot of a figure: that it is of the whole year, where part of what is compared is not there all year."""
    is_late = any(s.start is not None and not s.start.is_from_the_first_day for s in comparison.scenarios)
    return "Of the whole year, in part of which what some scenarios add is not there yet." if is_late else ""


def _opening(start: Start) -> str:
    """What starts when; the same for scenarios that start alike."""
    parts = []
    if start.levers > 0:
        parts.append(f"what is changed starts on {in_words(start.on(start.levers))}")
    late = [posts for posts in start.posts if posts.latest > 0]
    windows = {(posts.earliest, posts.latest) for posts in late}
    if len(windows) == 1:
        parts.append(f"the added posts start {_when(start, late[0])}")
    elif windows:
        kinds = [f"{ROLE_LABEL[posts.role]} {_when(start, posts)}" for posts in late]
        parts.append(f"of the added posts {listed(kinds)} start")
    return f"{'; '.join(parts)}."


def _when(start: Start, posts: Filled) -> str:
    earliest, latest = (in_words(start.on(day)) for day in (posts.earliest, posts.latest))
    if earliest == latest:
        return f"on {latest}"
    return f"between {earliest} and {latest}, by how long each set of numbers takes to recruit"


def _of_the_year(start: Start, *, beside_tables: bool) -> str:
    """That the figures are of the whole year, and where those of the later contacts stand."""
    year = f"The figures are of the whole year from {in_words(start.year)}"
    if start.in_place >= start.days:
        return f"{year}, by whose end not all of this is there in every run: what it would bring is not shown."
    if start.later is None:
        return f"{year}, for most of which not all of this is there; what is left is too short to be shown by itself."
    part = f"{year}, for the first part of which not all of this is there yet."
    if not beside_tables:
        return part
    when = in_words(start.on(start.later))
    return f"{part} A table of its own gives the changes for contacts received from {when} on, when all of it is."


def later_groups(comparison: Comparison) -> dict[str, Sequence[tuple[ScenarioResult, Later]]]:
    """The scenarios read for later contacts, by the date from which these are, the earliest first."""
    found: dict[int, list[tuple[ScenarioResult, Later]]] = {}
    for scenario in comparison.scenarios:
        for later in scenario.later:
            found.setdefault(later.day, []).append((scenario, later))
    return {day_in_words(comparison, day): found[day] for day in sorted(found)}


def day_in_words(comparison: Comparison, day: int) -> str:
    """The date of a day of the year."""
    return in_words(comparison.first_day + timedelta(days=day))
