"""The documented commands, run as they stand on small counties, each where the ones before it left their files."""

import pytest

from sim.cli.arguments import REPLICATIONS_SETTING
from tests.bundle.wheels import StandIn, stand_in_for_pip
from tests.commands import Command
from tests.documented.desk import Desk
from tests.documented.table import COMMANDS
from tests.documented.ways import Means, Run

RUN = {command: row for command, row in COMMANDS.items() if isinstance(row, Run)}
QUICK = [command for command, row in RUN.items() if row.is_quick]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    return stand_in_for_pip(monkeypatch)


def works(command: str, desk: Desk, frontdoor: Command, patch: pytest.MonkeyPatch) -> None:
    """It ends as it should, says what it should, and leaves what it should."""
    patch.setenv(REPLICATIONS_SETTING, "1")
    row = RUN[command]
    code, said = desk.run(command, frontdoor, patch)

    assert code in row.codes, said
    assert row.says in " ".join(said.split())
    assert [made for made in row.makes if not list(desk.folder.glob(made))] == []


@pytest.mark.usefixtures("pip")
@pytest.mark.parametrize("command", QUICK, ids=str)
def test_a_documented_command_works(
    command: str, desk: Desk, frontdoor: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    works(command, desk, frontdoor, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in RUN if command not in QUICK], ids=str)
def test_any_other_documented_command_works(
    command: str, desk: Desk, frontdoor: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert RUN[command].means is not Means.WITHOUT_PIP
    works(command, desk, frontdoor, monkeypatch)


def test_what_a_command_should_say_and_leave_is_looked_for(
    desk: Desk, frontdoor: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RUN, "frontdoor levers", Run(says="no such lever"))
    with pytest.raises(AssertionError, match="no such lever"):
        works("frontdoor levers", desk, frontdoor, monkeypatch)
    monkeypatch.setitem(RUN, "frontdoor levers", Run(makes=("nothing",)))
    with pytest.raises(AssertionError, match="nothing"):
        works("frontdoor levers", desk, frontdoor, monkeypatch)
