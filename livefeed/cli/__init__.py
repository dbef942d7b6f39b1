"""The command line: `livefeed serve | worker | tail | publish | generate | doctor`. Source: docs/cli.md."""

from livefeed.cli.entry import main

__all__ = ["main"]
