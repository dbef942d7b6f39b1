"""Species: how the animals are built and coloured whose heads the art shows, so that they can be given bodies."""

from __future__ import annotations

from dataclasses import dataclass, field

from .pixels import Colour

CREAM: Colour = (0.99, 0.93, 0.84)


@dataclass(frozen=True, slots=True)
class Build:
    """The proportions of a body on four legs, in pixels of a sheet where a face is about 230 wide.

    girth: half the thickness of the trunk; length: from shoulders to hips; leg, limb: a leg's length and half its
    thickness; neck: from shoulders up to the head; face: the head's width; hoofed: hooves for paws.
    """

    girth: float = 74.0
    length: float = 190.0
    leg: float = 112.0
    limb: float = 23.0
    neck: float = 26.0
    face: float = 226.0
    hoofed: bool = False


SLIM = Build()
STOCKY = Build(girth=96.0, length=180.0, leg=84.0, limb=35.0, neck=6.0, face=236.0)
ROUND = Build(girth=82.0, length=112.0, leg=46.0, limb=22.0, neck=0.0, face=214.0)
TALL = Build(girth=80.0, length=216.0, leg=170.0, limb=21.0, neck=46.0, face=186.0, hoofed=True)
BULKY = Build(girth=100.0, length=232.0, leg=110.0, limb=30.0, neck=10.0, face=226.0, hoofed=True)


@dataclass(frozen=True, slots=True)
class Coat:
    """What an animal looks like below its head.

    face: the label of the picture that shows its head; fur, chest, paws: colours; arms: the colour of its arms and
    legs where it is not the fur's; tail: bushy, ringed, tuft, stub, curl, long, mane, scaly or none, its end in `tip`;
    mark, ink: stripes, spots, patches, a belt or a panel of lamps, and their colour.
    """

    face: str
    fur: Colour
    chest: Colour
    paws: Colour
    tail: str = "none"
    tip: Colour = CREAM
    arms: Colour | None = None
    mark: str = ""
    ink: Colour = (0.2, 0.16, 0.16)
    build: Build = field(default=SLIM)

    @property
    def profile(self) -> bool:
        """True when the head is seen from its side and brings its neck."""
        return self.face in PROFILES


