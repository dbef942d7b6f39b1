"""Rebuild the illustrator's vendored art from two npm packages.

    python tools/vendor_art.py            # downloads both packages with `npm pack` into a temporary folder
    python tools/vendor_art.py --from DIR # uses DIR/fluent and DIR/emojibase, already unpacked
    python tools/vendor_art.py --words    # rebuilds the words alone, for the pictures that are there

Writes `livefeed/generation/generators/illustrator/art/`: one WebP per noun (copied byte for byte from
`@lobehub/fluent-emoji-3d`), `index.json` (word -> picture, built from `emojibase-data`), and the licences. French and
Italian have words of their own, with keywords; of other languages only the names of things are kept, in one table.
Only nouns that can be painted are kept: no smileys, hands, flags, signs or framed little landscapes.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

FLUENT = "@lobehub/fluent-emoji-3d@1.1.0"
EMOJIBASE = "emojibase-data@17.0.0"
ART = Path(__file__).parent.parent / "livefeed/generation/generators/illustrator/art"

SUBGROUPS = set(
    """animal-mammal animal-bird animal-amphibian animal-reptile animal-marine animal-bug plant-flower plant-other
    food-fruit food-vegetable food-prepared food-asian food-sweet drink dishware place-geographic place-building
    place-religious place-other transport-ground transport-water transport-air sky-weather event award-medal sport
    game arts-crafts clothing music musical-instrument phone computer light-video book-paper money writing tool
    science household other-object face-costume person-role person-fantasy person-activity person-sport""".split()
)
EXTRA = set(  # single pictures from subgroups that are otherwise left out
    """cat face|grinning cat|heart suit|red heart|brain|eye|bone|tooth|anchor|hourglass not done|watch|alarm clock|
    mantelpiece clock|package|envelope|postbox|closed mailbox with raised flag|key|old key|locked|briefcase|scissors|
    basket|luggage|bellhop bell|compass|shopping bags""".replace("\n", "").split("|")
)
EXTRA = {name.strip() for name in EXTRA}
LEFT_OUT = set(
    """pile of poo|clown face|alien monster|goblin|ogre|pig nose|paw prints|microbe|white flower|rosette|
    national park|desert|beach with umbrella|umbrella on ground|camping|desert island|sunrise|sunrise over mountains|
    sunset|cityscape|cityscape at dusk|night with stars|foggy|bridge at night|hot springs|motorway|railway track|metro|
    station|bus stop|stop sign|construction|horizontal traffic light|barber pole|fog|wind face|new moon face|
    first quarter moon face|last quarter moon face|full moon face|sun with face|shooting star|milky way|cyclone|
    sun behind cloud|sun behind small cloud|sun behind large cloud|sun behind rain cloud|cloud with rain|
    cloud with snow|cloud with lightning and rain|cloud with lightning|umbrella with rain drops|high voltage|
    fireworks|sparkler|moon viewing ceremony|red envelope|reminder ribbon|1st place medal|2nd place medal|
    3rd place medal|spade suit|diamond suit|club suit|joker|mahjong red dragon|flower playing cards|
    love hotel|convenience store|wedding|kaaba|synagogue|cigarette|coffin|funeral urn|identification card|placard|
    elevator|water closet|toilet|plunger|x-ray|mobile phone with arrow|muted speaker|bell with slash|
    speaker low volume|speaker medium volume|speaker high volume|levels slider|yen banknote|euro banknote|
    pound banknote|chart increasing with yen|no smoking|low battery|pill|syringe|drop of blood|adhesive bandage|
    person getting massage|person getting haircut|person climbing|person taking bath|person in bed|
    people with bunny ears|person in steamy room|people wrestling|pregnant person|breast-feeding|
    person feeding baby|mx claus|troll|hairy creature|baby angel|water pistol|bikini|briefs|one-piece swimsuit|
    razor|roll of paper|mouse trap|hamsa|nazar amulet|crutch|safety pin|umbrella with rain|pager|fax machine|
    locked with pen|locked with key|man pilot|person with skullcap|person in motorized wheelchair|
    person with white cane|waxing gibbous moon|waning gibbous moon|first quarter moon|last quarter moon|
    waxing crescent moon|waning crescent moon|new moon|church wedding|japanese post office|page facing up|
    magnifying glass tilted right|small airplane|oncoming bus|oncoming police car|oncoming taxi|
    oncoming automobile|videocassette|dvd|hair pick|service dog|guide dog|map of japan|funeral|receipt|
    credit card|bookmark|bookmark tabs|clapper board|empty nest|shaved|bank|lotion bottle|fork and knife with plate""".replace(
        "\n", ""
    ).split("|")
)
LEFT_OUT = {name.strip() for name in LEFT_OUT}
# People come in three forms; the neutral one is kept, and these where the word names a woman or a man.
GENDERED = {
    "woman mage": "witch", "man mage": "wizard", "woman dancing": "dancer", "man dancing": "dancing man",
    "princess": "princess", "prince": "prince", "mermaid": "mermaid", "merman": "merman", "woman elf": "elf woman",
    "woman astronaut": "woman astronaut", "Santa Claus": "santa", "Mrs. Claus": "mrs claus",
    "man standing": "man", "woman standing": "woman", "person standing": "person", "woman vampire": "vampire woman",
    "woman fairy": "fairy", "woman genie": "genie woman", "woman artist": "woman artist", "woman singer": "singer",
}  # fmt: skip

# Keywords of emojibase that are nouns one can paint: the picture that carries the keyword answers to it.
KEYWORDS = """alpaca ale amoeba aubergine bumblebee burger burro cab cantaloupe copter conch corvid cygnet dandelion
    donut earthworm edamame elk escargot grasshopper grizzly hippo hotdog iceberg icecream kebab lilac lavender indigo
    maize matryoshka motorboat mule nectarine pho piccolo puppy raven rook serpent sledge sleigh slug sorcerer
    sorceress spaghetti brontosaurus diplodocus brachiosaurus lorry scorpio shuttlecock rucksack satchel
    spectacles necklace saturn sax skateboard buttercup bluebonnet sapling mic rickshaw trolley ferret parasail
    gondola carousel joey pint tortoise porcupine matcha espresso cappuccino""".split()

# Words people use that the emojibase labels do not hold, and which of several pictures a plain word means.
SYNONYMS: dict[str, str] = {
    "kitten": "cat", "kitty": "cat", "tomcat": "cat", "pup": "dog", "hound": "dog", "retriever": "dog", "labrador": "dog", "corgi": "dog", "husky": "wolf", "terrier": "dog",
    "shiba": "dog", "dachshund": "dog", "pug": "dog", "beagle": "dog", "tabby": "cat", "bunny": "rabbit",
    "hare": "rabbit", "pony": "horse", "stallion": "horse", "mare": "horse", "foal": "horse", "bull": "ox",
    "buffalo": "water buffalo", "calf": "cow", "piglet": "pig", "sheep": "ewe", "lamb": "ewe", "reindeer": "deer",
    "stag": "deer", "doe": "deer", "fawn": "deer", "squirrel": "chipmunk", "dolphins": "dolphin", "ape": "gorilla",
    "panther": "black cat", "cheetah": "leopard", "jaguar": "leopard", "dinosaur": "T-Rex", "tyrannosaurus": "T-Rex",
    "trex": "T-Rex", "hen": "chicken", "chick": "baby chick", "crow": "black bird", "blackbird": "black bird",
    "seagull": "dove", "gull": "dove", "pigeon": "dove", "sparrow": "bird", "robin": "bird", "cardinal": "bird",
    "hawk": "eagle", "falcon": "eagle", "stork": "flamingo", "heron": "flamingo", "toad": "frog", "gecko": "lizard",
    "salamander": "lizard", "chameleon": "lizard", "iguana": "lizard", "alligator": "crocodile", "cobra": "snake",
    "viper": "snake", "wyvern": "dragon", "orca": "whale", "goldfish": "tropical fish", "koi": "tropical fish",
    "salmon": "fish", "trout": "fish", "pufferfish": "blowfish", "kraken": "squid", "cuttlefish": "squid",
    "starfish": "star", "seashell": "spiral shell", "shell": "spiral shell", "prawn": "shrimp", "ladybug": "lady beetle",
    "ladybird": "lady beetle", "bee": "honeybee", "wasp": "honeybee", "moth": "butterfly", "caterpillar": "bug",
    "firefly": "lady beetle", "dragonfly": "fly", "beetle": "beetle", "flower": "blossom", "flowers": "blossom",
    "daisy": "blossom", "peony": "hibiscus", "orchid": "hibiscus", "lily": "lotus", "sakura": "cherry blossom",
    "poppy": "tulip", "pine": "evergreen tree", "fir": "evergreen tree", "spruce": "evergreen tree",
    "tree": "deciduous tree", "oak": "deciduous tree", "willow": "deciduous tree", "palm": "palm tree", "fern": "herb",
    "leaf": "leaf fluttering in wind", "leaves": "fallen leaf", "clover": "four leaf clover", "toadstool": "mushroom",
    "bonsai": "potted plant", "houseplant": "potted plant", "vine": "grapes", "wheat": "sheaf of rice",
    "apple": "red apple", "orange": "tangerine", "mandarin": "tangerine", "lime": "lemon", "berry": "strawberry",
    "raspberry": "strawberry", "blueberry": "blueberries", "cherry": "cherries", "grape": "grapes", "plum": "peach",
    "pumpkin": "jack-o-lantern", "corn": "ear of corn", "pepper": "bell pepper", "chili": "hot pepper",
    "cabbage": "leafy green", "lettuce": "leafy green", "bean": "beans", "nut": "peanuts", "baguette": "baguette bread",
    "loaf": "bread", "toast": "bread", "steak": "cut of meat", "ham": "meat on bone", "chips": "french fries",
    "fries": "french fries", "ramen": "steaming bowl", "noodle": "steaming bowl", "noodles": "steaming bowl",
    "soup": "pot of food", "stew": "pot of food", "pasta": "spaghetti", "rice": "cooked rice", "onigiri": "rice ball",
    "curry": "curry rice", "salad": "green salad", "omelette": "cooking", "pancake": "pancakes", "cake": "birthday cake",
    "muffin": "cupcake", "gelato": "soft ice cream", "donut": "doughnut", "chocolate": "chocolate bar",
    "sweet": "candy", "honey": "honey pot", "coffee": "hot beverage", "tea": "teacup without handle",
    "teacup": "teacup without handle", "mug": "hot beverage", "cup": "hot beverage", "cocoa": "hot beverage",
    "wine": "wine glass", "beer": "beer mug", "champagne": "bottle with popping cork", "cocktail": "cocktail glass",
    "martini": "cocktail glass", "whisky": "tumbler glass", "whiskey": "tumbler glass", "milk": "glass of milk",
    "juice": "tropical drink", "bottle": "bottle with popping cork", "vase": "amphora", "urn": "amphora",
    "jug": "amphora", "pot": "pot of food", "bowl": "bowl with spoon", "dumplings": "dumpling", "boulder": "rock",
    "stone": "rock", "log": "wood", "cabin": "hut", "cottage": "house with garden", "home": "house", "mansion": "house",
    "barn": "house", "tower": "Tokyo tower", "skyscraper": "office building", "palace": "castle", "fortress": "castle",
    "pagoda": "Japanese castle", "temple": "hindu temple", "shrine": "shinto shrine", "chapel": "church",
    "cathedral": "church", "museum": "classical building", "parthenon": "classical building", "torii": "shinto shrine",
    "train": "locomotive", "steam train": "locomotive", "engine": "locomotive", "car": "automobile",
    "truck": "delivery truck", "van": "minibus", "motorbike": "motorcycle", "bike": "bicycle", "scooter": "motor scooter",
    "boat": "sailboat", "yacht": "sailboat", "ship": "ship", "kayak": "canoe", "plane": "airplane", "jet": "airplane",
    "aeroplane": "airplane", "ufo": "flying saucer", "spaceship": "rocket", "spacecraft": "rocket", "starship": "rocket",
    "planet": "ringed planet", "saturn": "ringed planet", "earth": "globe showing Europe-Africa",
    "globe": "globe showing Europe-Africa", "meteor": "comet", "asteroid": "comet", "volcano": "volcano",
    "fuji": "mount fuji", "campfire": "fire", "bonfire": "fire", "flame": "fire", "flames": "fire", "lantern": "red paper lantern",
    "lamp": "light bulb", "gift": "wrapped gift", "present": "wrapped gift", "teddy": "teddy bear", "doll": "nesting dolls",
    "ball": "soccer ball", "football": "soccer ball", "dice": "game die", "puzzle": "puzzle piece", "pawn": "chess pawn",
    "chess": "chess pawn", "painting": "framed picture", "picture": "framed picture", "mask": "performing arts",
    "shirt": "t-shirt", "trousers": "jeans", "shoe": "running shoe", "shoes": "running shoe", "boots": "woman’s boot",
    "boot": "hiking boot", "hat": "top hat", "cap": "billed cap", "bag": "handbag", "ring": "ring", "diamond": "gem stone",
    "gem": "gem stone", "jewel": "gem stone", "crystal": "gem stone", "piano": "musical keyboard", "drums": "drum",
    "fiddle": "violin", "cello": "violin", "lute": "banjo", "ukulele": "guitar", "phone": "mobile phone",
    "computer": "laptop", "tv": "television", "book": "open book", "novel": "open book", "letter": "envelope",
    "map": "world map", "coin": "coin", "money": "money bag", "pen": "fountain pen", "sword": "dagger",
    "swords": "crossed swords", "knife": "kitchen knife", "telescope": "telescope", "clock": "mantelpiece clock",
    "hourglass": "hourglass not done", "heart": "red heart", "mailbox": "closed mailbox with raised flag",
    "gravestone": "headstone", "tombstone": "headstone", "grave": "headstone", "sofa": "couch and lamp",
    "couch": "couch and lamp", "armchair": "chair", "throne": "chair", "broomstick": "broom", "umbrella": "umbrella",
    "parasol": "umbrella", "star": "star", "sorcerer": "wizard", "magician": "wizard", "mage": "wizard", "gandalf": "wizard",
    "sorceress": "witch", "king": "person with crown", "queen": "princess", "knight": "guard", "soldier": "guard",
    "chef": "cook", "baker": "cook", "doctor": "health worker", "nurse": "health worker", "painter": "artist",
    "cosmonaut": "astronaut", "spaceman": "astronaut", "hero": "superhero", "villain": "supervillain",
    "angel": "fairy", "dancer": "dancer", "ballerina": "dancer", "girl": "woman", "lady": "woman", "boy": "man",
    "child": "person", "human": "person", "stranger": "person", "traveller": "person walking",
    "traveler": "person walking", "wanderer": "person walking", "walker": "person walking", "runner": "person running",
    "surfer": "person surfing", "cyclist": "person biking", "skier": "skier", "monk": "person in lotus position",
    "programmer": "technologist", "policeman": "police officer", "cop": "police officer", "android": "robot",
    "phantom": "ghost", "spirit": "ghost", "extraterrestrial": "alien", "polarbear": "polar bear", "wing": "wing",
    "snowflakes": "snowflake", "candles": "candle", "bauble": "Christmas tree", "santa": "santa", "balloons": "balloon",
    "pirate ship": "sailboat", "rowboat": "canoe", "swan": "swan", "carousel": "carousel horse", "phoenix": "eagle", "totem": "moai", "statue": "moai",
    "scarecrow": "farmer", "detective": "detective", "ninja": "ninja", "samurai": "ninja", "pirate": "person with crown",
    "skeleton": "bone", "moon": "full moon", "crescent": "crescent moon", "jellyfish": "jellyfish", "sunflower": "sunflower",
}  # fmt: skip

SPOKEN = ("fr", "it")
LOCALES = "de es pt nl pl sv da ru uk ja ko zh zh-hant hu fi vi".split()
WITHOUT_SPACES = {"ja", "zh", "zh-hant", "ko"}


def unpack(package: str, folder: Path) -> Path:
    """Download `package` with npm and return the folder that holds its files."""
    folder.mkdir(parents=True)
    name = subprocess.run(
        ["npm", "pack", package, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def asset(folder: Path, hexcode: str) -> Path | None:
    """Return the picture file of an emoji; the package writes the variation selector now and then."""
    code = hexcode.lower()
    names = (code, code.replace("-fe0f", ""), f"{code}-fe0f")
    return next((p for n in names if (p := folder / "assets" / f"{n}.webp").exists()), None)


def plain(label: str) -> str:
    """Return a label as the prompt's tokens spell it: lower case, letters and single spaces."""
    return " ".join(re.findall(r"[^\W_]+", label.casefold().replace("’", "")))


