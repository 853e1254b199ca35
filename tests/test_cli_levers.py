"""`frontdoor levers`: every lever as it is set, with its value and what it means."""

from sim.scenario import load, setting, shipped
from tests.commands import Command

BASE = str(shipped("leicestershire-2018-19.toml"))


def test_levers_are_written_as_they_are_set(frontdoor: Command) -> None:
    _, out, _ = frontdoor("levers")
    county = load(BASE)
    given = [line.rpartition(" (")[0].replace(" = ", "=", 1) for line in out.splitlines() if not line.startswith(" ")]

    assert len(given) > 150
    for text in given:
        assert county.changed(dict([setting(text)])) == county


def test_levers_lists_each_with_its_value_and_meaning(frontdoor: Command) -> None:
    code, out, _ = frontdoor("levers")

    assert (code, "front_door.managers = 6 (people)\n    Team managers at the front door." in out) == (0, True)
