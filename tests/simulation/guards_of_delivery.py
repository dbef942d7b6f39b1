"""The guards of what is answered from memory, shared between sessions, held back and ended."""

from __future__ import annotations

from livefeed.hub.delivery import Delivery
from livefeed.hub.hub import Hub
from livefeed.hub.session import Session
from livefeed.hub.subscription import PageRequest
from livefeed.hub.tail import Tail
from tests.simulation import scenes
from tests.simulation.edits import Edit
from tests.simulation.guard import Guard

MEMORY = (
    Guard(
        "remembers_when_loaded",
        "a join is answered from memory only when the values are there too",
        [Edit(Hub, "_remembers", "if not tail.loaded:", "if False:")],
    ),
    Guard(
        "remembers_when_passed",
        "…and only at a position that the follower itself has passed, not between two of them",
        [Edit(Hub, "_remembers", "(join.since == there.cut or tail.passed(join.since))", "join.since <= there.cut")],
    ),
    Guard(
        "passed_is_an_event",
        "…which is an event of the tail",
        [Edit(Tail, "passed", "return event.id == position", "return True")],
        scene=scenes.lost_position_between_two_events,
    ),
    Guard(
        "passed_is_the_start",
        "…or where it starts",
        [Edit(Tail, "passed", "return position == self.start", "return True")],
    ),
    Guard(
        "newest_are_all_here",
        "the newest events are taken from memory only if it has so many",
        [Edit(Tail, "before_newest", "if len(self.events) < count:", "if False:")],
        scene=scenes.newest_from_a_short_memory,
    ),
)

SHARING = (
    Guard(
        "page_of_this_tail",
        "a page is shared within one life of a tail: what came between two was seen by neither",
        [Edit(PageRequest, "question", "self.subscription.tail,", "self.subscription.tail.topic,")],
        scene=scenes.value_between_two_followers,
    ),
    Guard(
        "page_of_this_position",
        "a page is shared by those who ask from the same position",
        [Edit(PageRequest, "question", "self.since, self.replay", "None, self.replay")],
    ),
    Guard(
        "page_of_this_epoch",
        "a page is shared within an epoch",
        [Edit(PageRequest, "question", "self.epoch, self.values", "0, self.values")],
    ),
    Guard(
        "page_at_its_cut",
        "whoever is given another's page stands at the cut of that one",
        [Edit(PageRequest, "put_at", "return self if cut == self.cut else replace(self, cut=cut)", "return self")],
    ),
    Guard(
        "bytes_of_this_codec",
        "bytes are shared within a codec",
        [Edit(Delivery, "_serve_all", "if session.codec is not codec:", "if codec is None:")],
    ),
    Guard(
        "bytes_from_this_cursor",
        "bytes are shared by those who stand at the same cursor",
        [Edit(Delivery, "_serve_all", "subscription.cursor is cursor\n", "True\n")],
    ),
    Guard(
        "bytes_from_this_rev",
        "…and had the same values",
        [Edit(Delivery, "_serve_all", "and subscription.rev is rev\n", "\n")],
        scene=scenes.same_cursor_other_values,
    ),
    Guard(
        "bytes_for_the_answered",
        "…and were answered",
        [Edit(Delivery, "_serve_all", "and subscription.stage is live", "")],
        scene=scenes.first_event_while_another_joins,
    ),
    Guard(
        "frame_from_this_cursor",
        "a frame of events is shared by those who stand where it begins",
        [Edit(Delivery, "_send_events", "(session.codec, start, end)", "(session.codec, end)")],
    ),
    Guard(
        "frame_of_this_pass",
        "a frame is shared within a pass",
        [Edit(Delivery, "flush", "tail.frames.clear()", "pass")],
    ),
    Guard(
        "page_frame_of_this_topic",
        "a page's frame is its topic's",
        [Edit(Hub, "_send_page", "(session.codec, topic, start", "(session.codec, start")],
    ),
    Guard(
        "page_frame_from_its_start",
        "…begins where the reader stands",
        [Edit(Hub, "_send_page", "topic, start, end, epoch)", "topic, end, epoch)")],
    ),
    Guard(
        "page_frame_to_its_end",
        "…and ends where the reader's page ends",
        [Edit(Hub, "_send_page", "start, end, epoch)", "start, epoch)")],
        scene=scenes.same_start_other_end,
    ),
)

