"""`frontdoor sensitivity`: the numbers of a result moved one at a time, kept beside it."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from sim import provenance
from sim.cli.progress import counted, made_ready
from sim.cli.starting import start_again
from sim.experiment import Plan
from sim.experiment.one_at_a_time import Runs
from sim.experiment.one_by_one import between, one_by_one, years_at_most
from sim.experiment.replay import plan_of, replay
from sim.model import Engine
from sim.provenance import RecordError, RunRecord
from sim.report import moved, result_file
from sim.report.document.about import chosen
from sim.report.document.sensitivity import swings_in_words
from sim.report.document.turning import in_words
from sim.report.headline import ALL, NINE_IN_TEN
from sim.sweep.levers import lever

_MOST: int = 20


def sensitivity(options: argparse.Namespace) -> int:
    """Move the numbers, keep what was found and say it; bad input is one sentence and exit code 2."""
    result = result_file.read(options.result)
    name = chosen(result, options.scenario).name
    if options.most > _MOST:
        raise RecordError(f"--most {options.most}: must be from 1 to {_MOST}")
    for what, (then, now) in provenance.made_by(result.record).items():
        sys.stderr.write(f"note: made with {what} {then}, run with {now}\n")
    plan = plan_of(result.record)
    plan = replace(plan, opening=start_again(result.record, options.start, plan.baseline))
    over = _over(options.vary, plan)
    engine = made_ready(options.engine)
    _refuse_another(result.record, plan, engine)
    plan = replace(plan, replications=options.replications or plan.replications)
    sizes = {"most": options.most, "screened": options.screen}
    with counted("simulated years", years_at_most(plan, name, **sizes, over=over)) as (advance, _):
        runs = Runs(options.processes, engine, advance)
        found = one_by_one(plan, name, (NINE_IN_TEN, ALL), **sizes, over=over, runs=runs)
    command = _command(options, result.folder.resolve().name, name, plan.replications)
    path = moved.write(result.folder, found, result.record.run_id, command)
    sys.stdout.writelines(f"{line}\n" for line in (*swings_in_words(found.tornado), *map(in_words, found.break_evens)))
    sys.stderr.write(f"\nKept beside the result: {path}\n")
    return 0


def _over(texts: Sequence[str], plan: Plan) -> dict[str, list[float]]:
    """The numbers given with --vary and their values."""
    found: dict[str, list[float]] = {}
    for text in texts:
        each = lever(text, plan.baseline)
        values = [value for value in each.values if isinstance(value, int | float) and not isinstance(value, bool)]
        if len(values) < len(each.values):
            raise RecordError(f"--vary {text}: only a number has a break-even")
        if each.path in found:
            raise RecordError(f"--vary {each.path}: is given twice; give it once, with all its values")
        found[each.path] = between(values) if each.is_range else values
    return found


def _refuse_another(record: RunRecord, plan: Plan, engine: Engine | None) -> None:
    """What is kept beside a result must be of the model that made it: its first world is run again and compared."""
    (first,) = replay(record, replace(plan, replications=1), processes=1, engine=engine)
    if first.different:
        raise RecordError(
            f"run {record.run_id}: this version of the model no longer gives its events (frontdoor replay says where); "
            "run the comparison again with frontdoor compare"
        )


def _command(options: argparse.Namespace, folder: str, scenario: str, replications: int) -> str:
    """The command that makes the same again."""
    vary = "".join(f" --vary {text}" for text in options.vary)
    start = " --start EXTRACT" if options.start else ""
    return (
        f"frontdoor sensitivity {folder} --scenario {scenario} --replications {replications} --most {options.most} "
        f"--screen {options.screen}{vary}{start}"
    )
