"""What is being done, on the error stream."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from sim.experiment.cluster_workers import ClusterError
from sim.experiment.engines import prepared
from sim.model import Engine, asked_for


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """A bar that says what is being done, and for how long; call what it gives at each step."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda doing: progress.update(task, description=doing)


@contextmanager
def counted(task: str, total: int) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """A bar with the time left: what moves it on by so many, and what writes a line above it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        moved = progress.add_task(task, total=total)
        yield lambda done: progress.advance(moved, done), console.print


def made_ready(engine: Engine | None, *, scheduler: str | None = None) -> Engine:
    """The engine for a command's years, with what is to be said of it and, while it is compiled, a bar.

    With a `scheduler` nothing is compiled here: its workers make their own ready.
    """
    if scheduler is not None:
        return asked_for(engine)
    with steps() as doing:

        def told(sentence: str) -> None:
            sys.stderr.write(f"frontdoor: {sentence}\n")
            doing(sentence)

        return prepared(engine, told=told)


@contextmanager
def kept_in(store: Path) -> Iterator[None]:
    """Meanwhile what is done is kept in a store, and whatever becomes of a cluster, it is said."""
    try:
        yield
    except ClusterError as error:
        raise ClusterError(f"{error}; {goes_on_from(store)}") from error


def goes_on_from(store: Path) -> str:
    """What is said where something was stopped before it was all done."""
    return f"the runs done are in {store}: the same command goes on from them"
