"""Draw the app's icons from the mark: `python tools/icons.py` writes web/pwa/icons/*.png.

They are kept in the repository: the build needs no Pillow.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from livefeed.media.card import mark

FOLDER = Path(__file__).resolve().parent.parent / "web" / "pwa" / "icons"
WALL = "#161716"
PIGMENTS = ("#f2b84b", "#ff9285", "#8fd6a5")
WHITE = ("#ffffff",)
ROUND = 0.36
"""Height of the mark where a system may cut the icon to any shape: it stays inside the inner four fifths."""
PLAIN = 0.48


def icon(
    size: int, share: float, *, background: str | None = WALL, pigments: tuple[str, ...] = PIGMENTS
) -> Image.Image:
    """Return a square with the mark in its middle. share: of the square's height. background: None is transparent."""
    image = Image.new("RGBA", (size, size), background or (0, 0, 0, 0))
    dabs = mark(round(size * share), pigments)
    image.alpha_composite(dabs, ((size - dabs.width) // 2, (size - dabs.height) // 2))
    return image


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    icons = {
        "icon-192": icon(192, PLAIN),
        "icon-512": icon(512, PLAIN),
        "icon-maskable-512": icon(512, ROUND),
        "apple-touch-icon": icon(180, PLAIN).convert("RGB"),
        "badge-96": icon(96, 0.66, background=None, pigments=WHITE),
    }
    for name, image in icons.items():
        image.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
