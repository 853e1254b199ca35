"""Changes to a scenario: added to what stands there, and refused where nobody would be left to do the work."""

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load, read, setting, staffing_gaps, wide_spans

FOLDER = Path(__file__).parents[1] / "scenarios"
BASELINE = FOLDER / "leicestershire-2018-19.toml"


def test_a_sign_adds_to_what_stands_there() -> None:
    baseline = load(BASELINE)
    more, less = baseline.changed({"front_door.managers": "+2"}), baseline.changed({"demand.multiplier": "-0.25"})

    assert more.front_door.managers == baseline.front_door.managers + 2
    assert less.demand.multiplier == baseline.demand.multiplier - 0.25
    assert setting("front_door.managers=+2") == ("front_door.managers", "+2")
    assert setting("front_door.managers=2") == ("front_door.managers", 2)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("front_door.managers", "+0.5"),
        ("front_door.managers", "-90"),
        ("front_door.order", "+1"),
        ("calendar.first_day", "+2"),
    ],
)
def test_what_cannot_be_added_is_refused(path: str, change: str) -> None:
    with pytest.raises(ScenarioError, match=path):
        load(BASELINE).changed({path: change})


def test_a_file_does_not_add_to_what_the_file_it_extends_adds(tmp_path: Path) -> None:
    file = tmp_path / "twice.toml"
    below = FOLDER / "one-more-team-manager.toml"
    file.write_text(f"extends = '{below.as_posix()}'\n[front_door]\nmanagers = '+1'\n", encoding="utf-8")

    with pytest.raises(ScenarioError, match="changes it too"):
        read(file)


NO_STAFF: list[dict[str, object]] = [
    {"front_door.managers": 0},
    {"front_door.workers": 0},
    {"assessment.managers": 0},
    {"out_of_hours.staff": 0},
    {"assessment.social_workers.experienced": 0, "assessment.social_workers.agency": 0},
    {"assessment.family_support_workers": 0},
    {
        "assessment.social_workers.agency": 0,
        "assessment.social_workers.experienced": 6,
        "domestic_abuse_team.on": True,
        "domestic_abuse_team.managers": 1,
        "domestic_abuse_team.social_workers": 6,
    },
    {
        "front_door.managers": 2,
        "domestic_abuse_team.on": True,
        "domestic_abuse_team.managers": 2,
        "domestic_abuse_team.social_workers": 1,
    },
]


@pytest.mark.parametrize("changes", NO_STAFF)
def test_a_service_without_anybody_for_some_of_its_work_is_named(changes: dict[str, object]) -> None:
    short = load(BASELINE).changed(changes)

    assert [gap.split(":")[0] in {*changes, "assessment.social_workers"} for gap in staffing_gaps(short)] == [True]
    assert [gap.split(":")[0] for gap in staffing_gaps(short.changed({"demand.multiplier": 0.0}))] == ["demand"]
    assert list(staffing_gaps(load(BASELINE))) == []


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        (
            {"assessment.social_workers.experienced": "+7"},
            "assessment.managers: 49 social worker posts to 6 team managers is 8.2 each",
        ),
        (
            {"front_door.managers": 1, "front_door.workers": 8, "front_door.senior_practitioners": 1},
            "front_door.managers: 9 front door posts to 1 team manager is 9.0 each",
        ),
        (
            {
                "domestic_abuse_team.on": True,
                "domestic_abuse_team.managers": 1,
                "domestic_abuse_team.social_workers": 9,
            },
            "domestic_abuse_team.managers: 9 social worker posts to 1 team manager is 9.0 each",
        ),
    ],
)
def test_more_people_than_a_manager_usually_leads_are_warned_of(changes: dict[str, object], warning: str) -> None:
    rule = "more than 8 (an assumption: practice is usually 6 to 8)"

    assert list(wide_spans(load(BASELINE).changed(changes))) == [f"{warning}, {rule}"]


def test_posts_taken_for_the_domestic_abuse_team_are_led_there() -> None:
    team = {"domestic_abuse_team.on": True, "domestic_abuse_team.managers": 1, "domestic_abuse_team.social_workers": 6}
    more = load(BASELINE).changed({**team, "assessment.social_workers.experienced": "+12"})
    taken, new = (more.changed({"domestic_abuse_team.posts": posts}) for posts in ("existing", "new"))

    assert list(wide_spans(taken)) == []
    assert [span.split(":")[0] for span in wide_spans(new)] == ["assessment.managers"]


def test_no_shipped_scenario_is_warned_of() -> None:
    files = [path for path in sorted(FOLDER.glob("*.toml")) if len(path.suffixes) == 1 and path.stem != "default"]

    assert len(files) > 20
    assert {path.stem: list(wide_spans(read(path).scenario)) for path in files} == {path.stem: [] for path in files}
