"""The shipped scenarios: every number has its source, every difference its reason, each published figure its table."""

import csv
import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from sim.distributions import Discrete, Fixed, Gamma, Lognormal, Uniform, Weibull, ZeroInflated
from sim.scenario import Evidence, Grade, Scenario, Source, assumed_effects, evidence, levers, load, read
from sim.scenario.scenario import is_relative

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "scenarios"
BASELINE = FOLDER / "leicestershire-2018-19.toml"
NOT_SCENARIOS = {"default", BASELINE.stem}
SCENARIOS = sorted(p for p in FOLDER.glob("*.toml") if "." not in p.stem and p.stem not in NOT_SCENARIOS)
DFE_DATA = Path(os.environ.get("FRONTDOOR_DFE_DATA", ROOT.parent / "shared" / "data")) / "dfe_published.csv"
COUNTY, YEAR = "Leicestershire", 2019
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ADDED_POSTS = {"assessment.social_workers.experienced": 6, "front_door.managers": 2}
FEWEST_HELD_OUT = 3
LEAST_TOLERANCES = {"share": 0.03, "quartile": 3.0, "count": 0.05, "open_work": 0.10, "pattern": 0.0}

every_scenario = pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def targets() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = toml(f"{BASELINE.stem}.targets.toml")["target"]
    return found


def scenario_evidence() -> list[tuple[str, str, dict[str, Any]]]:
    """Scenario, path and entry, one for each pair an entry of the shared sources file names."""
    entries = toml("scenarios.sources.toml")["source"]
    return [(name, path, entry) for entry in entries for name in entry["scenarios"] for path in entry["paths"]]


def values(scenario: Scenario) -> dict[str, object]:
    """Every lever of a scenario by its dotted path; a law is one value."""
    return {path: scenario.value(path) for path, _ in levers()}


def number(path: str, value: object) -> float | None:
    """The number an evidence range bounds, or None for a switch, a word or a date."""
    if isinstance(value, bool) or not isinstance(value, int | float | tuple | BaseModel):
        return None
    if isinstance(value, tuple):
        return of_many(path, [float(v) for v in value])
    return of_law(value) if isinstance(value, BaseModel) else float(value)


def of_many(path: str, numbers: list[float]) -> float:
    match path:
        case "demand.weekday_index":
            return sum(numbers[5:]) / sum(numbers)
        case "demand.hour_index":
            return 1 - (numbers[8] / 2 + sum(numbers[9:17])) / sum(numbers)
        case _:
            return numbers[0]


def of_law(law: BaseModel) -> float:
    match law:
        case ZeroInflated():
            return of_law(law.rest)
        case Lognormal() | Weibull():
            return law.median
        case Fixed() | Gamma() | Discrete() | Uniform():
            return law.mean
        case _:
            raise AssertionError(f"{law} has no main number here")


def problems_of_range(path: str, value: object, grade: Grade, low: float | None, high: float | None) -> Iterable[str]:
    shown = number(path, value)
    if shown is None or grade is Grade.OFFICIAL:
        return
    if low is None or high is None:
        yield f"{path} is of grade {grade}: it needs low and high"
    elif not low - 1e-12 <= shown <= high + 1e-12:
        yield f"{path} is {shown:g}, outside its own range {low:g} to {high:g}"


def all_problems(baseline: Scenario, found: Iterable[Evidence]) -> list[str]:
    entries = list(found)
    known, count = values(baseline), Counter(e.path for e in entries)
    problems = [f"{path} has no source" for path in known if path not in count]
    problems += [f"{path} has {n} sources" for path, n in count.items() if n > 1]
    problems += [f"{path} is no lever" for path in count if path not in known]
    for e in entries:
        if e.path in known:
            problems += problems_of_range(e.path, known[e.path], e.grade, e.low, e.high)
    return problems


def test_every_number_of_the_baseline_has_one_source_and_lies_in_its_range() -> None:
    assert all_problems(load(BASELINE), evidence(BASELINE)) == []


def test_a_number_without_a_source_or_outside_its_range_is_found() -> None:
    found = [e for e in evidence(BASELINE) if e.path != "returns.delay_days"]
    baseline = load(BASELINE).changed({"workforce.leave_days": 3.0})

    problems = all_problems(baseline, [*found, Evidence("no.lever", Grade.ASSUMPTION, "nowhere", 0.0, 1.0)])

    assert problems == [
        "returns.delay_days has no source",
        "no.lever is no lever",
        "workforce.leave_days is 3, outside its own range 25 to 33",
    ]


def test_a_baseline_names_every_number_in_words_too() -> None:
    assert [e.path for e in evidence(BASELINE) if len(e.source) < len("Not published.")] == []


