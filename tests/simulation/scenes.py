"""Worlds with a plot: what random ones come upon too rarely, told step by step.

Each ends as every world does: everything arrives, and the oracle judges.
"""

from __future__ import annotations

from collections.abc import Callable

from livefeed.hub.session import MOST_BYTES, OUTGOING_BYTES
from livefeed.position import Position
from tests.simulation.client import Reading
from tests.simulation.happenings.store import HOUR_MS
from tests.simulation.node import same_order
from tests.simulation.oracle import demand
from tests.simulation.scene import ELSEWHERE, HERE, Scene
from tests.simulation.store import Limits
from tests.simulation.world import World


def reader_ahead_of_a_loss(world: World) -> None:
    """A reader comes from a node that was ahead; the store loses what only that reader has seen."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.follow(scene.behind)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.lose(1)
    scene.end()


def answer_from_before_a_loss(world: World) -> None:
    """…and the page that found the reader's position good arrives after the loss."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.follow(scene.behind)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.subscribe(scene.behind)
    scene.behind.step_reading(scene.behind.readings[0], world.store)
    scene.lose(1)
    scene.follow(scene.behind)
    scene.work(scene.behind)
    scene.end()


def value_hidden_by_a_lost_one(world: World, *, cut_lost: bool = False) -> None:
    """A value beyond the cut hides the one before it from a new reader, and is lost."""
    scene = Scene(world)
    scene.publish(HERE, "first")
    scene.publish(HERE, "second")
    scene.follow(scene.behind)
    scene.publish(ELSEWHERE)
    scene.publish(HERE, "first")
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    if cut_lost:
        scene.follow(scene.behind, entries=1)
    scene.lose(2)
    scene.end()


def value_hidden_and_cut_lost(world: World) -> None:
    """…together with the cut, so that the shard is reset."""
    value_hidden_by_a_lost_one(world, cut_lost=True)


def clock_behind_its_ids(world: World) -> None:
    """The clock is set back, an event goes under the last id's time; a day and a half later it is set back again."""
    scene = Scene(world)
    scene.set_clock(11 * HOUR_MS)
    scene.publish(ELSEWHERE)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.set_clock(-12 * HOUR_MS)
    scene.publish(HERE)
    scene.set_clock(0)
    world.wait(36 * HOUR_MS + 1)
    scene.set_clock(-12 * HOUR_MS)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.end()


def older_value_arrives_later(world: World) -> None:
    """A page is read, a newer value comes through the follower, and then the page arrives."""
    scene = Scene(world)
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    (page,) = scene.ahead.readings
    scene.ahead.step_reading(page, world.store)
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.end()


def stalled_into_a_gap(world: World) -> None:
    """A reader's transport is full until what it missed is gone everywhere; the value it had is still the newest."""
    scene = Scene(world)
    world.store.limits = Limits(shard_events=3, topic_events=6)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    assert scene.reader.session is not None
    scene.reader.session.writable = False
    for _ in range(30):
        scene.publish(HERE)
        scene.follow(scene.ahead)
        scene.work(scene.ahead)
    scene.end()


def _two_histories(world: World, *, key: str | None = None, later: bool = True) -> Scene:
    """A reader saw something that the replica lacks; the replica took over, and something happened there.

    The node that was behind has it in its socket, and the first store is the master again.
    later: what happened on the replica has the higher ids.
    """
    scene = Scene(world)
    scene.publish(HERE)
    scene.replicate()
    scene.follow(scene.behind)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    world.store.time_ms += 5
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.fail_over()
    world.store.time_ms += 10 if later else 1
    scene.publish(HERE, key)
    scene.buffer(scene.behind)
    scene.fail_over(buffered=True)
    return scene


def reader_passed_by_another_history(world: World) -> None:
    """The node passes the reader's position along the replica's history, and the replica takes over for good."""
    scene = _two_histories(world)
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.fail_over()
    scene.end()


def reader_passed_while_its_page_was_read(world: World) -> None:
    """…while the page that proves it on the master is under way."""
    scene = _two_histories(world)
    scene.subscribe(scene.behind)
    (page,) = scene.behind.readings
    scene.behind.step_reading(page, world.store)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.fail_over()
    scene.end()


def value_of_another_history(world: World) -> None:
    """The node learns of a value of the replica's history, below the reader's position; the master stays."""
    scene = _two_histories(world, key="only", later=False)
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.end()


def value_beyond_the_cut_of_its_page(world: World) -> None:
    """A page brings a value that the replica lacks; the node passes its rev along the replica's history."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.replicate()
    scene.follow(scene.behind)
    world.store.time_ms += 5
    scene.publish(HERE, "only")
    scene.fail_over()
    world.store.time_ms += 10
    scene.publish(HERE)
    scene.buffer(scene.behind)
    scene.fail_over(buffered=True)
    scene.subscribe(scene.behind)
    scene.work(scene.behind)
    scene.receive(scene.behind)
    scene.work(scene.behind)
    scene.fail_over()
    scene.end()


def value_between_two_followers(world: World) -> None:
    """A reader leaves, a value comes that nobody here follows, and another reader asks what the first one asked."""
    scene = Scene(world)
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.publish(HERE, "only")
    scene.follow(scene.ahead)
    scene.reader.readings.clear()
    scene.subscribe(scene.ahead)
    scene.end()


def newest_from_a_short_memory(world: World) -> None:
    """A reader asks for the three newest events, of which the node remembers two."""
    scene = Scene(world)
    for _ in range(3):
        scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    for _ in range(2):
        scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    second = scene.second(Reading(replay=3))
    scene.end()
    told = len(second.readings[HERE.name].events)
    demand(told == 3, f"the reader asked for the three newest events and was given {told}")


def first_event_while_another_joins(world: World) -> None:
    """The shard's first event comes while a second reader's question is under way: both stand at the beginning."""
    scene = Scene(world)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    for name in ("a 0", "b 0", "c 0", "d 0"):  # whichever the pass comes to first
        scene.second(Reading(position=Position(1, 1)), name)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.ahead.flush()
    scene.end()


def same_start_other_end(world: World) -> None:
    """Two readers resume from the same position, the second one when more has happened."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    scene.publish(HERE)
    scene.follow(scene.ahead)
    position = scene.reader.readings[HERE.name].position
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    second = scene.second(Reading())
    second.readings[HERE.name].restart(position)
    world.ask(second, [HERE.name])
    scene.work(scene.ahead)
    scene.end()


