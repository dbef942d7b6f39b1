"""Paint the contact sheet of the built-in illustrator: docs/illustrator/contact-sheet.webp, 64 prompts.

    .venv/bin/python tools/contact_sheet.py [--size 384] [--cell 240] [--only 3,17] [--out FILE]

Every relation, every style, groups, three languages and many settings, lights and weathers. The same versions of
numpy and pillow paint the same sheet.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from livefeed.generation.generators import illustrator

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "illustrator" / "contact-sheet.webp"
COLUMNS = 8
LABEL = 26
LARGEST_BYTES = 1_500_000

PROMPTS = """
two red foxes riding a bicycle under a rainbow, van gogh style
deux renards rouges à vélo sous un arc-en-ciel
una volpe con un cappello in un bosco d'autunno
a bear wearing sunglasses riding a motorcycle in the desert at sunset
a robot playing guitar in the city, neon lights
three cats holding balloons in a meadow
a mouse on a cat on a dog in a playground
an owl reading a book under a tree
a frog under a yellow umbrella in the rain, in a swamp
a cow flying over a castle, confetti
un cochon qui nage dans un lac au lever du soleil
a penguin surfing on the sea at golden hour
two dogs in a canoe on a river at dawn
a knight riding a dragon over a volcano
an astronaut cat riding a rocket in space
a rabbit in a hot air balloon above the clouds
a fox behind a rock in the snow
a lion with a crown in front of a temple
a dragon facing a wizard in castle ruins, storm
a cat between two dogs on an island
a rabbit among mushrooms at night, fireflies
five ducks on a river under autumn leaves
a giant panda in a bamboo forest, ink
a tiger in the jungle, stained glass
a cat on a rooftop at night, neon style
a dragon and a castle, pixel art
a lighthouse by the sea in a storm, watercolour
a swan on a canal, pastel
sunflowers in a vase, after van gogh
a sailboat at sunset, pointillism
a mouse inside a tea cup, gouache
a unicorn on a hill under the aurora
un gatto nero su una scopa sopra i tetti di notte
due elefanti in una savana al tramonto
una rana che suona la chitarra in una palude
un cane che legge un libro in una biblioteca
trois pingouins sur la banquise sous une aurore boréale
un lapin dans une tasse sur une table
un robot bleu dans un champ de tulipes
une sorcière sur un balai au clair de lune
a whale floating over a harbour in the fog
an elephant on a bicycle on a mountain road
a monkey eating a banana in a market
a cook cat in a kitchen
a wizard fox in a cave with a crystal ball
a cow and a pig beside a windmill on a farm
a green alien in a flying saucer over a farm
an elephant in a museum, oil painting
a bee and a butterfly in a greenhouse
a train on a bridge in a canyon
a snowman with a scarf in a snowstorm
a koala sleeping on the moon, meteors
a mermaid underwater with a turtle
a horse running through a park in the rain
a ghost and a pumpkin in a graveyard
a chicken crossing a street
a raccoon with a pizza in a street at night
bees over a field of lavender at noon
a teddy bear in a bedroom by candlelight
a frog prince dancing with a princess in a ballroom
a camel at an oasis, dust storm
a dancing lion on a theatre stage
a giraffe wearing a red scarf at a fair at noon
melancholy of unspoken tuesdays
""".strip().splitlines()


def painted(prompt: str, seed: int, size: int) -> Image.Image:
    """Return the finished picture of a prompt, `size` pixels a side."""
    *_, canvas = illustrator.paint(prompt, seed=seed, width=size, height=size, steps=10)
    return canvas.image


def lettering(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font of the captions; pillow's own has no accents."""
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def wrapped(text: str, pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, wide: int) -> str:
    """Return a text broken into lines of at most `wide` pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font=font) > wide and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines[:2])


def sheet(pictures: list[Image.Image], prompts: list[str], cell: int) -> Image.Image:
    """Return pictures in rows of COLUMNS with their prompts below them."""
    rows = -(-len(pictures) // COLUMNS)
    page = Image.new("RGB", (COLUMNS * (cell + 6) + 6, rows * (cell + LABEL + 6) + 6), (250, 248, 244))
    pen, font = ImageDraw.Draw(page), lettering(10)
    for index, (picture, prompt) in enumerate(zip(pictures, prompts, strict=True)):
        x, y = 6 + index % COLUMNS * (cell + 6), 6 + index // COLUMNS * (cell + LABEL + 6)
        page.paste(picture.resize((cell, cell), Image.Resampling.LANCZOS), (x, y))
        pen.multiline_text((x, y + cell + 2), wrapped(prompt, pen, font, cell), (60, 56, 52), font, spacing=1)
    return page


def main() -> None:
    """Paint the sheet and write it, in the best quality that stays below LARGEST_BYTES."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=384, help="pixels a side at which the pictures are painted")
    parser.add_argument("--cell", type=int, default=240, help="pixels a side at which they are shown")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="numbers of prompts, from 1, comma-separated")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    chosen = [PROMPTS[int(n) - 1] for n in given.only.split(",")] if given.only else PROMPTS
    with ProcessPoolExecutor(given.workers) as workers:
        pictures = list(workers.map(painted, chosen, [given.seed] * len(chosen), [given.size] * len(chosen)))
    page = sheet(pictures, chosen, given.cell)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    for quality in (86, 80, 74, 66, 58):
        page.save(given.out, quality=quality, method=6)
        if given.out.stat().st_size <= LARGEST_BYTES:
            break
    print(f"{given.out}: {len(chosen)} pictures, {given.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
