"""The rest of the table: what is not `frontdoor` itself, but installs, checks, documents or times it."""

from collections.abc import Mapping
from typing import Final

from tests.documented.ways import Elsewhere, Means, NotRun, Reason, Run, Way

_COLLECT: Final = "--collect-only -q -p no:cacheprovider"
_LOCK: Final = (
    "--universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-build --no-emit-index-url "
    '--no-annotate --custom-compile-command "see CONTRIBUTING.md"'
)

INSTALLING: Final[Mapping[str, Way]] = {
    "python -m pip install -e .": NotRun(Reason.FETCHES),
    'python -m pip install -e ".[test]"': NotRun(Reason.FETCHES),
    'python -m pip install -e ".[cluster]"': NotRun(Reason.FETCHES),
    'python -m pip install -e ".[notebooks]"': NotRun(Reason.FETCHES),
    'python -m pip install -e ".[docs]"': NotRun(Reason.FETCHES),
    'pip install -e ".[peers]"': NotRun(Reason.FETCHES),
    "python -m pip install vidigi": NotRun(Reason.FETCHES),
    '.venv/bin/python -m pip install -e ".[test]"': NotRun(Reason.FETCHES),
    "python -m venv .venv": Run("--without-pip", makes=(".venv/pyvenv.cfg",), means=Means.AT_DESK),
    f"uv pip compile pyproject.toml -o requirements/runtime.txt {_LOCK}": NotRun(Reason.FETCHES),
    "uv pip compile pyproject.toml requirements/build.in --extra test -c requirements/runtime.txt "
    f"-o requirements/test.txt {_LOCK}": NotRun(Reason.FETCHES),
    f"uv pip compile requirements/build.in -c requirements/test.txt -o requirements/build.txt {_LOCK}": NotRun(
        Reason.FETCHES
    ),
    "jupyter lab notebooks": NotRun(Reason.STAYS_OPEN),
}
CHECKING: Final[Mapping[str, Way]] = {
    "pytest": Run(f"tests/test_counts.py -n 0 {_COLLECT}", says="test_counts", means=Means.IN_REPOSITORY),
    "pytest -m slow": Run(f"-n 0 {_COLLECT} tests/documented", says="documented", means=Means.IN_REPOSITORY),
    "python -m tests.assumptions_page": Elsewhere(
        "tests/test_docs.py::test_the_page_of_assumptions_is_what_the_shipped_files_say"
    ),
    "pytest --randomly-seed=N": Run(
        "tests/test_counts.py -n 0 --collect-only -p no:cacheprovider",
        {"--randomly-seed=N": "--randomly-seed=1"},
        says="Using --randomly-seed=1",
        means=Means.IN_REPOSITORY,
    ),
    "pytest -n 0 tests/test_policies.py": Run("-q", says="passed", means=Means.IN_REPOSITORY),
    "pytest -n 0 tests/model/test_compiled.py": Run(_COLLECT, says="test_compiled", means=Means.IN_REPOSITORY),
    "pytest -n 0 -m slow tests/model/test_compiled.py": Run(_COLLECT, says="test_compiled", means=Means.IN_REPOSITORY),
    "pytest -m slow tests/bundle": Run(f"{_COLLECT} -n 0", says="test_a_real_folder", means=Means.IN_REPOSITORY),
    "NUMBA_DISABLE_JIT=1 python -m tests.model.interpreted": Run("compare", says="{", means=Means.IN_REPOSITORY),
    "ruff check": Run("--no-cache", means=Means.IN_REPOSITORY),
    "ruff format": Run("--check --no-cache", means=Means.IN_REPOSITORY),
    "mypy": Run("sim/counts.py", says="Success", means=Means.IN_REPOSITORY),
    "bash .ci/run": NotRun(Reason.ALL_TESTS),
    "jupytext --sync notebooks/*.py": Run(says="notebooks/1_first_comparison.ipynb", means=Means.AT_DESK),
    "python -m sphinx -W docs results/site": Elsewhere(
        "tests/test_docs.py::test_the_documents_become_pages_that_fetch_nothing"
    ),
}
TIMING: Final[Mapping[str, Way]] = {
    "python benchmarks/observe.py": Run("2000", says="2,000 rows", means=Means.IN_REPOSITORY),
    "python benchmarks/observe.py [ROWS]": Run(fills={"[ROWS]": "2000"}, says="2,000 rows", means=Means.IN_REPOSITORY),
    "python benchmarks/year.py": Run("--replications 1", says="draw", means=Means.IN_REPOSITORY),
    "python benchmarks/compiling.py": Run("--times 1", says="seconds", means=Means.IN_REPOSITORY),
    "python -m benchmarks.twin": Run("--pairs 1", says="ratio", means=Means.IN_REPOSITORY),
    "python -m benchmarks.national": Run("--every 100 --processes 1", says="core", means=Means.IN_REPOSITORY),
    "python -m benchmarks.growth": NotRun(Reason.FULL_SIZE),
    "python -m benchmarks.pairs": NotRun(Reason.FULL_SIZE),
    "python -m benchmarks.since": NotRun(Reason.FULL_SIZE),
    "python -m benchmarks.recovery --histories 1": Run(
        "--truths 1 --runs 450 --processes 2 --keep {desk}/recovery", says="truth", means=Means.IN_REPOSITORY
    ),
    "python -m benchmarks.recovery --histories 5 --truths 40 --runs 4000 --size county": NotRun(Reason.FULL_SIZE),
    "python -m benchmarks.hold_out": Run(
        "--truths 1 --runs 450 --predicted 10 --processes 2 --keep {desk}/hold-out",
        says="ranges held",
        means=Means.IN_REPOSITORY,
    ),
    "python -m benchmarks.intervention": Run(
        "--histories 1 --truths 1 --runs 450 --sets 4 --years 1 --true-years 4 --processes 2 --table {desk}/recovery "
        "--keep {desk}/intervention",
        says="beyond a day",
        means=Means.IN_REPOSITORY,
    ),
    "python -m benchmarks.race": NotRun(Reason.OTHERS_PACKAGES),
    "python -m benchmarks.against_lifelines": NotRun(Reason.OTHERS_PACKAGES),
    "python -m benchmarks.against_pyabc": NotRun(Reason.OTHERS_PACKAGES),
    "python -m benchmarks.next_year DIR --from 2018 --to 2019": NotRun(Reason.NATIONAL),
    "python -m benchmarks.next_year DIR --from 2018 --to 2019 --apart Leicestershire": NotRun(Reason.NATIONAL),
    "python -m benchmarks.held_out DIR --learn 2018 --check 2019": NotRun(Reason.NATIONAL),
    "python -m benchmarks.borne_out DIR --pairs 2018 2019": NotRun(Reason.NATIONAL),
    "python -m benchmarks.every_authority DIR --year 2019 --made FOLDER": NotRun(Reason.NATIONAL),
}
