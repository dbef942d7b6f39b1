"""The guards of the rule of positions, by name, each with the way to take it out.

A guard that can be taken out without any world noticing is either not needed or not tested: `test_guards.py` shows for
every one that worlds fail without it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from livefeed.hub.hub import Hub
from livefeed.hub.tail import Tail
from livefeed.streams.chain import Chain
from livefeed.streams.follower import Follower
from tests.simulation import mutations, scenes
from tests.simulation.client import Client
from tests.simulation.store import DAY_MS, Limits, Rules
from tests.simulation.world import World


@dataclass(frozen=True)
class Guard:
    """One guard. `says`: what it promises; `patches`, `rules`, `limits`: what is put in its place.

    scene: a plot that needs it; without one, random worlds do.
    """

    name: str
    says: str
    patches: Sequence[tuple[Any, str, Any]] = ()
    rules: Mapping[str, bool] = field(default_factory=dict)
    limits: Limits | None = None
    scene: Callable[[World], None] | None = None

    @contextlib.contextmanager
    def taken_out(self) -> Iterator[Callable[[int], World]]:
        """Give the maker of worlds without this guard."""
        with contextlib.ExitStack() as stack:
            for owner, name, replacement in self.patches:
                stack.enter_context(mock.patch.object(owner, name, replacement))
            yield lambda seed: World(seed, rules=Rules(**self.rules), limits=self.limits)


SMALL = Limits(shard_events=12, topic_events=4)
SHORT = Limits(shard_events=12, topic_events=24, topic_idle_ms=DAY_MS // 4)

GUARDS = (
    Guard("chain", "each entry's `prev` is the cursor", [(Chain, "receive", mutations.receive_unchecked)]),
    Guard(
        "cursor_after_reconnect",
        "after a reconnect the cursor is still in the stream",
        [(Follower, "_holds", mutations.holds_always)],
    ),
    Guard(
        "page_proves_cut",
        "a page is used only if the cut is in the stream it was read from",
        [(Hub, "_usable", mutations.usable_without(cut=False))],
    ),
    Guard(
        "epoch",
        "pages in flight across a reset or a reconnect are discarded",
        [(Hub, "_usable", mutations.usable_without(epoch=False))],
    ),
    Guard(
        "epoch_at_recheck",
        "…across a reconnect",
        [(Hub, "recheck", mutations.recheck(epoch=False))],
        scene=scenes.answer_from_before_a_loss,
    ),
    Guard("epoch_at_reset", "…across a reset", [(Hub, "reset", mutations.reset(epoch=False))]),
    Guard(
        "join_stands_at_answer",
        "a join's page is judged again when the answer goes out",
        [(Hub, "_stands", mutations.stands_once_read)],
    ),
    Guard(
        "beyond_cut_resumes",
        "sessions beyond the cut resume after a reconnect",
        [(Hub, "recheck", mutations.recheck(sessions=False))],
        scene=scenes.reader_ahead_of_a_loss,
    ),
    Guard(
        "values_beyond_cut_asked_again",
        "values that the store had beyond the cut are asked again at a reconnect",
        [(Hub, "recheck", mutations.recheck(values=False))],
        scene=scenes.value_hidden_by_a_lost_one,
    ),
    Guard(
        "values_anew_after_recheck",
        "…and whoever follows the topic gets all anew",
        [(Hub, "recheck", mutations.recheck(anew=False))],
        scene=scenes.value_hidden_by_a_lost_one,
    ),
    Guard(
        "values_anew_after_reset",
        "a reset gives the values out anew",
        [(Hub, "reset", mutations.reset(anew=False))],
        scene=scenes.value_hidden_and_cut_lost,
    ),
    Guard(
        "ahead_meets_its_entry",
        "a session beyond the cut goes on when its very entry comes",
        [(Hub, "_meet", mutations.meet_anyone)],
        scene=scenes.reader_passed_by_another_history,
    ),
    Guard(
        "ahead_passed_while_asked",
        "a page that found a position beyond its cut is asked again when the node has passed it",
        [(Hub, "_usable", mutations.usable_without(passed=False))],
        scene=scenes.reader_passed_while_its_page_was_read,
    ),
    Guard(
        "ahead_gets_no_values",
        "a session beyond the cut gets no values either",
        [(Hub, "_serve", mutations.serve_without(waits=False))],
        scene=scenes.value_of_another_history,
    ),
    Guard(
        "reset_proves_sessions",
        "after a reset every session resumes from its own position",
        [(Hub, "reset", mutations.reset(prove=False))],
    ),
    Guard("reset_empties_events", "a reset empties the tails", [(Tail, "restart", mutations.restart(events=False))]),
    Guard("reset_moves_start", "…and they start at the new cut", [(Tail, "restart", mutations.restart(start=False))]),
    Guard("reset_empties_values", "a reset forgets the values", [(Tail, "restart", mutations.restart(values=False))]),
    Guard("reset_reloads_values", "…and reads them again", [(Tail, "restart", mutations.restart(loaded=False))]),
    Guard(
        "value_not_above_cut",
        "values of a page are taken up to the cut that it proves",
        [(Tail, "load", mutations.load_all)],
        scene=scenes.value_beyond_the_cut_of_its_page,
    ),
    Guard(
        "value_not_overtaken",
        "no value overtakes one whose bytes are awaited",
        [(Tail, "values_after", mutations.overtaking)],
    ),
    Guard(
        "value_filled_only_if_awaited",
        "bytes that come after a reset bring no value back",
        [(Tail, "fill", mutations.fill_any)],
    ),
    Guard(
        "position_before_value",
        "the position moves to a cut not below a value before it goes out",
        [(Hub, "_serve", mutations.serve_without(moves=False))],
    ),
    Guard(
        "higher_rev_wins",
        "an older value never replaces a newer one",
        [(Tail, "place", mutations.place_any)],
        scene=scenes.older_value_arrives_later,
    ),
    Guard(
        "values_with_page", "a tail without values asks for them", [(Hub, "_request", mutations.request_without_values)]
    ),
    Guard(
        "behind_tail_pages",
        "a cursor below the tail asks the store",
        [(Hub, "_serve", mutations.serve_without(start=False))],
    ),
    Guard("start_follows", "what leaves the tail moves its start", [(Tail, "append", mutations.append_without_start)]),
    Guard(
        "cut_of_request",
        "a page ends at the cut it was asked with",
        [(Hub, "_deliver", mutations.deliver_without(own_cut=False))],
    ),
    Guard(
        "page_to_its_end",
        "a full page ends at its last event",
        [(Hub, "_deliver", mutations.deliver_without(complete=False))],
    ),
    Guard(
        "never_back",
        "a position beyond the cut waits there",
        [(Hub, "_deliver", mutations.deliver_without(not_back=False))],
    ),
    Guard(
        "gap_is_told",
        "a position that is not good is told as a gap",
        [(Hub, "_deliver", mutations.deliver_without(gap=False))],
    ),
    Guard(
        "gap_forgets_rev",
        "after a gap the newest values follow",
        [(Hub, "_deliver", mutations.deliver_without(forget=False))],
        scene=scenes.stalled_into_a_gap,
    ),
    Guard("client_forgets_values", "at a gap the client forgets its values", [(Client, "forgets_at_gap", False)]),
    Guard("asked_again", "a page that could not be used is asked again", [(Hub, "ask_again", mutations.ask_never)]),
    Guard("resume_after_stall", "a stalled session is served again", [(Hub, "resume", mutations.resume_nobody)]),
    Guard(
        "position_by_membership",
        "a position is good if it is in the stream, not between two entries of it",
        rules={"position_by_membership": False},
    ),
    Guard("position_in_topic", "…the same for the topic's stream", rules={"position_in_topic_is_exact": False}),
    Guard(
        "one_day_limit", "a position proved by the shard's stream is at most a day old", rules={"one_day_limit": False}
    ),
    Guard(
        "zero_without_stream", "`0-0` is good only while there is no stream", rules={"zero_only_without_stream": False}
    ),
    Guard("topic_outkeeps_shard", "a topic keeps more entries than its shard's stream", limits=SMALL),
    Guard("topic_outlives_day", "a topic outlives its last event by more than positions may be old", limits=SHORT),
    Guard(
        "expiry_follows_id",
        "life times count from the id, not from the clock",
        rules={"expiry_follows_the_id": False},
        scene=scenes.clock_behind_its_ids,
    ),
    Guard("ids_rise", "ids do not fall back with the clock", rules={"ids_rise": False}),
    Guard("ids_have_chance", "an id that was lost is not issued again", rules={"ids_have_chance": False}),
    Guard("shard_streams_stay", "shard streams never expire", rules={"shard_streams_stay": False}),
    Guard("commands_once", "a repeated command changes nothing", rules={"commands_happen_once": False}),
)