@every_scenario
def test_a_scenario_differs_from_the_baseline_where_its_file_says_and_nowhere_else(path: Path) -> None:
    file = read(path)
    before, after = values(load(BASELINE)), values(file.scenario)

    assert file.baseline == BASELINE
    assert {p for p in before if before[p] != after[p]} == set(file.differences)


@every_scenario
def test_every_difference_of_a_scenario_has_one_source_and_lies_in_its_range(path: Path) -> None:
    differences = read(path).differences
    # What is added to the baseline's number is sourced as what it adds.
    added = {p: int(str(d)) for p, d in differences.items() if is_relative(d)}
    after = {**values(load(path)), **added}
    entries = [(p, entry) for name, p, entry in scenario_evidence() if name == path.stem]

    assert sorted(p for p, _ in entries) == sorted(differences)
    assert [
        problem
        for p, entry in entries
        for problem in problems_of_range(p, after[p], Grade(entry["grade"]), entry.get("low"), entry.get("high"))
    ] == []


@every_scenario
def test_a_scenario_is_named_after_its_file_and_says_what_it_stands_for(path: Path) -> None:
    scenario = load(path)

    assert (scenario.name, bool(scenario.summary.strip())) == (path.stem, True)


EFFECT_IN_WORDS = {
    ("da-team-existing-posts", "domestic_abuse_team.information_wait_multiplier"): ("in seven tenths of the time", 0.7),
    ("da-team-new-posts", "domestic_abuse_team.information_wait_multiplier"): ("in seven tenths of the time", 0.7),
    ("da-team-early-help", "domestic_abuse_team.information_wait_multiplier"): ("police's quicker answers", 0.7),
    ("da-team-early-help", "domestic_abuse_team.early_help_wait_multiplier"): ("three fifths as long for one", 0.6),
    ("further-work-limit", "further_work.wrong_if_cut_share"): ("One such decision in ten is assumed", 0.1),
    ("referral-quality", "demand.below_threshold_multiplier"): ("a third of the contacts", 0.67),
    ("referral-quality", "demand.information_unclear_multiplier"): ("three tenths rarer", 0.7),
    ("referral-quality", "demand.consent_missing_multiplier"): ("two fifths fewer contacts", 0.6),
    ("review-points", "assessment.review_done_share"): ("nine reviews in ten", 0.9),
    ("strategy-actions-dated", "strategy.dating_minutes"): ("eight more minutes", 8),
    ("strategy-actions-dated", "strategy.actions_timed_share"): ("Nine in ten actions", 0.9),
    ("history-time", "front_door.history_return_multiplier"): ("an eighth fewer returns", 0.875),
    ("supervision-long-assessments", "assessment.unstick_share"): ("Three in ten of these", 0.3),
    ("vacancy-shock", "workforce.sudden_leavers"): ("Five experienced social workers", 5),
    ("vacancy-shock", "workforce.vacancy_days"): ("empty for eight months", 242.5),
    ("slow-partners", "further_work.reply_multiplier"): ("nearly three times as long", 2.75),
    ("slow-partners-more-staff", "further_work.reply_multiplier"): ("nearly three times as long", 2.75),
}


def test_a_scenario_states_the_middle_of_what_it_assumes_in_its_number_and_in_its_summary() -> None:
    effects = {(name, e.path): (e.low + e.high) / 2 for e in assumed_effects(BASELINE) for name in e.scenarios}

    assert set(effects) == set(EFFECT_IN_WORDS)
    for (name, path), middle in effects.items():
        words, value = EFFECT_IN_WORDS[name, path]
        scenario = load(FOLDER / f"{name}.toml")
        stated = scenario.value(path)
        assert stated == value, (name, path)
        assert abs(value - middle) <= (0.5 if isinstance(stated, int) else 1e-9), (name, path)
        assert words in scenario.summary, (name, path)


def test_the_domestic_abuse_team_is_said_to_take_what_the_police_send() -> None:
    for name in ("da-team-existing-posts", "da-team-new-posts"):
        assert "contacts about domestic abuse that the police send" in load(FOLDER / f"{name}.toml").summary


def test_no_source_is_given_for_a_scenario_that_does_not_ship() -> None:
    assert {name for name, _, _ in scenario_evidence()} == {p.stem for p in SCENARIOS}


def test_the_default_comparison_names_six_scenarios_and_the_rest_once_each() -> None:
    default = toml("default.toml")

    assert default["baseline"] == BASELINE.name
    assert len(default["compare"]) == 6
    assert sorted([*default["compare"], *default["more"]]) == [p.name for p in SCENARIOS]


def test_every_scenario_has_its_own_title() -> None:
    titles = [load(path).title for path in [BASELINE, *SCENARIOS]]

    assert len(set(titles)) == len(titles)


