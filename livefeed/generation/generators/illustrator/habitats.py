"""Habitats: where and at what hour a scene is set when the prompt does not say."""

from __future__ import annotations

from dataclasses import replace

from .asked import Link, Pose, Relation, Subject, Understanding
from .noise import Random
from .rails import by_rail
from .settings import SETTINGS
from .sizes import TREES

HABITATS: dict[str, tuple[str, ...]] = {
    "polar bear": ("ice", "snow"), "penguin": ("ice", "snow"), "seal": ("ice", "beach"), "snowman": ("snow",),
    "skier": ("snow",), "sled": ("snow",), "camel": ("desert", "oasis"), "two-hump camel": ("desert",),
    "scorpion": ("desert",), "cactus": ("desert", "canyon"), "duck": ("lake", "river"), "swan": ("lake", "river"),
    "frog": ("swamp", "lake"), "otter": ("river", "lake"), "beaver": ("river", "lake"), "flamingo": ("swamp", "lake"),
    "goose": ("lake", "farm"), "wolf": ("forest", "snow"), "bear": ("forest", "mountains"),
    "owl": ("forest", "autumn"), "mushroom": ("mushrooms", "forest"), "deer": ("forest", "autumn"),
    "fox": ("autumn", "forest", "meadow"), "monkey": ("jungle",), "gorilla": ("jungle",), "orangutan": ("jungle",),
    "tiger": ("jungle", "bamboo"), "leopard": ("jungle", "savanna"), "parrot": ("jungle",),
    "snake": ("jungle", "desert"), "panda": ("bamboo",), "elephant": ("savanna", "jungle"), "giraffe": ("savanna",),
    "zebra": ("savanna",), "rhinoceros": ("savanna",), "hippopotamus": ("river", "swamp"), "lion": ("savanna",),
    "koala": ("forest", "garden"), "kangaroo": ("desert",), "dragon": ("volcano", "mountains", "castle"),
    "dragon face": ("volcano", "mountains"), "goat": ("mountains", "farm"), "ram": ("mountains",),
    "eagle": ("canyon", "mountains"), "cow": ("farm", "meadow"), "pig": ("farm",), "rooster": ("farm",),
    "chicken": ("farm",), "ewe": ("farm", "hills"), "horse": ("meadow", "hills", "farm"),
    "rabbit": ("meadow", "garden"), "mouse": ("kitchen", "meadow"), "hamster": ("room", "meadow"),
    "sauropod": ("volcano", "jungle"), "T-Rex": ("volcano", "jungle"), "astronaut": ("moon", "space", "mars"),
    "rocket": ("space", "moon"), "flying saucer": ("space", "hills"), "alien": ("mars", "moon"),
    "satellite": ("space",), "ringed planet": ("space",), "comet": ("space",), "robot": ("city", "workshop", "mars"),
    "lighthouse": ("cliff", "sea"), "crab": ("beach",), "spiral shell": ("beach",),
    "mermaid": ("underwater", "island"), "whale": ("sea", "underwater"), "ghost": ("graveyard", "forest"),
    "jack-o-lantern": ("graveyard", "autumn"), "bat": ("graveyard", "cave"), "castle": ("hills", "mountains"),
    "volcano": ("island", "sea"), "palm tree": ("island", "beach"), "police officer": ("street", "city"),
    "taxi": ("street", "city"), "bus": ("street", "city"), "bicycle": ("road",), "witch": ("forest", "graveyard"),
    "wizard": ("mountains", "castle"), "mage": ("castle", "ruins"), "cook": ("kitchen",),
    "guard": ("castle", "bridge"), "person fencing": ("castle", "bridge"), "scientist": ("laboratory",),
    "farmer": ("farm",), "ninja": ("shrine", "bamboo"), "cat": ("room", "rooftops", "garden"),
    "dog": ("meadow", "beach", "garden"), "unicorn": ("skyland", "meadow"), "tulip": ("tulips", "garden"),
    "tent": ("camp",), "locomotive": ("station", "hills"), "train": ("station", "hills"), "ferris wheel": ("fair",),
    "carousel horse": ("fair",), "soccer ball": ("stadium",), "honeybee": ("garden", "meadow"),
}  # fmt: skip
BY_KIND: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("animal-marine", ("underwater",)), ("animal-bug", ("garden", "meadow")),
    ("animal", ("meadow", "hills", "forest")), ("plant-flower", ("meadow", "table", "garden")),
    ("plant", ("hills", "meadow")), ("food", ("table", "kitchen")), ("drink", ("cafe", "table")),
    ("dishware", ("table",)), ("transport-water", ("sea", "lake", "harbour")), ("transport-air", ("clouds",)),
    ("transport", ("road", "city", "hills")), ("place-geographic", ("lake", "meadow")),
    ("place", ("hills", "meadow")), ("person", ("meadow", "city", "hills")), ("sky", ("clouds",)),
    ("sport", ("playground", "meadow")), ("face", ("hills",)), ("event", ("room",)), ("music", ("theatre", "room")),
    ("tool", ("workshop", "table")),
)  # fmt: skip
OPEN = ("meadow", "hills", "mountains", "village", "savanna", "desert")
ANYWHERE = ("hills", "sea", "mountains", "lake", "meadow", "canyon", "island", "autumn", "village")
ROOFED = frozenset(["room", "library", "table", "kitchen", "cafe", "theatre", "workshop", "laboratory", "greenhouse",
                    "bedroom", "tavern", "church", "cave", "mine", "spaceship", "station"])  # fmt: skip
