import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import { expect, test, vi } from "vitest";
import * as Y from "yjs";
import { EMPTY_ROOM, type RoomState } from "../live/fold-room";
import type { Post } from "../live/protocol";
import { Clearings } from "../live/room-clearings";
import { Publication, publishedOf } from "../live/room-publication";
import type { Room, Variation } from "../live/room-protocol";

function variation(id: string): Variation {
  return { id, state: "completed", media: { sha256: id } } as unknown as Variation;
}

function post(author: string, sha256: string): Post {
  return { id: "p", author: { id: author, handle: author }, media: { sha256 } } as unknown as Post;
}

const VARIATIONS = [variation("v1"), variation("v2")];
const OPEN: RoomState = {
  ...EMPTY_ROOM,
  room: { state: "open", published: null } as unknown as Room,
  variations: VARIATIONS,
};
const OVER = { state: "published", published: "p" } as unknown as Room;

function watched(read: () => Promise<{ post: Post }>): {
  told: string[];
  show: (state: RoomState) => void;
  dispatch: ReturnType<typeof vi.fn>;
} {
  const told: string[] = [];
  const dispatch = vi.fn();
  const session = { state: OPEN, me: "ada", dispatch };
  const api = { post: read as never };
  const publication = new Publication(session, api, (words) => told.push(words));
  const show = (state: RoomState): void => {
    session.state = state;
    publication.look();
  };
  return { told, show, dispatch };
}

const never = (): Promise<never> => Promise.reject(new Error("nothing is read here"));

test("what somebody else published is told once, with its number", () => {
  const { told, show } = watched(never);
  show(OPEN);
  show({ ...OPEN, room: OVER, post: post("ben", "v2") });
  show({ ...OPEN, room: OVER, post: post("ben", "v2") });
  expect(told).toEqual(["ben has published variation 2"]);
});

test("what I published, and what was published before I came, is not told", () => {
  const mine = watched(never);
  mine.show(OPEN);
  mine.show({ ...OPEN, room: OVER, post: post("ada", "v2") });
  const late = watched(never);
  late.show({ ...OPEN, room: OVER, post: post("ben", "v2") });
  expect([...mine.told, ...late.told]).toEqual([]);
});

test("the post of a room that was published before is read once", async () => {
  const read = vi.fn(() => Promise.resolve({ post: post("ben", "v1") }));
  const { show, dispatch } = watched(read);
  show({ ...OPEN, room: OVER });
  show({ ...OPEN, room: OVER });
  await vi.waitFor(() => expect(dispatch).toHaveBeenCalled());
  expect(read).toHaveBeenCalledTimes(1);
  expect(dispatch).toHaveBeenCalledWith({ kind: "published", post: post("ben", "v1") });
});

test("the published variation is the one with the post's picture", () => {
  expect(publishedOf({ ...OPEN, post: post("ben", "v2") })).toBe(VARIATIONS[1]);
  expect(publishedOf({ ...OPEN, post: post("ben", "gone") })).toBeNull();
  expect(publishedOf(OPEN)).toBeNull();
});

test("who clears is told to those who are here, not to those who come later, and never twice", () => {
  const [mine, theirs] = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())];
  const heard: string[] = [];
  const clearings = new Clearings(mine, () => heard.push("myself"));
  new Clearings(theirs, (_user, handle, what) => heard.push(`${handle}: ${what}`));
  mine.setLocalStateField("user", { id: "u", handle: "ada" });
  const tell = (): void => applyAwarenessUpdate(theirs, encodeAwarenessUpdate(mine, [mine.clientID]), "test");
  tell();
  clearings.tell("paint");
  tell();
  mine.setLocalStateField("cursor", null);
  tell();
  expect(heard).toEqual(["ada: paint"]);
  mine.setLocalStateField("cleared", { what: "everything", count: 99 });
  tell();
  const late = new Awareness(new Y.Doc());
  new Clearings(late, () => heard.push("late"));
  clearings.tell("all");
  applyAwarenessUpdate(late, encodeAwarenessUpdate(mine, [mine.clientID]), "test");
  expect(heard).toEqual(["ada: paint"]);
  late.destroy();
  mine.destroy();
  theirs.destroy();
});
