"""Calling on an AUTOMATIC1111 or Forge server: its model, and whether it tells of tasks."""

from __future__ import annotations

from yarl import URL

from livefeed.config import Config
from livefeed.generation.generators.automatic1111.server import Server


async def visit(settings: Config) -> str:
    """Return how the server is. Raises: EngineLost; Failed when it is not set up for us."""
    server = Server(URL(settings.automatic1111_url))
    try:
        model = await server.model()
        tells_tasks = await server.task("livefeed-doctor", -1) is not None
    finally:
        await server.close()
    paints = f"paints with {model}" if model else "says no model"
    remark = "" if tells_tasks else "; it tells of no single task, as with --nowebui, so that progress may be missing"
    return f"{server.shown} answers, and {paints}{remark}"
