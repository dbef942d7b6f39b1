"""Pictures painted by a diffusers pipeline on this machine, in a process of its own: docs/generators/diffusers.md."""

from livefeed.generation.generators.diffusers.generator import Diffusers

__all__ = ["Diffusers"]
