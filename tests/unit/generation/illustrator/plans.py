"""Plans of prompts as short text, so that tests can be tables."""

from __future__ import annotations

from livefeed.generation.generators.illustrator import art
from livefeed.generation.generators.illustrator.asked import Subject, Understanding


def subjects(said: Understanding) -> str:
    """Return "2 red fox, flying pig, wizard cat": what is drawn, the main subject first."""
    return ", ".join(map(subject, said.subjects))


def subject(one: Subject) -> str:
    """Return count (if not one), pose, colour, role and label of a subject."""
    role = art.index().pictures[one.role].label if one.role else ""
    parts = [str(one.count) if one.count > 1 else "", one.pose or "", one.colour or "", role, one.label]
    return " ".join(part for part in parts if part)


def links(said: Understanding) -> str:
    """Return "fox riding bicycle, fox wearing top hat"."""
    found = said.subjects
    return ", ".join(f"{found[n.subject].label} {n.relation} {found[n.object].label}" for n in said.links)


def scene(said: Understanding) -> str:
    """Return setting, light, weather and style, as far as they were said."""
    parts = [said.setting, said.light, *sorted(said.weather), said.style]
    return " ".join(part for part in parts if part)


def plan(said: Understanding) -> tuple[str, str, str]:
    """Return subjects, links and scene."""
    return subjects(said), links(said), scene(said)
