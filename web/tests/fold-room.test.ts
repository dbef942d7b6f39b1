import { describe, expect, test } from "vitest";
import {
  EMPTY_ROOM,
  faced,
  foldRoom,
  leading,
  pigmentOf,
  voters,
  type RoomAction,
  type RoomState,
} from "../live/fold-room";
import type { TopicFrame, User } from "../live/protocol";
import type { Here, Message, Room, RoomSnapshot, Variation } from "../live/room-protocol";
import type { Draft } from "../live/state";
import { events, post, user } from "./made";

const TOPIC = "room:r";
const ME = "u1";

function room(more: Partial<Room> = {}): Room {
  const owner = user(ME);
  return {
    id: "r",
    topic: TOPIC,
    post: post("p"),
    parent_id: "p",
    owner,
    role: "owner",
    epoch: "e1",
    state: "open",
    created: 1,
    ...more,
  };
}

function variation(id: string, state: string, created = 1): Variation {
  return { id, topic: `generation:${id}`, room: "r", author: user(ME), prompt: "fox", state, created };
}

function message(id: string, created: number, more: Partial<Message> = {}): Message {
  return { id, room: "r", author: user("u2"), text: `said ${id}`, created, reactions: {}, ...more };
}

function here(id: string, since: number, pigment = 0): Here {
  return { user: user(id), role: "editor", pigment, since };
}

function snapshot(more: Partial<RoomSnapshot> = {}): RoomSnapshot {
  return {
    room: room(),
    members: [
      { user: user(ME), role: "owner" },
      { user: user("u2"), role: "editor" },
      { user: user("u3"), role: "viewer" },
    ],
    variations: [variation("v1", "completed", 1), variation("v2", "queued", 2)],
    votes: {},
    messages: [message("m1", 10)],
    at: "5-0",
    ...more,
  };
}

function play(state: RoomState, ...steps: (RoomAction | TopicFrame)[]): RoomState {
  return steps.reduce(
    (next, step) => foldRoom(next, "op" in step ? { kind: "frame", frame: step, now: 1000, me: ME } : step),
    state,
  );
}

const opened = play(EMPTY_ROOM, { kind: "snapshot", snapshot: snapshot(), me: ME });

function vote(
  id: string,
  who: User,
  variation: string,
  on: boolean,
  votes: Record<string, number>,
): TopicFrame {
  return events(TOPIC, [id, "room.vote", { user: who, variation, on, votes }]);
}

test("a frame that comes twice changes nothing the second time", () => {
  const frame = events(TOPIC, ["6-0", "room.message", { message: message("m2", 20) }]);
  const once = play(opened, frame);
  expect(play(once, frame)).toEqual(once);
  expect(once.messages.map(({ id }) => id)).toEqual(["m1", "m2"]);
});

test("what the snapshot stands for already is not applied again", () => {
  expect(play(opened, vote("4-0", user("u2"), "v1", true, { v1: 1 })).totals.get("v1")).toBeUndefined();
});

describe("votes", () => {
  test("move with their voter, and are taken back", () => {
    const first = play(opened, vote("6-0", user("u2"), "v1", true, { v1: 1 }));
    expect([first.totals.get("v1"), leading(first)?.id]).toEqual([1, "v1"]);
    const gone = play(first, vote("7-0", user("u2"), "v1", false, {}));
    expect([gone.votes.size, leading(gone)]).toEqual([0, null]);
  });

  test("of mine are counted at once, and once", () => {
    const mine = play(opened, { kind: "vote", user: ME, variation: "v1", on: true });
    expect(mine.totals.get("v1")).toBe(1);
    expect(play(mine, vote("6-0", user(ME), "v1", true, { v1: 1 })).totals.get("v1")).toBe(1);
    const moved = play(mine, { kind: "vote", user: ME, variation: "v2", on: true });
    expect([moved.totals.get("v1"), moved.totals.get("v2")]).toEqual([0, 1]);
  });

  test("that were given before I came are named by the document, unless news is newer", () => {
    const told = play(opened, vote("6-0", user("u2"), "v2", true, { v2: 1 }), {
      kind: "mirror",
      votes: new Map([
        ["u2", "v1"],
        ["u9", "v1"],
      ]),
    });
    expect([...told.votes]).toEqual([
      ["u2", "v2"],
      ["u9", "v1"],
    ]);
  });

  test("for what is not finished lead nowhere", () => {
    expect(leading(play(opened, vote("6-0", user("u2"), "v2", true, { v2: 1 })))).toBeNull();
  });

  test("belong to the owner and the editors", () => {
    expect(voters(opened)).toBe(2);
  });
});

