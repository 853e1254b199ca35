"""The small set of changes to test: what each is called, how it is typed in, and what it sets in a scenario."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.report.starts import in_words
from sim.report.wording import listed
from sim.scenario import Scenario

Settings = dict[str, object]
Reader = Callable[[str, Scenario], Settings]
Teller = Callable[[Scenario], str]

_WHOLE: Final = re.compile(r"[+-]?\d{1,6}")
_DECIMAL: Final = re.compile(r"[+-]?\d{1,6}(\.\d{1,3})?")
_PER_CENT: Final = 100
TEAM: Final = "domestic_abuse_team.posts"


class MistakeError(ValueError):
    """What was typed in breaks a rule; the message is the rule."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of several: what is sent, and its words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Field:
    """A change to test: its name in the form, the part of the form, its label and hint, and how it is read.

    `unit` stands behind the box. With `choices` it is one of several answers. `read` gives what it sets; `told` says it
    in a few words for a title.
    """

    name: str
    group: str
    label: str
    hint: Teller
    read: Reader
    told: Callable[[str], str]
    unit: str = ""
    choices: Callable[[Scenario], tuple[Choice, ...]] | None = None


def _whole(text: str, low: int, high: int) -> int:
    if not _WHOLE.fullmatch(text):
        raise MistakeError(f"must be a whole number, such as 4; you typed {text[:20]}")
    if not low <= int(text) <= high:
        raise MistakeError(f"must be from {low} to {high}; you typed {text}")
    return int(text)


def _decimal(text: str, low: float, high: float) -> float:
    if not _DECIMAL.fullmatch(text):
        raise MistakeError(f"must be a number, such as 10 or 2.5; you typed {text[:20]}")
    if not low <= float(text) <= high:
        raise MistakeError(f"must be from {low:g} to {high:g}; you typed {text}")
    return float(text)


def _number_of(scenario: Scenario, path: str) -> int:
    return int(str(scenario.value(path)))


def _posts(path: str, label: str, group: str, most: int, told: str) -> Field:
    """Posts added to those there are, or taken away: what is not known of the present number stays in it."""

    def read(text: str, base: Scenario) -> Settings:
        added = _whole(text, -_number_of(base, path), most)
        return {path: f"{added:+d}"} if added else {}

    def hint(base: Scenario) -> str:
        now = _number_of(base, path)
        return f"{now} now. Type how many more, or a minus sign for fewer: from \N{MINUS SIGN}{now} to {most}."

    return Field(path, group, label, hint, read, lambda text: _more(int(text), told), "more posts")


def _more(number: int, what: str) -> str:
    what = what.replace("(s)", "" if abs(number) == 1 else "s")
    return f"{abs(number)} {'fewer' if number < 0 else 'more'} {what}"


def _limit(text: str, _: Scenario) -> Settings:
    days = _whole(text, 1, 60)
    return {"further_work.limit_working_days": days, "further_work.wrong_if_cut_share": 0.1}


def _reviews(text: str, _: Scenario) -> Settings:
    days = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= _LAST_REVIEW for part in days) or len(days) > _MOST_REVIEWS:
        raise MistakeError(f"must be working days from 1 to {_LAST_REVIEW} with commas between them, such as 10, 20")
    points = sorted({int(part) for part in days})
    return {"assessment.review_days": points, "assessment.review_done_share": 0.9}


_LAST_REVIEW, _MOST_REVIEWS = 60, 10
_MOST_MANAGERS, _MOST_WORKERS = 20, 60


def _switch(path: str, settings: Settings) -> Reader:
    def read(text: str, base: Scenario) -> Settings:
        if text == "on":
            return dict(settings) if not base.value(path) else {}
        if text == "off":
            return {path: False} if base.value(path) else {}
        raise MistakeError("must be one of the answers given")

    return read


def _on_or_off(path: str) -> Callable[[Scenario], tuple[Choice, ...]]:
    def choices(base: Scenario) -> tuple[Choice, ...]:
        is_on = bool(base.value(path))
        other = Choice("off", "No") if is_on else Choice("on", "Yes")
        return (Choice("", f"As now: {'yes' if is_on else 'no'}"), other)

    return choices


