"""Nothing hidden on the map or in a table can be worked out by one who has all of them and a solver."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.report.observed.account import Account, account
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.reading import Rules
from tests.history.files import a_csv, observed
from tests.report.observed.attacker import attacker, cells, secrets
from tests.report.observed.extracts import a_year

Row = Mapping[str, str]

NO_STEPS = dict.fromkeys(
    ("screened", "decided", "outcome", "allocated", "seen", "assessment_started", "authorised", "closed"), ""
)
STEPS = {
    "screened": 0,
    "decided": 1,
    "allocated": 3,
    "seen": 5,
    "assessment_started": 4,
    "strategy_asked": 1,
    "authorised": 9,
}
WAYS = (
    (), ("screened",), ("screened", "decided"), ("decided",), ("decided", "allocated"), ("decided", "seen"),
    ("screened", "decided", "allocated", "seen"), ("decided", "allocated", "seen", "assessment_started"),
    ("decided", "strategy_asked", "allocated", "seen"),
    ("decided", "allocated", "assessment_started", "authorised"),
)  # fmt: skip
OUTCOMES = ("referral", "advice", "early_help", "no_further_action")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(WAYS), st.sampled_from(OUTCOMES), st.integers(0, 75), st.sampled_from("AB"),
        st.sampled_from(("Police", "Schools", "")), st.integers(1, 9),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def a_row(way: tuple[str, ...], outcome: str, days_ago: int, team: str, source: str) -> Row:
    received = date(2024, 3, 31) - timedelta(days=days_ago)
    steps = {name: f"{min(received + timedelta(days=STEPS[name]), date(2024, 3, 31)):%d/%m/%Y}" for name in way}
    decided = outcome if "decided" in way else ""
    if "allocated" in way or "seen" in way:
        decided = "strategy_discussion" if "strategy_asked" in way else "referral"
    closed = steps["decided"] if decided in OUTCOMES[1:] else ""
    return {
        **NO_STEPS, **steps, "received": f"{received:%d/%m/%Y}", "outcome": decided, "closed": closed, "team": team,
        "source": source, "domestic_abuse": "yes" if days_ago % 2 else "no", "rating": "red" if days_ago % 3 else "",
    }  # fmt: skip


def given_away(path: Path, rules: Rules) -> tuple[set[str], Account]:
    """What an attacker of an extract can be certain of, though it is hidden or is of a few."""
    found = observed(path)
    told = account(path.name, found, rules)
    truth = cells(account(path.name, found, Rules(0, rules.smallest_team)))
    attack = attacker(told)
    return attack.certain(secrets(attack, truth, rules.small_count), truth), told


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ROWS)
def test_an_attacker_with_a_solver_learns_nothing_that_is_hidden(
    tmp_path: Path, rows: list[tuple[tuple[str, ...], str, int, str, str, int]]
) -> None:
    alike = [a_row(*row[:5]) for row in rows for _ in range(row[5])]
    numbered = [{"contact_id": f"C{n}", "child_id": f"K{n}", **row} for n, row in enumerate(alike)]
    learnt, _ = given_away(a_csv(tmp_path / "j.csv", numbered), Rules(small_count=3, smallest_team=4))

    assert learnt == set()


@pytest.mark.parametrize("rows", [60, 250, 1000])
def test_a_year_of_any_size_gives_nothing_away(rows: int, tmp_path: Path) -> None:
    learnt, told = given_away(a_year(tmp_path / "j.csv", rows=rows), Rules())

    assert learnt == set()
    assert HIDDEN in {row[2] for row in told.tables["steps"].rows} | {row[-3] for row in told.tables["waiting"].rows}


def test_the_longest_waits_of_teams_give_no_small_count_away(tmp_path: Path) -> None:
    """Of 27 children 20 are of one team: were the longest wait of the 6 shown, they would be 6, the last team's 1."""
    alike = [a_row(("decided", "allocated"), "referral", 20 + number % 9, team, "Police")
             for team, unseen in (("N", 20), ("E", 6), ("S", 1)) for number in range(unseen)]  # fmt: skip
    seen = [
        a_row(("decided", "allocated", "seen"), "referral", 30, team, "Police") for team in "NES" for _ in range(30)
    ]
    numbered = [{"contact_id": f"C{n}", "child_id": f"K{n}", **row} for n, row in enumerate([*alike, *seen])]
    learnt, told = given_away(a_csv(tmp_path / "j.csv", numbered), Rules())

    assert learnt == set()
    assert [row[-3] for row in told.tables["teams"].rows] == [HIDDEN, 20, HIDDEN]


def test_open_and_ended_assessments_do_not_add_up_to_a_hidden_number(tmp_path: Path) -> None:
    """Of 40 allocated two are not yet assessed: so 38 begun, or what adds up to 38, must not stand beside the 40."""
    courses = (
        (("decided", "allocated", "seen"),) * 2
        + (WAYS[7],) * 20
        + (("decided", "allocated", "seen", "assessment_started", "authorised"),) * 18
    )
    rows = [a_row(way, "referral", 40, "N", "Police") for way in courses]
    numbered = [{"contact_id": f"C{n}", "child_id": f"K{n}", **row} for n, row in enumerate(rows)]
    learnt, told = given_away(a_csv(tmp_path / "j.csv", numbered), Rules())

    assert learnt == set()
    shown = {(row[0], row[1]): row[2] for row in told.tables["steps"].rows}
    adding_up = (shown["Assessment authorised", ""], told.counted.cell("assessment open"))
    assert shown["Allocated", ""] == HIDDEN or HIDDEN in adding_up


def test_the_attacker_finds_what_a_careless_table_gives_away(tmp_path: Path) -> None:
    """The same tables with one further cell shown: the attack must be able to succeed."""
    path = a_year(tmp_path / "j.csv", rows=250)
    told = account(path.name, found := observed(path), Rules())
    truth = cells(account(path.name, found, Rules(0)))
    attack = attacker(told)
    hidden = [place for place, cell in attack.shown.items() if cell == HIDDEN and place[0] == "contacts_by_source"]
    row = hidden[0][1]
    attack.shown |= {place: truth[place] for place in hidden[1:] if place[1] == row}

    assert attack.certain({"it": {hidden[0]: 1}}, truth) == {"it"}
