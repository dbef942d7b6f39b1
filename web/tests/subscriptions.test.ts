import { expect, test } from "vitest";
import type { TopicFrame } from "../live/protocol";
import { Subscriptions } from "../live/subscriptions";

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
  expect(subscriptions.receive(events("feed:all", "5-1", "6-1"))).toBe("apply");
  expect(subscriptions.receive(events("feed:all", "6-1", "7-1"))).toBe("apply");
  expect(subscriptions.everything()).toEqual({ "feed:all": { since: "7-1" } });
});

test("a frame that does not follow on the last one asks for the snapshot", () => {
  const subscriptions = following("feed:all", "5-1");
  expect(subscriptions.receive(events("feed:all", "6-1", "7-1"))).toBe("apply-and-reload");
  expect(subscriptions.position("feed:all")).toBe("7-1");
});

test("a gap moves the position and asks for the snapshot", () => {
  const subscriptions = following("post:a", "5-1");
  expect(subscriptions.receive({ op: "gap", topic: "post:a", at: "9-1" })).toBe("apply-and-reload");
  expect(subscriptions.receive(events("post:a", "9-1", "9-2"))).toBe("apply");
});

test("topics nobody asked for are ignored, also after leaving them", () => {
  const subscriptions = following("post:a", "5-1");
  expect(subscriptions.receive(events("post:b", "1-1", "2-1"))).toBe("ignore");
  expect(subscriptions.drop("post:a")).toBe(true);
  expect(subscriptions.receive(events("post:a", "5-1", "6-1"))).toBe("ignore");
  expect(subscriptions.drop("post:a")).toBe(false);
});

test("while a changed subscription is under way, frames of the old one do not move the position", () => {
  const subscriptions = following("post:a", "5-1");
  subscriptions.want("post:a", { since: "4-1", presence: "count" });
  subscriptions.request(["post:a"]);
  expect(subscriptions.receive(events("post:a", "5-1", "6-1"))).toBe("apply");
  subscriptions.answered({ "post:a": { at: "4-1", resumed: true } });
  expect(subscriptions.receive(events("post:a", "4-1", "6-1"))).toBe("apply");
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
