"""The courses that a child's journey may take in an extract, and the account of an extract of some."""

from pathlib import Path

from sim.report.observed.account import Account, account, said
from sim.report.observed.reading import Rules
from tests.history.files import a_csv, observed

ALL_SHOWN = Rules(small_count=0, smallest_team=0)


def of(tmp_path: Path, rows: list[dict[str, str]], rules: Rules = ALL_SHOWN) -> Account:
    numbered = [{"contact_id": f"C{n}", "child_id": f"K{n}", **row} for n, row in enumerate(rows)]
    return account("j.csv", observed(a_csv(tmp_path / "j.csv", numbered)), rules)


def waiting(told: Account) -> dict[str, tuple[str, ...]]:
    return {str(row[0]): tuple(said(cell) for cell in row[1:-1]) for row in told.tables["waiting"].rows}


RECEIVED = {
    "received": "01/03/2024",
    "seen": "",
    "decided": "",
    "outcome": "",
    "allocated": "",
    "team": "",
    "closed": "",
}
DECIDED = RECEIVED | {"decided": "02/03/2024", "outcome": "referral"}
ALLOCATED = DECIDED | {"allocated": "03/03/2024"}
SEEN = ALLOCATED | {"seen": "05/03/2024"}
ADVISED = RECEIVED | {"decided": "01/03/2024", "outcome": "advice", "closed": "01/03/2024"}
CURRENT = {"decided": "25/03/2024", "allocated": "26/03/2024"}
ASSESSED = ALLOCATED | {"assessment_started": "04/03/2024", "authorised": "20/03/2024", "ending": "transfer"}
