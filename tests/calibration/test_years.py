"""Years are run once, kept whole, and the same on any number of processes."""

from pathlib import Path

import pytest

from sim.calibration import FrontDoor, Year, kept_years
from sim.scenario import ScenarioError, load, shipped
from tests.calibration.fakes import Fake, knobs

BASE = load(shipped("leicestershire-2018-19.toml"))
KEY = ("assessments_count", "all")


def year(place: float, replication: int = 0) -> Year:
    return Year({knob.path: place for knob in knobs()}, 1, replication)


def test_a_year_is_run_once_and_its_figures_come_in_the_order_asked_for(tmp_path: Path) -> None:
    model = Fake()
    with kept_years(model, tmp_path, processes=1) as kept:
        first = kept.figures([year(0.2), year(0.4)])
        again = kept.figures([year(0.4), year(0.2), year(0.2, 1)])

    assert again[:2].tolist() == first[::-1].tolist()
    assert len(model.ran) == 3


def test_every_year_is_told_of_whether_run_or_known(tmp_path: Path) -> None:
    told: list[None] = []
    with kept_years(Fake(), tmp_path, processes=1, told=lambda: told.append(None)) as kept:
        kept.figures([year(0.2), year(0.2), year(0.4)])
        kept.figures([year(0.4)])

    assert len(told) == 4


def test_a_line_cut_short_is_cut_off_and_its_year_run_again(tmp_path: Path) -> None:
    with kept_years(Fake(), tmp_path, processes=1) as kept:
        whole = kept.figures([year(0.2), year(0.4)])
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text(encoding="utf-8")[:-5], encoding="utf-8")
    model = Fake()
    with kept_years(model, tmp_path, processes=1) as kept:
        assert kept.figures([year(0.2), year(0.4)]).tolist() == whole.tolist()

    assert model.ran == [year(0.4)]


def test_a_file_of_other_figures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "years-fake.csv").write_text("key,a\nx,1.0\n", encoding="utf-8")

    with pytest.raises(ScenarioError, match="has not 6 fields"), kept_years(Fake(), tmp_path, processes=1):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ScenarioError, match="cannot be written"), kept_years(Fake(), tmp_path / "file", processes=1):
        pass


def test_processes_change_nothing(tmp_path: Path) -> None:
    asked = [year(place / 10, place % 2) for place in range(5)]
    with (
        kept_years(Fake(), tmp_path / "one", processes=1) as one,
        kept_years(Fake(), tmp_path / "two", processes=2) as two,
    ):
        assert one.figures(asked).tolist() == two.figures(asked).tolist()
        assert list(one.each(abs, [-1, 2])) == list(two.each(abs, [-1, 2]))


def test_years_of_another_baseline_or_other_targets_are_kept_apart() -> None:
    prints = {
        FrontDoor(BASE, (KEY,)).fingerprint,
        FrontDoor(BASE.changed({"need.immediate_share": 0.2}), (KEY,)).fingerprint,
        FrontDoor(BASE, (KEY, ("section_47_count", "all"))).fingerprint,
    }

    assert len(prints) == 3


def test_the_front_door_gives_the_figures_of_its_targets() -> None:
    small = {
        "demand.family_contacts_per_year": 300, "calendar.warm_up_days": 20, "calendar.horizon_days": 50,
        "calendar.follow_up_days": 30,
    }  # fmt: skip
    (figure,) = FrontDoor(BASE.changed(small), (KEY,))(Year({"need.immediate_share": 0.2}, 1, 0))

    assert figure > 0