def _team(text: str, _: Scenario) -> Settings:
    if text not in {"existing", "new"}:
        raise MistakeError("must be one of the answers given")
    return {
        "domestic_abuse_team.on": True,
        "domestic_abuse_team.posts": text,
        "domestic_abuse_team.managers": 2,
        "domestic_abuse_team.social_workers": 6,
        "domestic_abuse_team.information_wait_multiplier": 0.7,
        "domestic_abuse_team.batching_removed": True,
    }


def _team_choices(base: Scenario) -> tuple[Choice, ...]:
    now = "a team works" if base.domestic_abuse_team.on else "no team"
    return (Choice("", f"As now: {now}"), Choice("existing", "From existing posts"), Choice("new", "From new posts"))


def _of_team(path: str, most: int) -> Reader:
    return lambda text, _: {path: _whole(text, 1, most)}


def _absence(text: str, _: Scenario) -> Settings:
    return {"workforce.absence_share": round(_decimal(text, 0, 50) / _PER_CENT, 5)}


def _multiplied(path: str, low: float, high: float) -> Reader:
    def read(text: str, base: Scenario) -> Settings:
        change = _decimal(text, low, high)
        now = float(str(base.value(path)))
        return {path: round(now * (1 + change / _PER_CENT), 5)} if change else {}

    return read


def _per_cent(what: str) -> Callable[[str], str]:
    return lambda text: f"{abs(float(text)):g}% {'fewer' if float(text) < 0 else 'more'} {what}"


def _starts(text: str, base: Scenario) -> Settings:
    day = _whole(text, 0, base.calendar.horizon_days - 1)
    return {"levers_start_day": day} if day else {}


def _when_posts_start(base: Scenario) -> str:
    force = base.workforce
    return (
        f"0 is {in_words(base.calendar.first_day)}, the first day of the year measured. Recruiting comes on top: "
        f"permanent posts are filled about {force.recruitment_days_experienced} days later, agency posts "
        f"{force.recruitment_days_agency}, and new people then work at half pace for {force.ramp_up_days} days."
    )


def _limit_now(base: Scenario) -> str:
    days = base.further_work.limit_working_days
    now = f"{days} working days" if days else "none"
    return (
        f"{sentence_now(now)} After so many working days the manager must decide on what is known: from 1 to 60. One "
        "such decision in ten is assumed to be wrong."
    )


def sentence_now(now: str) -> str:
    """What holds now, as the start of a hint."""
    return f"Now: {now}."


_STAFF, _TEAM, _RULES, _PRESSURE, _WHEN = (
    "Posts",
    "A domestic abuse team beside the police",
    "How work is done",
    "Demand and pressure",
    "When it starts",
)

