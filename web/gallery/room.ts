// The words of rooms come before what is said with them.
import "../words/room";
import { html } from "lit";
import "../components/room-people";
import "../components/room-rail";
import "../components/room-strip";
import "../components/room-talk";
import { RoomDesk } from "../components/room-desk";
import type { Message, Role, RoomSnapshot, Variation } from "../live/room-protocol";
import { HERON, ME, mediaOf, NOW, PEOPLE, promptOf, WALL, WREN } from "./fixtures";
import type { Chapter } from "./specimen";

const ROOM = "gallery";
const TOPIC = `room:${ROOM}`;
const ROLES: readonly Role[] = ["owner", "editor", "editor", "viewer"];

/** The parts of a remix room that stand by themselves. */
export function room(): Chapter {
  const desk = furnished();
  const about = { desk: "What all parts of the room share: session, document, what is in the hand." };
  return {
    name: "The room",
    specimens: [
      {
        tag: "room-rail",
        about: "The tools: what draws, how broad and in which colour; and what takes back.",
        properties: { ...about, flat: "A strip, on a phone." },
        states: [
          { name: "upright", shown: html`<room-rail class="rail" .desk=${desk}></room-rail>` },
          { name: "flat", wide: true, shown: html`<room-rail .desk=${desk} flat></room-rail>` },
        ],
      },
      {
        tag: "room-people",
        about: "Who is here, each with the ring of their pigment; pressed, everybody who may come in.",
        properties: { ...about, small: "On a phone." },
        states: [{ name: "three here", shown: html`<room-people .desk=${desk}></room-people>` }],
      },
      {
        tag: "room-strip",
        about: "What was painted so far, oldest first, with the dabs of those who voted for it.",
        properties: { ...about, wrapped: "In several rows, on a phone." },
        states: [
          { name: "two variations", wide: true, shown: html`<room-strip .desk=${desk}></room-strip>` },
        ],
      },
      {
        tag: "room-talk",
        about: "What is said in the room, what became of the variations, and the line to say something on.",
        properties: about,
        states: [
          { name: "some talk", wide: true, shown: html`<room-talk class="talk" .desk=${desk}></room-talk>` },
        ],
      },
    ],
  };
}

/** A desk whose session was told what a server would have said. */
function furnished(): RoomDesk {
  const desk = new RoomDesk(ROOM);
  const { session } = desk;
  const here = PEOPLE.slice(0, 3).map((user, pigment) => ({
    user,
    role: ROLES[pigment] ?? "viewer",
    pigment,
    since: NOW,
  }));
  session.dispatch(
    { kind: "snapshot", snapshot: snapshot(), me: ME.id },
    { kind: "frame", frame: { op: "presence", topic: TOPIC, count: 3, roster: here }, now: NOW, me: ME.id },
    { kind: "older", messages: talk(), next: null },
    { kind: "vote", user: WREN.id, variation: "v1", on: true },
  );
  return desk;
}

function snapshot(): RoomSnapshot {
  const variation = (id: string, more: Partial<Variation>): Variation => ({
    id,
    topic: `generation:${id}`,
    room: ROOM,
    author: HERON,
    prompt: promptOf("whale"),
    state: "completed",
    width: 768,
    height: 768,
    created: NOW - 60_000,
    ...more,
  });
  return {
    room: {
      id: ROOM,
      topic: TOPIC,
      post: WALL[0]!,
      owner: ME,
      role: "owner",
      epoch: "1",
      state: "open",
      created: NOW - 600_000,
    },
    members: PEOPLE.map((user, number) => ({ user, role: ROLES[number] ?? "viewer" })),
    variations: [
      variation("v1", { media: mediaOf("whale") }),
      variation("v2", { media: mediaOf("dragon"), author: WREN, prompt: promptOf("dragon") }),
    ],
    votes: { v1: 1 },
    messages: talk(),
    at: "0-0",
    next: null,
  };
}

function talk(): readonly Message[] {
  const said = (id: string, author: (typeof PEOPLE)[number], text: string, ago: number): Message => ({
    id,
    room: ROOM,
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
