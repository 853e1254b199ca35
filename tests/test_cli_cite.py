"""`frontdoor cite`: a number of a result with what it may be quoted with, or one sentence that says why not."""

from pathlib import Path

import pytest

from sim.report import result_file
from tests.commands import Command
from tests.report.results import a_result

NINE_IN_TEN = "days_to_seen_q90"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_result(tmp_path_factory.mktemp("run"))


def test_a_number_is_printed_as_a_sentence_and_a_reference(frontdoor: Command, result: Path) -> None:
    code, out, error = frontdoor("cite", result, NINE_IN_TEN, "--scenario=more-workers")

    assert (code, error) == (0, "")
    assert "it changes by -1.8 calendar days (simulation error: -2.2 to -1.4" in out
    assert out.count("Reference: Front Door") == 1
    assert f"frontdoor replay {result}" in out


def test_every_scenario_is_cited_where_none_is_named(frontdoor: Command, result: Path) -> None:
    _, out, _ = frontdoor("cite", result / "run.json", NINE_IN_TEN)

    assert out.count("Reference: Front Door") == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["days_to_seen_q9"], "there is no such measure; near it are days_to_seen_q9"),
        ([NINE_IN_TEN, "--group=nobody"], "is not told for nobody"),
        ([NINE_IN_TEN, "--status=approved"], "say who gave it, and when, with --by NAME and --on DATE"),
        ([NINE_IN_TEN, "--status=assured", "--by= ", "--on=2026-12-01"], "say who gave it"),
        ([NINE_IN_TEN, "--by=A. Name"], "give --status with them"),
        ([NINE_IN_TEN, "--status=assured", "--by=A\x01", "--on=2026-12-01"], "--by: must be one line"),
        (
            [NINE_IN_TEN, "--status=assured", "--by=A", "--on=2026-12-01", "--review-by=2020-01-01"],
            "--review-by 2020-01-01: lies before --on 2026-12-01",
        ),
        ([NINE_IN_TEN, "--status=good"], "invalid choice: 'good'"),
        ([NINE_IN_TEN, "--on=1.12.2026"], "must be a date such as 2026-12-01"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    frontdoor: Command, result: Path, arguments: list[str], sentence: str
) -> None:
    code, out, error = frontdoor("cite", result, *arguments)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert sentence in error


def test_a_folder_without_what_is_kept_is_refused_in_one_sentence(frontdoor: Command, tmp_path: Path) -> None:
    (a_result(tmp_path) / result_file.NAME).unlink()
    code, out, error = frontdoor("cite", tmp_path, NINE_IN_TEN)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "was written before results could be read again" in error


def test_no_folder_is_no_result(frontdoor: Command, tmp_path: Path) -> None:
    code, _, error = frontdoor("cite", tmp_path / "none", NINE_IN_TEN)

    assert (code, "there is no such run record" in error) == (2, True)
