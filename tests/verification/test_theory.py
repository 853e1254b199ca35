"""One desk of the model as a queue of theory; the tolerance is a 99.9% interval from the replications' own spread.

The quick tests run every time on short streams; the slow ones are long enough to find an error of a per cent or two.
"""

import math

import numpy as np
import pytest

from sim.events import Activity, EventKind, EventLog, Need
from tests.verification.queues import (
    SERVICE,
    Minutes,
    Queue,
    asked,
    erlang_c,
    exponential,
    is_the_mean,
    poisson,
    told_by,
    visitor,
    waits_of,
    whole,
)

E = EventKind
SHORT, LONG = (14, 450), (60, 2400)
"""Replications and contacts in each: a short stream reaches the mean wait only where the desk is half idle."""

SETTLED = 0.2
"""The share of a stream left out while the queue fills from empty."""


def settled(waits: Minutes) -> Minutes:
    """The waits of those who came after the queue had filled."""
    return waits[int(len(waits) * SETTLED) :]


def lognormal(number: int, scv: float, chance: np.random.Generator) -> Minutes:
    """Efforts of mean `SERVICE` with this squared coefficient of variation."""
    variance = math.log(1 + scv)
    return whole(chance.lognormal(math.log(SERVICE) - variance / 2, math.sqrt(variance), number))


def mean_waits(replications: int, number: int, servers: int, load: float, seed: int) -> list[float]:
    """Mean waits with Poisson arrivals and exponential efforts."""
    means = []
    for replication in range(replications):
        chance = np.random.default_rng((seed, replication))
        received = poisson(load * servers / SERVICE, number, chance)
        means.append(float(settled(waits_of(received, exponential(number, chance), servers)).mean()))
    return means


@pytest.mark.parametrize(
    ("servers", "offered", "waiting"),
    [(2, 1.6, 0.7111), (10, 9.0, 0.6687), (12, 11.2, 0.7502)],
)
def test_erlang_c_has_its_tabulated_values(servers: int, offered: float, waiting: float) -> None:
    assert erlang_c(servers, offered) == pytest.approx(waiting, abs=5e-5)


def is_erlang_s(servers: int, load: float, replications: int, number: int) -> bool:
    """Whether mean waits are those of Erlang's delay formula."""
    offered = servers * load
    theory = erlang_c(servers, offered) * SERVICE / (servers - offered)
    return is_the_mean(mean_waits(replications, number, servers, load, seed=1), theory)


def test_mean_waits_at_a_half_idle_desk_are_erlang_s() -> None:
    assert is_erlang_s(1, 0.5, *SHORT)
    assert is_erlang_s(2, 0.5, *SHORT)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (1, 0.8), (2, 0.8), (10, 0.9), (12, 11.2 / 12)])
def test_mean_waits_with_several_servers_are_erlang_s(servers: int, load: float) -> None:
    assert is_erlang_s(servers, load, *LONG)


@pytest.mark.slow
def test_waits_at_one_server_have_an_exponential_tail() -> None:
    load, shares = 0.8, []
    for replication in range(40):
        chance = np.random.default_rng((2, replication))
        received = poisson(load / SERVICE, 3000, chance)
        waits = settled(waits_of(received, exponential(3000, chance), 1))
        shares.append([float((waits > t * SERVICE).mean()) for t in (0, 1, 5)])

    for place, t in enumerate((0, 1, 5)):
        assert is_the_mean([share[place] for share in shares], load * math.exp(-(1 - load) * t))


def is_pollaczek_s(scv: float, load: float, replications: int, number: int) -> bool:
    """Whether mean waits at one server are those of Pollaczek's and Khinchine's formula."""
    means = []
    for replication in range(replications):
        chance = np.random.default_rng((3, replication))
        received = poisson(load / SERVICE, number, chance)
        efforts = lognormal(number, scv, chance) if scv else np.full(number, int(SERVICE))
        means.append(float(settled(waits_of(received, efforts, 1)).mean()))
    return is_the_mean(means, load * SERVICE * (1 + scv) / (2 * (1 - load)))


@pytest.mark.parametrize("scv", [0.0, 0.5])
def test_mean_waits_at_a_half_idle_server_follow_pollaczek_and_khinchine(scv: float) -> None:
    assert is_pollaczek_s(scv, 0.5, *SHORT)