FIELDS: Final[tuple[Field, ...]] = (
    _posts(
        "assessment.social_workers.experienced",
        "Experienced social workers",
        _STAFF,
        60,
        "experienced social worker(s)",
    ),
    _posts(
        "assessment.social_workers.newly_qualified",
        "Newly qualified social workers (ASYE)",
        _STAFF,
        60,
        "newly qualified social worker(s)",
    ),
    _posts("assessment.social_workers.agency", "Agency social workers", _STAFF, 60, "agency social worker(s)"),
    _posts("front_door.managers", "Team managers at the front door", _STAFF, 20, "front door manager(s)"),
    _posts("assessment.managers", "Managers of the assessment teams", _STAFF, 20, "assessment team manager(s)"),
    Field(
        TEAM,
        _TEAM,
        "Where its staff come from",
        lambda _: "The police are assumed to answer the team in seven tenths of the time, and not in daily batches.",
        _team,
        lambda text: f"domestic abuse team from {text} posts",
        choices=_team_choices,
    ),
    Field(
        "domestic_abuse_team.managers",
        _TEAM,
        "Its managers",
        lambda _: f"2 unless you say otherwise, from 1 to {_MOST_MANAGERS}. Only with a team.",
        _of_team("domestic_abuse_team.managers", _MOST_MANAGERS),
        lambda text: f"{text} of them managers",
        "posts",
    ),
    Field(
        "domestic_abuse_team.social_workers",
        _TEAM,
        "Its social workers",
        lambda _: f"6 unless you say otherwise, from 1 to {_MOST_WORKERS}. Only with a team.",
        _of_team("domestic_abuse_team.social_workers", _MOST_WORKERS),
        lambda text: f"{text} of them social workers",
        "posts",
    ),
    Field(
        "further_work.limit_working_days",
        _RULES,
        "Limit on further work before a decision",
        _limit_now,
        _limit,
        lambda text: f"further work for at most {int(text)} working days",
        "working days",
    ),
    Field(
        "second_look.second_manager_on_call",
        _RULES,
        "A second manager on call",
        lambda _: "Where it is unclear whether the section 47 threshold is met; must then decide within 24 hours.",
        _switch(
            "second_look.second_manager_on_call",
            {"second_look.second_manager_on_call": True, "second_look.decide_within_hours": 24.0},
        ),
        lambda text: f"second manager on call: {text}",
        choices=_on_or_off("second_look.second_manager_on_call"),
    ),
    _posts("assessment.duty_workers", "Social workers on the duty rota each day", _RULES, 50, "on the duty rota"),
    Field(
        "assessment.review_days",
        _RULES,
        "Review points of an assessment",
        lambda base: (
            f"{sentence_now(listed([str(day) for day in base.assessment.review_days]) or 'none')} Working days after "
            "allocation, such as 10, 20. Nine reviews in ten are assumed to be done."
        ),
        _reviews,
        lambda text: f"reviews at {text} working days",
        "working days",
    ),
    Field(
        "assessment.support_from_allocation",
        _RULES,
        "Support starts when an assessment is allocated",
        lambda _: "Not only once it has ended. No effect on what follows is assumed.",
        _switch("assessment.support_from_allocation", {"assessment.support_from_allocation": True}),
        lambda text: f"support from allocation: {text}",
        choices=_on_or_off("assessment.support_from_allocation"),
    ),
    Field(
        "demand.multiplier",
        _PRESSURE,
        "Contacts made",
        lambda _: "Change in per cent: 10 for a tenth more, -10 for a tenth fewer. From -50 to 100.",
        _multiplied("demand.multiplier", -50, 100),
        _per_cent("contacts"),
        "per cent",
    ),
    Field(
        "further_work.reply_multiplier",
        _PRESSURE,
        "Partners' reply times",
        lambda _: "Change in per cent: 50 for half as long again, -30 for quicker. From -90 to 300.",
        _multiplied("further_work.reply_multiplier", -90, 300),
        lambda text: f"partners' reply times {float(text):+g}%",
        "per cent",
    ),
    Field(
        "workforce.absence_share",
        _PRESSURE,
        "Working time lost to sickness",
        lambda base: f"{sentence_now(f'{base.workforce.absence_share:.1%}')} From 0 to 50.",
        _absence,
        lambda text: f"{float(text):g}% of time lost to sickness",
        "per cent",
    ),
    Field(
        "levers_start_day",
        _WHEN,
        "Day on which the changes start",
        _when_posts_start,
        _starts,
        lambda text: f"from day {int(text)}",
        "days",
    ),
)
GROUPS: Final = tuple(dict.fromkeys(field.group for field in FIELDS))
OF_TEAM: Final = frozenset({"domestic_abuse_team.managers", "domestic_abuse_team.social_workers"})


def settings(
    typed: Mapping[str, str], base: Scenario, fields: Sequence[Field] = FIELDS
) -> tuple[Settings, dict[str, str]]:
    """What was typed in as settings of a scenario, and what is wrong with it by field: the rule that it breaks."""
    found: Settings = {}
    wrong: dict[str, str] = {}
    for field in _filled(typed, fields):
        try:
            found |= field.read(typed[field.name], base)
        except MistakeError as mistake:
            wrong[field.name] = str(mistake)
    if not typed.get(TEAM):
        alone = "is only for a team: say where its staff come from, or leave it empty"
        wrong |= {name: alone for name in sorted(OF_TEAM) if typed.get(name)}
    return found, wrong


def title(typed: Mapping[str, str], fields: Sequence[Field] = FIELDS) -> str:
    """What was typed in, as the title of a scenario."""
    words = ", ".join(field.told(typed[field.name]) for field in _filled(typed, fields))
    return f"{words[:1].upper()}{words[1:]}"


def _filled(typed: Mapping[str, str], fields: Sequence[Field]) -> Iterator[Field]:
    return (field for field in fields if typed.get(field.name))
