"""`livefeed doctor`: is everything as it must be, and if not, what to do."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape

from livefeed.cli.ending import run
from livefeed.cli.server_option import with_server

MARKS = {"good": "[green]✓[/]", "idle": "[dim]–[/]", "wrong": "[red]✗[/]"}


@click.command()
@with_server
def doctor(server: str | None, token: str | None) -> int:
    """Check settings, data folder, store, server, page, generators and engines; exit code 1 if something is wrong."""
    from livefeed.cli.checks import examine
    from livefeed.cli.findings import State

    findings = run(examine(server, token))
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        console.print(f"{MARKS[finding.state.value]} [bold]{finding.name}[/]: {escape(finding.says)}")
        if finding.state is State.WRONG and finding.do:
            console.print(f"    → {escape(finding.do)}")
    wrong = sum(finding.state is State.WRONG for finding in findings)
    console.print(f"To put right: {wrong}." if wrong else "Nothing to put right.")
    return 1 if wrong else 0