@pytest.mark.slow
@pytest.mark.parametrize("scv", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("load", [0.5, 0.8])
def test_mean_waits_at_one_server_follow_pollaczek_and_khinchine(scv: float, load: float) -> None:
    assert is_pollaczek_s(scv, load, *LONG)


def two_classes(replication: int, number: int, order: str) -> tuple[float, float]:
    """Mean waits of those asked about, who go first, and of those whose consent is sought, eight hours each."""
    chance = np.random.default_rng((4, replication))
    received = poisson(0.8 / 740, number, chance)
    asks = chance.random(number) < 0.5
    efforts = exponential(number, chance)
    contacts = [
        visitor(k, int(r), [asked(int(e))] if ask else [])._replace(consent_missing=int(not ask), need=Need.EARLY_HELP)
        for k, (r, e, ask) in enumerate(zip(received, efforts, asks, strict=True))
    ]
    log = told_by(contacts, 1, {"front_door.order": order, "further_work.consent_minutes": 480})
    asking, consent = Queue.of(log), Queue.of(log, Activity.SEEKING_CONSENT)
    return float(settled(asking.waits).mean()), float(settled(consent.waits).mean())


@pytest.mark.slow
def test_mean_waits_under_strict_priority_are_cobham_s_and_their_weighted_sum_is_that_of_any_order() -> None:
    strict = [two_classes(replication, 3000, "strict_priority") for replication in range(40)]
    by_time = [two_classes(replication, 3000, "earliest_due_first") for replication in range(40)]
    rate = 0.4 / 740
    loads = (rate * SERVICE, rate * 480)
    residual = rate * (2 * SERVICE**2 + 480**2) / 2

    assert is_the_mean([one for one, _ in strict], residual / (1 - loads[0]))
    assert is_the_mean([other for _, other in strict], residual / ((1 - loads[0]) * (1 - sum(loads))))
    # Conservation: what one class gains the other loses, weighted by work.
    weighted = [[loads[0] * one + loads[1] * other for one, other in runs] for runs in (strict, by_time)]
    assert is_the_mean(np.array(weighted[0]) - np.array(weighted[1]), 0.0)
    assert np.mean([one for one, _ in strict]) < np.mean([one for one, _ in by_time])


def asked_again(load: float, replications: int, number: int) -> tuple[list[float], list[float]]:
    """Mean waits and visits a contact where each is asked about again with probability a half."""
    waits, visits = [], []
    for replication in range(replications):
        chance = np.random.default_rng((5, replication))
        received = poisson(load / 2 / SERVICE, number // 2, chance)
        rounds = chance.geometric(0.5, number // 2)
        contacts = [
            visitor(k, int(r), [asked(int(e)) for e in exponential(int(n), chance)])
            for k, (r, n) in enumerate(zip(received, rounds, strict=True))
        ]
        found = Queue.of(told_by(contacts, 1))
        late = np.isin(found.contact, np.unique(found.contact)[int(len(contacts) * SETTLED) :])
        waits.append(float(found.waits[late].mean()))
        visits.append(len(found.contact) / len(contacts))
    return waits, visits


@pytest.mark.parametrize(
    ("load", "size"), [(0.5, SHORT), pytest.param(0.8, LONG, marks=pytest.mark.slow)], ids=["half idle", "busy"]
)
def test_contacts_asked_about_again_load_the_desk_as_a_jackson_network(load: float, size: tuple[int, int]) -> None:
    waits, visits = asked_again(load, *size)

    assert is_the_mean(visits, 2.0)
    assert is_the_mean(waits, load * SERVICE / (1 - load))


def waited_for(log: EventLog, time: int) -> int:
    """How many replies are waited for at a minute."""
    asked_at, ready_at = (log.of_kind(kind)[:, 0] for kind in (E.INFORMATION_ASKED, E.INFORMATION_READY))
    return int((asked_at <= time).sum() - (ready_at <= time).sum())


def with_replies(received: Minutes, delays: Minutes) -> EventLog:
    """The log of contacts whose partners reply after delays, with nobody to wait for but them."""
    return told_by(
        (visitor(k, int(r), [asked(1, int(d))]) for k, (r, d) in enumerate(zip(received, delays, strict=True))), 12
    )


FEW, MANY = 24, pytest.param(60, marks=pytest.mark.slow)


@pytest.mark.parametrize("replications", [FEW, MANY])
@pytest.mark.parametrize("kind", ["exponential", "lognormal", "fixed"])
def test_those_who_wait_for_others_alone_are_a_poisson_number(kind: str, replications: int) -> None:
    """M/G/inf: the number waited for is Poisson with mean rate x delay, whatever the law of the delay."""
    mean_delay, rate, counts = 20_000, 1 / 1500, []
    for replication in range(replications):
        chance = np.random.default_rng((6, replication))
        delays = {
            "exponential": whole(chance.exponential(mean_delay, 160)),
            "lognormal": whole(chance.lognormal(math.log(mean_delay) - 0.5, 1.0, 160)),
            "fixed": np.full(160, mean_delay),
        }[kind]
        counts.append(waited_for(with_replies(poisson(rate, 160, chance), delays), 150_000))

    expected = rate * mean_delay
    assert is_the_mean(counts, expected)
    assert is_the_mean(np.square(np.array(counts) - expected), expected)


@pytest.mark.parametrize("replications", [FEW, MANY])
def test_the_number_waiting_for_others_follows_the_term_when_arrivals_do(replications: int) -> None:
    """Mt/G/inf: with a rate that changes in time the mean number is the integral of rate x chance of still waiting."""
    delay, period, counts = 15_000, 40_000, []
    moments = (20_000, 35_000, 55_000)
    for replication in range(replications):
        chance = np.random.default_rng((7, replication))
        every = poisson(2 / 1000, 200, chance)
        kept = every[chance.random(200) < (1 + np.sin(2 * np.pi * every / period)) / 2]
        log = with_replies(kept, np.full(len(kept), delay))
        counts.append([waited_for(log, moment) for moment in moments])

    for place, t in enumerate(moments):
        # The integral of (1 + sin) / 1000 over the last fixed delay.
        wave = period / (2 * np.pi) * (np.cos(2 * np.pi * (t - delay) / period) - np.cos(2 * np.pi * t / period))
        assert is_the_mean([count[place] for count in counts], (delay + wave) / 1000)


@pytest.mark.parametrize("replications", [12, pytest.param(30, marks=pytest.mark.slow)])
@pytest.mark.parametrize("servers", [1, 3])
def test_with_more_work_than_hours_the_backlog_grows_by_the_difference(servers: int, replications: int) -> None:
    """Fluid overload: at a load of 1.5 the number waiting grows by the arrivals less what the servers finish."""
    number, rate, slopes = 600, 1.5 * servers / SERVICE, []
    for replication in range(replications):
        chance = np.random.default_rng((8, replication))
        received = poisson(rate, number, chance)
        efforts = np.full(number, int(SERVICE))
        begun = waits_of(received, efforts, servers) + received + 1
        end = int(received[-1])
        slopes.append((number - int((begun + SERVICE <= end).sum())) / end)

    assert is_the_mean(slopes, rate - servers / SERVICE)


@pytest.mark.slow
def test_general_arrivals_and_efforts_come_near_allen_and_cunneen() -> None:
    """GI/G/c: an approximation, held to its usual 15% beside the replications' own error."""
    servers, load, means = 3, 0.85, []
    for replication in range(40):
        chance = np.random.default_rng((9, replication))
        gaps = chance.gamma(2.0, SERVICE / (servers * load) / 2.0, 3000)
        received = np.cumsum(gaps).astype(np.int64)
        means.append(float(settled(waits_of(received, lognormal(3000, 2.0, chance), servers)).mean()))
    offered = servers * load
    theory = erlang_c(servers, offered) * SERVICE / (servers - offered) * (0.5 + 2.0) / 2
    error = 3.56 * np.std(means, ddof=1) / np.sqrt(len(means))

    assert abs(np.mean(means) - theory) < 0.15 * theory + error


@pytest.mark.slow
def test_two_desks_with_a_server_each_wait_longer_than_one_with_both() -> None:
    gains = []
    for replication in range(30):
        chance = np.random.default_rng((10, replication))
        received, efforts = poisson(2 * 0.8 / SERVICE, 2000, chance), exponential(2000, chance)
        apart = [waits_of(received[half::2], efforts[half::2], 1).mean() for half in (0, 1)]
        gains.append(float(np.mean(apart) - waits_of(received, efforts, 2).mean()))

    assert min(gains) > 0
