"""A folder for a machine without a network: what is put into it, and how it starts."""

import csv
import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from sim.bundle import PLATFORMS, BundleError, bundle, making, this_platform
from sim.bundle.contents import HEADINGS, NOT_SAID, contents, missing
from sim.bundle.lock import locked_for
from sim.bundle.platforms import PYTHONS, Target
from tests.bundle.wheels import StandIn, stand_in_for_pip, wheel
from tests.commands import Command

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
WINDOWS = PLATFORMS["windows"]


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    return stand_in_for_pip(monkeypatch)


def test_a_machine_gets_what_it_needs_with_hashes_and_nothing_that_is_for_others() -> None:
    whole = making.LOCK.read_text(encoding="utf-8")
    windows = locked_for(making.LOCK, WINDOWS.environment("3.12"))
    intel_mac = Target("", (), "darwin", "x86_64", "")

    assert windows.count("==") == whole.count("==")
    assert "numba==" in windows
    assert "numba==" not in locked_for(making.LOCK, intel_mac.environment("3.12"))
    assert ";" not in windows
    assert windows.count("--hash=sha256:") == whole.count("--hash=sha256:")


def test_every_package_is_listed_with_its_licence_or_that_it_says_none(tmp_path: Path) -> None:
    wheel(tmp_path, "told", "License-Expression: BSD-3-Clause", "License: something else")
    wheel(tmp_path, "classified", "Classifier: License :: OSI Approved :: MIT License")
    wheel(tmp_path, "long", f"License: {'all of its text ' * 20}")

    assert [(item.name, item.licence) for item in contents(tmp_path)] == [
        ("classified", "MIT License"), ("long", NOT_SAID), ("told", "BSD-3-Clause"),
    ]  # fmt: skip


def test_what_a_package_needs_on_that_machine_must_be_there(tmp_path: Path) -> None:
    wheel(
        tmp_path,
        "one",
        "Requires-Dist: Two_Too>=1",
        'Requires-Dist: colours; sys_platform == "win32"',
        'Requires-Dist: extras; extra == "more"',
    )
    wheel(tmp_path, "two.too")

    assert missing(tmp_path, PLATFORMS["linux"].environment("3.12")) == set()
    assert missing(tmp_path, WINDOWS.environment("3.12")) == {"colours"}


def test_a_folder_for_windows_holds_what_starts_it_there(tmp_path: Path, pip: StandIn) -> None:
    items = bundle(tmp_path, WINDOWS, "3.12", lambda _: None)
    listed = list(csv.reader((tmp_path / "contents.csv").read_text(encoding="utf-8-sig").splitlines()))
    started = (tmp_path / "start.bat").read_bytes()

    assert [item.name for item in items] == ["other", "sim"]
    assert tuple(listed[0]) == HEADINGS
    assert b"py -3.12 start.py %*\r\n" in started
    assert b'pushd "%~dp0"\r\n' in started, "a folder on a server's share has no drive to change to"
    assert started.count(b"\n") == started.count(b"\r\n")
    assert {"--require-hashes", "--only-binary", "win_amd64", "3.12"} <= set(pip[0])
    assert "3.12" in (tmp_path / "README.txt").read_text(encoding="utf-8")


def test_nothing_is_fetched_without_a_hash_not_even_what_packs(tmp_path: Path, pip: StandIn) -> None:
    bundle(tmp_path, WINDOWS, "3.12", lambda _: None)
    fetched, packed = [asked for asked in pip if asked[0] != "wheel"], [asked for asked in pip if asked[0] == "wheel"]
    tools = fetched[-1][fetched[-1].index("--target") + 1]

    assert [asked[0] for asked in fetched] == ["download", "install"]
    assert all("--require-hashes" in asked for asked in fetched)
    assert fetched[-1][-1] == str(making.TOOLS)
    assert [{"--no-build-isolation", "--no-index", f"with {tools}"} <= set(asked) for asked in packed] == [True]


def test_a_folder_that_lacks_something_is_not_made(
    tmp_path: Path, pip: StandIn, monkeypatch: pytest.MonkeyPatch, frontdoor: Command
) -> None:
    monkeypatch.setattr(making, "missing", lambda *_: {"colours"})
    code, _, said = frontdoor("bundle", "--out", tmp_path / "made", "--platform", "windows", "--python", "3.12")

    assert code == 2
    assert said.endswith("could not be made: the lock lacks what others need there: colours\n")
    assert list(tmp_path.iterdir()) == []
    assert pip


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [(["--python", "3.10"], f"must be one of {', '.join(PYTHONS)}"), (["--platform", "amiga"], "invalid choice")],
)
def test_a_machine_that_nothing_is_locked_for_is_refused(
    tmp_path: Path, frontdoor: Command, arguments: list[str], rule: str
) -> None:
    code, _, said = frontdoor("bundle", "--out", tmp_path / "made", *arguments)

    assert code == 2
    assert rule in said


def test_pip_that_fails_is_one_sentence_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "Looking\nERROR: No matching distribution found for six\nHint\n")
    monkeypatch.setattr("sim.bundle.making.subprocess.run", lambda *_, **__: failed)

    with pytest.raises(BundleError, match=r"^pip download: No matching distribution found for six$"):
        making._pip("download")


def started(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(folder / "start.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own)


@pytest.fixture
def made(tmp_path: Path, pip: StandIn) -> Path:
    """A folder for this very machine."""
    assert not pip
    here = Target("this machine", (), sys.platform, platform.machine(), "start.sh")
    bundle(tmp_path, here, HERE, lambda _: None)
    return tmp_path


def test_a_file_that_is_missing_or_another_is_named_and_nothing_is_installed(made: Path) -> None:
    (made / "wheels" / "other-1.0-py3-none-any.whl").write_bytes(b"another")
    another = started(made)
    (made / "wheels" / "other-1.0-py3-none-any.whl").unlink()
    gone = started(made)

    assert (another.returncode, gone.returncode) == (2, 2)
    assert "wheels/other-1.0-py3-none-any.whl is not the file that was put there" in another.stderr
    assert "wheels/other-1.0-py3-none-any.whl is missing" in gone.stderr
    assert not (made / "installed").exists()


def test_another_python_or_machine_is_told_so(made: Path) -> None:
    path = made / "bundle.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "python": "3.99"}), encoding="utf-8")
    python = started(made)
    path.write_text(json.dumps({**told, "system": "amiga", "words": "an Amiga"}), encoding="utf-8")
    machine = started(made)

    assert f"this folder needs Python 3.99, and this is Python {HERE}" in python.stderr
    assert "this folder was made for an Amiga" in machine.stderr


@pytest.mark.slow
def test_it_installs_itself_once_and_anew_where_it_was_moved_or_left_half_done(made: Path) -> None:
    first, second = started(made), started(made)
    (made / "installed" / "whole.txt").unlink()
    third = started(made)
    elsewhere = made.rename(made.with_name("moved"))
    moved = started(elsewhere)

    assert [one.stdout.strip() for one in (first, second, third, moved)] == ["started"] * 4
    assert ["once" in one.stderr for one in (first, second, third, moved)] == [True, False, True, True]


@pytest.mark.slow
def test_a_real_folder_starts_here_without_an_index(tmp_path: Path, frontdoor: Command) -> None:
    name = this_platform()
    if name is None:
        pytest.skip("no folder is made for this kind of machine")
    code, said, _ = frontdoor("bundle", "--out", tmp_path / "made")
    version = started(tmp_path / "made", "--version")

    assert code == 0, said
    assert version.stdout.startswith("frontdoor "), version.stderr
