"""How commands end: exit codes, Ctrl-C, readers that went away. Source: docs/cli.md, "Exit codes"."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

FAILED = 1
INTERRUPTED = 130
READER_GONE = 141
"""What a shell shows for a program whose reader (`| head`) went away."""

Result = TypeVar("Result")


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Return the result of an asynchronous command.

    Raises: click's Exit, silently, at Ctrl-C and when nobody reads our output any more.
    """
    try:
        return asyncio.run(main)
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Python would complain once more when it flushes what is left at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(READER_GONE) from None
