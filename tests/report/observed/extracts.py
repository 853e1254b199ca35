"""Invented extracts of an invented authority, large enough to look at."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.history.files import a_csv

FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)
TEAMS = ("North duty", "South duty", "East duty", "West duty", "Disabled children", "Pre-birth")
_TEAM_SHARES = (0.3, 0.28, 0.22, 0.17, 0.027, 0.003)
SOURCES = ("6: Police", "2A: Schools", "3A: GP", "5A: LA services", "1A: Individual", "8: Other", "Unknown")
_SOURCE_SHARES = (0.38, 0.2, 0.15, 0.11, 0.1, 0.05, 0.01)


def a_year(path: Path, rows: int = 2000, seed: int = 3) -> Path:
    """A journeys CSV of a year: contacts with times of day, what follows as dates alone, the last ones still open."""
    return a_csv(path, list(journeys(rows, seed)))


def journeys(rows: int, seed: int) -> Iterator[dict[str, str]]:
    """Invented rows, families of one to three, in order of receipt."""
    chance = np.random.default_rng(seed)
    contact = 0
    while rows > 0:
        contact += 1
        children = min(int(chance.choice((1, 2, 3), p=(0.6, 0.28, 0.12))), rows)
        family = _family(chance)
        for child in range(children):
            row = {"contact_id": f"C{contact}", "child_id": f"K{contact}-{child}", **family}
            # Now and then a sibling is missed at the visit.
            if child and "seen" in row and chance.random() < 0.15:
                del row["seen"]
            yield row
        rows -= children


def _family(chance: np.random.Generator) -> dict[str, str]:
    received = datetime.combine(FIRST, datetime.min.time()) + timedelta(
        days=int(chance.integers((LAST - FIRST).days + 1)), minutes=int(chance.triangular(420, 800, 1380))
    )
    row = {
        "received": f"{received:%d/%m/%Y %H:%M}",
        "source": str(chance.choice(SOURCES, p=_SOURCE_SHARES)),
        "domestic_abuse": "yes" if chance.random() < 0.35 else "no",
        "open_case": "yes" if chance.random() < 0.08 else "no",
        "rating": str(chance.choice(("red", "amber", "green"), p=(0.08, 0.37, 0.55))),
    }
    return {name: text for name, text in (row | _course(chance, received, row)).items() if text}


def _course(chance: np.random.Generator, received: datetime, row: dict[str, str]) -> dict[str, str]:
    """What follows a contact, as far as it was known on the last day."""
    screened = received.date() + timedelta(days=int(chance.random() < 0.3))
    asked = screened + timedelta(days=1)
    needs_more = chance.random() < 0.25
    decided = screened + timedelta(days=int(chance.exponential(4 if needs_more else 0.8)) + 2 * needs_more)
    steps = {"screened": screened, "decided": decided}
    if needs_more:
        steps |= {"information_asked": asked, "information_received": decided}
    outcome = str(
        chance.choice(
            ("referral", "strategy_discussion", "advice", "no_further_action", "early_help"),
            p=(0.4, 0.08, 0.2, 0.2, 0.12),
        )
    )
    if outcome in {"referral", "strategy_discussion"} and row["open_case"] == "no":
        steps |= _assessed(chance, decided, outcome)
    else:
        steps["closed"] = decided
    known = {name: f"{day:%d/%m/%Y}" for name, day in steps.items() if day <= LAST}
    words = {"outcome": outcome} if "decided" in known else {}
    words |= {"rating": ""} if "screened" not in known else {}
    return known | words | {"team": str(chance.choice(TEAMS, p=_TEAM_SHARES)), "ending": _ending(known)}


def _assessed(chance: np.random.Generator, decided: date, outcome: str) -> dict[str, date]:
    urgent = outcome == "strategy_discussion"
    allocated = decided + timedelta(days=int(chance.exponential(0.4 if urgent else 4)))
    seen = allocated + timedelta(days=int(chance.exponential(0.7 if urgent else 5)))
    authorised = seen + timedelta(days=int(chance.gamma(6, 7)))
    steps = {"allocated": allocated, "assessment_started": allocated, "authorised": authorised, "closed": authorised}
    if chance.random() > 0.03:
        steps["seen"] = seen
    if urgent:
        started = decided + timedelta(days=1)
        steps |= {"strategy_asked": decided, "strategy_held": started, "section_47_started": started}
        if chance.random() < 0.4:
            steps["conference_held"] = max(seen, started) + timedelta(days=int(chance.integers(10, 24)))
            steps["closed"] = max(steps["closed"], steps["conference_held"])
    return steps


def _ending(known: dict[str, str]) -> str:
    return "no_further_action" if "authorised" in known else ""
