"""Serving the page on this machine, and to nobody else."""

import socket
import sys
import threading
import webbrowser
from typing import Final

import uvicorn

from sim.provenance import FolderError
from sim.web.app import Settings, application

ADDRESS: Final = "127.0.0.1"
_BUSY: Final = "port {port}: is in use; choose another with --port, or leave it out to have a free one"


def serve(settings: Settings, *, port: int, opens_browser: bool) -> None:
    """Serve until stopped; port 0 takes a free one. Raises `ScenarioError` and `FolderError` before anything runs."""
    made = application(settings)
    bound = listening(port)
    address = f"http://{ADDRESS}:{bound.getsockname()[1]}/"
    sys.stderr.write(f"Front Door is at {address} on this machine only. Ctrl-C stops it.\n")
    if opens_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    config = uvicorn.Config(made, log_level="warning", access_log=False, server_header=False, date_header=False)
    with bound:
        uvicorn.Server(config).run(sockets=[bound])


def listening(port: int) -> socket.socket:
    """A socket of this machine alone; raises `FolderError` where the port is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((ADDRESS, port))
    except OSError:
        made.close()
        raise FolderError(_BUSY.format(port=port)) from None
    return made
