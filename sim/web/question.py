"""What is asked of the page: a baseline and the scenarios to compare with it, as it stands in a link."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from urllib.parse import urlencode

from sim.experiment import Plan
from sim.experiment.planning import DEFAULT_SEED, plan_of_files
from sim.scenario import ScenarioError, ScenarioFile, as_toml, flatten
from sim.world.opening import OpenWork

MOST_SCENARIOS: Final = 4
MOST_TEXT: Final = 8_000
"""Characters of a scenario in a link; what a browser sends at most is about as long."""
BASE, SCENARIO, START = "base", "scenario", "start"
_START_ID: Final = re.compile(r"[0-9a-f]{16}")
_TITLE: Final = "title"
_LONGEST_NAME: Final = 60
_LONGEST_TITLE: Final = 120
_NOTHING_QUICKER: Final = ", if nothing speeds up"
_QUICKER: Final = frozenset(
    f"domestic_abuse_team.{name}"
    for name in (
        "information_wait_multiplier",
        "batching_removed",
        "early_help_linked",
        "early_help_wait_multiplier",
        "needless_referral_multiplier",
    )
)
"""What a domestic abuse team is assumed to change besides its posts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario: its title, and what it changes in the baseline by dotted path; `summary` says it in a sentence."""

    title: str
    differences: Mapping[str, object]
    summary: str = ""

    @property
    def text(self) -> str:
        """The scenario as the lines of a TOML file."""
        words = {_TITLE: self.title, **({"summary": self.summary} if self.summary else {})}
        return "\n".join(f"{path} = {as_toml(value)}" for path, value in {**words, **self.differences}.items())


@dataclass(frozen=True, slots=True)
class Question:
    """The name of a baseline, and up to four scenarios; with none the baseline alone is looked at.

    `start` is the id of the open work of an extract that all of them start from, if any.
    """

    base: str
    scenarios: tuple[Asked, ...] = ()
    start: str = ""

    @property
    def query(self) -> str:
        """The question as the query string of a link."""
        start = [(START, self.start)] if self.start else []
        return urlencode([(BASE, self.base), *start, *((SCENARIO, asked.text) for asked in self.scenarios)])


def question(fields: Iterable[tuple[str, str]]) -> Question:
    """The question of a query string's fields; raises `ScenarioError` naming the field and the rule."""
    bases, texts, starts = list[str](), list[str](), list[str]()
    for name, value in fields:
        if name == BASE:
            bases.append(value)
        elif name == SCENARIO:
            texts.append(value)
        elif name == START:
            starts.append(value)
        else:
            raise ScenarioError(f"{name[:40]}: a link holds only {BASE}, {START} and {SCENARIO}")
    if len(bases) != 1:
        raise ScenarioError(f"{BASE}: a link names one baseline")
    if len(texts) > MOST_SCENARIOS:
        raise ScenarioError(f"{SCENARIO}: at most {MOST_SCENARIOS} scenarios are compared; this link has {len(texts)}")
    if len(starts) > 1 or not all(map(_START_ID.fullmatch, starts)):
        raise ScenarioError(f"{START}: a link names at most one extract's open work, by 16 digits from 0 to f")
    return Question(bases[0], tuple(map(read, texts)), "".join(starts))


def read(text: str) -> Asked:
    """A scenario from the lines of a TOML file; raises `ScenarioError`."""
    if len(text) > MOST_TEXT:
        raise ScenarioError(f"{SCENARIO}: has {len(text)} characters; at most {MOST_TEXT} are read")
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(f"{SCENARIO}: is not valid TOML: {error}") from None
    return asked(tree)


def asked(tree: dict[str, Any]) -> Asked:
    """A scenario from what a file of its differences says; raises `ScenarioError`."""
    title, summary = tree.pop(_TITLE, None), tree.pop("summary", "")
    if not isinstance(title, str) or not title.strip():
        raise ScenarioError(f"{SCENARIO}, {_TITLE}: must be text in quotation marks")
    if not isinstance(summary, str):
        raise ScenarioError(f"{SCENARIO}, summary: must be text in quotation marks")
    differences = dict(flatten(tree))
    if not differences:
        raise ScenarioError(f'{SCENARIO}, "{title[:60]}": changes nothing')
    for path in differences:
        if path.startswith("calendar.") or path == "name":
            raise ScenarioError(f"{path}: is the baseline's; a scenario cannot change it")
    return Asked(title, differences, summary)


def plan_for(base: ScenarioFile, scenarios: Sequence[Asked], years: int, opening: OpenWork | None = None) -> Plan:
    """The plan of a question, to at most so many simulated years of each scenario; raises `ScenarioError`.

    With an `opening` every scenario starts from that open work. A domestic abuse team is always run a second time as if
    nothing became quicker for it.
    """
    files = list[ScenarioFile]()
    for asked in chain.from_iterable((each, *if_nothing_speeds_up(each)) for each in scenarios):
        taken = {base.scenario.name, *(file.scenario.name for file in files)}
        files.append(_file(base, asked, _name(asked.title, taken)))
    return plan_of_files(base, files, {}, replications=years, seed=DEFAULT_SEED, opening=opening)


def if_nothing_speeds_up(asked: Asked) -> Iterator[Asked]:
    """What is run beside a domestic abuse team: it without what is assumed to become quicker, where anything is."""
    slower = {path: value for path, value in asked.differences.items() if path not in _QUICKER}
    if asked.differences.get("domestic_abuse_team.on") is True and slower != asked.differences:
        title = f"{asked.title[: _LONGEST_TITLE - len(_NOTHING_QUICKER)]}{_NOTHING_QUICKER}"
        yield Asked(title, slower, "The same posts, and no reply comes sooner than now.")


def _file(base: ScenarioFile, asked: Asked, name: str) -> ScenarioFile:
    """A scenario as if it had been read from a file beside its baseline."""
    words = {"name": name, "title": asked.title, "summary": asked.summary}
    scenario = base.scenario.changed({**words, **asked.differences})
    differences = {**base.differences, **asked.differences}
    return ScenarioFile(base.path.with_name(f"{name}.toml"), scenario, base.baseline, differences, base)


def _name(title: str, taken: set[str]) -> str:
    """A short name made of a title, unlike those taken."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST_NAME].strip("-") or SCENARIO
    tries = (name, *(f"{name}-{number}" for number in range(2, 2 * MOST_SCENARIOS + 2)))
    return next(each for each in tries if each not in taken)
