"""Paint the pictures of the gallery, web/gallery/pictures/: a real server, its built-in illustrator.

Run: `.venv/bin/python tools/gallery_pictures.py`. It writes the finished pictures, two previews of one of them, and
`pictures.json` with what the server says of each.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import livefeed.client  # noqa: E402
from livefeed.client import Completed, Feed, Preview  # noqa: E402
from tests.integration.server_process import ServerProcess  # noqa: E402

OUT = ROOT / "web" / "gallery" / "pictures"
PAINTED = {
    "whale": ("a whale in the hills at sunset", 768, 768),
    "fox": ("a red fox in the snow at night", 768, 960),
    "lighthouse": ("a lighthouse by the sea in fog", 960, 720),
    "mushrooms": ("mushrooms in a dark forest", 768, 576),
    "dragon": ("a blue dragon before the rain", 768, 768),
    "sunflowers": ("bouquet of sunflowers, after van gogh", 768, 960),
}
SHOWN_OF = "whale"
WIDTH = 384


async def main() -> None:
    """Make the pictures anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    known: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder) / "data", workers=1) as server:
        async with livefeed.client.connect(server.url) as feed, aiohttp.ClientSession(server.url) as session:
            await feed.sign_in()
            for name, (prompt, width, height) in PAINTED.items():
                post, previews = await _paint(feed, prompt, width, height)
                async with session.get(f"/media/{post['media']['sha256']}/512.webp") as answer:
                    _save(name, await answer.read())
                if name == SHOWN_OF:
                    _save(f"{name}-early", previews[0])
                    _save(f"{name}-half", previews[len(previews) // 2])
                known[name] = {"prompt": prompt, **post["media"], "sha256": name}
    (OUT / "pictures.json").write_text(json.dumps(known, indent=1) + "\n", "utf-8")


async def _paint(feed: Feed, prompt: str, width: int, height: int) -> tuple[Any, list[bytes]]:
    """Return the post and the previews that came before it."""
    previews: list[bytes] = []
    async for step in feed.generate(prompt, width=width, height=height):
        match step:
            case Preview(image=image) if image:
                previews.append(image)
            case Completed(post=post) if post:
                return post, previews
    raise SystemExit(f"'{prompt}' was not painted.")


def _save(name: str, image: bytes) -> None:
    with Image.open(io.BytesIO(image)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((WIDTH, 2 * WIDTH))
        small.save(OUT / f"{name}.webp", quality=72, method=6)


if __name__ == "__main__":
    asyncio.run(main())
