"""The parts that people have in rooms, remembered for a moment. [pure]

Signals come many times a second; who may send them is asked once in a while, and anew as soon as somebody says that it
has changed.
"""

from __future__ import annotations

KEPT_S = 15.0
"""How long an answer stands; whoever is on a roster is asked about more often."""
QUESTION_S = 60.0
"""No question takes longer."""
MAX_KEPT = 50_000


class Parts:
    """Roles by room and person; '' is kept for whoever is no member."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}
        self._changed: dict[tuple[str, str], tuple[float, int]] = {}
        """When, and at which serial, parts were last said to have changed."""
        self.serial = 0
        """To be noted when a question is put: see `outdated`."""

    def of(self, topic: str, user: str, now_s: float) -> str | None:
        """Return a person's role, '' for none, or None where it has to be asked."""
        asked_s, role = self._kept.get((topic, user), (0.0, None))
        return role if role is not None and now_s - asked_s <= KEPT_S else None

    def outdated(self, topic: str, user: str, asked: int) -> bool:
        """Tell whether the part has changed since the question of that serial was put: its answer may be too old."""
        return self._changed.get((topic, user), (0.0, 0))[1] > asked

    def keep(self, topic: str, user: str, role: str, now_s: float, *, asked: int) -> None:
        """Remember what a question of that serial was answered; the oldest answer goes when there are too many."""
        if self.outdated(topic, user, asked):
            return
        self._kept.pop((topic, user), None)
        if len(self._kept) >= MAX_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[topic, user] = now_s, role

    def forget(self, topic: str, user: str, now_s: float) -> None:
        """Have it asked again; what is being asked just now counts for nothing."""
        self._kept.pop((topic, user), None)
        self.serial += 1
        self._changed.pop((topic, user), None)
        if len(self._changed) >= MAX_KEPT:
            del self._changed[next(iter(self._changed))]
        self._changed[topic, user] = now_s, self.serial

    def expire(self, now_s: float) -> None:
        """Let go of answers that stand no more."""
        self._kept = {key: kept for key, kept in self._kept.items() if now_s - kept[0] <= KEPT_S}
        self._changed = {key: at for key, at in self._changed.items() if now_s - at[0] <= QUESTION_S}