PROFILES = frozenset({"horse face", "unicorn", "moose", "boar", "dragon face"})
COATS: dict[str, Coat] = {
    "fox": Coat("fox", (0.98, 0.50, 0.14), (1.0, 0.90, 0.76), (0.30, 0.20, 0.22), "bushy"),
    "wolf": Coat("wolf", (0.60, 0.60, 0.64), (0.84, 0.83, 0.86), (0.48, 0.48, 0.53), "bushy", (0.34, 0.34, 0.38)),
    "raccoon": Coat("raccoon", (0.52, 0.51, 0.55), (0.76, 0.75, 0.78), (0.25, 0.23, 0.28), "ringed",
                    (0.24, 0.22, 0.27)),
    "lion": Coat("lion", (0.96, 0.70, 0.30), (1.0, 0.86, 0.58), (0.90, 0.62, 0.26), "tuft", (0.45, 0.26, 0.18)),
    "bear": Coat("bear", (0.56, 0.37, 0.31), (0.72, 0.52, 0.42), (0.46, 0.29, 0.25), "stub", (0.54, 0.35, 0.29),
                 build=STOCKY),
    "polar bear": Coat("polar bear", (0.86, 0.85, 0.92), (0.93, 0.92, 0.98), (0.80, 0.78, 0.86), "stub",
                       (0.93, 0.92, 0.95), build=STOCKY),
    "koala": Coat("koala", (0.58, 0.57, 0.61), (0.86, 0.85, 0.88), (0.50, 0.49, 0.53), build=STOCKY),
    "panda": Coat("panda", (0.87, 0.84, 0.94), (0.92, 0.90, 0.98), (0.22, 0.18, 0.32), "stub", (0.93, 0.90, 0.98),
                  (0.24, 0.20, 0.34), build=STOCKY),
    "hamster": Coat("hamster", (0.98, 0.68, 0.34), (1.0, 0.92, 0.80), (0.98, 0.72, 0.60), "stub", build=ROUND),
    "frog": Coat("frog", (0.20, 0.74, 0.44), (0.96, 0.86, 0.36), (0.16, 0.64, 0.38), build=ROUND),
    "cat face": Coat("cat face", (1.0, 0.72, 0.18), (1.0, 0.88, 0.52), (0.98, 0.66, 0.16), "long", (0.95, 0.60, 0.14)),
    "dog face": Coat("dog face", (0.80, 0.62, 0.42), (0.96, 0.88, 0.76), (0.72, 0.52, 0.34), "stub",
                     (0.80, 0.62, 0.42)),
    "tiger": Coat("tiger face", (0.99, 0.53, 0.20), CREAM, (0.98, 0.80, 0.62), "long", (0.24, 0.18, 0.18),
                  mark="stripes"),
    "leopard": Coat("tiger face", (0.98, 0.74, 0.34), CREAM, (0.98, 0.80, 0.56), "long", mark="spots"),
    "mouse": Coat("mouse face", (0.78, 0.77, 0.84), (0.92, 0.90, 0.96), (0.96, 0.66, 0.70), "long",
                  (0.96, 0.62, 0.68), build=ROUND),
    "rabbit": Coat("rabbit face", (0.84, 0.82, 0.87), (0.93, 0.91, 0.95), (0.80, 0.77, 0.84), "stub",
                   (0.99, 0.99, 1.0), build=ROUND),
    "monkey": Coat("monkey face", (0.56, 0.34, 0.22), (0.96, 0.78, 0.58), (0.92, 0.72, 0.52), "curl",
                   (0.56, 0.34, 0.22)),
    "pig": Coat("pig face", (0.98, 0.66, 0.72), (1.0, 0.76, 0.80), (0.86, 0.46, 0.54), "curl", (0.96, 0.58, 0.66),
                build=STOCKY),
    "cow": Coat("cow face", (0.88, 0.86, 0.88), (0.93, 0.91, 0.93), (0.36, 0.29, 0.30), "tuft", (0.30, 0.24, 0.25),
                mark="patches", build=BULKY),
    "horse": Coat("horse face", (0.52, 0.33, 0.29), (0.60, 0.41, 0.36), (0.34, 0.24, 0.22), "mane",
                  (0.34, 0.21, 0.17), build=TALL),
    "unicorn": Coat("unicorn", (0.88, 0.84, 0.97), (0.93, 0.90, 1.0), (0.93, 0.56, 0.76), "mane", (0.93, 0.46, 0.76),
                    build=TALL),
    "moose": Coat("moose", (0.52, 0.36, 0.27), (0.60, 0.44, 0.34), (0.28, 0.20, 0.18), "stub", (0.46, 0.31, 0.23),
                  build=TALL),
    "boar": Coat("boar", (0.45, 0.34, 0.31), (0.54, 0.42, 0.38), (0.26, 0.20, 0.20), "tuft", (0.30, 0.22, 0.2),
                 build=BULKY),
    "dragon face": Coat("dragon face", (0.24, 0.68, 0.50), (0.98, 0.86, 0.48), (0.20, 0.58, 0.30), "scaly",
                        (0.96, 0.60, 0.20), build=STOCKY),
    "cat": Coat("cat face", (0.99, 0.70, 0.22), (1.0, 0.88, 0.56), (0.98, 0.70, 0.26), "long", (0.95, 0.60, 0.14)),
    "black cat": Coat("cat face", (0.33, 0.29, 0.49), (0.42, 0.38, 0.58), (0.36, 0.32, 0.52), "long",
                      (0.30, 0.26, 0.46)),
    "dog": Coat("dog face", (0.80, 0.62, 0.42), (0.96, 0.88, 0.76), (0.72, 0.52, 0.34), "long", (0.80, 0.62, 0.42)),
    "rat": Coat("mouse face", (0.46, 0.45, 0.50), (0.60, 0.58, 0.64), (0.90, 0.60, 0.66), "long",
                (0.90, 0.56, 0.62), build=ROUND),
    "chicken": Coat("chicken", (0.90, 0.88, 0.90), (0.94, 0.92, 0.94), (0.98, 0.70, 0.16)),
    "robot": Coat("robot", (0.80, 0.80, 0.88), (0.80, 0.80, 0.88), (0.92, 0.22, 0.38), arms=(0.46, 0.44, 0.56),
                  mark="panel"),
    "alien": Coat("alien", (0.44, 0.80, 0.36), (0.62, 0.92, 0.50), (0.36, 0.70, 0.30)),
    "santa": Coat("santa", (0.90, 0.16, 0.20), (0.90, 0.16, 0.20), (0.20, 0.18, 0.24), mark="belt"),
    "mrs claus": Coat("mrs claus", (0.90, 0.16, 0.20), (0.90, 0.16, 0.20), (0.20, 0.18, 0.24), mark="belt"),
    "Mx Claus": Coat("Mx Claus", (0.90, 0.16, 0.20), (0.90, 0.16, 0.20), (0.20, 0.18, 0.24), mark="belt"),
    "person wearing turban": Coat("person wearing turban", (0.36, 0.46, 0.80), (0.44, 0.54, 0.86),
                                  (0.98, 0.76, 0.24)),
}  # fmt: skip
BIPEDS = frozenset({"robot", "alien", "santa", "mrs claus", "Mx Claus", "person wearing turban"})
HEADS = frozenset(
    {*PROFILES, *BIPEDS, "chicken", "fox", "wolf", "raccoon", "lion", "bear", "polar bear", "koala", "panda", "hamster",
     "frog"}
)  # fmt: skip
"""What the art shows only the head of: it always gets a body; the others have whole pictures as well."""

FACE_LINES: dict[str, tuple[float, float]] = {
    "fox": (0.34, 0.55), "wolf": (0.30, 0.52), "raccoon": (0.22, 0.52), "lion": (0.16, 0.46), "bear": (0.14, 0.48),
    "polar bear": (0.14, 0.48), "koala": (0.20, 0.44), "panda": (0.16, 0.50), "hamster": (0.26, 0.54),
    "frog": (0.22, 0.22), "cat face": (0.26, 0.50), "dog face": (0.10, 0.42), "tiger face": (0.14, 0.50),
    "mouse face": (0.34, 0.64), "rabbit face": (0.46, 0.64), "monkey face": (0.06, 0.44), "pig face": (0.10, 0.42),
    "cow face": (0.22, 0.40), "robot": (0.16, 0.48), "alien": (0.04, 0.46), "unicorn": (0.20, 0.42),
    "horse face": (0.12, 0.34), "moose": (0.52, 0.62),
}  # fmt: skip
"""Where the skull begins between the ears, and where the eyes are, as fractions of a face's height."""
