"""What a connection's client says, carried out one frame after the other.

Knows nothing of sockets: the WebSocket shell hands messages in and ends the connection when `Goodbye` is raised.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, Protocol, assert_never

from livefeed.allowance import Allowance
from livefeed.config import BURST_S, Config
from livefeed.errors import Forbidden, LivefeedError, NotFound, PeerError, RateLimited, Unauthorised
from livefeed.hub import frames
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.hub.wire import BAD_FRAME, Goodbye
from livefeed.people import Caller
from livefeed.topic import Topic

log = logging.getLogger(__name__)

UNAUTHORISED, TOO_MANY = 4501, 4503
TOO_MANY_TOPICS = RateLimited("This connection follows as many topics as it may.", code="too_many_topics")
NOWHERE: frozenset[str] = frozenset()
NO_SUCH_TOPIC = NotFound("There is no such topic, or you may not follow it.")


class Reception(Protocol):
    """What the rest of the house does for a connection; the composition root provides it."""

    def may_subscribe(self, caller: Caller, topic: Topic) -> bool | Awaitable[bool]:
        """Tell whether the topic exists and the caller may follow it, at once if that needs no question."""

    async def authenticate(self, token: str) -> Caller:
        """Return whose token it is. Raises: Unauthorised."""

    async def call(self, caller: Caller, method: str, data: Mapping[str, Any], key: str | None) -> Any:
        """Carry out a command. Raises: LivefeedError."""

    def watch(self, session: Session, topic: str, *, roster: bool, hidden: bool) -> None:
        """Tell a session how many, or who, are present on a topic, and count it as one of them unless it is hidden."""

    def unwatch(self, session: Session, topic: str, *, hidden: bool) -> None:
        """End what `watch` began."""

    async def signal(self, session: Session, topic: str, type: str, data: Mapping[str, Any] | None) -> None:
        """Pass a signal on to whoever else follows the topic. Raises: LivefeedError."""


class Conversation:
    """One client and what it may still say."""

    __slots__ = ("_allowance", "_config", "_hidden", "_node", "_reception", "_watched", "session")

    def __init__(self, session: Session, node: Node, reception: Reception, config: Config) -> None:
        self.session = session
        session.lost = self.forget_presence
        self._node = node
        self._reception = reception
        self._watched: set[str] = set()
        self._hidden: frozenset[str] = NOWHERE
        """Topics on which nobody is to see it: neither that it is there, nor what it signals."""
        self._config = config
        self._allowance = Allowance(
            config.session_frames_per_s, BURST_S * config.session_frames_per_s, now_s=time.monotonic()
        )

    def greet(self, now_ms: int) -> None:
        """Say `welcome`."""
        user, config = self.session.caller.user, self._config
        self._node.send(
            self.session,
            {
                "op": "welcome",
                "session": self.session.id,
                "user": user.as_dict() if user else None,
                "time": now_ms,
                "heartbeat_s": config.heartbeat_s,
                "limits": {
                    "topics": config.session_topics,
                    "message_bytes": config.frame_bytes,
                    "frames_per_s": config.session_frames_per_s,
                    "prompt": config.prompt_characters,
                    "caption": config.caption_characters,
                    "comment": config.comment_characters,
                    "upload_bytes": config.upload_bytes,
                },
            },
        )

    def leave(self) -> None:
        """Undo what the client had asked for: the connection is gone."""
        for name in list(self._watched):
            self.forget_presence(name)
        self._node.close(self.session)

    async def hear(self, message: str | bytes) -> None:
        """Carry out the frames of one message, in order.

        Raises: Goodbye for a message that breaks the protocol.
        """
        try:
            maps = frames.decode(message)
        except frames.BadFrame as exc:
            raise Goodbye(BAD_FRAME, exc.message) from exc
        if not maps:
            self.count_frame()
        for item in maps:
            await self._node.room(self.session)
            if self.session.outlet is None:
                return  # the connection has ended meanwhile
            topics = item.get("topics")
            uses = max(1, len(topics)) if isinstance(topics, dict | list) else 1  # each topic costs what a frame costs
            self.count_frame(uses)
            await self._hear_one(item)

    def count_frame(self, uses: int = 1) -> None:
        """Count what the client sends. Raises: Goodbye when it is more than it may."""
        if self._allowance.take(time.monotonic(), uses) > 0:
            raise Goodbye(TOO_MANY, "too many frames")

    async def _hear_one(self, item: Mapping[str, Any]) -> None:
        ref = frames.reference(item)
        try:
            await self._carry_out(frames.parse(item))
        except LivefeedError as exc:
            self._error(ref, exc)
        except Goodbye:
            raise
        except Exception:
            log.exception("a frame could not be carried out")
            self._error(ref, LivefeedError("The server made a mistake; it has been written down."))

    def _error(self, ref: str | int | None, error: LivefeedError) -> None:
        frame: dict[str, Any] = {"op": "error", "code": error.code, "message": error.message}
        if ref is not None:
            frame["ref"] = ref
        if error.retry_after_s is not None:
            frame["retry_after_s"] = math.ceil(error.retry_after_s * 1000) / 1000
        self._node.send(self.session, frame)

    def _result(self, ref: str | int | None, data: Any, op: str = "result") -> None:
        frame = {"op": op} if op == "pong" else {"op": op, "data": data}
        self._node.send(self.session, frame if ref is None else {**frame, "ref": ref})

    async def _carry_out(self, frame: frames.ClientFrame) -> None:
        match frame:
            case frames.Subscribe():
                await self.subscribe(frame)
            case frames.Unsubscribe():
                self._unsubscribe(frame)
            case frames.Call():
                data = await self._reception.call(self.session.caller, frame.method, frame.data, frame.key)
                self._result(frame.ref, data)
            case frames.Signal():
                await self._signal(frame)
            case frames.Authenticate():
                await self._authenticate(frame)
            case frames.Ping():
                self._result(frame.ref, None, "pong")
            case _:
                assert_never(frame)

    async def subscribe(self, frame: frames.Subscribe) -> None:
        """Subscribe to what the caller may follow; what it may not and what does not exist are answered alike."""
        answers = await self._allowed_now(frame.wanted)
        wanted = [answer for answer in answers.values() if isinstance(answer, frames.Wanted)]
        for item in wanted:
            self.forget_presence(item.topic.name)
        await self._node.subscribe(self.session, frame.ref, answers)
        for item in wanted:
            name = item.topic.name
            if name not in self.session.subscriptions:
                continue
            if item.hidden:
                self._hidden |= {name}
            if item.presence:
                self._watched.add(name)
                self._reception.watch(self.session, name, roster=item.presence == "roster", hidden=item.hidden)

    async def _allowed_now(
        self, asked: Mapping[str, frames.Wanted | PeerError]
    ) -> dict[str, frames.Wanted | LivefeedError]:
        """Return what `_allowed` does, asked again if somebody lost a right meanwhile: it may have been this one."""
        while True:
            before = self._node.rights_lost
            answers = await self._allowed(asked)
            if self._node.rights_lost == before:
                return answers

    async def _allowed(
        self, asked: Mapping[str, frames.Wanted | PeerError]
    ) -> dict[str, frames.Wanted | LivefeedError]:
        """Return what of a subscribe may be carried out, and the reason for what may not."""
        answers: dict[str, frames.Wanted | LivefeedError] = {}
        left = self._config.session_topics - len(self.session.subscriptions)
        for name, wanted in self._meant(asked).items():
            known = isinstance(wanted, frames.Wanted) and wanted.topic.name in self.session.subscriptions
            if isinstance(wanted, frames.Wanted) and not known:
                left -= 1
                if left < 0:
                    answers[name] = TOO_MANY_TOPICS
                    continue
            answers[name] = wanted
        return await self._judge(answers)

    async def _judge(
        self, asked: Mapping[str, frames.Wanted | LivefeedError]
    ) -> dict[str, frames.Wanted | LivefeedError]:
        """Put a refusal in the place of every topic that the caller may not follow."""
        rights: dict[str, bool | Awaitable[bool]] = {
            name: self._reception.may_subscribe(self.session.caller, wanted.topic)
            for name, wanted in asked.items()
            if isinstance(wanted, frames.Wanted)
        }
        questions = {name: right for name, right in rights.items() if not isinstance(right, bool)}
        if questions:
            rights.update(zip(questions, await asyncio.gather(*questions.values()), strict=True))
        return {name: wanted if rights.get(name, True) else NO_SUCH_TOPIC for name, wanted in asked.items()}

    def _own(self, topic: Topic) -> Topic:
        """Return what the caller means by a topic."""
        user = self.session.caller.user
        return topic.of(None if user is None else user.id)

    def _meant(self, asked: Mapping[str, frames.Wanted | PeerError]) -> dict[str, frames.Wanted | PeerError]:
        """Return what is asked for with the topics that the caller means."""
        return {
            name: replace(wanted, topic=self._own(wanted.topic)) if isinstance(wanted, frames.Wanted) else wanted
            for name, wanted in asked.items()
        }

    def _unsubscribe(self, frame: frames.Unsubscribe) -> None:
        for name in frame.topics:
            try:
                topic = self._own(Topic.parse(name)).name
            except LivefeedError:
                continue
            self.forget_presence(topic)
            self._node.hub.leave(self.session, topic)
        self._result(frame.ref, {"topics": list(frame.topics)})

    def forget_presence(self, topic: str) -> None:
        """Stop counting the session as present on a topic, if it was."""
        hidden = topic in self._hidden
        if hidden:
            self._hidden -= {topic}
        if topic in self._watched:
            self._watched.discard(topic)
            self._reception.unwatch(self.session, topic, hidden=hidden)

    async def _signal(self, frame: frames.Signal) -> None:
        if self.session.caller.user is None:
            raise Unauthorised("Only a signed-in user can send signals.")
        topic = frame.topic if frame.topic in self.session.subscriptions else Topic.parse(frame.topic).name
        if topic not in self.session.subscriptions:
            raise Forbidden("Subscribe to a topic before sending signals to it.", code="not_subscribed")
        if topic not in self._hidden:
            await self._reception.signal(self.session, topic, frame.type, frame.data)

    async def _authenticate(self, frame: frames.Authenticate) -> None:
        try:
            caller = await self._reception.authenticate(frame.token)
        except Unauthorised as exc:
            raise Goodbye(UNAUTHORISED, exc.message) from exc
        before = self.session.caller.user
        if before is not None and (caller.user is None or caller.user.id != before.id):
            raise Forbidden("These credentials are somebody else's; open a connection of their own.")
        self.session.caller = caller
        self._result(frame.ref, {"user": caller.user.as_dict() if caller.user else None})
