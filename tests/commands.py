"""What the tests of commands share."""

from collections.abc import Callable

Command = Callable[..., tuple[int, str, str]]
"""Runs `frontdoor` with some arguments; gives exit code, output and error output."""