def kept(entries: list[dict[str, Any]], subgroups: dict[str, str], fluent: Path) -> list[dict[str, Any]]:
    """Choose the emoji that are nouns one can paint and of which the package holds a picture."""
    chosen = []
    for entry in entries:
        label, kind = entry["label"], subgroups.get(str(entry.get("subgroup")), "")
        wanted = label in GENDERED or label in EXTRA or label.startswith("globe showing Eu")
        if kind in SUBGROUPS and not entry.get("gender") and label not in LEFT_OUT:
            wanted = wanted or "facing right" not in label
        if wanted and (picture := asset(fluent, entry["hexcode"])):
            chosen.append({**entry, "kind": kind, "file": picture})
    return chosen


def english(pictures: list[dict[str, Any]]) -> dict[str, str]:
    """Map English words to hexcodes: labels, then heads of labels, then chosen keywords and synonyms."""
    by_label: dict[str, str] = {}
    words: dict[str, str] = {}
    for picture in pictures:
        code = picture["hexcode"].lower()
        label = GENDERED.get(picture["label"], picture["label"])
        by_label[picture["label"]] = by_label[label] = code
        words[plain(label)] = code
    for picture in pictures:  # "dog face" also answers to "dog" when nothing else does
        words.setdefault(plain(picture["label"]).removesuffix(" face"), picture["hexcode"].lower())
    for keyword in KEYWORDS:
        code = next((p["hexcode"].lower() for p in pictures if keyword in p.get("tags", [])), None)
        if code:
            words.setdefault(keyword, code)
    for word, label in SYNONYMS.items():
        if label in by_label:
            words[plain(word)] = by_label[label]
        else:
            print(f"synonym {word!r}: no picture labelled {label!r}")
    return words


