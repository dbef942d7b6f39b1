"""`livefeed serve` and `livefeed worker`: the processes of the server."""

from __future__ import annotations

import os
from pathlib import Path

import click

from livefeed.cli.checks import misspelt
from livefeed.config import Config


@click.command()
@click.option("--host", help="Address to listen on (LIVEFEED_HOST).")
@click.option("--port", type=int, help="TCP port, 0 for a free one (LIVEFEED_PORT).")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (LIVEFEED_DATA).")
@click.option("--redis-url", help="Redis or Valkey instead of the embedded store (LIVEFEED_REDIS_URL).")
@click.option("--processes", type=int, help="Server processes, 0: one per core (LIVEFEED_PROCESSES).")
@click.option("--workers", type=int, help="Worker processes to start along (LIVEFEED_WORKERS).")
def serve(
    host: str | None,
    port: int | None,
    data: Path | None,
    redis_url: str | None,
    processes: int | None,
    workers: int | None,
) -> None:
    """Run the server, with its store and workers unless told otherwise, until Ctrl-C.

    Every setting is a LIVEFEED_* variable too; options win.
    """
    from livefeed.server import main_serve
    from livefeed.supervision import supervised

    if not supervised():
        for finding in misspelt(os.environ):
            click.echo(f"livefeed: {finding.name}: {finding.do}", err=True)
    main_serve(
        Config.from_environment(
            host=host, port=port, data=data, redis_url=redis_url, processes=processes, workers=workers
        )
    )


@click.command()
@click.option("--redis-url", help="The store that the server uses (LIVEFEED_REDIS_URL).")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder (LIVEFEED_DATA).")
@click.option("--slots", type=int, help="Pictures to paint at the same time (LIVEFEED_WORKER_SLOTS).")
def worker(redis_url: str | None, data: Path | None, slots: int | None) -> None:
    """Run a worker that makes pictures, here or on another machine, until Ctrl-C."""
    from livefeed.server import main_worker

    main_worker(Config.from_environment(redis_url=redis_url, data=data, worker_slots=slots))
