"""An event log as XES (IEEE 1849), which process-mining tools read: a trace a contact, written as it goes."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO
from xml.sax.saxutils import quoteattr

import polars as pl

from sim import __version__
from sim.events import EventLog
from sim.report.logs.tidy import SIMULATED, Origin, contacts_table, events_table

NAMESPACE: Final = "http://www.xes-standard.org/"
_EXTENSIONS: Final = {
    "concept": "Concept",
    "time": "Time",
    "lifecycle": "Lifecycle",
    "org": "Organizational",
}
_WORK: Final = {"work_queued": "schedule", "work_started": "start", "work_ended": "complete"}
_ATTRIBUTES: Final = {"source": "string", "domestic_abuse": "boolean", "children": "int", "need": "string"}
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by Front Door {version}. Times are civil time in England without clock changes, written as if UTC. -->
<log xes.version="1849.2016" xes.features="" xmlns="{namespace}">
"""


def write_xes(log: EventLog, path: Path, origin: Origin = SIMULATED) -> None:
    """Write a log as XES; a path that ends in `.gz` compressed, as tools read it too.

    A step is an event that is complete; work is scheduled, started and complete. Work of no contact is left out.
    """
    if path.suffix == ".gz":
        # No name and no time in it: the same log is the same file.
        with path.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            packed.write("".join(_lines(log, origin)).encode())
        return
    with path.open("w", encoding="utf-8", newline="\n") as file:
        _write(file, log, origin)


def _write(file: TextIO, log: EventLog, origin: Origin) -> None:
    file.writelines(_lines(log, origin))


def _lines(log: EventLog, origin: Origin) -> Iterator[str]:
    yield _HEAD.format(version=__version__, namespace=NAMESPACE)
    for prefix, name in _EXTENSIONS.items():
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{NAMESPACE}{prefix}.xesext"/>\n'
    yield '  <global scope="trace">\n    <string key="concept:name" value="UNKNOWN"/>\n  </global>\n'
    yield '  <global scope="event">\n    <string key="concept:name" value="UNKNOWN"/>\n'
    yield '    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n'
    yield '    <string key="lifecycle:transition" value="complete"/>\n  </global>\n'
    yield '  <classifier name="Activity" keys="concept:name"/>\n'
    yield '  <classifier name="ActivityAndLifecycle" keys="concept:name lifecycle:transition"/>\n'
    yield _attribute("string", "concept:name", f"Front Door, {origin.word}", 2)
    yield _attribute("string", "lifecycle:model", "standard", 2)
    events = events_table(log, origin).drop_nulls("contact").partition_by("contact", as_dict=True)
    for contact in contacts_table(log, origin).iter_rows(named=True):
        found = events.get((contact["contact"],))
        if found is not None:
            yield from _trace(contact, found)
    yield "</log>\n"


def _trace(contact: dict[str, object], events: pl.DataFrame) -> Iterator[str]:
    yield "  <trace>\n"
    yield _attribute("string", "concept:name", contact["contact"], 4)
    for name, kind in _ATTRIBUTES.items():
        if contact[name] is not None:
            yield _attribute(kind, f"frontdoor:{name}", contact[name], 4)
    for event in events.iter_rows(named=True):
        yield "    <event>\n"
        yield from _event(event)
        yield "    </event>\n"
    yield "  </trace>\n"


def _event(event: dict[str, object]) -> Iterator[str]:
    transition = _WORK.get(str(event["event"]))
    yield _attribute("string", "concept:name", event["detail"] if transition else event["event"], 6)
    yield _attribute("string", "lifecycle:transition", transition or "complete", 6)
    yield _attribute("date", "time:timestamp", f"{event['at']:%Y-%m-%dT%H:%M:%S}.000+00:00", 6)
    for name, key in (("person", "org:resource"), ("role", "org:role"), ("team", "org:group")):
        if event[name] is not None:
            yield _attribute("string", key, event[name], 6)
    if event["child"] is not None:
        yield _attribute("string", "frontdoor:child", event["child"], 6)
    if event["detail"] is not None and not transition:
        yield _attribute("string", "frontdoor:detail", event["detail"], 6)


def _attribute(kind: str, key: str, value: object, indent: int) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{' ' * indent}<{kind} key={quoteattr(key)} value={quoteattr(text)}/>\n"
