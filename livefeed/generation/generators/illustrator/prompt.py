"""Reading a prompt: which nouns can be drawn, where, at what hour, in which weather, in whose hand.

No grammar to speak of: words are read in order, the first noun is the subject, words between nouns say how
the next one stands to it. Everything the reader recognises is in lexicon.py and the art's index.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import art, lexicon
from .words import LONGEST_PROMPT, is_animal, noun, singulars, tokens, without_medium

LONGEST_TERM = 4
MOST_SUBJECTS = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """A noun to draw: picture, how many, in which colour and size, and how it stands to the first one.

    role: the code of a person's picture whose dress this animal wears ("astronaut cat").
    """

    code: str
    label: str
    kind: str
    count: int = 1
    colour: str | None = None
    size: float = 1.0
    relation: str = "main"
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was read in a prompt; `place` or `hour` is None when no word says it."""

    words: tuple[str, ...]
    subjects: tuple[Subject, ...] = ()
    place: str | None = None
    hour: str | None = None
    weather: frozenset[str] = frozenset()
    lamps: frozenset[str] = frozenset()
    moons: int = 0
    suns: int = 0
    material: str | None = None
    great_wave: bool = False
    flying: bool = False
    in_vase: bool = False

    @property
    def abstract(self) -> bool:
        """True when nothing that can be drawn was recognised."""
        return not (self.subjects or self.place or self.hour or self.weather or self.moons or self.suns)


@dataclass(slots=True)
class Reader:
    """The state of reading: what was said so far about the noun that comes next."""

    subjects: list[Subject] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    hour: str | None = None
    weather: set[str] = field(default_factory=set)
    lamps: set[str] = field(default_factory=set)
    moons: int = 0
    suns: int = 0
    material: str | None = None
    great_wave: bool = False
    flying: bool = False
    surfing: bool = False
    count: int | None = None
    colour: str | None = None
    size: float = 1.0
    relation: str = "beside"
    last: str = ""
    adjacent: bool = False
    of: bool = False

    def forget(self) -> None:
        """Drop what was said about a noun that is done with."""
        self.count, self.colour, self.size = None, None, 1.0


def read(prompt: str) -> Understanding:
    """Return what the illustrator understands of a prompt; never raises, whatever the text."""
    raw = tokens(prompt)
    words = without_medium(raw)
    reader = Reader()
    english = bool(lexicon.ENGLISH & set(words))
    position = 0
    while position < len(words):
        position += step(reader, words, position, english)
    if not reader.subjects and not reader.places:
        read_unspaced(reader, words)
    if {"reading", "reads"} & set(words) and reader.subjects and not any(s.relation == "read" for s in reader.subjects):
        book = art.named("book")
        reader.subjects.append(Subject(book.code, book.label, book.kind, relation="read"))
    if reader.surfing:
        board = art.named("surfboard")
        reader.subjects.append(Subject(board.code, board.label, board.kind, relation="ridden"))
    read_emoji(reader, prompt)
    in_vase = bool({"vase", "bouquet"} & set(raw)) and any(s.kind == "plant-flower" for s in reader.subjects)
    if in_vase:
        reader.subjects.sort(key=lambda s: s.kind != "plant-flower")
        reader.subjects = [s for s in reader.subjects if s.label not in ("amphora", "bouquet")]
    return Understanding(
        words=tuple(words),
        subjects=tuple(arrange(reader.subjects)),
        place=choose_place(reader.places),
        hour=reader.hour,
        weather=frozenset(reader.weather),
        lamps=frozenset(reader.lamps),
        moons=reader.moons,
        suns=reader.suns,
        material=reader.material,
        great_wave=reader.great_wave,
        flying=reader.flying or bool(lexicon.FLYING & set(words)),
        in_vase=in_vase,
    )


def step(reader: Reader, words: list[str], position: int, english: bool) -> int:
    """Read the term at `position`, the longest that means something; return how many words it took."""
    for length in range(min(LONGEST_TERM, len(words) - position), 0, -1):
        term = " ".join(words[position : position + length])
        following = words[position + length] if position + length < len(words) else ""
        if take(reader, term, following, english):
            reader.last = term
            return length
    reader.last = words[position]
    reader.adjacent = False
    reader.of = words[position] in ("of", "de", "di", "von", "du", "des")
    return 1


def take(reader: Reader, term: str, following: str, english: bool) -> bool:
    """Let the reader take one term in; False if it means nothing."""
    if term in lexicon.COUNTS and not (term == "bouquet" and following != "of"):
        reader.count = lexicon.COUNTS[term]
        return True
    if term.isdecimal() and len(term) < 3 and following:
        reader.count = max(1, min(12, int(term)))
        return True
    if term in lexicon.SIZES:
        reader.size = lexicon.SIZES[term]
        if reader.size >= 1.2 and following.startswith("wave"):
            reader.great_wave = True
        return True
    if reader.of and reader.places and (term in lexicon.COLOURS or term in lexicon.MATERIALS or noun(term, english)):
        return take_material(reader, term, english)
    if term in lexicon.COLOURS and (
        (following and term not in ("rose", "coral", "orange")) or noun(following, english)
    ):
        reader.colour = term
        reader.adjacent = False
        return True
    if take_sky(reader, term) | take_setting(reader, term, following, english):
        return True
    if term in lexicon.RELATIONS and not noun(f"{term} {following}", english):
        reader.relation = lexicon.RELATIONS[term]
        reader.adjacent = False
        return True
    code = noun(term, english)
    if code is None:
        return False
    take_noun(reader, term, code, english)
    return True