def same_cursor_other_values(world: World) -> None:
    """The bytes of a value come while some of several readers are stalled; then all are given the next event."""
    scene = Scene(world)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.second(Reading(), "another 0")
    stalled = [scene.second(Reading(), f"{letter} 0").session for letter in "abcd"]
    scene.work(scene.ahead)
    scene.publish(HERE, "only", image=True)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.ahead.flush()
    for session in stalled:
        session.writable = False
    scene.work(scene.ahead)
    for session in stalled:
        scene.ahead.resume(session)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.end()


def lost_position_between_two_events(world: World) -> None:
    """A reader stands where the replica never was, between two events that another node remembers."""
    scene = Scene(world)
    scene.follow(scene.ahead)
    scene.follow(scene.behind)
    scene.second(Reading(), node=scene.behind)
    scene.work(scene.behind)
    scene.subscribe(scene.ahead)
    scene.publish(HERE)
    scene.replicate()
    scene.follow(scene.behind)
    world.store.time_ms += 5
    scene.publish(ELSEWHERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.ahead.beat(scene.reader.session)
    scene.work(scene.ahead)
    scene.leave()
    scene.fail_over()
    world.store.time_ms += 10
    scene.publish(HERE)
    scene.follow(scene.behind)
    scene.work(scene.behind)
    scene.subscribe(scene.behind)
    scene.end()


def bytes_of_a_lost_value(world: World) -> None:
    """The bytes of a value come when the value is lost."""
    scene = Scene(world)
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.publish(HERE, "only", image=True)
    scene.follow(scene.ahead)
    scene.lose(1)
    scene.follow(scene.ahead)
    scene.end()


def more_than_goes_out_at_once(world: World) -> None:
    """Two readers stand at the same place, and more comes than one pass gives to a session."""
    scene = Scene(world)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.second(Reading())
    scene.work(scene.ahead)
    for _ in range(3):
        scene.publish(HERE, padding=OUTGOING_BYTES * 2 // 3)
    scene.follow(scene.ahead)
    scene.end()


def more_than_goes_out_at_once_of_two_topics(world: World) -> None:
    """A reader of two topics is due an event of each, which together are more than one pass gives to a session."""
    scene = Scene(world)
    scene.follow(scene.ahead)
    scene.reader.readings[ELSEWHERE.name] = Reading()
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    for small, large in ((HERE, ELSEWHERE), (ELSEWHERE, HERE)):
        scene.publish(small, padding=OUTGOING_BYTES * 2 // 3)
        scene.publish(large, padding=MOST_BYTES)
        scene.follow(scene.ahead)
        scene.work(scene.ahead)
    scene.end()


def value_that_fits_where_its_event_does_not(world: World) -> None:
    """Events fill a pass but for a place that is too small for the next one, and large enough for the value behind."""
    scene = Scene(world)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    for _ in range(2):
        scene.publish(HERE, padding=OUTGOING_BYTES * 2 // 3)
    scene.publish(HERE, key="k")
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.end()


def page_that_goes_out_in_part(world: World) -> None:
    """A page is due behind something that is going out already: there is room for some of its events."""
    scene = Scene(world)
    scene.ahead.hub.page_limit = 10
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.leave()
    for _ in range(3):
        scene.publish(HERE, padding=OUTGOING_BYTES * 2 // 3)
    scene.follow(scene.ahead)
    scene.reader.readings[ELSEWHERE.name] = Reading()
    scene.subscribe(scene.ahead)
    scene.work(scene.ahead)
    scene.end()


def event_while_some_are_stalled(world: World) -> None:
    """An event comes while some of several readers at the same place take nothing."""
    scene = Scene(world)
    scene.follow(scene.ahead)
    scene.subscribe(scene.ahead)
    scene.second(Reading(), "another 0")
    stalled = [scene.second(Reading(), f"{letter} 0").session for letter in "abcd"]
    scene.work(scene.ahead)
    for session in stalled:
        session.writable = False
    scene.publish(HERE)
    scene.follow(scene.ahead)
    scene.work(scene.ahead)
    scene.end()


SCENES = (
    event_while_some_are_stalled,
    more_than_goes_out_at_once,
    more_than_goes_out_at_once_of_two_topics,
    value_that_fits_where_its_event_does_not,
    page_that_goes_out_in_part,
    lost_position_between_two_events,
    bytes_of_a_lost_value,
    first_event_while_another_joins,
    same_start_other_end,
    same_cursor_other_values,
    newest_from_a_short_memory,
    value_between_two_followers,
    reader_ahead_of_a_loss,
    answer_from_before_a_loss,
    value_hidden_by_a_lost_one,
    value_hidden_and_cut_lost,
    clock_behind_its_ids,
    stalled_into_a_gap,
    older_value_arrives_later,
    reader_passed_by_another_history,
    reader_passed_while_its_page_was_read,
    value_of_another_history,
    value_beyond_the_cut_of_its_page,
)


def play(scene: Callable[[World], None], world: World) -> None:
    """Let a plot take its course. Raises: Violation."""
    with same_order():
        scene(world)