"""Where no tree grows and no car drives."""
FURNITURE: dict[str, tuple[str, ...]] = {
    "bed": ("bedroom",), "couch and lamp": ("room",), "chair": ("room", "kitchen"), "bathtub": ("room",),
    "shower": ("room",), "mirror": ("bedroom",), "television": ("room",), "fireplace": ("room", "tavern"),
    "musical keyboard": ("theatre", "room"),
}  # fmt: skip
"""Where things of the house are, whoever uses them."""
EMBODIED = {"castle": "castle", "volcano": "volcano"}
"""Things that are a place: one of them, alone in a prompt, is shown as that place."""
VALLEYS = ("canyon", "mountains", "river")
"""Where a railway bridge leads when no other place was named."""
NARROW = frozenset(["garden", "rooftops", "bridge", "canyon", "autumn", "room", "kitchen", "island", "swamp"])
"""Where there is no room for a crowd."""
CROWD = 5
"""How many of one kind are a crowd."""
HEAVENLY = frozenset(["stars", "rainbow", "aurora", "meteors", "fireworks", "lanterns"])
"""What wants an open sky."""
AFLOAT = ("lake", "river", "harbour", "sea")


def situated(said: Understanding, random: Random) -> tuple[Understanding, str]:
    """Return what of a prompt stands where it is set, and that place: the one it names, the one it is, or a habitat."""
    if itself := embodied(said):
        snow = {"snow"} if said.setting else set()
        material = said.material or said.subjects[0].colour
        return replace(said, subjects=(), links=(), weather=said.weather | snow, material=material), itself
    if said.setting == "bridge" and by_rail(said.subjects[:1]):
        return replace(said, bridged=True), VALLEYS[int(random.integers(len(VALLEYS)))]
    shown = overflown(said)
    return shown, shown.setting or default_place(said, random)


def embodied(said: Understanding) -> str | None:
    """Return the place that the only subject of a prompt is, None when it is none or when a place was named."""
    if said.setting not in (None, "snow") or said.decor or said.flying or len(said.subjects) != 1:
        return None
    only = said.subjects[0]
    return EMBODIED.get(only.label) if only.count == 1 and only.size == 1.0 else None


