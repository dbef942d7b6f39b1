"""What a client wants of the server, and what of it has been said on the present connection. [pure]

The shell says what `take` returns, hands in what it hears, and tells of new and lost connections. A new
connection starts from nothing: every subscription is asked again from its position, every unanswered call
with its own key.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from livefeed.client.errors import TRANSIENT, ProtocolBroken, from_code
from livefeed.client.following import Following, Stage, Step
from livefeed.errors import Busy, Conflict, LivefeedError, NotFound

MAX_CALLS = 1_000
"""Calls that may wait for their answers; one more is refused."""
MAX_SIGNALS_WAITING = 64
TOPICS_A_FRAME = 100
PAUSE_S = 0.5
"""How long a topic or a call waits when the server is too busy and does not say how long."""


@dataclass(eq=False, slots=True)
class Command:
    """A command (`call`, `auth`) from the question to the answer.

    ref: of the try that is on the wire; None while there is none. not_before_s: a busy server asked for
    patience.
    """

    frame: Mapping[str, Any]
    ref: int | None = None
    not_before_s: float = 0.0
    done: bool = False
    data: Any = None
    failure: LivefeedError | None = None


Changed = Following | Command


class Dialogue:
    """All subscriptions and calls of one client. `now_s`: of a clock that never goes back."""

    def __init__(self) -> None:
        self.followings: dict[str, Following] = {}
        self.welcome: Mapping[str, Any] | None = None
        """What the server said when it greeted this connection; None before."""
        self.drain_ms: int | None = None
        """The server asked to come back elsewhere after so long."""
        self._commands: dict[Command, None] = {}
        self._asked: dict[int, Command] = {}
        self._signals: deque[Mapping[str, Any]] = deque(maxlen=MAX_SIGNALS_WAITING)
        self._farewells: dict[str, None] = {}
        self._not_before_s: dict[str, float] = {}
        self._next_ref = 1

    @property
    def idle(self) -> bool:
        """Whether nothing is followed and no answer is waited for."""
        return not self.followings and not self._commands

    # What the client wants.

    def follow(self, following: Following) -> None:
        """Subscribe. Raises: Conflict when the topic is followed already."""
        if following.topic in self.followings:
            raise Conflict(f"This client follows '{following.topic}' already; close that subscription first.")
        self.followings[following.topic] = following

    def leave(self, following: Following) -> None:
        """End a subscription; it stops at once, and the server is told."""
        if self.followings.get(following.topic) is following:
            del self.followings[following.topic]
            self._not_before_s.pop(following.topic, None)
            if following.stage in (Stage.ASKED, Stage.LIVE):
                self._farewells[following.topic] = None
        following.move(Step.ENDED)

    def call(self, frame: Mapping[str, Any]) -> Command:
        """Ask for something that is answered by `result` or `error`. Raises: Busy."""
        if len(self._commands) >= MAX_CALLS:
            raise Busy(f"{MAX_CALLS} calls wait for the server; await some of them first.")
        command = Command(frame)
        self._commands[command] = None
        return command

    def forget(self, command: Command) -> None:
        """Give a command up; its answer will be passed over."""
        self._commands.pop(command, None)
        if command.ref is not None:
            self._asked.pop(command.ref, None)

    def signal(self, frame: Mapping[str, Any]) -> None:
        """Say something fleeting, if there is a connection; the oldest go when too many wait."""
        if self.welcome is not None:
            self._signals.append(frame)

    # Connections.

    def lost(self) -> None:
        """Take note that the connection is gone."""
        self.welcome = None
        self.drain_ms = None
        self._farewells.clear()
        self._signals.clear()
        for following in self.followings.values():
            following.move(Step.LOST)
        for command in self._commands:
            command.ref = None
        self._asked.clear()

    def fail(self, error: LivefeedError) -> list[Changed]:
        """End everything: there will be no further connection. Returns: whom to wake."""
        changed: list[Changed] = [*self.followings.values(), *self._commands]
        for following in self.followings.values():
            following.fail(error)
        for command in self._commands:
            command.done, command.failure = True, error
        self.followings.clear()
        self._commands.clear()
        return changed

    # What is to be said.

    def take(self, now_s: float) -> tuple[list[dict[str, Any]], float | None]:
        """Return the frames that are due, and in how long more will be (None: when something happens)."""
        if self.welcome is None:
            return [], None
        out: list[dict[str, Any]] = []
        wait_s: list[float] = []
        self._take_unsubscribes(out)
        self._take_subscribes(out, now_s, wait_s)
        for command in self._commands:
            if command.ref is None and command.not_before_s <= now_s:
                command.ref = self._ref()
                self._asked[command.ref] = command
                out.append({**command.frame, "ref": command.ref})
            elif command.ref is None:
                wait_s.append(command.not_before_s - now_s)
        out.extend({"op": "signal", **signal} for signal in self._signals)
        self._signals.clear()
        return out, min(wait_s, default=None)

    def _take_unsubscribes(self, out: list[dict[str, Any]]) -> None:
        followed = (Stage.WANTED, Stage.ASKED, Stage.LIVE)
        names = [
            name
            for name in self._farewells
            if name not in self.followings or self.followings[name].stage not in followed
        ]
        self._farewells.clear()
        if names:
            out.append({"op": "unsubscribe", "ref": self._ref(), "topics": names})

    def _take_subscribes(self, out: list[dict[str, Any]], now_s: float, wait_s: list[float]) -> None:
        due: list[Following] = []
        for following in self.followings.values():
            if following.stage is Stage.WANTED:
                pause_s = self._not_before_s.get(following.topic, 0.0) - now_s
                if pause_s > 0:
                    wait_s.append(pause_s)
                else:
                    due.append(following)
        for start in range(0, len(due), TOPICS_A_FRAME):
            ref, part = self._ref(), due[start : start + TOPICS_A_FRAME]
            for following in part:
                following.ref = ref
                following.move(Step.ASKED)
            topics = {following.topic: following.options() for following in part}
            out.append({"op": "subscribe", "ref": ref, "topics": topics})

    def _ref(self) -> int:
        self._next_ref += 1
        return self._next_ref

    # What was heard.

    def hear(self, frame: Mapping[str, Any], now_s: float) -> list[Changed]:
        """Fold a frame; unknown ones are passed over, as the protocol asks. Returns: whom to wake.

        Raises: ProtocolBroken, after which the connection is of no use.
        """
        match frame["op"]:
            case "welcome":
                self.welcome = frame
            case "subscribed":
                return self._subscribed(frame, now_s)
            case "events" | "latest" | "gap" | "presence" | "signals":
                return self._topic_frame(frame)
            case "error" if "ref" not in frame and "topic" in frame:
                return self._expelled(frame, now_s)
            case "result" | "error":
                return self._answered(frame, now_s)
            case "drain":
                after_ms = frame.get("after_ms")
                self.drain_ms = after_ms if isinstance(after_ms, int) and after_ms > 0 else 0
        return []

    def _subscribed(self, frame: Mapping[str, Any], now_s: float) -> list[Changed]:
        topics = frame.get("topics")
        if not isinstance(topics, dict):
            raise ProtocolBroken("The server's 'subscribed' names no topics.")
        changed: list[Changed] = []
        for name, answer in topics.items():
            following = self.followings.get(name)
            if following is None or following.stage is not Stage.ASKED or following.ref != frame.get("ref"):
                continue
            if not isinstance(answer, dict):
                raise ProtocolBroken("The server's 'subscribed' holds no answer.")
            if "error" in answer:
                self._not_subscribed(following, answer["error"], now_s)
            else:
                following.subscribed(answer)
                self._not_before_s.pop(name, None)
            changed.append(following)
        return changed

    def _not_subscribed(self, following: Following, code: object, now_s: float) -> None:
        if code in TRANSIENT:
            following.move(Step.LOST)
            self._not_before_s[following.topic] = now_s + PAUSE_S
            return
        del self.followings[following.topic]
        if code == NotFound.code:
            following.fail(NotFound(f"There is no topic '{following.topic}', or this client may not follow it."))
        else:
            following.fail(
                from_code(code, f"The server refuses to let this client follow '{following.topic}': {code}.")
            )

    def _expelled(self, frame: Mapping[str, Any], now_s: float) -> list[Changed]:
        """Hear that a topic that was followed may be followed no more."""
        topic = frame["topic"]
        following = self.followings.get(topic) if isinstance(topic, str) else None
        if following is None or following.stage is not Stage.LIVE:
            return []
        self._not_subscribed(following, frame.get("code"), now_s)
        return [following]

    def _topic_frame(self, frame: Mapping[str, Any]) -> list[Changed]:
        topic = frame.get("topic")
        following = self.followings.get(topic) if isinstance(topic, str) else None
        if following is None or following.stage is not Stage.LIVE:
            return []
        if following.receive(frame["op"], frame):
            self._farewells[following.topic] = None
        return [following]

    def _answered(self, frame: Mapping[str, Any], now_s: float) -> list[Changed]:
        ref = frame.get("ref")
        command = self._asked.pop(ref, None) if isinstance(ref, int) else None
        if command is None:
            return self._refused(frame, ref, now_s)
        if frame["op"] == "error":
            error = from_code(frame.get("code"), frame.get("message"), retry_after_s=frame.get("retry_after_s"))
            if error.code in TRANSIENT and command.frame.get("key") is not None:
                command.ref = None
                command.not_before_s = now_s + (error.retry_after_s or PAUSE_S)
                return []
            command.failure = error
        else:
            command.data = frame.get("data")
        command.done = True
        self._commands.pop(command)
        return [command]

    def _refused(self, frame: Mapping[str, Any], ref: object, now_s: float) -> list[Changed]:
        """An `error` may answer a whole `subscribe`: all of its topics fare alike."""
        if frame["op"] != "error" or ref is None:
            return []
        refused = [item for item in self.followings.values() if item.stage is Stage.ASKED and item.ref == ref]
        for following in refused:
            self._not_subscribed(following, frame.get("code"), now_s)
        return [*refused]