PRESSURE = (
    Guard(
        "resume_after_stall",
        "a stalled session is served again",
        [Edit(Hub, "resume", "self._delivery.resume(session)", "session.writable = True")],
    ),
    Guard(
        "stalled_waits",
        "a session whose transport is full is left alone",
        [Edit(Delivery, "serve", " or not session.writable", "")],
    ),
    Guard(
        "stalled_gets_no_bytes",
        "…also where bytes are at hand",
        [Edit(Delivery, "_serve_all", "and session.writable\n", "\n")],
        scene=scenes.event_while_some_are_stalled,
    ),
    Guard(
        "room_is_bounded",
        "no more is put before a transport than there is room for",
        [
            Edit(
                Session,
                "room",
                "OUTGOING_BYTES - len(self.outgoing) if self.writable",
                "OUTGOING_BYTES if self.writable",
            )
        ],
    ),
    Guard(
        "large_goes_alone",
        "…and an event that is larger goes alone",
        [Edit(Delivery, "serve", "envelope=envelope, one=alone)", "envelope=envelope, one=True)")],
        scene=scenes.more_than_goes_out_at_once_of_two_topics,
    ),
    Guard(
        "large_value_goes_alone",
        "…as does a value",
        [Edit(Delivery, "serve", "one=alone and not events)", "one=True)")],
    ),
    Guard(
        "bytes_behind_what_waits",
        "bytes that are at hand take the place of nothing that waits to go out",
        [Edit(Delivery, "_serve_all", "and not session.outgoing\n", "\n")],
    ),
    Guard(
        "room_for_page",
        "a page waits for room",
        [Edit(Session, "taking", "if self.room > 0 else 0", "")],
    ),
    Guard(
        "part_of_a_page",
        "…and of one that has room in part, the rest is still to come",
        [Edit(Hub, "_deliver", "page.complete and whole", "page.complete")],
        scene=scenes.page_that_goes_out_in_part,
    ),
    Guard(
        "crowded_go_on",
        "…and is read again when it is its turn",
        [Edit(Delivery, "_let_next_page", "self.behind.add(subscription)", "pass")],
    ),
    Guard(
        "crowded_resume",
        "…also after the session was stalled",
        [Edit(Delivery, "resume", "self._crowded.add(session)", "pass")],
    ),
    Guard(
        "goes_on_with_room",
        "a session that had no room goes on in the next pass",
        [Edit(Delivery, "serve", "self.behind.add(subscription)  # the next pass", "pass  # the next pass")],
    ),
    Guard(
        "rest_goes_on",
        "…also one that was given a part of what there is",
        [Edit(Delivery, "serve", "self.behind.add(subscription)  # guard", "pass  # guard")],
    ),
    Guard(
        "part_is_not_shared",
        "a part goes to one session: the others would not go on",
        [Edit(Delivery, "serve", "return whole and complete and (", "return (")],
        scene=scenes.more_than_goes_out_at_once,
    ),
    Guard(
        "values_after_the_rest",
        "no value overtakes the events left for the next pass",
        [Edit(Delivery, "serve", "values_after(subscription.rev) if whole else []", "values_after(subscription.rev)")],
        scene=scenes.value_that_fits_where_its_event_does_not,
    ),
    Guard(
        "cut_after_the_rest",
        "…nor does the cut",
        [Edit(Delivery, "serve", "elif to_cut or", "if to_cut or")],
    ),
    Guard(
        "values_conflated",
        "of each key only the newest value is kept",
        [Edit(Tail, "place", "self.values[value.key] = value", 'self.values[f"{value.key} {value.rev}"] = value')],
    ),
    Guard(
        "tail_is_bounded",
        "a tail keeps so many events",
        [Edit(Tail, "append", "len(self.events) > self._max_events or ", "")],
    ),
    Guard(
        "values_are_bounded",
        "a tail keeps so many values",
        [Edit(Tail, "place", "while len(self.values) > self._max_values:", "while False:")],
    ),
    Guard(
        "heartbeat_moves_idle",
        "a heartbeat moves an idle position to the cut",
        [Edit(Hub, "beat", ", to_cut=True", "")],
    ),
)

LEAVING = (
    Guard(
        "subscribed_comes_first",
        "no frame of a topic precedes its `subscribed`",
        [Edit(Delivery, "serve", "subscription.stage is not Stage.LIVE or ", "")],
    ),
    Guard(
        "unsubscribed_gets_nothing",
        "no frame of a topic follows the answer to `unsubscribe`",
        [Edit(Hub, "leave", "subscription.move(Step.ENDED)", "pass")],
    ),
    Guard(
        "page_of_the_unsubscribed",
        "a page that comes after the `unsubscribe` is for nobody",
        [Edit(Hub, "receive_page", "if subscription.stage is not Stage.PAGING:", "if False:")],
    ),
    Guard(
        "last_takes_tail_along",
        "the last reader of a topic takes its tail along",
        [Edit(Hub, "leave", "if not tail.subscriptions and", "if False and")],
    ),
    Guard(
        "ahead_is_forgotten",
        "a reader beyond the cut who leaves is not awaited",
        [Edit(Hub, "leave", "self.shards[subscription.shard].ahead.discard(subscription)", "pass")],
    ),
)

DELIVERY = (*MEMORY, *SHARING, *PRESSURE, *LEAVING)