def overflown(said: Understanding) -> Understanding:
    """Return a prompt whose main subject is over a castle or the like as set in that place, and in the air there."""
    over = [link.object for link in said.links if link.subject == 0 and link.relation is Relation.OVER]
    if said.setting or len(over) != 1 or said.subjects[over[0]].label not in EMBODIED:
        return said
    below = over[0]
    if any(below in (link.subject, link.object) and link.object != below for link in said.links):
        return said
    kept = [index for index in range(len(said.subjects)) if index != below]
    links = tuple(
        Link(kept.index(link.subject), link.relation, kept.index(link.object))
        for link in said.links
        if below not in (link.subject, link.object)
    )
    place, subjects = EMBODIED[said.subjects[below].label], tuple(said.subjects[index] for index in kept)
    return replace(said, subjects=subjects, links=links, setting=place, over_setting=True)


def default_place(said: Understanding, random: Random) -> str:
    """Return a setting for a prompt that names none: the main subject's habitat."""
    main: Subject | None = said.subjects[0] if said.subjects else None
    if any(s.kind == "transport-water" for s in said.subjects):
        choices: tuple[str, ...] = ("sea", "sea", "lake", "harbour")
    elif main is None:
        choices = ANYWHERE
    elif any(s.kind == "animal-marine" for s in said.subjects[1:]):
        choices = ("underwater",) if main.kind == "animal-marine" else ("sea", "island", "harbour")
    elif said.in_vase:
        choices = ("table",)
    elif said.flying and not main.kind.startswith("transport"):
        choices = ("hills", "mountains", "meadow", "village")
    elif main.pose is Pose.SWIMMING:
        choices = ("underwater",) if main.kind == "animal-marine" else AFLOAT
    elif main.role:
        choices = HABITATS["astronaut"] if main.role.endswith("1f680") else ("meadow", "city", "hills")
    elif furniture := [FURNITURE[s.label] for s in said.subjects if s.label in FURNITURE]:
        choices = furniture[0]
    else:
        kind = next((places for prefix, places in BY_KIND if main.kind.startswith(prefix)), ("table",))
        choices = HABITATS.get(main.label, kind)
    if any(s.label in TREES or s.kind in ("place-building", "transport-ground") for s in said.subjects):
        choices = tuple(place for place in choices if place not in ROOFED) or OPEN
    if any(s.label == "castle" for s in said.subjects):
        choices = tuple(place for place in choices if place in OPEN) or OPEN
    if main is not None and main.count >= CROWD:
        choices = tuple(place for place in choices if place not in NARROW) or ("meadow", "hills")
    if any(link.relation is Relation.AMONG for link in said.links) and _flowery(said):
        choices = ("meadow", "garden")
    if said.weather & HEAVENLY:
        choices = tuple(place for place in choices if place in OPEN) or OPEN
    built = [place for place in choices if place in SETTINGS] or ["meadow"]
    return built[int(random.integers(len(built)))]


def _flowery(said: Understanding) -> bool:
    """True when something stands among flowers."""
    among = [said.subjects[link.object] for link in said.links if link.relation is Relation.AMONG]
    return any(subject.kind == "plant-flower" for subject in among)


def default_hour(said: Understanding, place: str, random: Random) -> str:
    """Return the hour when the prompt does not say: what its sky, lamps and weather suggest."""
    moonlit = said.moons or "crescent" in said.lamps or said.weather & {"stars", "aurora", "meteors"}
    if place in ("space", "moon", "spaceship", "graveyard") or "neon" in said.lamps or moonlit:
        return "night"
    if said.weather & {"fireflies", "embers"} or "lantern" in said.lamps:
        return "dusk" if place not in ("room", "table", "library") else "night"
    if said.weather & {"rain", "storm", "fog", "rainbow", "hail", "dust", "clear"} or said.suns:
        return "day"
    hours = ("day", "day", "day", "golden", "sunset", "dawn", "dusk") if place != "library" else ("night",)
    return hours[int(random.integers(len(hours)))]
