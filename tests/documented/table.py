"""The one table of every command that a document shows, and how a test tries it.

A command that is not here, or that no document shows any more, fails a test. To add one: its words as they stand in
the document, then the least that runs it. `needs` names the rows whose results it uses; those are run first, at the
same desk.
"""

from collections.abc import Mapping
from typing import Final

from tests.documented.table_of_tools import CHECKING, INSTALLING, TIMING
from tests.documented.ways import Elsewhere, Means, NotRun, PartOf, Reason, Run, Way

ONE: Final = "--processes 1"
_SMALL: Final = (
    "--set demand.family_contacts_per_year=300 --set calendar.warm_up_days=20 --set calendar.horizon_days=50 "
    "--set calendar.follow_up_days=30"
)
_COUNTY: Final = "scenarios/leicestershire-2018-19.toml"
_COMPARE: Final = (
    "frontdoor compare BASE.toml SCENARIO.toml... --replications N --seed S --out DIR --format table|json|csv"
)
_SYNTHESISE: Final = "frontdoor synthesise SCENARIO --format ssd --out DIR"
_CALIBRATE: Final = f"frontdoor calibrate EXTRACT... --staff POSTS.csv --base {_COUNTY} --out OURS.toml"
_BACKCAST: Final = f"frontdoor backcast EXTRACT... --staff POSTS.csv --base {_COUNTY} --fit-to DATE"
_INIT: Final = "frontdoor init --published DIR --authority NAME --year YEAR --out FILE.toml"
_POINTS: Final = "--vary front_door.managers=5:9:1 --vary assessment.social_workers.experienced=20:40:4"
_CLUSTER: Final = Elsewhere(
    "tests/sweep/test_cluster_guide.py::test_what_the_guide_says_to_type_gives_the_same_on_one_machine_and_on_several"
)
_NORTH: Final = {"DIR": "published", "NAME": "Northford"}
_FEW_RUNS: Final = "--runs 450 --processes 2"
_EXTRACT: Final = {"EXTRACT": "MOSAIC"}

