"""livefeed: the live layer of a social network around AI-made pictures."""

__version__ = "0.1.0"
