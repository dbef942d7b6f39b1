// The words of rooms come before what is said with them.
import "../words/room";
import { html } from "lit";
import "../components/room-list";
import "../components/room-rows";
import "../components/room-shelf";
import { Problem } from "../live/problem";
import type { Room } from "../live/room-protocol";
import { EVENING, HERON, ME, NOW, WALL } from "./fixtures";
import type { Chapter, Specimen, State } from "./specimen";
import { standing } from "./stay";

const HOUR = 3_600_000;
const DARK = new Problem("unreachable", "The server cannot be reached.", 0);
const [FOX, LIGHTHOUSE, , SUNFLOWERS] = WALL;
/** Newest first; the picture of the last one is gone. */
export const MINE: readonly Room[] = [
  room("r1", {}),
  room("r2", { post: LIGHTHOUSE!, owner: HERON, role: "editor", created: NOW - 26 * HOUR }),
  room("r3", { post: SUNFLOWERS!, state: "published" }),
  room("r4", { post: null, created: NOW - 80 * HOUR }),
];

function room(id: string, more: Partial<Room>): Room {
  const base = { id, topic: `room:${id}`, post: FOX!, owner: ME, role: "owner", epoch: "1" } as const;
  return { ...base, state: "open", created: NOW - 3 * HOUR, ...more };
}

/** The rooms somebody is in, before they go into one. */
export function rooms(): Chapter {
  return { name: "Rooms", specimens: [list(), rows(), shelf()] };
}

function list(): Specimen {
  return {
    tag: "room-list",
    about:
      "The rooms I am in: title, picture, who is in and since when; for one picture, also a way to a new one.",
    properties: {
      post: "The picture whose rooms these are.",
      rooms: "The rooms, where they are known already.",
    },
    states: [
      { name: "mine", wide: true, shown: html`<room-list .rooms=${MINE}></room-list>` },
      {
        name: "of one picture",
        wide: true,
        shown: html`<room-list .post=${FOX!} .rooms=${MINE.slice(0, 1)}></room-list>`,
      },
      { name: "none", wide: true, shown: html`<room-list .rooms=${[]}></room-list>` },
      {
        name: "out of reach",
        wide: true,
        shown: html`<room-list .rooms=${[]} .problem=${DARK}></room-list>`,
      },
      {
        name: "offline",
        wide: true,
        meanwhile: () => standing({ phase: "offline", lostAt: EVENING }),
        shown: html`<room-list .rooms=${MINE.slice(1, 2)}></room-list>`,
      },
    ],
  };
}

function rows(): Specimen {
  return {
    tag: "room-rows",
    about: "Rooms, each a link with its picture, its title, who is in and since when.",
    properties: { rooms: "Which rooms.", large: "As on a wall, the picture above; else in lines." },
    states: [
      { name: "in lines", wide: true, shown: html`<room-rows .rooms=${MINE.slice(0, 2)}></room-rows>` },
      {
        name: "large, one without its picture",
        wide: true,
        shown: html`<room-rows .rooms=${MINE.slice(2)} large></room-rows>`,
      },
    ],
  };
}

function shelf(): Specimen {
  const state = (name: string, told: object): State => ({
    name,
    wide: true,
    height: 640,
    shown: html`<room-shelf></room-shelf>`,
    act: (shown) => Object.assign(shown, told),
  });
  return {
    tag: "room-shelf",
    about: "The rooms I am in, as a wall; older ones come as the reader nears the end.",
    properties: {},
    floats: true,
    states: [
      state("hung", { rooms: MINE }),
      state("loading", { rooms: null }),
      state("none yet", { rooms: [] }),
      state("out of reach", { problem: DARK }),
      state("older ones out of reach", { rooms: MINE.slice(0, 1), problem: DARK }),
    ],
  };
}
