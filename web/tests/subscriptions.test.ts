import { expect, test } from "vitest";
import type { TopicFrame } from "../live/protocol";
import { Subscriptions } from "../live/subscriptions";

const KEPT = (id: string) => ({ id, type: "told", time: 1, data: {} });

function events(topic: string, from: string, to: string): TopicFrame {
  return { op: "events", topic, from, to, events: [] };
}

function following(topic: string, at: string): Subscriptions {
  const subscriptions = new Subscriptions();
  subscriptions.want(topic, { since: at });
  subscriptions.request([topic]);
  subscriptions.answered({ [topic]: { at, resumed: true } });
  return subscriptions;
}

/** What an own connection brings, frame after frame. */
const TAKEN = { reload: false, again: false };
const PASSED = { frame: null, reload: false, again: false };

test("a topic is asked for from the position of its snapshot", () => {
  const subscriptions = new Subscriptions();
  subscriptions.want("feed:all", { since: "5-1", presence: "count" });
  expect(subscriptions.request(["feed:all", "feed:all"])).toEqual({
    "feed:all": { since: "5-1", presence: "count" },
  });
});

test("who looked on and does so no more is not counted, and goes on from the same position", () => {
  const subscriptions = following("post:a", "5-1");
  subscriptions.want("post:a", { presence: "count" });
  expect(subscriptions.request(["post:a"])).toEqual({ "post:a": { since: "5-1", presence: "count" } });
  subscriptions.want("post:a", {});
  expect(subscriptions.request(["post:a"])).toEqual({ "post:a": { since: "5-1" } });
});

test("what is not wanted any more is not asked for", () => {
  const subscriptions = new Subscriptions();
  subscriptions.want("post:a", {});
  subscriptions.drop("post:a");
  expect(subscriptions.request(["post:a"])).toEqual({});
});

test("frames move the position, and a reconnect resumes from it", () => {
  const subscriptions = following("feed:all", "5-1");
  expect(subscriptions.receive(events("feed:all", "5-1", "6-1"))).toMatchObject(TAKEN);
  expect(subscriptions.receive(events("feed:all", "6-1", "7-1"))).toMatchObject(TAKEN);
  expect(subscriptions.everything()).toEqual({ "feed:all": { since: "7-1" } });
});

test("a hole before a frame is asked about, once, and nothing after it is taken until then", () => {
  const subscriptions = following("feed:all", "5-1");
  expect(subscriptions.receive(events("feed:all", "6-1", "7-1"))).toEqual({ ...PASSED, again: true });
  expect(subscriptions.request(["feed:all"])).toEqual({ "feed:all": { since: "5-1" } });
  expect(subscriptions.receive(events("feed:all", "7-1", "8-1"))).toEqual(PASSED);
  expect(subscriptions.position("feed:all")).toBe("5-1");
});

/** A frame with events, whose ids say nothing of where they stand. */
function told(from: string, to: string, ...ids: string[]): TopicFrame {
  return { op: "events", topic: "feed:all", from, to, events: ids.map(KEPT) } as TopicFrame;
}

test("of what a shared connection repeats, only what is new is taken, also what happened long before", () => {
  const subscriptions = following("feed:all", "3-1");
  subscriptions.receive(told("3-1", "5-1", "2-9", "4-7"));
  const frame = told("1-1", "7-1", "1-5", "2-9", "4-7", "4-2", "6-1");
  expect(subscriptions.receive(frame)).toEqual({
    frame: told("5-1", "7-1", "4-2", "6-1"),
    reload: false,
    again: false,
  });
  expect(subscriptions.receive(frame)).toEqual(PASSED);
  expect(subscriptions.position("feed:all")).toBe("7-1");
});

test("what begins after the last event that is known is new, wherever it begins", () => {
  const subscriptions = following("feed:all", "3-1");
  subscriptions.receive(told("3-1", "5-1", "4-7"));
  subscriptions.receive(told("5-1", "6-5"));
  expect(subscriptions.receive(told("5-9", "7-1", "4-2"))).toEqual({
    frame: told("6-5", "7-1", "4-2"),
    reload: false,
    again: false,
  });
});

test("where nothing says what of a repetition is new, the topic is asked for from where it stands", () => {
  const fresh = following("feed:all", "5-1");
  expect(fresh.receive(told("3-1", "7-1", "4-1", "4-2"))).toEqual({ ...PASSED, again: true });
  expect(fresh.request(["feed:all"])).toEqual({ "feed:all": { since: "5-1" } });
  expect(fresh.receive(told("3-1", "7-1", "4-1", "4-2"))).toEqual(PASSED);

  // The known event may lie before the frame, or history may have lost it: the server is asked, and proves it.
  const other = following("feed:all", "3-1");
  other.receive(told("3-1", "5-1", "4-7"));
  expect(other.receive(told("4-9", "7-1", "4-2"))).toEqual({ ...PASSED, again: true });
  expect(other.position("feed:all")).toBe("5-1");
});

