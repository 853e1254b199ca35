"""`frontdoor sweep`: levers over ranges, every run kept, and what came of each point."""

import argparse
import hashlib
import json
import sys

from sim import __version__, provenance
from sim.cli.arguments import DEFAULT_RESULTS
from sim.cli.comparing import plan_for
from sim.cli.progress import counted, goes_on_from, kept_in, made_ready
from sim.cli.stopping import exit_code
from sim.experiment import Plan
from sim.report.sweeps import Found, printed, shown_of, write
from sim.scenario import read, shipped
from sim.sweep import Design, Place, RunKey, Store, Sweep, lever, lever_labels, points, run_sweep, shares, tidy

RECORD = "sweep.json"
_ID_LENGTH = 12


def sweep(options: argparse.Namespace) -> int:
    """Run what is not kept yet, write the results and show them."""
    shown = shown_of(options.measure, options.target)
    asked = _asked(options)
    recorded = _recorded(asked, options)
    folder = options.out or DEFAULT_RESULTS / f"sweep-{asked.plan.baseline.name}-{recorded['run']}"
    provenance.refuse_other_folder(folder, RECORD)
    sys.stderr.writelines(f"warning: {warning}\n" for warning in asked.plan.warnings())
    store = Store(options.store)
    try:
        keys = _run(asked, store, options)
    except KeyboardInterrupt as interrupt:
        sys.stderr.write(f"frontdoor: stopped; {goes_on_from(options.store)}\n")
        return exit_code(interrupt)
    leading = shares(asked, store, keys, (shown.measure, shown.group))
    found = Found(tidy(asked, store, keys), lever_labels([each.path for each in asked.levers]), shown, leading)
    with provenance.whole_folder(folder, RECORD) as partial:
        (partial / RECORD).write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8", newline="\n")
        write(found, partial, _details(asked, str(recorded["run"])))
    sys.stdout.write(printed(found, options.format))
    sys.stderr.write(f"\nResults: {folder}\nEvery run is kept in {options.store}\n")
    return 0


def _run(asked: Sweep, store: Store, options: argparse.Namespace) -> dict[Place, RunKey]:
    scheduler = options.scheduler
    engine = made_ready(options.engine, scheduler=scheduler)
    years = (len(asked.points) + 1) * asked.plan.replications
    bar = counted(f"simulated years of {len(asked.points) + 1} points", years)
    with kept_in(options.store), bar as (advance, _):
        return run_sweep(asked, store, processes=options.processes, engine=engine, scheduler=scheduler, told=advance)


def _asked(options: argparse.Namespace) -> Sweep:
    base = read(options.base or shipped("leicestershire-2018-19.toml"))
    plan: Plan = plan_for(base, (), options)
    varied = tuple(lever(each, plan.baseline) for each in options.vary)
    return Sweep(plan, varied, points(varied, Design(options.design), options.points, options.seed))


def _recorded(asked: Sweep, options: argparse.Namespace) -> dict[str, object]:
    """What was asked for, and a short name for it: the same sweep by the same model has the same one."""
    plan = asked.plan
    what = {
        "baseline": plan.baseline.model_dump(mode="json"),
        "draws": [dict(draw) for draw in plan.draws],
        "replications": plan.replications,
        "seed": plan.seed,
        "vary": [each.path for each in asked.levers],
        "design": str(options.design),
        "points": [dict(point) for point in asked.points],
        "model": asked.model,
    }
    name = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:_ID_LENGTH]
    return {"run": name, "frontdoor": __version__, **what}


def _details(asked: Sweep, run: str) -> dict[str, str]:
    plan = asked.plan
    return {
        "run": run,
        "baseline": plan.baseline.title,
        "points": str(len(asked.points)),
        "simulated years of each point": str(plan.replications),
        "sets of plausible numbers": str(min(len(plan.draws), plan.replications)),
        "seed": str(plan.seed),
        "frontdoor": __version__,
    }