COMPARING: Final[Mapping[str, Way]] = {
    "frontdoor compare": Run(
        f"{ONE} {_SMALL}", makes=("results/*/comparison.json.gz",), says="Days from contact", is_quick=True
    ),
    _COMPARE: Run(ONE, {"DIR": "results/RUN"}, makes=("results/RUN/run.json",), says="simulation error", is_quick=True),
    "frontdoor compare --set front_door.managers=+2": Run(ONE, makes=("results/*/run.json",)),
    "frontdoor compare --all": Run(ONE, says="domestic abuse"),
    # One simulated year may miss a target: exit code 1, and no fault.
    "frontdoor compare --targets": Run(ONE, codes=(0, 1), says="published", is_quick=True),
    "frontdoor compare --targets --replications 60": Elsewhere(
        "tests/published/test_shipped.py::test_it_meets_every_target_on_average_over_its_sets"
    ),
    "frontdoor compare --store DIR --replications N": Run(ONE, {"DIR": "kept"}, makes=("kept/readings/*",)),
    "frontdoor compare --replications 6": Run(f"--replications 1 {ONE}"),
    "frontdoor compare --start EXTRACT": Run(ONE, needs=(_SYNTHESISE,), says="open work"),
    "frontdoor compare --start": PartOf("frontdoor compare --start EXTRACT"),
    "frontdoor compare ... --start EXTRACT": PartOf("frontdoor compare --start EXTRACT"),
    f"frontdoor compare {_COUNTY} scenarios/one-more-team-manager.toml --replications 2 --out results/example": Run(
        ONE, makes=("results/example/run.json",)
    ),
    "frontdoor levers": Run(says="front_door.managers", is_quick=True),
    "frontdoor replay results/RUN": Run(ONE, needs=(_COMPARE,), says="identical", is_quick=True),
    "frontdoor replay results/example": Run(ONE, says="identical, all 4 simulated years event for event"),
    "frontdoor run SCENARIO.toml --replication R --out DIR": Run(
        fills={"DIR": "log"}, makes=("log/vidigi.csv", "log/events.xes.gz"), is_quick=True
    ),
    "frontdoor plausible BASE.toml": Run(
        f"--years 4 --count 2 --replications 1 {ONE}",
        {"BASE.toml": _COUNTY},
        codes=(0, 1),
        makes=("results/plausible-*",),
    ),
    "frontdoor plausible BASE.toml --tune --years 600": Run(
        f"--years 4 --replications 1 {ONE}", {"BASE.toml": _COUNTY}, codes=(0, 1)
    ),
    f"frontdoor sweep {_POINTS} --replications 40": _CLUSTER,
    f"frontdoor sweep {_POINTS} --replications 40 --scheduler tcp://10.0.0.1:8786": _CLUSTER,
    "frontdoor sweep BASE.toml --vary PATH=LOW:HIGH:STEP --vary PATH=A,B,C --replications N": Run(
        f"{ONE} --out results/grid",
        {
            "PATH=LOW:HIGH:STEP": "front_door.managers=5:7:2",
            "PATH=A,B,C": "assessment.social_workers.experienced=20,25,30",
        },
        makes=("results/grid/sweep.html", "results/store/runs/*.parquet"),
    ),
    "frontdoor sweep BASE.toml --vary PATH=LOW:HIGH --vary PATH=LOW:HIGH --design sobol --points 64": Run(
        f"{ONE} --points 4 --out results/sobol",
        {"PATH=LOW:HIGH": ("front_door.managers=5:9", "assessment.social_workers.experienced=20:30")},
        makes=("results/sobol/sweep.html",),
    ),
}
CITING: Final[Mapping[str, Way]] = {
    "frontdoor cite results/RUN MEASURE --scenario NAME --group G": Run(
        needs=(_COMPARE,), says="In the model", is_quick=True
    ),
    "frontdoor cite results/RUN days_to_seen_q90 --scenario NAME": Run(needs=(_COMPARE,), says="In the model"),
    "frontdoor cite results/example days_to_seen_q90 --scenario one-more-team-manager": Run(says="In the model"),
    "frontdoor cite": PartOf("frontdoor cite results/RUN days_to_seen_q90 --scenario NAME"),
    "frontdoor sensitivity results/RUN --scenario NAME --vary PATH=A,B,C": Run(
        f"{ONE} --most 1 --screen 1",
        {"PATH=A,B,C": "front_door.managers=5,7"},
        needs=(_COMPARE,),
        makes=("results/RUN/sensitivity-*.json",),
        says="with none moved",
    ),
    "frontdoor sensitivity results/RUN --scenario NAME": PartOf(
        "frontdoor sensitivity results/RUN --scenario NAME --vary PATH=A,B,C"
    ),
    "frontdoor report results/RUN --docx OUT.docx --question TEXT --status assured --by NAME --on DATE "
    "--review-by DATE": Run(
        fills={"NAME": "A. Name", "DATE": ("2026-12-01", "2027-04-01")},
        needs=(_COMPARE,), makes=("OUT.docx",),
    ),
    'frontdoor report results/RUN --docx plan.docx --question "What would six more social workers change?"': Run(
        needs=(_COMPARE,), makes=("plan.docx",)
    ),
    'frontdoor report results/RUN --docx plan.docx --status assured --by "A. Name, role" --on 2026-12-01 '
    "--review-by 2027-04-01": Run(needs=(_COMPARE,), makes=("plan.docx",)),
    "frontdoor report results/RUN --docx OUT.docx --scenario NAME": Run(needs=(_COMPARE,), makes=("OUT.docx",)),
    "frontdoor replay run.json": Run(ONE, {"run.json": "results/RUN/run.json"}, needs=(_COMPARE,), says="identical"),
    "frontdoor report": PartOf(
        'frontdoor report results/RUN --docx plan.docx --question "What would six more social workers change?"'
    ),
}  # fmt: skip
PUBLISHED: Final[Mapping[str, Way]] = {
    "frontdoor published DIR --authority NAME --year YEAR": Run(fills=_NORTH, says="Northford", is_quick=True),
    "frontdoor published DIR --all": Run(fills=_NORTH, says="Northford (101), 2019: usable", is_quick=True),
    _INIT: Run(f"--years 40 {ONE}", _NORTH, makes=("FILE.targets.png", "FILE.draws.csv"), says="Northford"),
    "frontdoor init --published DIR --all --year YEAR --out FOLDER": Run(
        f"--years 40 {ONE}", {"DIR": "published", "FOLDER": "authorities"}, makes=("authorities/index.csv",)
    ),
    "frontdoor init": PartOf(_INIT),
    "frontdoor init --published DIR --authority Leicestershire --year 2019 --also "
    f"scenarios/leicestershire-2018-19.letter.toml --years 900 --out {_COUNTY}": Elsewhere(
        "tests/published/test_shipped.py::test_it_is_made_again_by_the_command_that_the_guide_for_changes_gives"
    ),
    "frontdoor compare FILE.toml --all": Run(ONE, needs=(_INIT,), says="Illustration. Not your records."),
}
OWN_RECORD: Final[Mapping[str, Way]] = {
    "frontdoor observe EXTRACT... --out DIR": Run(
        fills={"DIR": "observed"}, needs=(_SYNTHESISE,), makes=("observed/summary.html",)
    ),
    "frontdoor observe": PartOf("frontdoor observe EXTRACT... --out DIR"),
    "frontdoor observe --template journeys.csv": Run(makes=("journeys.csv",), is_quick=True),
    _SYNTHESISE: Run(fills={"SCENARIO": "RECORD.toml", "DIR": "EXTRACT"}, makes=("EXTRACT/README.txt",)),
    _CALIBRATE: Run(_FEW_RUNS, _EXTRACT, makes=("OURS.toml", "OURS.draws.csv"), says="Fitted by running the record"),
    "frontdoor calibrate EXTRACT --staff POSTS.csv --base BASE.toml --out OURS.toml": Run(
        "--seen", {"OURS.toml": "seen.toml"}, needs=(_SYNTHESISE,), makes=("seen.toml",)
    ),
    "frontdoor calibrate": PartOf(_CALIBRATE),
    # So little of so short a record need not pass its test: exit code 1, and no fault.
    _BACKCAST: Run(_FEW_RUNS, {**_EXTRACT, "DATE": "2018-07-31"}, codes=(0, 1), says="To pass:"),
    "frontdoor backcast EXTRACT --base BASE.toml --staff POSTS.csv --fit-to DATE": PartOf(_BACKCAST),
    "frontdoor backcast": PartOf(_BACKCAST),
}
CARRIED: Final[Mapping[str, Way]] = {
    "frontdoor serve BASE.toml... --port N --folder DIR --no-browser": Run(
        ONE, {"N": "{port}", "DIR": "pages"}, says="Front Door", means=Means.SERVED
    ),
    "frontdoor serve": Run(f"--no-browser --port {{port}} --folder pages {ONE}", says="Front Door", means=Means.SERVED),
    "frontdoor bundle --out FOLDER --platform windows --python 3.12": Run(
        fills={"FOLDER": "carried"}, makes=("carried/start.bat", "carried/contents.csv"), means=Means.WITHOUT_PIP,
        is_quick=True,
    ),
    "frontdoor bundle --out FOLDER --platform windows": PartOf(
        "frontdoor bundle --out FOLDER --platform windows --python 3.12"
    ),
    "start.bat": NotRun(Reason.ON_WINDOWS),
    "start.bat serve --folder DIR": NotRun(Reason.ON_WINDOWS),
    "dask scheduler --host 10.0.0.1 --port 8786 --no-dashboard": _CLUSTER,
    "dask worker tcp://10.0.0.1:8786 --nthreads 1 --nworkers 8 --no-dashboard": _CLUSTER,
}  # fmt: skip

COMMANDS: Final[Mapping[str, Way]] = {
    **COMPARING, **CITING, **PUBLISHED, **OWN_RECORD, **CARRIED, **INSTALLING, **CHECKING, **TIMING
}  # fmt: skip
"""Every command that a document shows."""
