"""An event log as other tools read it."""

import gzip
import re
import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final, cast
from xml.etree import ElementTree as ET

import lxml.etree as lxml
import numpy as np
import polars as pl
import pytest

from sim.events import EventKind, EventLog, Outcome
from sim.experiment import simulate
from sim.report.logs import RECORDED, contacts_table, events_table, people_table
from sim.report.logs.dictionary import COLUMNS, dictionary
from sim.report.logs.files import ABOUT, DICTIONARY, write_log
from sim.report.logs.vidigi import COLUMNS as VIDIGI_COLUMNS
from sim.report.logs.vidigi import pathways, vidigi_table
from sim.report.logs.xes import NAMESPACE, write_xes
from tests.sweep.counties import a_county

VIDIGI_KINDS: Final = {"arrival_departure", "queue", "resource_use", "resource_use_end"}
GUIDE: Final = Path(__file__).parents[2] / "docs" / "analysts.md"


@pytest.fixture(scope="module")
def log() -> EventLog:
    return simulate(a_county().changed({"demand.family_contacts_per_year": 500.0}), seed=1, replication=0)


@pytest.fixture(scope="module")
def written(log: EventLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    write_log(log, folder, about={"replication": "3"})
    return folder


def test_every_event_stands_in_the_table_in_words(log: EventLog) -> None:
    found = events_table(log)

    assert len(found) == len(log.events)
    assert found["event"].to_list() == [EventKind(kind).name.lower() for kind in log.column("kind").tolist()]
    np.testing.assert_array_equal(found["minute"], log.column("time"))
    decided = found.filter(pl.col("event") == "decided")
    rows = log.of_kind(EventKind.DECIDED)
    assert decided["detail"].to_list() == [Outcome(row[6]).name.lower() for row in rows.tolist()]
    assert decided["at"][0] == datetime.combine(log.first_day, time()) + timedelta(minutes=int(rows[0, 0]))


@pytest.mark.parametrize("table", [events_table, contacts_table, people_table])
def test_ids_say_whose_they_are(log: EventLog, table: object) -> None:
    for origin, prefix in ((None, "SIMULATED-"), (RECORDED, "RECORD-")):
        found = table(log) if origin is None else table(log, origin)  # type: ignore[operator]
        ids = [found[name].drop_nulls() for name in ("contact", "child", "person", "parent") if name in found.columns]
        assert all(each.str.starts_with(prefix).all() for each in ids)
        assert sum(map(len, ids))


def test_contacts_and_people_are_all_there(log: EventLog) -> None:
    contacts, people = contacts_table(log), people_table(log)

    assert contacts["children"].to_list() == log.contact_column("children").tolist()
    assert set(contacts["source"].unique()) <= {"police", "schools", "health", "la_services", "individuals", "other"}
    assert len(people) == len(log.people)


def test_what_is_not_known_is_null(log: EventLog) -> None:
    found = events_table(log)

    assert found.filter(pl.col("event") != "work_ended")["work_minutes"].null_count() == len(
        found.filter(pl.col("event") != "work_ended")
    )
    assert contacts_table(log)["parent"].null_count() == int(np.sum(log.contact_column("parent") < 0))


def test_tables_are_the_same_as_parquet_and_as_csv(written: Path) -> None:
    for name in ("events", "contacts", "people"):
        parquet = pl.read_parquet(written / f"{name}.parquet")
        text = pl.read_csv(written / f"{name}.csv", schema_overrides=dict(parquet.drop(_times(parquet)).schema))
        assert text.drop(_times(parquet)).equals(parquet.drop(_times(parquet)))
        assert text.columns == parquet.columns


def _times(frame: pl.DataFrame) -> list[str]:
    return [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]


def test_the_dictionary_has_every_column_and_no_other(written: Path) -> None:
    told = pl.read_csv(written / DICTIONARY)
    for name in ("events", "contacts", "people", "vidigi"):
        columns = pl.read_csv(written / f"{name}.csv", n_rows=0).columns
        assert list(COLUMNS[name]) == columns
        assert set(told.filter(pl.col("table") == name)["column"]) == set(columns)
    assert dictionary()["meaning"].str.len_chars().min() > 3  # type: ignore[operator]
    assert dictionary()["unit"].null_count() == 0


def test_every_word_in_the_tables_is_in_the_dictionary(written: Path) -> None:
    told = pl.read_csv(written / DICTIONARY).filter(pl.col("values").fill_null("") != "")
    for (table, column), rows in told.group_by("table", "column"):
        words = {word for values in rows["values"] for word in values.split(", ")} | {"undecided"}
        assert set(pl.read_csv(written / f"{table}.csv", infer_schema_length=None)[column].drop_nulls()) <= words


def test_the_folder_says_whose_log_it_is(written: Path, log: EventLog, tmp_path: Path) -> None:
    write_log(log, tmp_path, RECORDED)

    assert "nobody in it exists" in (written / ABOUT).read_text(encoding="utf-8")
    assert "for those alone who keep the extract" in (tmp_path / ABOUT).read_text(encoding="utf-8")
    assert "SIMULATED" not in (tmp_path / "events.csv").read_text(encoding="utf-8")


def test_vidigi_has_its_columns_and_every_contact_arrives_first_and_leaves_last(log: EventLog) -> None:
    found = vidigi_table(log, run_number=3)

    assert tuple(found.columns) == VIDIGI_COLUMNS
    assert set(found["event_type"]) == VIDIGI_KINDS
    assert found["time"].is_sorted()
    assert set(found["pathway"]) <= set(pathways())
    assert found["run_number"].unique().to_list() == [3]
    for rows in found.partition_by("entity_id"):
        events = rows["event"].to_list()
        assert events[0] == "arrival"
        assert events.count("arrival") == 1
        assert "depart" not in events[:-1]
    left = found.filter(pl.col("event") == "depart")
    assert len(left) == len(np.unique(log.of_kind(EventKind.CLOSED)[:, 2]))


def test_in_vidigi_work_is_the_use_of_a_worker(log: EventLog) -> None:
    found = vidigi_table(log)
    used = found.filter(pl.col("event_type").is_in(["resource_use", "resource_use_end"]))

    assert used["resource_id"].null_count() == 0
    assert set(used["resource_id"]) <= set(people_table(log)["number"])
    assert used["resource_id"].max() < 1000  # type: ignore[operator]
    assert found.filter(pl.col("event_type") == "queue")["resource_id"].null_count() == len(
        found.filter(pl.col("event_type") == "queue")
    )
    ends = used.group_by("event_type").len().sort("event_type")["len"].to_list()
    assert ends[0] >= ends[1] > 0


def test_the_call_that_the_guide_shows_gives_vidigi_what_it_asks_for(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: dict[str, Any] = {}
    animated = SimpleNamespace(write_html=lambda _: None)

    def animate_activity_log(event_log: Any, event_position_df: Any, **how: Any) -> Any:  # noqa: ANN401  (pandas)
        called.update(how, log=event_log, places=event_position_df)
        return animated

    monkeypatch.setitem(sys.modules, "vidigi", ModuleType("vidigi"))
    monkeypatch.setitem(
        sys.modules, "vidigi.animation", cast("ModuleType", SimpleNamespace(animate_activity_log=animate_activity_log))
    )
    monkeypatch.chdir(written.parent)
    (code,) = re.findall(r"```python\n(.*?vidigi.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    exec(code.replace("DIR/", f"{written.name}/"), {})  # noqa: S102  (the guide's own words)
    log, places = called["log"], called["places"]

    # What vidigi 2.0 refuses, or draws wrongly without a word: two runs, two arrivals, numbers that are words, a step
    # without a place, a worker's number so high that it stands beside another step.
    assert log["run_number"].nunique() == 1
    assert (log[log["event"] == "arrival"].groupby("entity_id").size() == 1).all()
    assert set(log["event_type"]) == VIDIGI_KINDS
    assert (str(log["time"].dtype), str(log["resource_id"].dtype)) == ("float64", "float64")
    assert set(log.loc[log["event_type"] != "resource_use_end", "event"]) <= set(places["event"])
    assert called["limit_duration"] > called["warm_up"] > 0
    rows = log["resource_id"].max() / called["wrap_resources_at"]
    assert rows * called["gap_between_resource_rows"] < places["y"].diff().abs().max()


def xes_root(written: Path) -> Any:  # noqa: ANN401  (lxml's, which has no types)
    return lxml.fromstring(gzip.decompress((written / "events.xes.gz").read_bytes()))


@pytest.fixture(scope="module")
def schema() -> Any:  # noqa: ANN401  (likewise)
    return lxml.XMLSchema(lxml.parse(Path(__file__).with_name("xes.xsd")))


def test_xes_is_laid_out_as_the_standard_says(written: Path, schema: Any) -> None:  # noqa: ANN401  (likewise)
    root = xes_root(written)

    assert schema.validate(root), schema.error_log
    prefixes = {extension.get("prefix") for extension in root.iter(f"{{{NAMESPACE}}}extension")}
    keys = {str(each.get("key")) for each in root.iter() if each.get("key")}
    assert {key.partition(":")[0] for key in keys if ":" in key} <= prefixes | {"frontdoor"}


@pytest.mark.parametrize(
    ("path", "attribute", "value"),
    [
        (".", "xes.version", "1849-2016"),
        ("x:classifier", "name", "Activity and lifecycle"),
        (".//x:date", "value", "2018-04-01 09:00"),
        (".//x:int", "value", "two"),
        (".//x:event/x:string", "key", "two words"),
    ],
)
def test_the_schema_refuses_what_xes_does_not_allow(
    written: Path,
    schema: Any,  # noqa: ANN401  (likewise)
    path: str,
    attribute: str,
    value: str,
) -> None:
    root = xes_root(written)
    root.find(path, {"x": NAMESPACE}).set(attribute, value)

    assert not schema.validate(root)


def test_the_schema_holds_the_order_of_a_log(written: Path, schema: Any) -> None:  # noqa: ANN401  (likewise)
    root = xes_root(written)
    root.append(root[0])

    assert not schema.validate(root)


def test_xes_holds_every_event_of_a_contact_in_order(log: EventLog, tmp_path: Path) -> None:
    path = tmp_path / "events.xes"
    write_xes(log, path)
    root = ET.parse(path).getroot()  # noqa: S314  (our own)
    contacts = events_table(log).drop_nulls("contact")

    assert len(list(root.iter(f"{{{NAMESPACE}}}event"))) == len(contacts)
    for trace in root.iter(f"{{{NAMESPACE}}}trace"):
        times = [
            str(each.get("value")) for each in trace.iter(f"{{{NAMESPACE}}}date") if each.get("key") == "time:timestamp"
        ]
        assert times == sorted(times)
    transitions = {each.get("value") for each in root.iter() if each.get("key") == "lifecycle:transition"}
    assert transitions == {"complete", "schedule", "start"}


def test_the_same_log_is_the_same_files(log: EventLog, written: Path, tmp_path: Path) -> None:
    write_log(log, tmp_path, about={"replication": "3"})

    for path in written.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_a_log_without_contacts_makes_empty_tables(tmp_path: Path) -> None:
    quiet = simulate(a_county().changed({"demand.family_contacts_per_year": 1.0}), seed=1, replication=0)
    write_log(quiet, tmp_path)

    assert pl.read_csv(tmp_path / "vidigi.csv").columns == list(VIDIGI_COLUMNS)
