"""`python -m livefeed.cli` is `livefeed`."""

from livefeed.cli.entry import main

main()
