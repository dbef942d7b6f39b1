"""The command line's door: commands, one-sentence errors, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from livefeed import __version__
from livefeed.cli.doctor import doctor
from livefeed.cli.ending import FAILED, INTERRUPTED
from livefeed.cli.generate import generate
from livefeed.cli.jobs import jobs
from livefeed.cli.serve import serve, worker
from livefeed.cli.stream import publish, tail
from livefeed.errors import LivefeedError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="livefeed")
def commands() -> None:
    """A live feed of AI-made pictures: run it, watch it, publish to it."""


for command in (serve, worker, tail, publish, generate, jobs, doctor):
    commands.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the exit code. Source: docs/cli.md, "Exit codes"."""
    try:
        code = commands.main(args=arguments, prog_name="livefeed", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except LivefeedError as exc:
        click.echo(f"livefeed: {exc.message}", err=True)
        return FAILED


def main() -> None:
    """Run the command line of this process and end it with its exit code."""
    sys.exit(run())
