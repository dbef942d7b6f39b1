import * as Y from "yjs";
import type { Awareness } from "y-protocols/awareness";
import { RoomDesk } from "../components/room-desk";
import { RoomSession } from "../live/room";
import type { Here, Message, Role, Room, RoomSnapshot, Variation } from "../live/room-protocol";
import { BRUSH, FULL, FULL_PRESSURE, MASK, packStroke, type Stroke, type StrokeKind } from "../live/strokes";
import { studio } from "../components/studio";
import { HERON, ME, mediaOf, NOW, PEOPLE, promptOf, WALL, WREN } from "./fixtures";
import { layOut } from "./scribe";

const ROLES: readonly Role[] = ["owner", "editor", "editor", "viewer"];
const WORDS = "the same fox, but the moon is closer and the snow is blue";

/** How a room of the gallery differs from the usual one. */
export interface Rigged {
  /** Mine. */
  readonly role?: Role;
  readonly room?: Partial<Room>;
  readonly variations?: readonly Variation[];
  /** Who is in it now. */
  readonly here?: number;
  readonly votes?: Readonly<Record<string, number>>;
}

/** A desk whose session was told what a server would have said, over a document that has words, paint and a mask. */
export function furnished(id: string, rigged: Rigged = {}): RoomDesk {
  write(id);
  const desk = new RoomDesk(id);
  const { session } = desk;
  const here = PEOPLE.slice(0, rigged.here ?? 3).map((user, pigment): Here => ({
    user,
    role: ROLES[pigment],
    pigment,
    since: NOW,
  }));
  session.dispatch(
    { kind: "snapshot", snapshot: snapshot(id, rigged), me: ME.id },
    {
      kind: "frame",
      frame: { op: "presence", topic: `room:${id}`, count: here.length, roster: here },
      now: NOW,
      me: ME.id,
    },
    ...(rigged.variations?.length === 0
      ? []
      : [{ kind: "vote", user: WREN.id, variation: "v1", on: true } as const]),
  );
  const now = performance.now();
  session.cursors.hear(HERON, { x: 0.62, y: 0.3, tool: "brush", down: true }, now);
  session.cursors.hear(WREN, { x: 0.24, y: 0.64, tool: "mask", down: true }, now);
  return desk;
}

/** A session that was told something about a room, and has no desk. */
export function told(id: string, what: "gone" | "removed" | "unknown" | "out of reach"): RoomSession {
  const session = new RoomSession(studio.live, id);
  if (what === "gone" || what === "removed") {
    session.dispatch({
      kind: "snapshot",
      snapshot: snapshot(id, { role: "editor", room: { owner: HERON } }),
      me: ME.id,
    });
  }
  if (what === "gone") session.dispatch({ kind: "revoked" });
  if (what === "removed") {
    const event = { id: `${NOW}-1`, type: "room.member", time: NOW, data: { user: ME, role: null } };
    const frame = { op: "events", topic: session.topic, from: "0-0", to: "0-0", events: [event] } as const;
    session.dispatch({ kind: "frame", frame, now: NOW, me: ME.id });
  }
  return session;
}

/** What I drew and the room did not take. */
export function unsent(): readonly Stroke[] {
  return [stroke(BRUSH, "#f2b705", 0.2, 0.2), stroke(BRUSH, "#f2b705", 0.3, 0.3)];
}

function write(id: string): void {
  const awareness = layOut(id, (doc) => {
    doc.getText("prompt").insert(0, WORDS);
    doc.getMap("params").set("strength", 0.6);
    doc.getMap("params").set("style", "woodcut");
    doc
      .getArray<Uint8Array>("strokes")
      .push(
        [
          stroke(BRUSH, "#4fc3f0", 0.3, 0.78),
          stroke(BRUSH, "#f2b705", 0.62, 0.3),
          stroke(MASK, "#000000", 0.24, 0.64),
        ].map(packStroke),
      );
  });
  caret(awareness, 14);
}

/** Somebody else writes behind so many letters. */
function caret(awareness: Awareness, index: number): void {
  const place = Y.relativePositionToJSON(
    Y.createRelativePositionFromTypeIndex(awareness.doc.getText("prompt"), index),
  );
  const { id, handle } = HERON;
  awareness.setLocalState({ user: { id, handle }, cursor: { anchor: place, head: place } });
}

/** A wave that ends at a place of the picture, 0 to 1. */
function stroke(kind: StrokeKind, colour: string, x: number, y: number): Stroke {
  const points = Array.from({ length: 24 }, (_, index) => {
    const part = index / 23;
    const across = x - 0.22 * (1 - part);
    const down = y + 0.03 * Math.sin(part * 9);
    return [Math.round(across * FULL), Math.round(down * FULL), FULL_PRESSURE - 4 * index];
  });
  return { kind, colour, diameter: kind === MASK ? 900 : 300, points: points.flat() };
}

export function variation(room: string, id: string, more: Partial<Variation> = {}): Variation {
  return {
    id,
    topic: `generation:${id}`,
    room,
    author: HERON,
    prompt: promptOf("whale"),
    state: "completed",
    width: 768,
    height: 768,
    created: NOW - 60_000,
    ...more,
  };
}

function snapshot(id: string, { role = "owner", room, variations, votes }: Rigged): RoomSnapshot {
  const owner = role === "owner" ? ME : WREN;
  return {
    room: {
      id,
      topic: `room:${id}`,
      post: WALL[0]!,
      owner,
      role,
      epoch: "1",
      state: "open",
      created: NOW - 600_000,
      ...room,
    },
    members: PEOPLE.map((user, number) => ({
      user,
      role: user === ME ? role : user === owner ? "owner" : (ROLES[number] ?? "viewer"),
    })),
    variations: variations ?? [
      variation(id, "v1", { media: mediaOf("whale") }),
      variation(id, "v2", { media: mediaOf("dragon"), author: WREN, prompt: promptOf("dragon") }),
    ],
    votes: votes ?? { v1: 1 },
    messages: talk(id),
    at: "0-0",
    next: null,
  };
}

function talk(room: string): readonly Message[] {
  const said = (id: string, author: (typeof PEOPLE)[number], text: string, ago: number): Message => ({
    id,
    room,
    author,
    text,
    created: NOW - ago,
    reactions: id === "m1" ? { "🔥": 2 } : {},
  });
  return [
    said("m1", HERON, "shall we make the water calmer?", 240_000),
    said("m2", ME, "yes, and a second moon", 120_000),
  ];
}
