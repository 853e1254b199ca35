"""What every test shares: no window opens, a slow machine is not a failure, and the model is held to SimPy's log."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    # Before anything imports numpy: tests that run beside one another, each with a thread a core, wait for one another.
    for _library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
from hypothesis import HealthCheck, settings

from sim.model import ENGINE_SETTING
from tests.commands import Command

OF_RECORD = ("model", "world", "verification")
"""What is tested here is the model of record; elsewhere the engine is the one a user gets."""

# Set before anything imports matplotlib.
os.environ["MPLBACKEND"] = "Agg"

# At a desk each run looks for new counter-examples and keeps what it finds; in CI the same ones are tried every time.
settings.register_profile(
    "front_door",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("front_door")


@pytest.fixture(autouse=True, scope="module")
def the_model_of_record(request: pytest.FixtureRequest) -> Iterator[None]:
    """In the folders that test it, SimPy runs whatever does not name its engine."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.relative_to(Path(__file__).parent).parts[0] in OF_RECORD:
            patch.setenv(ENGINE_SETTING, "simpy")
        yield


@pytest.fixture
def frontdoor(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command; gives exit code, output and error output."""

    from sim import cli  # noqa: PLC0415  (once a test asks for it: most do not)

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = int(str(stopped.code))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run
