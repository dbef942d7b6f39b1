import { describe, expect, test } from "vitest";
import { fold } from "../live/fold";
import type { Notification } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import { events, latest, user } from "./made";

const TOPIC = "user:me";

function notice(id: string, time: number, more: Partial<Notification> = {}): Notification {
  return { id, kind: "comment", time, unread: true, actors: [user("u1")], people: 1, ...more };
}

function page(notifications: readonly Notification[], unread: number, next: string | null = null): State {
  return fold(EMPTY, { kind: "news-page", page: { notifications, unread, next, place: "first" } });
}

function told(state: State, ...list: Notification[]): State {
  const made = list.map(
    (one, index) => [`${one.time}-${index}`, "notification.created", { notification: one }] as const,
  );
  return fold(state, { kind: "frame", frame: events(TOPIC, ...made), now: 0 });
}

describe("news", () => {
  test("what comes live stands first and is counted once, however often it is told", () => {
    const before = page([notice("a", 10, { unread: false })], 0);
    const after = told(told(before, notice("b", 20)), notice("b", 20));
    expect(after.news.lines.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(after.news.unread).toBe(1);
  });

  test("what says more replaces what is known, keeps its picture, and names the newest first", () => {
    const media = { sha256: "x", width: 1, height: 1, thumbhash: "", palette: [] };
    const before = page(
      [notice("r", 10, { kind: "reaction", media, people: 2, actors: [user("u1"), user("u2")] })],
      1,
    );
    const [line] = told(before, notice("r", 20, { kind: "reaction", people: 3, actors: [user("u3")] })).news
      .lines;
    expect(line?.actors.map(({ id }) => id)).toEqual(["u3", "u1", "u2"]);
    expect(line).toMatchObject({ people: 3, media });
  });

  test("an older telling takes nothing back", () => {
    const before = page([notice("r", 20, { people: 3 })], 1);
    expect(told(before, notice("r", 10, { people: 2 })).news).toEqual(before.news);
  });

  test("what was deleted leaves, and is not counted any more", () => {
    const before = page([notice("a", 20), notice("b", 10, { unread: false })], 1);
    const gone = (id: string) => events(TOPIC, ["30-0", "notification.deleted", { id }]);
    const once = fold(before, { kind: "frame", frame: gone("a"), now: 0 });
    expect(once.news).toMatchObject({ unread: 0, lines: [{ id: "b" }] });
    expect(fold(once, { kind: "frame", frame: gone("a"), now: 0 }).news).toEqual(once.news);
  });

  test("what another device read is read here; what came since stays unread", () => {
    const before = told(page([notice("a", 10)], 1), notice("b", 20));
    const frame = latest(TOPIC, "25-0", "notification.read", { until: 10, unread: 0 });
    const after = fold(before, { kind: "frame", frame, now: 0 });
    expect(after.news.lines.map(({ id, unread }) => [id, unread])).toEqual([
      ["b", true],
      ["a", false],
    ]);
    expect(after.news.unread).toBe(1);
  });

  test("of what is not here the server's count is believed", () => {
    const after = fold(page([notice("c", 30), notice("b", 20)], 9, "more"), {
      kind: "news-read",
      until: 5,
      unread: 7,
    });
    expect(after.news.unread).toBe(7);
  });

  test("older ones come below, each once", () => {
    const before = page([notice("b", 20)], 2, "next");
    const more = {
      notifications: [notice("b", 20), notice("a", 10)],
      unread: 2,
      next: null,
      place: "older",
    } as const;
    const after = fold(before, { kind: "news-page", page: more });
    expect(after.news.lines.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(after.news.next).toBeNull();
  });
});
