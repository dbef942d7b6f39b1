"""OpenAI's image models, and every server that speaks like them. Needs the extra `openai`."""

from .generator import OpenAI

__all__ = ["OpenAI"]
