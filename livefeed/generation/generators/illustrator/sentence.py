"""Joining the nouns of a prompt: who rides, holds or wears what, who stands beside whom, what belongs to whom.

Pure: it is told nouns, verbs and prepositions in the order of the prompt, and returns subjects and links.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import art
from .asked import Link, Pose, Relation, Subject
from .meanings import conveyance, living, resolve, worn
from .words import is_animal

MOST_SUBJECTS = 5
MOST = 24  # of one subject
CARRY = frozenset({Relation.RIDING, Relation.HOLDING, Relation.READING, Relation.WEARING})
REPEATED = frozenset("holding playing wearing with between among beside".split())
"""Relations that go on after "and": "with a hat and a scarf"."""


@dataclass(slots=True)
class Said:
    """What was said so far about the noun that comes next."""

    count: int | None = None
    colour: str | None = None
    size: float = 1.0
    pose: Pose | None = None
    plural: bool = False
    determined: bool = False


@dataclass(slots=True)
class Sentence:
    """A prompt's nouns and how they are joined so far.

    group: indices of the living subjects that the next verb speaks of; holders: who carries what was named last.
    relation: the word for how the next noun stands to the group; passive: the next noun does it to the group.
    adjacent: nothing stood between here and the last noun; joined: an "and" or a pause did.
    negated: the next noun is not there; denied: the last was not. contains: the last noun is full of the next.
    """

    english: bool = True
    nouns: list[Subject] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    decor: list[Subject] = field(default_factory=list)
    said: Said = field(default_factory=Said)
    group: list[int] = field(default_factory=list)
    holders: list[int] = field(default_factory=list)
    relation: str | None = None
    repeated: tuple[str, list[int]] | None = None
    fronted: tuple[str, int] | None = None
    implied: tuple[Relation, str] | None = None
    main: int = 0
    passive: bool = False
    adjacent: bool = False
    joined: bool = False
    negated: bool = False
    denied: bool = False
    contains: bool = False

    def forget(self) -> None:
        """Drop what was said about a noun that is done with."""
        self.said = Said()

    def deny(self) -> None:
        """Read a noun that was said not to be there."""
        self.forget()
        self.negated, self.denied, self.relation, self.adjacent = False, True, None, False

    def pause(self) -> None:
        """End a phrase."""
        self.imply()
        self.forget()
        self.relation, self.passive, self.adjacent, self.joined = None, False, False, True
        self.negated = self.denied = self.contains = False

    def join(self, *, alternative: bool) -> None:
        """Read "and" or "or"; what was not there before an "or" is not there after it."""
        self.relation, self.passive, self.adjacent, self.joined = None, False, False, True
        self.negated, self.denied, self.contains = alternative and (self.negated or self.denied), False, False
        if not self.said.colour:
            self.forget()

    def relate(self, relation: str, *, passive: bool = False) -> None:
        """Read a verb or a preposition: the next noun stands so to the group, or does so to it."""
        if relation == "with" and self.relation == "playing":
            relation = "doing"
        self.relation, self.passive, self.adjacent = relation, passive, False
        self.negated = self.negated and relation in REPEATED  # "not wearing a hat"
        if relation == "full":
            self.contains = True
        if relation in ("mounted", "carried"):
            self.turn(relation)
            self.relation = None
        self.forget()

    def turn(self, relation: str) -> None:
        """Read where the thing named last is: on somebody's back, or in the mouth or hand."""
        if not self.links or self.links[-1].object != len(self.nouns) - 1:
            return
        link = self.links.pop()
        if link.relation is Relation.WEARING:
            self.links.append(link)
        elif relation == "carried":
            self.links.append(replace(link, relation=Relation.HOLDING))
        else:
            self.links.append(Link(link.object, Relation.ON, link.subject))

    def pose(self, pose: Pose) -> None:
        """Read what the group does, or the next noun when its article came already ("a sleeping cat")."""
        if self.said.determined or not self.nouns:
            self.said.pose = pose
            return
        speakers = self.holders if self.joined and self.holders else self.group
        for index in speakers or [len(self.nouns) - 1]:
            self.nouns[index] = replace(self.nouns[index], pose=pose)
        self.adjacent = False

    def describe(self, *, colour: str | None = None, size: float | None = None) -> bool:
        """Add a colour or a size to the noun right before; False when there is none that lacks it."""
        if not self.nouns:
            return False
        last = self.nouns[-1]
        if (colour and last.colour) or (size and last.size != 1.0):
            return bool(colour and last.colour)
        self.nouns[-1] = replace(last, colour=colour or last.colour, size=size or last.size)
        return True

    def decorate(self, code: str) -> None:
        """Let something grow all over the place."""
        picture = art.index().pictures[code]
        self.decor.append(Subject(code, picture.label, picture.kind, count=3, colour=self.said.colour))

    def last_to_decor(self) -> Relation | None:
        """Let the last noun, if it is a plant, grow all over the place instead; return how something stood to it."""
        last = len(self.nouns) - 1
        if not self.nouns or not self.nouns[last].kind.startswith("plant"):
            return None
        relation = next((link.relation for link in self.links if link.object == last), None)
        self.decor.append(replace(self.nouns.pop(), count=3))
        self.links = [link for link in self.links if last not in (link.subject, link.object)]
        self.group = [index for index in self.group if index != last]
        return relation

    def add(self, code: str, *, plural: bool = False) -> None:
        """Read a noun: a new subject, a new word for the one right before ("astronaut cat"), or one named again."""
        picture, said = art.index().pictures[code], self.said
        count = said.count or (3 if plural or said.plural else 1)
        subject = Subject(
            code, picture.label, picture.kind, max(1, min(MOST, count)), said.colour, said.size, pose=said.pose
        )
        compound = bool(self.nouns) and self.adjacent and not (said.determined or said.count)
        cast = compound and "person" in {n.kind.partition("-")[0] for n in (self.nouns[-1], subject)}
        again = self.named_before(subject)
        if self.relation == "as" and subject.kind.startswith("person"):
            self.dress(subject)
        elif compound and (self.english or cast):
            self.compound(subject)
        elif again is not None and (said.determined or self.relation is None):
            self.again(again, subject)
        elif len(self.nouns) < MOST_SUBJECTS * 2:
            self.attach(subject)
        self.forget()
        self.relation, self.passive, self.joined, self.adjacent = None, False, False, True

    def named_before(self, subject: Subject) -> int | None:
        """Return the index of the same noun in the same colour (or in none), if it was read before."""
        same = (i for i, n in enumerate(self.nouns) if n.code == subject.code and subject.colour in (None, n.colour))
        return next(same, None)

    def again(self, index: int, subject: Subject) -> None:
        """Read a noun for the second time: what follows is about it."""
        if living(subject):
            self.group, self.holders = [index], []

    def dress(self, role: Subject) -> None:
        """Read "dressed as a wizard"."""
        for index in self.group:
            if not self.nouns[index].kind.startswith("person"):
                self.nouns[index] = replace(self.nouns[index], role=role.code)

    def compound(self, subject: Subject) -> None:
        """Join a noun with the one right before: a person is an animal's role, else the second is what is meant."""
        last = len(self.nouns) - 1
        before = self.nouns[last]
        if subject.kind.startswith("person") and living(before) and not before.kind.startswith("person"):
            self.nouns[last] = replace(before, role=subject.code)
            return
        role = before.code if before.kind.startswith("person") and is_animal(subject.kind) else before.role
        self.nouns[last] = replace(
            subject,
            role=role if is_animal(subject.kind) else None,
            colour=subject.colour or before.colour or ("steel" if before.label == "robot" else None),
            size=before.size if subject.size == 1.0 else subject.size,
            count=max(before.count, subject.count),
            pose=subject.pose or before.pose,
        )
        if living(subject) and last not in self.group:
            self.group = [last]

    def attach(self, subject: Subject) -> None:
        """Add a noun and link it with those before."""
        index = len(self.nouns)
        self.nouns.append(subject)
        if index == 0:
            self.group = [0]
            if self.relation in ("on", "under", "in", "beside", "behind", "before", "among", "at"):
                self.fronted = (self.relation, 0)
            return
        if self.fronted and not self.links and self.relation is None and living(subject):
            raw, place = self.fronted
            self.fronted, self.main, self.group = None, index, [index]
            self.link([index], raw, place)
            return
        if self.contains:
            self.links.append(Link(index, Relation.INSIDE, index - 1))
        elif self.relation:
            self.link(self.speakers(self.relation), self.relation, index)
        else:
            self.follow(index)

    def speakers(self, raw: str) -> list[int]:
        """Return who the next noun stands to: prepositions of place speak of who carries, verbs of the last named."""
        carried = raw not in ("wearing", "with", "holding", "playing", "riding", "reading")
        return self.holders if self.holders and (carried or self.joined) else self.group

    def follow(self, index: int) -> None:
        """Link a noun that only follows: one more of what was listed, or one more in the group."""
        subject = self.nouns[index]
        if self.repeated and not living(subject):
            raw, speakers = self.repeated
            self.link(speakers, raw, index)
            return
        listed = all(link.relation is Relation.BESIDE for link in self.links)
        self.links.append(Link(self.main, Relation.BESIDE, index))
        if living(subject):
            self.group = [*self.group, index] if listed else [index]
            self.holders, self.repeated = [], None

    def link(self, speakers: list[int], raw: str, index: int) -> None:
        """Link a noun with the subjects it stands to."""
        subject = self.nouns[index]
        relation = Relation.BESIDE
        for speaker in speakers:
            relation = resolve(raw, self.nouns[speaker], subject)
            if self.passive:
                self.links.append(Link(index, relation, speaker))
                self.main = index if speaker == self.main else self.main
            elif raw == "holding" and subject.kind.startswith("place"):  # a turtle carries a castle on its back
                self.links.append(Link(index, Relation.ON, speaker))
            elif relation is Relation.ON and worn(self.nouns[speaker]) and living(subject):  # a hat on a cat
                self.links.append(Link(index, Relation.WEARING, speaker))
                self.main = index if speaker == self.main else self.main
            else:
                self.links.append(Link(speaker, relation, index))
        self.repeated = (raw, list(speakers)) if raw in REPEATED else None
        if not living(subject) or (relation is Relation.RIDING and not self.passive):
            if relation is Relation.RIDING:
                self.holders = list(speakers)
            return
        keeps = relation in CARRY or relation is Relation.FACING
        self.holders = list(speakers) if keeps and not self.passive else []
        self.group = [index]

    def imply(self) -> None:
        """Add what a verb needs and nobody named: a board for surfing, a book for reading."""
        if self.implied is None:
            return
        relation, code = self.implied
        self.implied = None
        done = {link.relation for link in self.links}
        riding = relation is Relation.RIDING and any(conveyance(n) for n in self.nouns)
        if not self.nouns or relation in done or Relation.READING in done or riding:
            return
        picture = art.index().pictures[code]
        self.nouns.append(Subject(code, picture.label, picture.kind))
        self.links += [Link(index, relation, len(self.nouns) - 1) for index in self.group]

    def finished(self) -> tuple[tuple[Subject, ...], tuple[Link, ...]]:
        """Return the subjects, the main one first, and the links between them; at most MOST_SUBJECTS."""
        self.imply()
        order = [self.main, *(i for i in range(len(self.nouns)) if i != self.main)] if self.nouns else []
        order = order[:MOST_SUBJECTS]
        place = {old: new for new, old in enumerate(order)}
        subjects = [self.nouns[old] for old in order]
        links: list[Link] = []
        for link in self.links:
            if link.subject in place and link.object in place and link.subject != link.object:
                links.append(Link(place[link.subject], link.relation, place[link.object]))
        linked = {index for link in links for index in (link.subject, link.object)}
        links += [Link(0, Relation.BESIDE, index) for index in range(1, len(subjects)) if index not in linked]
        for link in links:
            thing = subjects[link.object]
            pair = link.relation is Relation.WEARING or thing.kind == "musical-instrument"  # glasses, boots, drums
            if pair and thing.count == 3 and link.relation in CARRY:
                subjects[link.object] = replace(thing, count=1)
        return tuple(subjects), tuple(dict.fromkeys(links))
