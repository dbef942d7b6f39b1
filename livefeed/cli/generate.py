"""`livefeed generate`: a picture from the shell, with a bar that moves as it is painted."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from livefeed.cli.ending import run
from livefeed.cli.server_option import open_feed, with_server
from livefeed.client import Completed, Feed, Place, Preview, Queued, Retrying, Started, Step
from livefeed.client import Progress as Painted
from livefeed.client.shapes import GenerationOptions
from livefeed.errors import ConfigurationError, LivefeedError

SIZES = ("256", "512", "1024")


@click.command()
@click.argument("prompt")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the picture goes (WebP); by default its id with .webp, here.",
)
@click.option("--size", type=click.Choice(SIZES), default="1024", help="Longest side of the file, at most.")
@click.option("--style", help="How it is painted, such as 'watercolour'; said to the generator behind the prompt.")
@click.option("--width", type=int, help="Width of the canvas.")
@click.option("--height", type=int, help="Height of the canvas.")
@click.option("--seed", type=int, help="The same prompt and seed give the same picture.")
@click.option("--steps", type=int, help="How many steps the generator takes.")
@click.option("--generator", help="Which generator, if the server has several.")
@click.option("--private", is_flag=True, help="Do not make it a post.")
@with_server
def generate(
    prompt: str,
    output: Path | None,
    size: str,
    style: str | None,
    width: int | None,
    height: int | None,
    seed: int | None,
    steps: int | None,
    generator: str | None,
    private: bool,
    server: str | None,
    token: str | None,
) -> None:
    """Have PROMPT painted, watch it, save it. Without a token it is a new guest's. Ctrl-C cancels it."""
    if output is not None and output.suffix.lower() != ".webp":
        raise click.UsageError(f"The picture is WebP: end '{output}' with .webp.")
    if output is not None and not output.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder '{output.parent}'.")
    options = GenerationOptions(
        style=style, width=width, height=height, seed=seed, steps=steps, generator=generator, publish=not private
    )
    print(run(_generate(prompt, output, int(size), options, server, token)))


async def _generate(
    prompt: str,
    output: Path | None,
    size: int,
    options: GenerationOptions,
    server: str | None,
    token: str | None,
) -> Path:
    async with open_feed(server, token) as feed:
        completed = await _watch(feed, prompt, options)
        picture = await feed.download(completed.media["sha256"], size)
    path = output or Path(f"{completed.id}.webp")
    try:
        await asyncio.to_thread(path.write_bytes, picture)
    except OSError as exc:
        raise ConfigurationError(f"'{path}' cannot be written: {exc.strerror}.") from exc
    return path


async def _watch(feed: Feed, prompt: str, options: GenerationOptions) -> Completed:
    """Show the steps until the picture is there; a Ctrl-C on the way cancels it on the server too."""
    identifier: str | None = None
    with Easel() as easel:
        try:
            async for step in feed.generate(prompt, **options):
                if isinstance(step, Queued):
                    identifier = step.id
                easel.show(step)
                if isinstance(step, Completed):
                    return step
        except asyncio.CancelledError:
            if identifier is not None:
                await _cancel(feed, identifier)
            raise
    raise LivefeedError("The server ended the picture without a word.")


async def _cancel(feed: Feed, identifier: str) -> None:
    try:
        async with asyncio.timeout(3):
            await feed.cancel(identifier)
    except (LivefeedError, TimeoutError) as exc:
        click.echo(f"livefeed: the picture could not be cancelled ({exc}).", err=True)


class Easel:
    """Shows steps on stderr: a bar on a terminal, plain lines elsewhere. A context manager."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._said = ""

    def __enter__(self) -> Easel:
        if sys.stderr.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._bar.start()
            self._task = self._bar.add_task("asking", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, step: Step) -> None:
        """Show what has happened."""
        match step:
            case Queued():
                self._say("queued")
            case Place(place=place):
                if place:
                    self._say("next in line" if place == 1 else f"#{place} in line")
            case Retrying(attempt=attempt, attempts=attempts):
                self._say(f"lost, trying again ({attempt} of {attempts})", completed=0)
            case Started():
                self._say("painting", completed=0)
            case Painted(step=done, steps=total):
                self._say("painting", completed=done, total=total)
            case Preview():
                return
            case Completed():
                self._say("done")

    def _say(self, words: str, *, completed: int | None = None, total: int | None = None) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=words, completed=completed, total=total)
            return
        line = f"{words}, step {completed} of {total}" if total is not None else words
        if line != self._said:
            self._said = line
            click.echo(line, err=True)
