"""The `frontdoor` command: parse, call, print. Bad input is one clear sentence and exit code 2."""

import argparse
import os
import sys
from collections.abc import Sequence

from sim import __version__, provenance
from sim.cli.arguments import BAD_INPUT, Parser
from sim.cli.backcast_arguments import add_backcast
from sim.cli.bundle_arguments import add_bundle
from sim.cli.calibrate_arguments import add_calibrate
from sim.cli.cite_arguments import add_cite
from sim.cli.compare_arguments import add_compare, add_replay
from sim.cli.comparing import compare_scenarios, replay_record
from sim.cli.init_arguments import add_init
from sim.cli.listing import add_levers, list_levers
from sim.cli.observe_arguments import add_observe
from sim.cli.published_arguments import add_published
from sim.cli.report_arguments import add_report
from sim.cli.run_arguments import add_run
from sim.cli.search_arguments import add_plausible
from sim.cli.sensitivity_arguments import add_sensitivity
from sim.cli.serve_arguments import add_serve
from sim.cli.stopping import exit_code, stoppable
from sim.cli.sweep_arguments import add_sweep
from sim.cli.synthesise_arguments import add_synthesise
from sim.experiment.cluster_workers import ClusterError
from sim.model import EngineError
from sim.scenario import ScenarioError

MISTAKES = (ScenarioError, EngineError, ClusterError, provenance.RecordError, provenance.FolderError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    options = _options(arguments)
    try:
        with stoppable():
            code: int = options.command(options)
        sys.stdout.flush()
    except MISTAKES as mistake:
        sys.stderr.write(f"frontdoor: {mistake}\n")
        return BAD_INPUT
    except KeyboardInterrupt as interrupt:
        sys.stderr.write("frontdoor: stopped; nothing is left half-written\n")
        return exit_code(interrupt)
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has read enough; what is still to be flushed goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; scenarios may stand before, between and after the options."""
    parser = _parser()
    options, left = parser.parse_known_args(arguments)
    if left and (options.command is not compare_scenarios or any(text.startswith("-") for text in left)):
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    if left:
        options.scenario += left
    return options


def _parser() -> argparse.ArgumentParser:
    about = "Simulate a children's services front door and compare staffing scenarios."
    parser = Parser(prog="frontdoor", description=about)
    parser.add_argument("--version", action="version", version=f"frontdoor {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_compare(commands).set_defaults(command=compare_scenarios)
    add_replay(commands).set_defaults(command=replay_record)
    add_cite(commands).set_defaults(command=_cite)
    add_report(commands).set_defaults(command=_report)
    add_sensitivity(commands).set_defaults(command=_sensitivity)
    add_levers(commands).set_defaults(command=list_levers)
    add_plausible(commands).set_defaults(command=_plausible)
    add_observe(commands).set_defaults(command=_observe)
    add_synthesise(commands).set_defaults(command=_synthesise)
    add_sweep(commands).set_defaults(command=_sweep)
    add_run(commands).set_defaults(command=_run)
    add_published(commands).set_defaults(command=_published)
    add_calibrate(commands).set_defaults(command=_calibrate)
    add_backcast(commands).set_defaults(command=_backcast)
    add_init(commands).set_defaults(command=_init)
    add_serve(commands).set_defaults(command=_serve)
    add_bundle(commands).set_defaults(command=_bundle)
    return parser


def _plausible(options: argparse.Namespace) -> int:
    # Here and not above: no other command needs it, and it takes a quarter of a second to import.
    from sim.cli.searching import plausible  # noqa: PLC0415

    return plausible(options)


def _cite(options: argparse.Namespace) -> int:
    from sim.cli.citing import cite  # noqa: PLC0415

    return cite(options)


def _report(options: argparse.Namespace) -> int:
    # Likewise: matplotlib, and what writes Word files.
    from sim.cli.reporting import report_of  # noqa: PLC0415

    return report_of(options)


def _sensitivity(options: argparse.Namespace) -> int:
    # Likewise.
    from sim.cli.moving import sensitivity  # noqa: PLC0415

    return sensitivity(options)


def _bundle(options: argparse.Namespace) -> int:
    from sim.cli.bundling import make_bundle  # noqa: PLC0415

    return make_bundle(options)


def _observe(options: argparse.Namespace) -> int:
    # Likewise: polars and the readers of extracts.
    from sim.cli.observing import observe  # noqa: PLC0415

    return observe(options)


def _synthesise(options: argparse.Namespace) -> int:
    from sim.cli.synthesising import synthesise  # noqa: PLC0415

    return synthesise(options)


def _sweep(options: argparse.Namespace) -> int:
    # Likewise: polars, and scipy's designs.
    from sim.cli.sweeping import sweep  # noqa: PLC0415

    return sweep(options)


def _run(options: argparse.Namespace) -> int:
    # Likewise: polars.
    from sim.cli.running import run_year  # noqa: PLC0415

    return run_year(options)


def _published(options: argparse.Namespace) -> int:
    from sim.cli.publishing import published  # noqa: PLC0415

    return published(options)


def _calibrate(options: argparse.Namespace) -> int:
    from sim.cli.calibrating import calibrate  # noqa: PLC0415

    return calibrate(options)


def _backcast(options: argparse.Namespace) -> int:
    from sim.cli.backcasting import backcast  # noqa: PLC0415

    return backcast(options)


def _init(options: argparse.Namespace) -> int:
    from sim.cli.initialising import init  # noqa: PLC0415

    return init(options)


def _serve(options: argparse.Namespace) -> int:
    # Likewise: the web library.
    from sim.cli.pages import serve  # noqa: PLC0415

    return serve(options)
