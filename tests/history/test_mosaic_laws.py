"""What holds of any Mosaic export with something to use in it, however odd the rest."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.history.mosaic_tables import Status
from tests.history.mosaic_export import NUMBERS, a_step, an_export, seen_in

IDS = st.sampled_from("123456")
CHILDREN = st.sampled_from("ABC")
DATES = st.one_of(
    st.builds("2024-01-{:02} {:02}:30".format, st.integers(1, 31), st.integers(0, 23)),
    st.builds("{:02}/02/2024".format, st.integers(1, 29)),
    st.sampled_from(["", "01/01/1900", "soon", "2024-02-30"]),
)
GROUPS = st.sampled_from(["G1", "G2", "G3"])
STEP = st.builds(
    a_step,
    IDS,
    st.sampled_from(["contact", *NUMBERS, "777"]),
    subgroup=GROUPS,
    status=st.sampled_from([status.name for status in Status]),
)
STAMPS = st.fixed_dictionaries({"INCOMING_ON": DATES, "STARTED_ON": DATES, "COMPLETED_ON": DATES})


def stamped(step: Mapping[str, str], stamps: Mapping[str, str]) -> dict[str, str]:
    return {**step, **stamps}


@settings(max_examples=40)
@given(
    steps=st.lists(st.builds(stamped, STEP, STAMPS), min_size=1, max_size=10),
    links=st.lists(st.tuples(IDS, IDS), max_size=8),
    subjects=st.lists(st.tuples(GROUPS, CHILDREN), max_size=5),
    visits=st.lists(st.fixed_dictionaries({"PERSON_ID": CHILDREN, "ACTUAL_DATE": DATES}), min_size=1, max_size=3),
    workers=st.lists(
        st.fixed_dictionaries({"PERSON_ID": CHILDREN, "WORKER_ID": IDS, "START_DATE": DATES, "END_DATE": DATES}),
        min_size=1,
        max_size=4,
    ),
    referrals=st.lists(
        st.fixed_dictionaries(
            {"PERSON_ID": CHILDREN, "REFERRAL_DATE": DATES, "NFA_DATE": DATES, "CLOSURE_DATE": DATES}
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_any_export_becomes_a_lawful_log_and_its_totals_add_up(
    steps: list[dict[str, str]],
    links: list[tuple[str, str]],
    subjects: list[tuple[str, str]],
    visits: list[dict[str, str]],
    workers: list[dict[str, str]],
    referrals: list[dict[str, str]],
) -> None:
    with TemporaryDirectory() as folder:
        people = {"dm_visits": visits, "dm_allocated_workers": workers, "dm_cin_referrals": referrals}
        good = a_step("9", "contact", "08 09:00", "08 10:00", "08 12:00", subgroup="good")
        subjects = [("G1", "A"), ("G2", "B"), ("good", "Z"), *subjects]
        found = seen_in(an_export(Path(folder) / "x", [*steps, good], links, subjects, people))

    assert found.used >= 1
    assert found.used + found.set_aside == len(found.history.journeys)
