"""`livefeed jobs`: the queue of pictures, and what could not be made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import click
import orjson

from livefeed.cli.ending import FAILED, run
from livefeed.errors import NotFound

PROMPT_CHARACTERS = 40


@click.group()
def jobs() -> None:
    """The queue of pictures, and the dead letters of those that could not be made.

    It reads the store that the server uses: LIVEFEED_REDIS_URL, else the one in LIVEFEED_DATA.
    """


@jobs.command("list")
@click.option("--dead", "which", flag_value="dead", help="Only the dead letters.")
@click.option("--waiting", "which", flag_value="waiting", help="Only who waits, or rests before another attempt.")
@click.option("--running", "which", flag_value="running", help="Only what is being painted.")
@click.option("--json", "as_json", is_flag=True, help="A JSON map per line.")
def list_(which: str | None, as_json: bool) -> None:
    """List what runs, what waits and what is dead: at most 1,000 of each."""
    rows = run(_rows(which))
    if as_json:
        for row in rows:
            print(orjson.dumps(row).decode())
        return
    if not rows:
        print("No dead letters." if which == "dead" else f"Nothing is {which or 'in the queue'}.")
        return
    for line in _lines(rows):
        click.echo(line)


async def _rows(which: str | None) -> list[dict[str, Any]]:
    from livefeed.cli.queue_store import opened_queue

    async with opened_queue() as queue:
        found = [] if which == "dead" else await queue.queued()
        dead = await queue.dead() if which in (None, "dead") else []
    running = [row for row in found if row["state"] == "running" and which != "waiting"]
    waiting = [row for row in found if row["state"] != "running" and which != "running"]
    return running + waiting + dead


def _lines(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a header and one line per job: plain text, however narrow the terminal, whatever a prompt holds."""
    cells, about = [("id", "state", "author", "generator", "try")], [""]
    for row in rows:
        attempt = row["attempts"] if row["state"] == "dead" else row["attempt"]
        cells.append((row["id"], row["state"], row["handle"] or row["author"], row["generator"], str(attempt)))
        about.append(_about(row))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=True)), told]).rstrip()
        for line, told in zip(cells, about, strict=True)
    ]
    return [click.style(lines[0], bold=True), *lines[1:]]


def _about(row: Mapping[str, Any]) -> str:
    """Return what else there is to say of a job, in one line."""
    match row["state"]:
        case "dead":
            at = datetime.fromtimestamp(row["at"] / 1000).strftime("%Y-%m-%d %H:%M:%S")
            return f"{at} {row['code']}: {row.get('cause', row['reason'])}"
        case "running":
            said = [f"step {row['step']} of {row['steps']}", f"for {row['runs_s']:g} s", f"on {row['worker']}"]
        case "resting":
            said = [f"for {row['rests_s']:g} s more"]
        case _:
            said = [f"#{row['place']}", *([f"about {row['eta_s']:g} s"] if "eta_s" in row else [])]
    said += ["urgent"] if row.get("urgent") else []
    said += [f"priority {row['priority']}"] if "priority" in row else []
    said += [row["retry"]["code"]] if "retry" in row else []
    prompt = " ".join(row["prompt"].split())
    cut = prompt if len(prompt) <= PROMPT_CHARACTERS else prompt[: PROMPT_CHARACTERS - 1] + "…"
    return f"{', '.join(said)} “{cut}”"


@jobs.command()
@click.argument("ids", metavar="ID…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All dead letters.")
def retry(ids: tuple[str, ...], every: bool) -> int:
    """Bring dead letters back into the line, with the same id; those who asked for them see them wait again."""
    return run(_each("retry", ids, every, "is in line again"))


@jobs.command()
@click.argument("ids", metavar="ID…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All dead letters.")
def drop(ids: tuple[str, ...], every: bool) -> int:
    """Drop dead letters; their pictures stay failed."""
    return run(_each("drop", ids, every, "is dropped"))


async def _each(verb: str, ids: tuple[str, ...], every: bool, done: str) -> int:
    """Carry out a verb on each dead letter, say what became of it, and return the exit code."""
    if every is bool(ids):
        raise click.UsageError(f"{verb} needs the ids of dead letters, or --all.")
    from livefeed.cli.queue_store import opened_queue

    code = 0
    async with opened_queue() as queue:
        carry_out: Callable[[str], Awaitable[None]] = queue.retry if verb == "retry" else queue.drop
        chosen = [row["id"] for row in await queue.dead()] if every else ids
        if not chosen:
            print("No dead letters.")
        for identifier in chosen:
            try:
                await carry_out(identifier)
            except NotFound as exc:
                click.echo(f"livefeed: {exc.message}", err=True)
                code = FAILED
            else:
                print(f"{identifier} {done}")
    return code