describe("variations", () => {
  const ended = events(TOPIC, ["6-0", "room.variation", { variation: variation("v2", "completed", 2) }]);

  test("come in their order, and end", () => {
    const more = play(
      opened,
      events(TOPIC, ["6-0", "room.variation", { variation: variation("v3", "queued", 3) }]),
    );
    expect(more.variations.map(({ id }) => id)).toEqual(["v1", "v2", "v3"]);
    expect(more.endedAt.size).toBe(0);
    const done = play(opened, ended);
    expect(done.variations[1]?.state).toBe("completed");
    expect([...done.endedAt.keys()]).toEqual(["v2"]);
  });

  test("do not begin again by an answer that was late", () => {
    const late = play(opened, ended, { kind: "variation", variation: variation("v2", "queued", 2) });
    expect(late.variations[1]?.state).toBe("completed");
  });
});

describe("the roster", () => {
  const presence = (frame: object): TopicFrame => ({ op: "presence", topic: TOPIC, count: 2, ...frame });

  test("is told whole, then by who joined, left and changed", () => {
    const whole = play(opened, presence({ roster: [here("a", 2, 1), here("b", 1, 0)] }));
    expect(whole.roster.map(({ user }) => user.id)).toEqual(["b", "a"]);
    const next = play(
      whole,
      presence({ joined: [here("c", 3, 2)], left: ["b"], changed: [here("a", 2, 4)] }),
    );
    expect(next.roster.map(({ user, pigment }) => [user.id, pigment])).toEqual([
      ["a", 4],
      ["c", 2],
    ]);
    expect([pigmentOf(next, "a"), pigmentOf(next, "b")]).toEqual([4, null]);
  });

  test("that comes again as a whole replaces what was known", () => {
    const twice = play(opened, presence({ roster: [here("a", 1)] }), presence({ roster: [here("b", 2)] }));
    expect(twice.roster.map(({ user }) => user.id)).toEqual(["b"]);
  });
});

describe("talk", () => {
  const draft: Draft = {
    key: "k",
    author: user(ME),
    text: "hello",
    parent: null,
    status: "sending",
    problem: "",
  };
  const stored = message("mine", 30, { author: user(ME), text: "hello" });

  test("drafts give way to the message they become, told by the event or by the answer", () => {
    const waiting = play(opened, { kind: "draft", draft });
    const byEvent = play(waiting, events(TOPIC, ["6-0", "room.message", { message: stored }]));
    const byAnswer = play(waiting, { kind: "message", message: stored, key: "k" });
    for (const state of [byEvent, byAnswer]) {
      expect(state.drafts).toEqual([]);
      expect(state.messages.map(({ id }) => id)).toEqual(["m1", "mine"]);
    }
  });

  test("a message whose reactions change confirms no draft that says the same", () => {
    const said = play(opened, events(TOPIC, ["6-0", "room.message", { message: stored }]), {
      kind: "draft",
      draft,
    });
    const changed = { ...stored, reactions: { "💗": 1 } };
    const next = play(said, events(TOPIC, ["7-0", "room.message", { message: changed }]));
    expect(next.drafts).toHaveLength(1);
    expect(next.messages.at(-1)?.reactions).toEqual({ "💗": 1 });
  });

  test("a reaction of mine is counted at once, and taken back when it could not be", () => {
    const on = play(opened, { kind: "react", message: "m1", emoji: "🔥", on: true });
    expect([on.messages[0]?.reactions, on.mine.get("m1")?.has("🔥")]).toEqual([{ "🔥": 1 }, true]);
    const off = play(on, { kind: "react", message: "m1", emoji: "🔥", on: false });
    expect([off.messages[0]?.reactions, off.mine.get("m1")?.has("🔥")]).toEqual([{}, false]);
  });

  test("older messages come before what is there", () => {
    const more = play(opened, { kind: "older", messages: [message("m0", 1)], next: null });
    expect(more.messages.map(({ id }) => id)).toEqual(["m0", "m1"]);
  });

  test("writing ends with the message, or by itself", () => {
    const typing: TopicFrame = {
      op: "signals",
      topic: TOPIC,
      signals: [
        { user: user("u2"), type: "typing", data: {} },
        { user: user(ME), type: "typing", data: {} },
      ],
    };
    const state = play(opened, typing);
    expect(state.typing.map((typist) => typist.user.id)).toEqual(["u2"]);
    expect(
      play(state, events(TOPIC, ["6-0", "room.message", { message: message("m2", 20) }])).typing,
    ).toEqual([]);
    expect(play(state, { kind: "tick", now: 99_000 }).typing).toEqual([]);
  });
});

