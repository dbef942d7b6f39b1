"""Reading a prompt: which nouns can be drawn, where, at what hour, in which weather, in whose hand.

No grammar to speak of: terms are read in order, the first noun is the main subject, and words between nouns say how
the next one stands to one before. What the words mean is in vocabulary/; how subjects are joined in sentence.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from . import art, lexicon
from .asked import Pose, Relation, Understanding
from .lexicon import vocabulary
from .sentence import MOST, Sentence
from .terms import Term, terms
from .words import phrases, tokens

MOST_MOONS = 9
# Which of several lights named tells most of a scene: a candle of the night, the night of the stars.
LIGHTS = tuple("eclipse neon candle moonlight golden sunset dawn dusk overcast noon night day".split())
ELSEWHERE = ("underwater", "mars", "moon", "space", "ice")  # "a city under the sea" is set there
BACKGROUND = ("snow", "clouds", "sea", "road")  # "a village in the snow" is a village
VALLEYS = ("canyon", "mountains", "river", "waterfall", "hills", "volcano", "desert")  # a bridge may lead over them
WATERS = frozenset("sea lake river harbour canal pool swamp oasis waterfall beach ice island underwater".split())
WEAK_LIGHTS = frozenset("dark bright early sombre scuro".split())
TAKEN = frozenset("riding holding wearing playing on over".split())
"""Relations that make a thing of the sky a thing in the scene: "holding the moon", "sitting on a cloud"."""
MANNERS = ("gouache", "oil")  # "an illustration in watercolour" is a watercolour
VERBS = {"en": "ing", "fr": "ant", "it": "ndo"}
VASES = frozenset("vase bouquet vaso mazzo".split())


@dataclass(slots=True)
class Reader:
    """The state of reading: what was said of the place, and the sentence so far."""

    language: str
    sentence: Sentence
    settings: list[str] = field(default_factory=list)
    lights: list[str] = field(default_factory=list)
    weather: set[str] = field(default_factory=set)
    lamps: set[str] = field(default_factory=set)
    moons: int = 0
    suns: int = 0
    material: str | None = None
    style: str | None = None
    great_wave: bool = False
    over_setting: bool = False
    after_setting: bool = False
    of_setting: bool = False

    def pause(self) -> None:
        """Let go of what was said about what comes next, for that was no noun."""
        self.sentence.forget()
        self.sentence.relation, self.sentence.adjacent = None, False


def read(prompt: str) -> Understanding:
    """Return what the illustrator understands of a prompt; never raises, whatever the text."""
    words = phrases(prompt)
    language, found = terms(words)
    reader = Reader(language, Sentence(english=language == "en"))
    position = 0
    while position < len(found):
        position += step(reader, found, position)
    if not reader.sentence.nouns and not reader.settings:
        read_unspaced(reader, words)
    setting = choose_setting(reader)
    subjects, links = reader.sentence.finished()
    if setting in WATERS and not reader.over_setting:  # where one floats on the water
        subjects = tuple(replace(one, pose=None) if one.pose is Pose.FLOATING else one for one in subjects)
    in_vase = bool(VASES & set(words)) and bool(subjects) and subjects[0].kind == "plant-flower"
    return Understanding(
        words=tuple(tokens(prompt)),
        subjects=subjects,
        links=links,
        decor=tuple(reader.sentence.decor[:2]),
        setting=setting,
        light=choose_light(reader.lights),
        weather=frozenset(reader.weather),
        style=reader.style,
        lamps=frozenset(reader.lamps),
        moons=min(MOST_MOONS, reader.moons),
        suns=min(MOST_MOONS, reader.suns),
        material=reader.material,
        great_wave=reader.great_wave,
        over_setting=reader.over_setting,
        in_vase=in_vase,
        bridged="bridge" in reader.settings and setting != "bridge",
    )


def step(reader: Reader, found: Sequence[Term], position: int) -> int:
    """Read the term at `position`; return how many terms that took."""
    term, following = found[position], found[position + 1 :]
    for take in (
        take_little, take_medium, take_vessel, take_part, take_amount, take_colour, take_style, take_sky, take_setting,
        take_deed, take_noun,
    ):  # fmt: skip
        if taken := take(reader, term, following):
            if take is not take_setting and not term.is_a("determiners"):
                reader.after_setting = reader.of_setting = False
            return taken
    if not term.known:
        take_unknown(reader, term)
    reader.after_setting = False
    return 1


def take_unknown(reader: Reader, term: Term) -> None:
    """Guess that a word which looks like a verb after a noun does something to the next one ("stealing a pizza")."""
    sentence = reader.sentence
    if sentence.nouns and not sentence.said.determined and term.text.endswith(VERBS.get(reader.language, "\0")):
        sentence.relate("doing")
    if not sentence.english:  # where adjectives follow, a word after an article is a noun
        sentence.forget()
    sentence.adjacent = False


def take_little(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Read pauses, negations, conjunctions, articles and "of"."""
    sentence, senses = reader.sentence, term.senses
    if "pause" in senses or "but" in senses:
        sentence.pause()
    elif "not" in senses:
        sentence.negated = True
    elif "and" in senses or "or" in senses:
        sentence.join(alternative="or" in senses)
    elif "of" in senses:
        sentence.adjacent = False
    elif "plurals" in senses or "determiners" in senses:
        sentence.said.determined = True
        sentence.said.plural = sentence.said.plural or "plurals" in senses
        if "relations" in senses:  # "aux": at the (plural)
            sentence.relate(senses["relations"])
    else:
        return 0
    return 1


