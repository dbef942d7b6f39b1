"""Things the vendored art lacks, modelled here: a lighthouse, a surfboard, a windmill."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from .clay import Clay
from .pixels import Array, to_floats

Point = tuple[float, float]


def column(sheet: Array, outline: list[Point], colours: list[tuple[float, tuple[int, int, int]]]) -> None:
    """Fill an outline (pixels) with bands of colour downwards, shaded like a round column lit from the left.

    colours: (where the band begins as a fraction of the height, RGB 0..255).
    """
    left, right = max(0, int(min(x for x, _ in outline))), int(max(x for x, _ in outline)) + 1
    top, bottom = max(0, int(min(y for _, y in outline))), int(max(y for _, y in outline)) + 1
    part = sheet[top:bottom, left:right]
    height, width = part.shape[:2]
    mask = Image.new("L", (width * 2, height * 2), 0)
    ImageDraw.Draw(mask).polygon([((x - left) * 2, (y - top) * 2) for x, y in outline], fill=255)
    alpha = to_floats(np.asarray(mask.resize((width, height), Image.Resampling.BOX)))
    columns, rows = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)
    shade = 1.08 - 0.55 * np.abs(columns - 0.32) ** 1.5
    picture = np.zeros((height, width, 3), np.float32)
    for start, (red, green, blue) in colours:
        picture[rows >= start] = (red / 255, green / 255, blue / 255)
    picture *= shade[None, :, None]
    part[..., :3] += (np.clip(picture, 0, 1) - part[..., :3]) * alpha[..., None]
    np.maximum(part[..., 3], alpha, out=part[..., 3])


def lighthouse() -> Array:
    """A white and red tower with a lit lantern room, on a rock."""
    sheet = np.zeros((460, 240, 4), np.float32)
    red, white = (214, 56, 52), (240, 236, 230)
    bands = [(0.0, white), (0.14, red), (0.34, white), (0.54, red), (0.74, white), (0.9, red)]
    column(sheet, [(92, 110), (148, 110), (168, 420), (72, 420)], bands)
    column(sheet, [(80, 100), (160, 100), (160, 112), (80, 112)], [(0.0, (70, 66, 76))])
    column(sheet, [(96, 62), (144, 62), (144, 100), (96, 100)], [(0.0, (255, 226, 120))])
    for x in (96, 111, 127, 142):
        column(sheet, [(x, 62), (x + 3, 62), (x + 3, 100), (x, 100)], [(0.0, (70, 66, 76))])
    column(sheet, [(88, 64), (152, 64), (130, 38), (110, 38)], [(0.0, red)])
    column(sheet, [(117, 24), (123, 24), (123, 40), (117, 40)], [(0.0, (70, 66, 76))])
    for y in (170, 250, 330):
        column(sheet, [(112, y), (126, y), (126, y + 24), (112, y + 24)], [(0.0, (60, 66, 84))])
    rock = Clay(240, 460)
    rock.lay(sheet, 0, 0)
    for x, y, wide, tall, tone in ((60, 430, 58, 30, 0.34), (178, 432, 60, 28, 0.30), (118, 438, 76, 26, 0.38)):
        rock.ellipsoid(x, y, wide, tall, (tone, tone * 0.96, tone * 1.02))
    return rock.picture()


def surfboard() -> Array:
    """A yellow and red board, seen from the side, nose up a little."""
    board = Clay(420, 120)
    board.ellipsoid(210, 66, 200, 24, (0.95, 0.62, 0.14), turn=0.07)
    board.ellipsoid(210, 58, 194, 16, (1.0, 0.84, 0.28), turn=0.07, flat=0.6)
    board.ellipsoid(120, 50, 60, 4, (0.90, 0.24, 0.20), turn=0.07, flat=0.4)
    board.ellipsoid(290, 63, 60, 4, (0.90, 0.24, 0.20), turn=0.07, flat=0.4)
    return board.picture()


def windmill() -> Array:
    """A tower mill with four sails."""
    sheet = np.zeros((420, 340, 4), np.float32)
    column(sheet, [(132, 150), (208, 150), (236, 410), (104, 410)], [(0.0, (236, 226, 206)), (0.7, (190, 130, 96))])
    column(sheet, [(120, 154), (220, 154), (190, 108), (150, 108)], [(0.0, (150, 70, 52))])
    column(sheet, [(154, 350), (186, 350), (186, 410), (154, 410)], [(0.0, (96, 60, 44))])
    column(sheet, [(158, 220), (182, 220), (182, 250), (158, 250)], [(0.0, (70, 90, 120))])
    for angle in (0.5, 0.5 + np.pi / 2, 0.5 + np.pi, 0.5 + 1.5 * np.pi):
        c, s = float(np.cos(angle)), float(np.sin(angle))
        spar = [(170 + c * r - s * w, 150 + s * r + c * w) for r, w in ((0, -3), (140, -3), (140, 3), (0, 3))]
        sail = [(170 + c * r - s * w, 150 + s * r + c * w) for r, w in ((34, 3), (136, 3), (136, 30), (34, 26))]
        column(sheet, sail, [(0.0, (228, 214, 186))])
        column(sheet, spar, [(0.0, (110, 74, 52))])
    hub = Clay(340, 420)
    hub.lay(sheet, 0, 0)
    hub.ellipsoid(170, 150, 12, 12, (0.4, 0.26, 0.2))
    return hub.picture()


def hot_air_balloon() -> Array:
    """A striped envelope with its basket."""
    sheet = Clay(360, 500)
    red, cream, teal = (0.90, 0.26, 0.24), (0.98, 0.90, 0.74), (0.16, 0.58, 0.64)
    for side in (-1, 1):
        sheet.limb([(180 + side * 62.0, 318.0, 2.0), (180 + side * 26.0, 420.0, 2.0)], (0.45, 0.34, 0.26))
    sheet.ellipsoid(180, 290, 74, 66, red, flat=0.6)
    sheet.ellipsoid(180, 176, 172, 170, red)
    for offset, wide, colour in ((0.0, 132.0, cream), (0.0, 92.0, teal), (0.0, 50.0, cream), (0.0, 16.0, red)):
        sheet.ellipsoid(180 + offset, 176, wide, 169, colour)
        sheet.ellipsoid(180 + offset, 292, wide * 0.42, 62, colour, flat=0.6)
    sheet.ellipsoid(180, 452, 34, 12, (0.50, 0.33, 0.20))
    for row in range(5):
        sheet.ellipsoid(180, 430 + 9 * row, 36 - row, 16, (0.66, 0.45, 0.27) if row % 2 else (0.56, 0.37, 0.22))
    return sheet.picture()


def fireplace() -> Array:
    """A brick hearth with a fire in it."""
    sheet = np.zeros((400, 420, 4), np.float32)
    column(sheet, [(40, 60), (380, 60), (380, 400), (40, 400)], [(0.0, (172, 92, 70))])
    for row in range(9):
        for brick in range(6):
            x, y = 44 + brick * 58 + (row % 2) * 26 - 20, 64 + row * 37
            left, right = max(42, x), min(378, x + 52)
            if right - left > 8:
                tone = 150 + (row * 37 + brick * 61) % 50
                column(
                    sheet,
                    [(left, y), (right, y), (right, y + 31), (left, y + 31)],
                    [(0.0, (tone, tone // 2, tone * 2 // 5))],
                )
    column(sheet, [(20, 34), (400, 34), (400, 62), (20, 62)], [(0.0, (112, 72, 48))])
    column(
        sheet,
        [(110, 200), (150, 160), (270, 160), (310, 200), (310, 400), (110, 400)],
        [(0.0, (38, 24, 22)), (0.7, (70, 36, 22))],
    )
    hearth = Clay(420, 400)
    hearth.lay(sheet, 0, 0)
    for x, y, wide, tall, colour in (
        (210, 318, 74, 84, (0.96, 0.36, 0.08)), (176, 340, 40, 62, (0.98, 0.48, 0.10)),
        (248, 342, 40, 58, (0.98, 0.48, 0.10)),
        (210, 342, 46, 60, (1.0, 0.70, 0.18)), (210, 358, 26, 40, (1.0, 0.92, 0.52)),
    ):  # fmt: skip
        hearth.ellipsoid(x, y, wide, tall, colour, flat=0.15)
    for side in (-1, 1):
        hearth.limb([(210 - side * 66.0, 384.0, 14.0), (210 + side * 60.0, 372.0, 14.0)], (0.36, 0.22, 0.14))
    return hearth.picture()


PROPS: dict[str, tuple[str, Callable[[], Array]]] = {
    "lighthouse": ("place-building", lighthouse),
    "windmill": ("place-building", windmill),
    "surfboard": ("sport", surfboard),
    "hot air balloon": ("transport-air", hot_air_balloon),
    "fireplace": ("place-other", fireplace),
}
PROP_WORDS = {
    "lighthouse": "lighthouse", "beacon": "lighthouse", "leuchtturm": "lighthouse", "phare": "lighthouse",
    "faro": "lighthouse", "windmill": "windmill", "mill": "windmill", "surfboard": "surfboard",
    "hot air balloon": "hot air balloon", "air balloon": "hot air balloon",
    "fireplace": "fireplace", "hearth": "fireplace",
}  # fmt: skip