test("before its first answer a topic takes nothing of what others have asked for", () => {
  const subscriptions = new Subscriptions();
  subscriptions.want("post:a", { latest: 5 });
  subscriptions.request(["post:a"]);
  expect(subscriptions.receive(events("post:a", "8-1", "9-1"))).toEqual(PASSED);
  expect(subscriptions.receive({ op: "gap", topic: "post:a", at: "9-1" })).toEqual(PASSED);
  subscriptions.answered({ "post:a": { at: "3-1", resumed: false } });
  expect(subscriptions.receive(events("post:a", "3-1", "9-1"))).toMatchObject(TAKEN);
});

test("a gap moves the position and asks for the snapshot", () => {
  const subscriptions = following("post:a", "5-1");
  expect(subscriptions.receive({ op: "gap", topic: "post:a", at: "9-1" })).toMatchObject({ reload: true });
  expect(subscriptions.receive(events("post:a", "9-1", "9-2"))).toMatchObject(TAKEN);
});

test("topics nobody asked for are ignored, also after leaving them", () => {
  const subscriptions = following("post:a", "5-1");
  expect(subscriptions.receive(events("post:b", "1-1", "2-1"))).toEqual(PASSED);
  expect(subscriptions.drop("post:a")).toBe(true);
  expect(subscriptions.receive(events("post:a", "5-1", "6-1"))).toEqual(PASSED);
  expect(subscriptions.drop("post:a")).toBe(false);
});

test("asked for again from further back, frames of before that are passed over until the answer", () => {
  const subscriptions = following("post:a", "5-1");
  subscriptions.want("post:a", { since: "4-1", presence: "count" });
  subscriptions.request(["post:a"]);
  expect(subscriptions.receive(events("post:a", "5-1", "6-1"))).toEqual(PASSED);
  subscriptions.answered({ "post:a": { at: "4-1", resumed: true } });
  expect(subscriptions.receive(events("post:a", "4-1", "6-1"))).toMatchObject(TAKEN);
  expect(subscriptions.position("post:a")).toBe("6-1");
});

test("a lost connection takes its unanswered requests with it", () => {
  const subscriptions = following("post:a", "5-1");
  subscriptions.request(["post:a"]);
  expect(subscriptions.everything()).toEqual({ "post:a": { since: "5-1" } });
  subscriptions.answered({ "post:a": { at: "5-1", resumed: true } });
  subscriptions.receive(events("post:a", "5-1", "6-1"));
  expect(subscriptions.position("post:a")).toBe("6-1");
});

test("what could not be resumed and what was refused is told", () => {
  const subscriptions = new Subscriptions();
  subscriptions.want("post:a", { since: "1-1" });
  subscriptions.want("post:b", {});
  expect(
    subscriptions.answered({ "post:a": { at: "9-1", resumed: false }, "post:b": { error: "not_found" } }),
  ).toEqual({
    fresh: ["post:a"],
    refused: ["post:b"],
  });
  expect(subscriptions.topics()).toEqual(["post:a"]);
});

test("kept events are replayed only while there is no position", () => {
  const subscriptions = new Subscriptions();
  subscriptions.want("generation:a", { latest: 20 });
  expect(subscriptions.request(["generation:a"])).toEqual({ "generation:a": { latest: 20 } });
  subscriptions.answered({ "generation:a": { at: "3-1", resumed: false } });
  expect(subscriptions.everything()).toEqual({ "generation:a": { since: "3-1" } });
});

test("a room's roster is asked for by name, and nobody is listed who hides", () => {
  const subscriptions = new Subscriptions();
  subscriptions.want("room:r", { since: "5-1", presence: "roster" });
  expect(subscriptions.request(["room:r"])).toEqual({ "room:r": { since: "5-1", presence: "roster" } });
  subscriptions.hidden = true;
  expect(subscriptions.request(["room:r"])).toEqual({
    "room:r": { since: "5-1", presence: "roster", hidden: true },
  });
});

test("who asks for no company has nothing to hide", () => {
  const subscriptions = new Subscriptions();
  subscriptions.hidden = true;
  subscriptions.want("generation:g", { latest: 3 });
  expect(subscriptions.request(["generation:g"])).toEqual({ "generation:g": { latest: 3 } });
});
