"""For notebooks: comparisons, sweeps and what follows from them, as tidy pandas tables and pictures with their words.

    from sim import notebooks

    found = notebooks.compare("scenarios/leicestershire-2018-19.toml", ["more-social-workers"])
    found.query("measure == 'days_to_seen_q90' and group == 'all'")
    found.attrs["units"]["days_to_seen_q90"]

All run what the commands run, in the same worlds, and give the same numbers. Three environment settings change all
notebooks at once: `FRONTDOOR_BASE` is a baseline in place of the shipped county, `FRONTDOOR_REPLICATIONS` the number of
simulated years wherever a notebook says how many, `FRONTDOOR_PROCESSES` how many cores.
"""

from sim.experiment.sizing import Standard
from sim.notebooks.analyses import (
    break_even,
    break_even_picture,
    break_even_table,
    sizing,
    sizing_picture,
    sizing_table,
    splits,
    splits_picture,
    splits_table,
    tornado,
    tornado_picture,
    tornado_table,
    verified,
)
from sim.notebooks.asked import BASE_SETTING, PROCESSES_SETTING, baseline, years
from sim.notebooks.commands import (
    CommandError,
    Extract,
    calibrated,
    fitted,
    frontdoor,
    scenario_file,
    synthetic_extract,
)
from sim.notebooks.files import write_table
from sim.notebooks.logs import contacts, events, write_recorded, write_simulated
from sim.notebooks.own import measure_with, yearly
from sim.notebooks.pictures import Drawing, pictures
from sim.notebooks.tables import STORE, Swept, compare, run, same_children, sentences, sweep, swept, tidy

__all__ = [
    "BASE_SETTING",
    "PROCESSES_SETTING",
    "STORE",
    "CommandError",
    "Drawing",
    "Extract",
    "Standard",
    "Swept",
    "baseline",
    "break_even",
    "break_even_picture",
    "break_even_table",
    "calibrated",
    "compare",
    "contacts",
    "events",
    "fitted",
    "frontdoor",
    "measure_with",
    "pictures",
    "run",
    "same_children",
    "scenario_file",
    "sentences",
    "sizing",
    "sizing_picture",
    "sizing_table",
    "splits",
    "splits_picture",
    "splits_table",
    "sweep",
    "swept",
    "synthetic_extract",
    "tidy",
    "tornado",
    "tornado_picture",
    "tornado_table",
    "verified",
    "write_recorded",
    "write_simulated",
    "write_table",
    "yearly",
    "years",
]
