"""In Ciw: a network of four nodes, of which a place and its two stays are one."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import tandem
from benchmarks.peers.tandem import Kind

MANAGERS, FURTHER_WORK, PLACES = 1, 2, 3
CLASSES = ("immediate", "soon", "usual")


def network(ciw: Any) -> Any:  # noqa: ANN401  (without types)
    """The front door as Ciw has it."""
    dists = ciw.dists
    held = dists.Lognormal(tandem.VISIT.mu, tandem.VISIT.sigma) + dists.Lognormal(
        tandem.ASSESSMENT.mu, tandem.ASSESSMENT.sigma
    )
    served = [
        dists.Exponential(1 / tandem.DECISION_HOURS),
        dists.Lognormal(tandem.FURTHER_WORK.mu, tandem.FURTHER_WORK.sigma),
        held,
    ]
    ways = [[0.0, tandem.FURTHER_WORK_SHARE, tandem.REFERRAL_SHARE], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    coming = dists.Exponential(tandem.CONTACTS / tandem.HOURS / len(CLASSES))
    return ciw.create_network(
        arrival_distributions={name: [coming, None, None] for name in CLASSES},
        service_distributions=dict.fromkeys(CLASSES, served),
        routing=dict.fromkeys(CLASSES, ways),
        priority_classes={name: number for number, name in enumerate(CLASSES)},
        number_of_servers=[tandem.MANAGERS, float("inf"), tandem.PLACES],
    )


def run(seed: int) -> Any:  # noqa: ANN401  (likewise)
    """A year, as Ciw has it."""
    ciw = import_module("ciw")
    ciw.seed(seed)
    simulation = ciw.Simulation(network(ciw))
    simulation.simulate_until_max_time(tandem.HOURS)
    return simulation


def log(simulation: Any) -> NDArray[np.float64]:  # noqa: ANN401  (likewise)
    """What happened, as an array: times in hours, kinds and contacts."""
    lines: list[tuple[float, int, int]] = []
    seen: set[int] = set()
    for record in simulation.get_all_records(include_incomplete=True):
        who = record.id_number
        if record.node == MANAGERS:
            came = Kind.ARRIVED if who not in seen else Kind.RETURNED
            begun, done = Kind.STARTED, Kind.DECIDED
            seen.add(who)
            lines.append((record.arrival_date, came, who))
        elif record.node == PLACES:
            begun, done = Kind.PLACED, Kind.ASSESSED
        else:
            continue
        lines.extend((at, kind, who) for at, kind in _dates(record, begun, done))
    return np.array(lines, dtype=np.float64)


def _dates(record: Any, begun: Kind, done: Kind) -> Iterator[tuple[float, Kind]]:  # noqa: ANN401  (likewise)
    """What of a stay lies in the year: an incomplete one has no dates, or dates that are to come."""
    for at, kind in ((record.service_start_date, begun), (record.service_end_date, done)):
        if at is not None and at < tandem.HOURS:
            yield float(at), kind
