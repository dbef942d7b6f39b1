"""`livefeed serve`, with the page's files from the folder `web` beside the data: another version of them, perhaps."""

from __future__ import annotations

import os
from pathlib import Path

import livefeed.server
from livefeed.cli.entry import main

if __name__ == "__main__":
    livefeed.server.WEB = Path(os.environ["LIVEFEED_DATA"]).with_name("web")
    main()
