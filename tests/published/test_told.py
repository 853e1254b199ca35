from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sim.published import Told, figures_of, find, read_releases, told
from sim.published.places import authorities
from tests.published import dfe

Others = Mapping[tuple[str, int, dfe.Place], Sequence[object]]


def told_of(path: Path, others: Others | None = None, without: Sequence[str] = (), year: int = 2019) -> dict[str, Told]:
    releases = read_releases([dfe.folder(path, others=others, without=without)])
    return told(figures_of(releases, find(authorities(releases), "Northford", year), year))


def test_shares_are_of_the_published_counts_and_not_of_rounded_percentages(tmp_path: Path) -> None:
    found = told_of(tmp_path, {("c1", 2019, dfe.NORTH): dfe.changed("c1", {"no_further_action_count": 81})})

    assert found["no_action_share"].value == pytest.approx(0.081)
    assert found["no_action_share"].size == 1000
    assert found["within_45_days_share"].value == pytest.approx(750 / 900)
    assert found["conference_within_15_days_share"].value == pytest.approx(0.88)
    assert found["domestic_abuse_share"].value == pytest.approx(0.4)
    assert found["absence"].value == pytest.approx(0.032)


def test_sources_fall_into_the_models_groups_and_sum_to_one(tmp_path: Path) -> None:
    found = told_of(tmp_path)

    assert found["from_schools_share"].value == pytest.approx(0.13)
    assert found["from_other_share"].value == pytest.approx(0.13)
    assert sum(one.value for name, one in found.items() if name.startswith("from_")) == pytest.approx(1)


def test_what_two_suppressed_parts_of_one_group_have_between_them_is_known_exactly(tmp_path: Path) -> None:
    codes = {"Housing": "c", "Unknown": "c"}
    found = told_of(tmp_path, {("c5", 2019, dfe.NORTH): dfe.changed("c5", codes)})

    assert found["from_other_share"].value == pytest.approx(0.13)
    assert found["from_other_share"].half_width == 0


def test_what_suppressed_parts_of_two_groups_have_is_shared_as_in_the_region_and_left_open(tmp_path: Path) -> None:
    others = {
        ("c5", 2019, dfe.NORTH): dfe.changed("c5", {"Education_Services": "c", "Unknown": "c"}),
        ("c5", 2019, dfe.MIDSHIRE): dfe.changed("c5", {"Education_Services": 300, "Unknown": 100}),
    }
    schools = told_of(tmp_path, others)["from_schools_share"]

    assert schools.value == pytest.approx((120 + 20 * 0.75) / 1000)
    assert schools.half_width == pytest.approx(20 * 0.75 / 1000)
    assert schools.note == "education services, unknown suppressed: together 20 of 1,000"


def test_a_suppressed_count_of_c1_is_from_one_to_five_and_not_nought(tmp_path: Path) -> None:
    found = told_of(tmp_path, {("c1", 2019, dfe.NORTH): dfe.changed("c1", {"no_further_action_count": "c"})})

    assert (found["no_action_share"].value, found["no_action_share"].half_width) == (0.003, 0.002)


def test_a_percentage_stands_in_for_a_count_that_is_not_given_and_keeps_its_rounding(tmp_path: Path) -> None:
    columns = {"rereferral_count": "x", "rereferral_percent": 22.4}
    found = told_of(tmp_path, {("c1", 2019, dfe.NORTH): dfe.changed("c1", columns)})["rereferrals_share"]

    assert found.value == pytest.approx(0.224)
    assert found.half_width == pytest.approx(0.0005)


def test_a_rate_that_is_low_is_above_nought(tmp_path: Path) -> None:
    found = told_of(tmp_path, {("workforce", 2019, dfe.NORTH): dfe.changed("workforce", {"agency_rate_fte": "low"})})

    assert 0 < found["agency"].value < 0.0005


@pytest.mark.parametrize("code", ["u", "x", "z", ""])
def test_the_region_stands_in_for_the_make_up_of_work_and_says_so(code: str, tmp_path: Path) -> None:
    columns, _, values = dfe.TABLES["c5"]
    theirs = dfe.with_codes(values, {columns.index("Police"): 440, columns.index("Schools"): 20})
    others = {("c5", 2019, dfe.NORTH): [code] * len(values), ("c5", 2019, dfe.MIDSHIRE): theirs}
    found = told_of(tmp_path, others)

    assert found["from_police_share"].value == pytest.approx(0.44)
    assert found["from_police_share"].borrowed == "Midshire"
    assert found["from_police_share"].size is None


def test_nothing_stands_in_for_how_much_work_there_is_or_how_long_it_takes(tmp_path: Path) -> None:
    gone = {(name, 2019, dfe.NORTH): ["u"] * len(dfe.TABLES[name][2]) for name in ("c1", "c2", "c4")}
    found = told_of(tmp_path, gone)

    for name in ("referrals", "no_action_share", "assessments", "assessment_q50", "section_47", "61_days_share"):
        assert name not in found


def neighbours(path: Path, codes: Sequence[str], header: str, code_column: str) -> None:
    names = [header.format(number) for number in range(1, 11)]
    path.write_text("\n".join([",".join([code_column, *names]), ",".join(["101", *codes])]), encoding="utf-8")


@pytest.mark.parametrize(("header", "code_column"), [("SN_{}", "old_la_code"), ("SN{}", "LA number")])
def test_statistical_neighbours_stand_in_before_the_region_where_a_list_of_them_is_given(
    header: str, code_column: str, tmp_path: Path
) -> None:
    near = [dfe.Place("Local authority", "Midshire", str(code), "", f"Neighbour {code}") for code in range(111, 121)]
    rates = {
        ("workforce", 2019, place): dfe.changed("workforce", {"absence_rate_fte": n}) for n, place in enumerate(near)
    }
    others: Others = {**rates, ("workforce", 2019, dfe.NORTH): ["x"] * len(dfe.STAFF)}
    dfe.folder(tmp_path, places=(dfe.NORTH, *near, dfe.MIDSHIRE, dfe.ENGLAND), others=others)
    neighbours(tmp_path / "sn.csv", [place.old_code for place in near], header, code_column)
    releases = read_releases([tmp_path])
    absence = told(figures_of(releases, find(authorities(releases), "101", 2019), 2019))["absence"]

    assert absence.borrowed == "the middle of 10 statistical neighbours"
    assert absence.value == pytest.approx(0.045)
    assert absence.half_width == pytest.approx(0.045)


def test_a_share_of_few_children_has_a_wider_standard_error_and_siblings_widen_it_more(tmp_path: Path) -> None:
    share = told_of(tmp_path)["no_action_share"]

    assert share.standard_error(1.0) == pytest.approx((0.08 * 0.92 / 1000) ** 0.5)
    assert share.standard_error(4.0) == pytest.approx(2 * share.standard_error(1.0))


def test_a_share_of_nought_is_not_known_exactly(tmp_path: Path) -> None:
    found = told_of(tmp_path, {("c1", 2019, dfe.NORTH): dfe.changed("c1", {"no_further_action_count": 0})})

    assert found["no_action_share"].value == 0
    assert found["no_action_share"].standard_error(1.0) > 0