def take_medium(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Skip words that say how to show it: "a painting of"; but a picture somebody holds is a thing."""
    if not term.is_a("media") or (reader.sentence.relation and term.code):
        return 0
    reader.pause()
    return 2 if following and following[0].is_a("of") else 1


def take_vessel(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Skip what holds the thing that is meant ("a bowl of ramen"), and take what it depicts ("a statue of a lion")."""
    nouns = reader.sentence.nouns
    if term.text in VASES and reader.sentence.relation == "in" and nouns and nouns[0].kind == "plant-flower":
        reader.pause()  # they will be drawn in one
        return 1
    if len(following) < 2 or not following[0].is_a("of"):
        return 0
    if term.is_a("depictions"):
        reader.sentence.said.colour = reader.sentence.said.colour or "stone"
        return 2
    if not term.is_a("vessels") or (reader.sentence.relation in ("in", "on") and term.code):
        return 0
    return 2


def take_part(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Skip parts of a body and whose they are ("with butterfly wings"); but "the head of a lion" is of a lion."""
    if term.code and reader.language == "en" and following and following[0].is_a("parts"):
        reader.pause()
        return 2
    if not term.is_a("parts") or (term.code and reader.sentence.relation in TAKEN):
        return 0
    owned = bool(reader.sentence.nouns)
    reader.pause()
    if owned and len(following) > 1 and following[0].is_a("of"):
        return 3
    return 1


def take_amount(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Read counts and sizes."""
    said = reader.sentence.said
    if term.text.isdecimal() and len(term.text) < 4 and following:
        said.count = max(1, min(MOST, int(term.text)))
        return 1
    if count := term.senses.get("counts"):
        said.count = int(count)
        said.determined = True
        return 2 if len(following) > 1 and following[0].is_a("of") else 1
    size = term.senses.get("sizes")
    if size and (not term.code or (following and following[0].code)):  # a baby is a person, a baby elephant none
        follows = reader.sentence.adjacent and not reader.sentence.english
        if not (follows and reader.sentence.describe(size=float(size))):
            said.size = float(size)
        return 1
    return 0


def take_colour(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Read colours: before a noun in English, mostly after it in French and Italian; "an orange" is a fruit."""
    sentence = reader.sentence
    ahead = next((t for t in following if not (t.is_a("colours") or t.is_a("sizes") or t.is_a("and"))), None)
    noun_ahead = ahead is not None and (bool(ahead.code) or not ahead.known)
    material = term.senses.get("materials")
    if material and (noun_ahead or not term.code):
        return take_material(reader, material)
    if reader.of_setting and (term.is_a("colours") or term.code):
        return take_growth(reader, term)
    colour = term.senses.get("colours")
    if colour is None:
        return 0
    follows = sentence.joined and not noun_ahead and not term.code if sentence.english else sentence.adjacent
    if follows and sentence.describe(colour=colour):
        return 1
    if term.code and not noun_ahead:
        return 0
    if sentence.english or (ahead is not None and ahead.code):
        sentence.said.colour = sentence.said.colour or colour
    sentence.adjacent = False
    return 1


def take_material(reader: Reader, material: str) -> int:
    """Read what the place or the noun before is made of ("a castle of ice"), or the next one ("a wooden horse")."""
    if reader.after_setting:
        reader.material = material
    elif not (reader.sentence.adjacent and reader.sentence.describe(colour=material)):
        reader.sentence.said.colour = material
    return 1


def take_growth(reader: Reader, term: Term) -> int:
    """Read "city of coral", "field of roses": the colour the place is made of, and what grows all over it."""
    reader.material = term.senses.get("colours", reader.material)
    if term.code:
        reader.sentence.decorate(term.code)
    reader.pause()
    return 1


def take_style(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Read the name of a manner of painting."""
    style = term.senses.get("styles")
    if style is None or (reader.sentence.relation in TAKEN and term.code):
        return 0
    if reader.style is None or (reader.style in MANNERS and style not in MANNERS):
        reader.style = style
    reader.pause()
    return 1


def take_sky(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Read what hangs in the sky and what is lit: moons and suns are hung there, a lantern is a thing as well."""
    lamp = term.senses.get("lamps")
    sentence = reader.sentence
    if lamp is None or sentence.negated or (sentence.relation in TAKEN and term.code and not term.is_a("settings")):
        return 0
    reader.lamps.add(lamp)
    if lamp in ("moon", "crescent"):
        reader.moons = max(reader.moons, sentence.said.count or (2 if term.plural else 1))
    if lamp == "sun":
        reader.suns = max(reader.suns, sentence.said.count or (2 if term.plural else 1))
    hung = lamp in ("moon", "crescent", "sun", "window")
    if hung and not (term.senses.keys() & {"settings", "lights", "weather", "styles"}):
        reader.pause()
        return 1
    return 0


def take_setting(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Read places, lights and weather; a term may be more than one of them."""
    sentence, senses = reader.sentence, term.senses
    setting = senses.get("settings")
    if setting == "rooftops" and sentence.relation == "with":  # "a house with a red roof"
        setting = None
    if "venues" in senses and (sentence.relation in ("in", "at") or (setting and not term.code)):
        setting = senses["venues"]
    thing = sentence.relation in TAKEN and term.code is not None
    if thing and not (setting and sentence.relation in ("on", "over", "above")):
        return 0
    if setting is None and not senses.keys() & {"lights", "weather"}:
        return 0
    if sentence.negated:
        sentence.deny()
        return 1
    if setting:
        place(reader, setting, term)
    light = senses.get("lights")
    if light and (term.text not in WEAK_LIGHTS or not reader.lights):
        reader.lights.append(light)
    if "weather" in senses:
        reader.weather.update(senses["weather"].split("_"))
    if not (setting or light or term.plural) and term.code and is_thing(term):
        return 0
    reader.pause()
    reader.after_setting = bool(setting)
    reader.of_setting = bool(setting) and bool(following) and following[0].is_a("of")
    sentence.joined = False
    return 2 if reader.of_setting else 1


def is_thing(term: Term) -> bool:
    """True for a term of the weather that may be a subject as well: one firefly is, fireflies and rainbows are not."""
    return art.index().pictures[term.code or ""].kind.startswith(("animal", "person"))


def place(reader: Reader, setting: str, term: Term) -> None:
    """Take a setting in, and what was said about it; a plant before it grows all over it ("sunflower field")."""
    sentence = reader.sentence
    reader.settings.append(setting)
    reader.over_setting = reader.over_setting or (
        sentence.relation in ("over", "above") and setting not in ("clouds", "space")
    )
    wave = term.text.startswith(("wave", "vague", "ond")) and len(term.text) < 7
    reader.great_wave = reader.great_wave or (wave and sentence.said.size >= 1.2)
    if sentence.adjacent and sentence.english and sentence.last_to_decor() is Relation.OVER:
        reader.over_setting = True


def take_deed(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Read verbs and prepositions: what a subject does, and how the next one stands to it."""
    sentence, senses = reader.sentence, term.senses
    if implied := senses.get("implied"):
        relation, _, thing = implied.partition("_")
        sentence.implied = (Relation(relation), art.named(thing.replace("_", " ")).code)
    if pose := senses.get("poses"):
        sentence.pose(Pose(pose))
    if raw := senses.get("passives") or senses.get("relations"):
        sentence.relate(raw, passive="passives" in senses)
    return int(bool(implied or pose or raw))


def take_noun(reader: Reader, term: Term, following: Sequence[Term]) -> int:
    """Take a noun in, unless it was said not to be there."""
    if term.code is None or "ignored" in term.senses:
        return 0
    sentence = reader.sentence
    if sentence.negated:
        sentence.deny()
        return 1
    full = len(following) > 1 and following[0].senses.get("relations") == "full"
    sentence.add(term.code, plural=term.plural)
    sentence.contains = full
    return 1


def read_unspaced(reader: Reader, words: Sequence[str]) -> None:
    """Read scripts that write without spaces: the longest known terms inside every word."""
    known, others = art.index(), vocabulary("others")
    for word in words:
        rest = word if not word.isascii() else ""
        for text in (t for t in others.senses if len(t) <= 3 and ord(t[0]) > 0x2E80 and t in word):
            for take in (take_sky, take_setting):
                take(reader, Term(text, others.senses[text]), ())
            rest = rest.replace(text, " ")
        for name in known.unspaced:
            if name not in lexicon.NOT_NOUNS and name in rest:
                reader.sentence.pause()
                reader.sentence.add(known.foreign[name])
                rest = rest.replace(name, " ")


def choose_setting(reader: Reader) -> str | None:
    """Return the most telling of the places named: the first, but for those far from here and mere backgrounds."""
    if not reader.settings:
        return None
    if "snow" in reader.settings and set(reader.settings) != {"snow"}:
        reader.weather.add("snow")  # it falls elsewhere
    if "bridge" in reader.settings and (valleys := [place for place in reader.settings if place in VALLEYS]):
        return valleys[0]
    chosen = min(reader.settings, key=lambda s: 0 if s in ELSEWHERE else 2 if s in BACKGROUND else 1)
    return "autumn" if chosen == "forest" and "leaves" in reader.weather else chosen


def choose_light(lights: Sequence[str]) -> str | None:
    """Return the most telling of the lights named."""
    return min(lights, key=LIGHTS.index) if lights else None
