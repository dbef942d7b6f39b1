"""Calling on a ComfyUI server: its version, its socket, and the checkpoint that our workflow needs."""

from __future__ import annotations

import uuid

from livefeed.config import Config, variable
from livefeed.generation.generators.comfyui.generator import ComfyUI
from livefeed.generation.generators.comfyui.server import Server
from livefeed.generation.generators.visiting import Unwell, listed

WAIT_S = 5.0


async def visit(settings: Config) -> str:
    """Return how the server is. Raises: Unwell, EngineLost, ValueError; ConfigurationError for a workflow."""
    marks = ComfyUI(settings).marks
    async with Server(settings.comfyui_url, silence_s=WAIT_S) as server:
        version = await server.version()
        socket = await server.listen(uuid.uuid4().hex)
        await socket.close()
        found = f"ComfyUI {version} at {server.address} answers"
        if "checkpoint" not in marks:
            return found
        known, wanted = await server.checkpoints(), settings.comfyui_model
    if not known:
        raise Unwell(f"{found}, but has no checkpoint", "Put one into its models/checkpoints, or use an own workflow.")
    if wanted and wanted not in known:
        raise Unwell(
            f"{found}, but has no checkpoint {wanted}", f"Set {variable('comfyui_model')} to one of: {listed(known)}."
        )
    return f"{found}, and has the checkpoint {wanted or known[0]}"
