"""Pictures by a ComfyUI server: a workflow template is filled in, queued there and watched until there is a picture."""

from livefeed.generation.generators.comfyui.generator import ComfyUI

__all__ = ["ComfyUI"]