def foreign(pictures: list[dict[str, Any]], emojibase: Path, known: dict[str, str]) -> dict[str, str]:
    """Map the labels of other languages (and, where words are not spaced, their unique keywords) to hexcodes."""
    words: dict[str, str] = {}
    codes = {p["hexcode"]: p["hexcode"].lower() for p in pictures}
    kinds = {p["hexcode"]: p["kind"] for p in pictures}
    for locale in LOCALES:
        entries = [e for e in json.loads((emojibase / locale / "data.json").read_text()) if e["hexcode"] in codes]
        seen = Counter(tag for e in entries for tag in e.get("tags", []))
        for entry in entries:
            terms = [entry["label"]]
            own = [tag for tag in entry.get("tags", []) if seen[tag] == 1]
            if locale in WITHOUT_SPACES:
                terms += [tag for tag in own if len(tag) < 6]
            elif kinds[entry["hexcode"]].startswith("animal"):  # where labels say "fox face", keywords say "fox"
                terms += [tag for tag in own if " " not in tag]
            for term in map(plain, terms):
                if term and term not in known and (len(term) > 2 or not term.isascii()):
                    words.setdefault(term, codes[entry["hexcode"]])
    return words


def spoken(pictures: list[dict[str, Any]], emojibase: Path, locale: str) -> dict[str, str]:
    """Map the labels of one language, and the keywords that belong to one picture alone, to hexcodes."""
    codes = {p["hexcode"]: p["hexcode"].lower() for p in pictures}
    entries = [e for e in json.loads((emojibase / locale / "data.json").read_text()) if e["hexcode"] in codes]
    words: dict[str, str] = {}
    for entry in entries:
        label = re.split(r"[(/]", entry["label"])[0]
        words.setdefault(plain(label), codes[entry["hexcode"]])
    for entry in entries:  # "tête de lion" also answers to "lion" when nothing else does
        short = re.sub(r"^(tête d’|tête de |muso di )|( che guarda.*| da uomo| da donna)$", "", entry["label"])
        words.setdefault(plain(re.split(r"[(/]", short)[0]), codes[entry["hexcode"]])
    owners: dict[str, list[str]] = {}
    for entry in entries:
        for tag in map(plain, entry.get("tags", [])):
            owners.setdefault(tag, []).append(codes[entry["hexcode"]])
    for tag, held in owners.items():
        if len(held) == 1 and len(tag) > 2 and not tag.isdecimal():
            words.setdefault(tag, held[0])
    return words


