"""The figures and pages of an observed record."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text

from sim.history import Finding, Inference, Refusal
from sim.report.observed.account import Account, account
from sim.report.observed.figures import Picture, children_waiting, figures, png, process_map
from sim.report.observed.figures.bars import HIDDEN_NOTE
from sim.report.observed.figures.unshown import unshown
from sim.report.observed.files import LOCAL, SHARED, write
from sim.report.observed.hiding import HIDDEN
from sim.report.observed.page import quality_page, summary_page
from sim.report.observed.reading import Rules
from tests.history.census import a_child, a_return, an_assessment, details
from tests.history.files import a_csv, observed
from tests.report.observed.extracts import a_year
from tests.report.test_page import Reader

RECORD = {"frontdoor": "0.1.0", "made": "24 November 2026"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Account:
    path = a_year(tmp_path_factory.mktemp("extract") / "journeys.csv", rows=600)
    return account(path.name, observed(path), Rules())


def bare(tmp_path: Path) -> Account:
    """A record of receipts alone."""
    path = a_csv(tmp_path / "bare.csv", [{"contact_id": "1", "child_id": "a", "received": "2024-03-01"}])
    return account(path.name, observed(path), Rules())


def words(picture: Picture) -> Iterator[str]:
    for text in picture.figure.findobj(Text):
        assert isinstance(text, Text)
        yield text.get_text().replace("\n", " ")


def test_every_figure_says_that_it_is_observed_from_what_and_when(tmp_path: Path) -> None:
    path = a_year(tmp_path / "journeys.csv", rows=2000)
    found = figures(account(path.name, observed(path), Rules()))

    assert [picture.name for picture in found] == [
        "children_waiting",
        "days_by_month",
        "process_map",
        "contacts_a_month",
    ]
    for picture in found:
        said = " ".join(words(picture))
        assert "Observed: from the extract journeys.csv, as at 31 March 2024." in said
        assert picture.title in said
        assert "observed" in picture.alt


def test_a_figure_is_the_same_whenever_it_is_drawn(told: Account) -> None:
    assert [png(picture) for picture in figures(told)] == [png(picture) for picture in figures(told)]


def test_figures_hold_only_what_the_tables_do(told: Account) -> None:
    small = {str(count) for count in range(1, 6)}
    picture = children_waiting(told)
    labels = {text for text in words(picture) if text.isdecimal()}
    axis = {label.get_text() for axes in picture.figure.axes for label in axes.get_yticklabels()}

    assert not (labels - axis) & small
    assert HIDDEN in picture.alt


def test_the_map_holds_each_step_of_the_record_with_its_count(told: Account) -> None:
    said = list(words(process_map(told)))

    for row in told.tables["steps"].rows:
        if not row[1]:
            assert str(row[0]) in said
    assert "600" in said


def test_a_record_of_receipts_alone_has_the_figures_it_can(tmp_path: Path) -> None:
    sparse = bare(tmp_path)

    assert [picture.name for picture in figures(sparse)] == []
    assert unshown(sparse).keys() == {"children_waiting", "days_by_month", "process_map", "contacts_a_month"}
    assert "not in this record" in summary_page(sparse, figures(sparse), RECORD)


def test_the_page_needs_nothing_but_itself_and_describes_its_figures(told: Account) -> None:
    written = summary_page(told, figures(told), RECORD)
    read = Reader(written)

    assert "http" not in written
    assert [e.attributes["aria-label"] for e in read.elements if e.attributes.get("role") == "img"] == [
        picture.alt.replace(" -", " \N{MINUS SIGN}") for picture in figures(told)
    ]
    assert [row[0] for row in read.tables["waiting"]][1:] == [
        "Not decided", "Decided, no worker yet", "Has a worker, not seen", "All not yet seen",
    ]  # fmt: skip
    assert "Small counts are hidden" in read.words


def test_a_page_on_which_nothing_is_hidden_says_so(told: Account) -> None:
    open_ = account("journeys.csv", told.observed, Rules(small_count=0))

    assert "Not to be passed on" in summary_page(open_, figures(open_), RECORD)


def with_findings(told: Account) -> Account:
    finding = Finding(
        "seen_before_contact", "seen before the contact", "journeys.csv", (7, 9), 600, "waits", "set aside"
    )
    history = replace(
        told.observed.history,
        refused=(Refusal("journeys.csv", 12, "received", "must be a date"),),
        inferred=(Inference("contact and referral", "same child, within 3 days", 40, 2),),
    )
    return replace(
        told, reading=replace(told.reading, observed=replace(told.observed, history=history, findings=(finding,)))
    )


def test_the_quality_page_holds_findings_refusals_and_inferences_with_their_counts(told: Account) -> None:
    read = Reader(quality_page(with_findings(told)))

    assert read.tables["quality"][1] == [
        "seen_before_contact",
        "seen before the contact",
        "journeys.csv",
        "2",
        "600",
        "waits",
        "set aside",
    ]
    assert read.tables["refused"][1] == ["journeys.csv", "received", "must be a date", "1", "12"]
    assert read.tables["inferred"][1] == ["contact and referral", "same child, within 3 days", "40", "2"]


def test_the_folder_tells_what_stays_from_what_can_be_passed_on(told: Account, tmp_path: Path) -> None:
    told_next: list[str] = []
    write(with_findings(told), tmp_path, RECORD, told_next.append)
    written = {path.name for path in tmp_path.iterdir()}
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    local, _, shared = readme.partition("CAN BE PASSED ON")

    pictures = {f"{picture.name}.png" for picture in figures(told)}
    assert written == {*LOCAL, *SHARED, "README.txt", *pictures} - {"staff.csv", "against.csv"}
    assert all(name in local for name in LOCAL)
    assert all(name in shared for name in written - {*LOCAL, "README.txt"})
    assert (tmp_path / "quality-rows.csv").read_text(encoding="utf-8").split() == [
        "finding,table,row", "seen_before_contact,journeys.csv,7", "seen_before_contact,journeys.csv,9",
    ]  # fmt: skip
    assert (tmp_path / "refusals.csv").read_text(encoding="utf-8").splitlines()[
        1
    ] == "journeys.csv,12,received,must be a date"


def test_where_a_picture_would_be_empty_a_sentence_says_why(tmp_path: Path) -> None:
    few = account("few.csv", observed(a_year(tmp_path / "few.csv", rows=25)), Rules(small_count=30))
    cin = a_return(tmp_path / "cin.xml", a_child("A", details("2024-01-08", an_assessment("2024-01-09"))))
    referrals = account("cin.xml", observed(cin), Rules(small_count=0))

    assert unshown(few)["process_map"].endswith("small, or would give a small one away, and is hidden.")
    assert [picture.name for picture in figures(few)] == []
    assert unshown(referrals)["days_by_month"] == (
        "No picture of days to seen month by month: this record does not say how long children waited to be seen."
    )
    for told in (few, referrals):
        page = summary_page(told, figures(told), RECORD)
        assert unshown(told)["days_by_month"] in page
        assert not {picture.name for picture in figures(told)} & unshown(told).keys()


def test_a_sign_is_explained_where_it_stands_and_nowhere_else(tmp_path: Path) -> None:
    def feet(rows: int, rules: Rules) -> str:
        told = account("j.csv", observed(a_year(tmp_path / "j.csv", rows=rows)), rules)
        return " ".join(text.get_text() for picture in figures(told) for text in picture.figure.texts)

    assert HIDDEN_NOTE in feet(400, Rules())
    assert HIDDEN_NOTE not in feet(400, Rules(small_count=0))


def test_figures_are_numbered_as_they_stand_on_the_page(tmp_path: Path) -> None:
    cin = a_return(tmp_path / "cin.xml", *(a_child(f"A{n}", details("2024-01-08")) for n in range(9)))
    told = account("cin.xml", observed(cin), Rules())
    page = summary_page(told, figures(told), RECORD)

    assert [picture.name for picture in figures(told)] == ["process_map"]
    assert "Figure 1: How children go from step to step" in page
