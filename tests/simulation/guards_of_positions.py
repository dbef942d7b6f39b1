"""The guards of the rule of positions. Source: docs/protocol.md, "Positions"."""

from __future__ import annotations

from livefeed.hub.delivery import Delivery
from livefeed.hub.hub import Hub
from livefeed.hub.tail import Tail
from livefeed.streams.chain import Chain
from livefeed.streams.follower import Follower
from tests.simulation import scenes
from tests.simulation.client import Reading
from tests.simulation.edits import Edit
from tests.simulation.guard import Guard
from tests.simulation.store import DAY_MS, Limits

SMALL = Limits(shard_events=12, topic_events=4)
SHORT = Limits(shard_events=12, topic_events=24, topic_idle_ms=DAY_MS // 4)

FOLLOW = (
    Guard(
        "chain",
        "each entry's `prev` is the cursor",
        [Edit(Chain, "receive", "if entry.prev != self.cursor:", "if False:")],
    ),
    Guard(
        "cursor_after_reconnect",
        "after a reconnect the cursor is still in the stream",
        [Edit(Follower, "_prove", " and await self._holds(connection, shard, chain.cursor)", "")],
    ),
    Guard(
        "epoch",
        "pages in flight across a reset or a reconnect are discarded",
        [Edit(Hub, "_usable", "request.epoch == there.epoch and ", "")],
    ),
    Guard(
        "epoch_at_recheck",
        "…across a reconnect",
        [Edit(Hub, "recheck", "there.epoch += 1", "pass")],
        scene=scenes.answer_from_before_a_loss,
    ),
    Guard("epoch_at_reset", "…across a reset", [Edit(Hub, "reset", "there.epoch += 1", "pass")]),
    Guard(
        "beyond_cut_resumes",
        "sessions beyond the cut resume after a reconnect",
        [Edit(Hub, "recheck", "if reload or subscription.cursor > there.cut:", "if reload:")],
        scene=scenes.reader_ahead_of_a_loss,
    ),
    Guard(
        "values_beyond_cut_asked_again",
        "values that the store had beyond the cut are asked again at a reconnect",
        [Edit(Hub, "recheck", "reload = tail.distrust()", "reload = False")],
        scene=scenes.value_hidden_by_a_lost_one,
    ),
    Guard(
        "values_anew_after_recheck",
        "…and whoever follows the topic gets all anew",
        [Edit(Hub, "recheck", "subscription.rev = ZERO", "pass")],
        scene=scenes.value_hidden_by_a_lost_one,
    ),
    Guard(
        "values_anew_after_reset",
        "a reset gives the values out anew",
        [Edit(Hub, "reset", "subscription.rev = ZERO", "pass")],
        scene=scenes.value_hidden_and_cut_lost,
    ),
    Guard(
        "reset_proves_sessions",
        "after a reset every session resumes from its own position",
        [
            Edit(
                Hub,
                "reset",
                "self._prove(subscription)",
                "subscription.cursor = max(subscription.cursor, cut)",
            )
        ],
    ),
    Guard("reset_empties_events", "a reset empties the tails", [Edit(Tail, "restart", "self.events.clear()", "pass")]),
    Guard("reset_moves_start", "…and they start at the new cut", [Edit(Tail, "restart", "self.start = cut", "pass")]),
    Guard("reset_empties_values", "a reset forgets the values", [Edit(Tail, "restart", "self.values = {}", "pass")]),
    Guard("reset_reloads_values", "…and reads them again", [Edit(Tail, "restart", "self.loaded = False", "pass")]),
)

JOIN = (
    Guard(
        "page_proves_cut",
        "a page is used only if the cut is in the stream it was read from",
        [Edit(Hub, "_usable", " and page.cut_held", "")],
    ),
    Guard(
        "join_stands_at_answer",
        "a join's page is judged again when the answer goes out",
        [Edit(Hub, "_stands", " and self._usable(request, page)", "")],
    ),
    Guard(
        "ahead_meets_its_entry",
        "a session beyond the cut goes on when its very entry comes",
        [Edit(Hub, "_meet", "if subscription.cursor in ids:", "if True:")],
        scene=scenes.reader_passed_by_another_history,
    ),
    Guard(
        "ahead_passed_while_asked",
        "a page that found a position beyond its cut is asked again when the node has passed it",
        [Edit(Hub, "_usable", " and not passed", "")],
        scene=scenes.reader_passed_while_its_page_was_read,
    ),
    Guard(
        "ahead_gets_no_values",
        "a session beyond the cut gets no values either",
        [Edit(Delivery, "serve", "if subscription.cursor > cut:", "if False:")],
        scene=scenes.value_of_another_history,
    ),
    Guard(
        "behind_tail_pages",
        "a cursor below the tail asks the store",
        [Edit(Delivery, "serve", "if subscription.cursor < tail.start:", "if False:")],
    ),
    Guard(
        "start_follows",
        "what leaves the tail moves its start",
        [Edit(Tail, "append", "self.start = oldest.id", "pass")],
    ),
    Guard(
        "cut_of_request",
        "a page ends at the cut it was asked with",
        [Edit(Hub, "_deliver", "max(page.at, request.cut)", "max(page.at, self.shards[subscription.shard].cut)")],
    ),
    Guard(
        "page_to_its_end",
        "a full page ends at its last event",
        [Edit(Hub, "_deliver", " if complete else events[-1].id", "")],
    ),
    Guard(
        "never_back",
        "a position beyond the cut waits there",
        [
            Edit(
                Hub,
                "_deliver",
                "end = max(page.at, request.cut) if complete else events[-1].id\n        if end > page.at:",
                "end = request.cut if complete else events[-1].id\n        if True:",
            )
        ],
    ),
    Guard(
        "gap_is_told",
        "a position that is not good is told as a gap",
        [Edit(Hub, "_deliver", "if page.good:", "if True:")],
    ),
    Guard(
        "gap_forgets_rev",
        "after a gap the newest values follow",
        [Edit(Hub, "_deliver", "subscription.rev = ZERO", "pass")],
        scene=scenes.stalled_into_a_gap,
    ),
    Guard(
        "client_forgets_values",
        "at a gap the client forgets its values",
        [Edit(Reading, "restart", "self.values = {}", "pass")],
    ),
    Guard(
        "asked_again",
        "a page that could not be used is asked again",
        [
            Edit(
                Hub, "ask_again", "self._requests.append", "(lambda request: request.subscription.move(Step.CAUGHT_UP))"
            )
        ],
    ),
)

VALUES = (
    Guard(
        "value_not_above_cut",
        "values of a page are taken up to the cut that it proves",
        [Edit(Tail, "load", "if value.rev <= cut:", "if True:")],
        scene=scenes.value_beyond_the_cut_of_its_page,
    ),
    Guard(
        "value_not_overtaken",
        "no value overtakes one whose bytes are awaited",
        [Edit(Tail, "values_after", "takewhile(", "filter(")],
    ),
    Guard(
        "value_filled_only_if_awaited",
        "bytes that come after a reset bring no value back",
        [Edit(Tail, "fill", "if held is None or ", "if held is None:\n        return self.place(value)\n    if ")],
        scene=scenes.bytes_of_a_lost_value,
    ),
    Guard(
        "position_before_value",
        "the position moves to a cut not below a value before it goes out",
        [Edit(Delivery, "serve", " or (values and values[-1].rev > end)", "")],
    ),
    Guard(
        "higher_rev_wins",
        "an older value never replaces a newer one",
        [Edit(Tail, "place", "if held is not None and held.rev >= value.rev:", "if False:")],
        scene=scenes.older_value_arrives_later,
    ),
    Guard(
        "values_with_page",
        "a tail without values asks for them",
        [Edit(Hub, "_request", "not subscription.tail.loaded", "False")],
    ),
)

STORE = (
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

POSITIONS = (*FOLLOW, *JOIN, *VALUES, *STORE)