LICENCE = """MIT License

{holders}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
NOTICE = f"""The pictures in this folder (*.webp) are Fluent Emoji, drawn by Microsoft and published under the MIT
licence (LICENSE.fluent-emoji). They were copied unchanged from the npm package {FLUENT}.

The words in index.json come from the npm package {EMOJIBASE} (MIT, LICENSE.emojibase), which holds
labels and keywords of the Unicode CLDR; some English synonyms were added by this project.

tools/vendor_art.py rebuilds the folder.
"""


def write(pictures: list[dict[str, Any]], emojibase: Path) -> None:
    """Replace the art folder's pictures, index and licences."""
    shutil.rmtree(ART, ignore_errors=True)
    ART.mkdir(parents=True)
    for picture in pictures:
        shutil.copyfile(picture["file"], ART / f"{picture['hexcode'].lower()}.webp")
    write_words(pictures, emojibase)
    holders = "Copyright (c) Microsoft Corporation\nCopyright (c) 2023 LobeHub"
    (ART / "LICENSE.fluent-emoji").write_text(LICENCE.format(holders=holders))
    shutil.copyfile(emojibase / "LICENSE", ART / "LICENSE.emojibase")
    (ART / "NOTICE").write_text(NOTICE)
    size = sum(p.stat().st_size for p in ART.iterdir())
    print(f"{size / 1e6:.1f} MB in all")