def take_material(reader: Reader, term: str, english: bool) -> bool:
    """Read "city of coral": what the place is made of; a picture of it decorates the place."""
    reader.of = False
    reader.material = term
    code = noun(term, english)
    if code and term not in lexicon.MATERIALS and term not in ("flower", "flowers"):
        picture = art.index().pictures[code]
        reader.subjects.append(Subject(code, picture.label, picture.kind, count=3, relation="decor"))
    return True


def take_sky(reader: Reader, term: str) -> bool:
    """Read what hangs in the sky: moons, suns, lamps."""
    lamp = lexicon.LAMPS.get(term)
    if lamp is None:
        return False
    reader.lamps.add(lamp)
    if lamp in ("moon", "crescent"):
        reader.moons = max(reader.moons, reader.count or 1)
    if lamp == "sun":
        reader.suns = max(reader.suns, reader.count or 1)
    if term in lexicon.CELESTIAL or lamp in ("moon", "crescent", "sun"):
        reader.forget()
        return True
    return lamp == "window"


def take_setting(reader: Reader, term: str, following: str, english: bool) -> bool:
    """Read places, hours and weather; a word may be more than one of them."""
    found = False
    reader.surfing = reader.surfing or term == "surfing"
    if (place := lexicon.PLACES.get(term)) and not noun(f"{term} {following}", english):
        reader.places.append(place)
        if term == "village":
            house = art.named("house")
            reader.subjects.append(Subject(house.code, house.label, house.kind, count=7, relation="decor"))
        reader.flying = reader.flying or (reader.relation == "below" and place not in ("clouds", "space"))
        reader.great_wave = reader.great_wave or (term in ("wave", "waves") and reader.size > 1.3)
        found = True
    if hour := lexicon.HOURS.get(term):
        if reader.hour is None or term not in ("dark", "bright", "early"):
            reader.hour = hour
        found = True
    if weather := lexicon.WEATHER.get(term):
        reader.weather.add(weather)
        found = found or noun(term, english) is None or term in ("rainbow", "sparkles", "leaves")
        found = found or (weather == "petals" and bool(reader.subjects))
    if found:
        reader.forget()
        reader.relation, reader.adjacent = "beside", False
    return found


def take_noun(reader: Reader, term: str, code: str, english: bool) -> None:
    """Add a noun to the subjects, or join it with the noun right before ("astronaut cat")."""
    known = art.index()
    picture = known.pictures[code]
    plural = bool(singulars(term)) and term not in known.words and term not in known.foreign
    count = reader.count or (3 if plural else 1)
    subject = Subject(
        code,
        picture.label,
        picture.kind,
        count=max(1, min(12, count)),
        colour=reader.colour,
        size=reader.size,
        relation=reader.relation if reader.subjects else "main",
    )
    previous = reader.subjects[-1] if reader.subjects else None
    if previous and reader.adjacent and previous.relation != "decor":
        role = previous.code if previous.kind.startswith("person") and is_animal(picture.kind) else None
        if picture.kind == "person-role" and is_animal(previous.kind):  # "frog king": the frog, dressed
            role, subject = picture.code, previous
        subject = replace(
            subject,
            role=role,
            colour=subject.colour or previous.colour,
            relation=previous.relation,
            count=max(previous.count, subject.count),
        )
        reader.subjects[-1] = subject
    else:
        reader.subjects.append(subject)
    reader.forget()
    reader.relation, reader.adjacent, reader.of = "beside", True, False


def read_unspaced(reader: Reader, words: list[str]) -> None:
    """Read scripts that write without spaces: the longest known terms inside every word."""
    known = art.index()
    for word in words:
        if word.isascii():
            continue
        rest = word
        for lexicon_table in (lexicon.PLACES, lexicon.HOURS, lexicon.WEATHER, lexicon.LAMPS):
            for term in lexicon_table:
                if not term.isascii() and len(term) <= 3 and term in word and ord(term[0]) > 0x2E80:
                    take_sky(reader, term)
                    take_setting(reader, term, "", False)
                    rest = rest.replace(term, " ")
        for term in known.unspaced:
            if term not in lexicon.NOT_NOUNS and term in rest and len(reader.subjects) < MOST_SUBJECTS:
                reader.adjacent = False
                take_noun(reader, term, known.foreign[term], False)
                rest = rest.replace(term, " ")


def read_emoji(reader: Reader, prompt: str) -> None:
    """Read emoji as the nouns they show."""
    known = art.index().pictures
    for character in prompt[:LONGEST_PROMPT]:
        code = f"{ord(character):x}"
        picture = known.get(code) or known.get(f"{code}-fe0f")
        if picture and ord(character) > 0x2000 and len(reader.subjects) < MOST_SUBJECTS:
            reader.adjacent = False
            take_noun(reader, picture.label.casefold(), picture.code, True)


def arrange(subjects: list[Subject]) -> list[Subject]:
    """Return at most four subjects, the first one main, none twice."""
    seen: dict[tuple[str, str | None], Subject] = {}
    for subject in subjects:
        seen.setdefault((subject.code, subject.colour), subject)
    chosen = list(seen.values())[:MOST_SUBJECTS]
    if chosen and chosen[0].relation not in ("main", "decor"):
        chosen[0] = replace(chosen[0], relation="main")
    return chosen


def choose_place(places: list[str]) -> str | None:
    """Return the most telling of the places named: a weather word such as snow yields to a real place."""
    rank = ("moon", "underwater", "library", "table", "beach", "city", "forest", "space", "room", "mountains", "lake",
            "desert", "sea", "snow", "hills", "meadow", "clouds")  # fmt: skip
    return min(places, key=rank.index) if places else None
