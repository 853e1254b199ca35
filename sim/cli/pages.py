"""`frontdoor serve`: the leaders' page, on this machine only."""

import argparse

from platformdirs import user_data_path

from sim.cli.progress import made_ready
from sim.scenario import ScenarioError
from sim.web.app import Settings, years_wanted
from sim.web.serving import serve as serve_page

_MOST_PORT = 65535


def serve(options: argparse.Namespace) -> int:
    """Serve the page until stopped."""
    if not 0 <= options.port <= _MOST_PORT:
        raise ScenarioError(f"--port {options.port}: must be from 0 to {_MOST_PORT}")
    folder = options.folder or user_data_path("frontdoor", appauthor=False) / "page"
    years = years_wanted()
    settings = Settings(options.files, folder, options.processes, made_ready(options.engine), years)
    serve_page(settings, port=options.port, opens_browser=not options.no_browser)
    return 0