def write_words(pictures: list[dict[str, Any]], emojibase: Path) -> None:
    """Replace the art folder's index."""
    words = english(pictures)
    index: dict[str, dict[str, Any]] = {
        "pictures": {
            p["hexcode"].lower(): {"label": GENDERED.get(p["label"], p["label"]), "kind": p["kind"]} for p in pictures
        },
        "words": dict(sorted(words.items())),
        "spoken": {locale: dict(sorted(spoken(pictures, emojibase, locale).items())) for locale in SPOKEN},
        "foreign": dict(sorted(foreign(pictures, emojibase, words).items())),
    }
    lines = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (ART / "index.json").write_text(lines + "\n", encoding="utf-8")
    told = {name: len(table) for name, table in {**index, **index["spoken"]}.items() if name != "spoken"}
    print(", ".join(f"{count} {name}" for name, count in told.items()))


def present(entries: list[dict[str, Any]], subgroups: dict[str, str]) -> list[dict[str, Any]]:
    """Return the emoji whose pictures lie in the art folder."""
    return [
        {**e, "kind": subgroups.get(str(e.get("subgroup")), "")}
        for e in entries
        if (ART / f"{e['hexcode'].lower()}.webp").exists()
    ]


def main() -> None:
    """Parse the command line, fetch what is missing, and write the art folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", type=Path, help="folder with unpacked fluent/ and emojibase/")
    parser.add_argument("--words", action="store_true", help="rebuild index.json alone")
    arguments = parser.parse_args()
    source: Path | None = arguments.source
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        emojibase = source / "emojibase" if source else unpack(EMOJIBASE, base / "emojibase")
        entries = json.loads((emojibase / "en" / "data.json").read_text())
        subgroups = json.loads((emojibase / "meta" / "groups.json").read_text())["subgroups"]
        if arguments.words:
            write_words(present(entries, subgroups), emojibase)
            return
        fluent = source / "fluent" if source else unpack(FLUENT, base / "fluent")
        write(kept(entries, subgroups, fluent), emojibase)


if __name__ == "__main__":
    main()
