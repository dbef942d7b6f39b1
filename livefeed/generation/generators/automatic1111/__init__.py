"""Pictures painted by an AUTOMATIC1111 web UI, or by Forge, which speaks the same: docs/generators/automatic1111.md."""

from livefeed.generation.generators.automatic1111.generator import Automatic1111

__all__ = ["Automatic1111"]