describe("rights", () => {
  const member = (id: string, role: string | null): TopicFrame =>
    events(TOPIC, ["6-0", "room.member", { user: user(id), role }]);

  test("of others come and go", () => {
    expect(play(opened, member("u3", "editor")).members.get("u3")?.role).toBe("editor");
    expect(play(opened, member("u3", null)).members.has("u3")).toBe(false);
  });

  test("of mine change what I may, and whether I am here at all", () => {
    expect(play(opened, member(ME, "viewer")).room?.role).toBe("viewer");
    expect(play(opened, member(ME, null)).revoked).toBe(true);
  });

  test("that are given back open the door again", () => {
    const out = play(opened, { kind: "revoked" });
    expect(play(out, { kind: "snapshot", snapshot: snapshot(), me: ME }).revoked).toBe(false);
  });
});

test("a room that is published leads to the post", () => {
  const done = play(opened, events(TOPIC, ["6-0", "room.published", { post: post("n") }]));
  expect([done.room?.state, done.room?.published, done.post?.id]).toEqual(["published", "n", "n"]);
});

describe("the picture it began with", () => {
  const author = { ...user("u9"), avatar: "sha-p" };

  test("is not shown any more when it is deleted: neither as the canvas nor as somebody's face", () => {
    expect(faced(opened, author).avatar).toBe("sha-p");
    const gone = play(opened, { kind: "parent-gone" });
    expect(gone.room).toMatchObject({ post: null, state: "open" });
    expect(faced(gone, author).avatar).toBe("");
    expect(faced(gone, user("u2"))).toEqual(user("u2"));
    expect(play(gone, { kind: "parent-gone" })).toBe(gone);
  });

  test("is also known to be gone by a snapshot that has it not", () => {
    const snapshotWithout = snapshot({ room: room({ post: null }) });
    const gone = play(opened, { kind: "snapshot", snapshot: snapshotWithout, me: ME });
    expect(faced(gone, author).avatar).toBe("");
  });
});

describe("a right that goes while I look on", () => {
  const editor = (): RoomState =>
    foldRoom(EMPTY_ROOM, {
      kind: "snapshot",
      snapshot: snapshot({ room: room({ role: "editor", owner: user("u2") }), votes: { v1: 1 } }),
      me: ME,
    });
  const heard = (state: RoomState, ...list: readonly (readonly [string, unknown])[]): RoomState =>
    foldRoom(state, {
      kind: "frame",
      frame: events(TOPIC, ...list.map(([type, data], at) => [`6-${at}`, type, data] as const)),
      now: 0,
      me: ME,
    });
  const made = (role: string | null): readonly [string, unknown] => ["room.member", { user: user(ME), role }];

  test("is told with the vote that went with it, whichever of both is heard first", () => {
    const voted = foldRoom(editor(), { kind: "vote", user: ME, variation: "v1", on: true });
    expect(voted.totals.get("v1")).toBe(2);
    const off = ["room.vote", { user: user(ME), variation: "v1", on: false, votes: { v1: 1 } }] as const;
    for (const state of [heard(voted, off, made("viewer")), heard(voted, made("viewer"))]) {
      expect(state.room?.role).toBe("viewer");
      expect(state.demoted).toEqual({ vote: "v1" });
      expect(state.votes.has(ME)).toBe(false);
      expect(state.totals.get("v1")).toBe(1);
    }
  });

  test("is not told to whoever was a viewer before, and is over when it is given back or known", () => {
    const viewer = heard(editor(), made("viewer"));
    expect(viewer.demoted).toEqual({ vote: "" });
    expect(heard(viewer, made("viewer")).demoted).toEqual({ vote: "" });
    expect(foldRoom(viewer, { kind: "demotion-known" }).demoted).toBeNull();
    const again = foldRoom(viewer, {
      kind: "frame",
      frame: events(TOPIC, ["7-0", ...made("editor")]),
      now: 0,
      me: ME,
    });
    expect(again.demoted).toBeNull();
    const looking = { room: room({ role: "viewer" as const }) };
    const fresh = foldRoom(EMPTY_ROOM, { kind: "snapshot", snapshot: snapshot(looking), me: ME });
    expect(fresh.demoted).toBeNull();
  });

  test("is told when it was missed and read anew", () => {
    const voted = foldRoom(editor(), { kind: "vote", user: ME, variation: "v2", on: true });
    const looking = { room: room({ role: "viewer" as const }), at: "9-0" };
    expect(foldRoom(voted, { kind: "snapshot", snapshot: snapshot(looking), me: ME }).demoted).toEqual({
      vote: "v2",
    });
  });

  test("whoever deleted the picture is named as far as this page saw it", () => {
    const seen = foldRoom(editor(), { kind: "parent-gone" });
    expect(seen.lostBy).toBe(post("p").author.handle);
    const later = { room: room({ post: null }), at: "9-0" };
    expect(foldRoom(EMPTY_ROOM, { kind: "snapshot", snapshot: snapshot(later), me: ME }).lostBy).toBe("");
  });
});