def added_posts(before: Scenario, after: Scenario) -> dict[str, int]:
    """Posts a scenario adds, by the lever that counts them; those of a new team count where its staff come from."""
    counts = Counter[str]()
    for path in ADDED_POSTS:
        counts[path] = int(str(after.value(path))) - int(str(before.value(path)))
    team = after.domestic_abuse_team
    if team.on and team.posts == "new":
        counts["assessment.social_workers.experienced"] += team.social_workers
        counts["front_door.managers"] += team.managers
    return dict(counts)


@pytest.mark.parametrize(
    "name", ["more-social-workers", "da-team-new-posts", "da-team-early-help", "slow-partners-more-staff"]
)
def test_options_compared_on_staffing_add_the_same_posts_from_the_same_date(name: str) -> None:
    baseline, scenario = load(BASELINE), load(FOLDER / f"{name}.toml")

    assert added_posts(baseline, scenario) == ADDED_POSTS
    assert scenario.levers_start_day == baseline.levers_start_day
    assert scenario.workforce == baseline.workforce


def test_the_team_from_existing_posts_adds_nobody_and_is_as_large_as_that_from_new_ones() -> None:
    existing, new = (load(FOLDER / f"da-team-{posts}-posts.toml") for posts in ("existing", "new"))

    assert set(added_posts(load(BASELINE), existing).values()) == {0}
    assert existing.domestic_abuse_team.model_dump(exclude={"posts"}) == new.domestic_abuse_team.model_dump(
        exclude={"posts"}
    )


def test_slow_partners_with_more_staff_is_the_two_scenarios_together() -> None:
    both, slow, staff = (
        read(FOLDER / f"{name}.toml").differences
        for name in ("slow-partners-more-staff", "slow-partners", "more-social-workers")
    )

    assert dict(both) == {**slow, **staff}


def target_problems(entry: Mapping[str, Any]) -> Iterable[str]:
    kind, whole_authority = entry["kind"], {"count", "open_work"}
    needed = {"measure", "label", "unit", "kind", "role", "source", "grade"}
    needed |= {"low", "high"} if kind == "pattern" else {"published", "tolerance"}
    if kind in whole_authority:
        needed |= {"front_door_share", "front_door_share_low", "front_door_share_high"}
    if wrong := (set(entry) - {"group"}) ^ needed:
        yield f"{entry['measure']}: fields {sorted(wrong)} are missing or too many"
    if kind not in LEAST_TOLERANCES or entry.get("tolerance", 0.0) < LEAST_TOLERANCES[kind]:
        yield f"{entry['measure']}: the tolerance of kind {kind} was fixed otherwise"
    if entry["role"] not in {"fitted", "held_out"}:
        yield f"{entry['measure']}: role {entry['role']}"
    if kind in whole_authority and not (
        entry["front_door_share_low"] <= entry["front_door_share"] <= entry["front_door_share_high"] <= 1
    ):
        yield f"{entry['measure']}: the front door's share must lie in its range, at most 1"


def test_the_targets_are_well_formed() -> None:
    assert [problem for entry in targets() for problem in target_problems(entry)] == []
    assert len({(entry["measure"], entry.get("group")) for entry in targets()}) == len(targets())


def test_at_least_three_published_figures_are_held_out() -> None:
    assert sum(e["role"] == "held_out" and e["grade"] == Grade.OFFICIAL for e in targets()) >= FEWEST_HELD_OUT


def implied_referrals(scenario: Scenario) -> dict[Source, float]:
    """Referrals per contact by source, from the shares alone: the arithmetic at the head of the sources file."""
    demand, need, further = scenario.demand, scenario.need, scenario.further_work
    ours = (1 - demand.open_case_share) * (1 - demand.other_authority_share)
    found = {}
    for source in Source:
        profile = demand.profile(source)
        above, refused = 1 - profile.below_threshold_share, profile.consent_missing_share
        refused *= further.consent_refused_share * (1 - further.consent_dispensed_share)
        in_need = above * (1 - need.early_help_share)
        early = above * need.early_help_share
        needless = profile.below_threshold_share * need.referred_below_threshold_share
        needless += early * need.early_help_referred_share
        asked = needless + in_need * (1 - need.section_47_share)
        found[source] = profile.contact_share * ours * (asked * (1 - refused) + in_need * need.section_47_share)
    return found


def test_the_demand_implies_the_published_referrals_and_their_sources() -> None:
    scenario = load(BASELINE)
    per_contact = implied_referrals(scenario)
    total = sum(per_contact.values())
    published = {e["measure"]: e for e in targets()}
    children = scenario.demand.family_contacts_per_year * scenario.demand.children_per_family.mean

    assert children * total == pytest.approx(published["referrals_count"]["published"], rel=0.01)
    for source, referrals in per_contact.items():
        share = published[f"referrals_from_{source.value}_share"]["published"]
        assert referrals / total == pytest.approx(share, abs=0.005), source


