"""A small invented extract, as journeys: a hundred and twenty contacts of a spring, some of them open at its end."""

from collections.abc import Mapping
from datetime import date, timedelta

from starlette.testclient import TestClient

AS_AT = date(2024, 3, 31)
HEADINGS = (
    "contact_id", "child_id", "received", "source", "domestic_abuse", "decided", "outcome", "allocated", "worker_id",
    "seen", "assessment_started", "authorised", "ending", "transferred", "closed",
)  # fmt: skip
CHILD = "SYNTHETIC-CHILD"
EXTRACT = "/baseline/small/extract"


def row(number: int) -> Mapping[str, object]:
    """A contact: the later it came, the less far it is."""
    received = AS_AT - timedelta(days=119 - number)
    told: dict[str, object] = {
        "contact_id": f"C{number}",
        "child_id": f"{CHILD}-{number}",
        "received": received,
        "source": "6",
        "domestic_abuse": "no",
    }
    steps = (
        (2, {"outcome": "referral", "decided": True}),
        (6, {"allocated": True, "worker_id": f"W{number % 4}"}),
        (12, {"seen": True, "assessment_started": True}),
        (45, {"authorised": True, "ending": "no_further_action"}),
        (46, {"closed": True}),
    )
    for days, step in steps:
        day = received + timedelta(days=days)
        if day <= AS_AT:
            told |= {name: day if value is True else value for name, value in step.items()}
    return told


def journeys(rows: int = 120) -> str:
    """The extract as a file."""
    lines = [",".join(HEADINGS)]
    lines += [",".join(str(told.get(name, "")) for name in HEADINGS) for told in map(row, range(120 - rows, 120))]
    return "\n".join(lines) + "\n"


def give(
    client: TestClient, *files: tuple[str, str | bytes], as_at: str = AS_AT.isoformat(), to: str = EXTRACT
) -> tuple[int, str, str]:
    """What becomes of files that are given: the status, the place that is gone to, and the page."""
    sent = [("files", (name, content, "text/csv")) for name, content in files]
    answer = client.post(to, data={"as_at": as_at}, files=sent, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", ""), answer.text