@pytest.fixture(scope="session")
def dfe() -> dict[str, float]:
    if not DFE_DATA.exists():
        pytest.skip(f"the published figures are not here: {DFE_DATA} (FRONTDOOR_DFE_DATA names their folder)")
    with DFE_DATA.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["geo"] == COUNTY and row["value"]]
    return {f"{row['measure']} {row['year']}": float(row["value"]) for row in rows}


def published_figures(dfe: Mapping[str, float]) -> dict[str, float]:
    """What the targets must say, from the published counts."""
    now = {key.removesuffix(f" {YEAR}"): value for key, value in dfe.items() if key.endswith(f" {YEAR}")}
    bands = ("Same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days", "46-50_days")
    counts = [now[band] for band in (*bands, "51-60_days", "61+_days")]
    names = ("same_day", "1_10", "11_20", "21_30", "31_40", "41_45", "46_50", "51_60", "61_plus")
    referrals, other = now["referral_count"], ("Housing", "Other_legal_agency", "Other", "Anonymous")
    sources = {
        "police": now["Police"], "health": now["Health_Services"], "la_services": now["LA_Services"],
        "individuals": now["Individual"], "other": sum(now[name] for name in other),
    }  # fmt: skip
    sources["schools"] = referrals - sum(sources.values())
    return {
        "referrals_count": referrals,
        "referrals_no_action_share": now["no_further_action_count"] / referrals,
        "rereferrals_share": now["rereferral_count"] / referrals,
        **{f"referrals_from_{name}_share": count / referrals for name, count in sources.items()},
        "assessments_count": now["Assessments_completed"],
        "assessments_within_45_working_days_share": sum(counts[:6]) / sum(counts),
        "assessment_working_days_q25": now["25th_Percentile_days"],
        "assessment_working_days_q50": now["Median_days"],
        "assessment_working_days_q75": now["75th_Percentile_days"],
        **{f"assessment_band_{name}_share": n / sum(counts) for name, n in zip(names, counts, strict=True)},
        "assessed_not_in_need_share": now["not_in_need_count"] / referrals,
        "domestic_abuse_assessed_share": now["Domestic_Abuse_parent"] / now["Episodes_with_assessment_factor"],
        "section_47_count": now["Section47"],
        "conferences_count": now["ICPC"],
        "conferences_within_15_working_days_share": (now["Duration_0-10_days"] + now["Duration_11-15_days"])
        / now["ICPC"],
        "conference_working_days_q25": now["Duration_25th_Percentile"],
        "conference_working_days_q50": now["Duration_median"],
        "conference_working_days_q75": now["Duration_75th_Percentile"],
    }


def test_every_published_target_is_the_figure_the_dfe_published_but_for_fifty_suppressed_referrals(
    dfe: Mapping[str, float],
) -> None:
    stated = {e["measure"]: e["published"] for e in targets() if e["grade"] == Grade.OFFICIAL}
    expected = {name: round(value, 3) for name, value in published_figures(dfe).items()}
    shared = {f"referrals_from_{source}_share": 50 / expected["referrals_count"] for source in ("schools", "other")}

    assert stated.keys() == expected.keys()
    for name, value in expected.items():
        assert stated[name] == pytest.approx(value, abs=shared.get(name, 1e-9)), name


def test_the_month_index_is_the_published_referrals_a_day(dfe: Mapping[str, float]) -> None:
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    referrals = [dfe[f"{month} {YEAR}"] for month in MONTHS]
    year = dfe[f"referral_count {YEAR}"] / 365

    expected = [count / length / year for count, length in zip(referrals, days, strict=True)]

    assert load(BASELINE).demand.month_index == pytest.approx(expected, abs=0.0006)


def test_official_workforce_figures_and_ratios_are_those_published(dfe: Mapping[str, float]) -> None:
    baseline = load(BASELINE)
    staff = baseline.assessment.social_workers
    people = staff.experienced + staff.newly_qualified + staff.agency

    assert baseline.workforce.absence_share * 100 == pytest.approx(dfe[f"absence_rate_fte {YEAR}"])
    assert baseline.workforce.turnover_per_year * 100 == pytest.approx(dfe[f"turnover_rate_fte {YEAR}"])
    assert staff.agency == round(people * dfe[f"agency_rate_fte {YEAR}"] / 100)
    assert baseline.strategy.conference_share == pytest.approx(
        dfe[f"ICPC {YEAR}"] / dfe[f"Section47 {YEAR}"], abs=0.0005
    )
    assert load(FOLDER / "turnover-8.toml").workforce.turnover_per_year * 100 == pytest.approx(
        dfe["turnover_rate_fte 2025"]
    )
    assert load(FOLDER / "turnover-19.toml").workforce.turnover_per_year * 100 == pytest.approx(
        dfe["turnover_rate_fte 2017"]
    )
