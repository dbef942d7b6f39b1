import { html } from "lit";
import "../components/feed-wall";
import "../components/people-sheet";
import "../components/profile-head";
import "../components/profile-page";
import "../components/profile-tabs";
import { studio } from "../components/studio";
import { Problem } from "../live/problem";
import { gridFor } from "../live/masonry";
import type { Generation, Post, Topic, User } from "../live/protocol";
import type { Tab } from "../live/route";
import { generationOf, HERON, ME, PEOPLE, showPreview, WALL, WREN } from "./fixtures";
import { MINE } from "./rooms";
import type { Chapter, Specimen, State } from "./specimen";

const DARK = new Problem("unreachable", "The server cannot be reached.", 0);

/** Somebody's page and its parts. */
export function profiles(): Chapter {
  return { name: "Profiles", specimens: [head(), tabs(), page(), sheet()] };
}

function head(): Specimen {
  return {
    tag: "profile-head",
    about:
      "A person's wall begins with a ribbon: three dabs from each of the last twelve pictures, each a link.",
    properties: { user: "Whose wall it is." },
    states: [
      {
        name: "somebody else's",
        wide: true,
        meanwhile: () => wallOf(HERON, "full"),
        shown: html`<profile-head .user=${HERON}></profile-head>`,
      },
      {
        name: "painting now",
        wide: true,
        meanwhile: () => wallOf(HERON, "painting"),
        shown: html`<profile-head .user=${HERON}></profile-head>`,
      },
      {
        name: "mine, nothing painted yet",
        wide: true,
        meanwhile: () => wallOf(ME, "empty"),
        shown: html`<profile-head .user=${ME}></profile-head>`,
      },
    ],
  };
}

function tabs(): Specimen {
  return {
    tag: "profile-tabs",
    about: "The walls of a profile, each with an address of its own and what it counts; two are one's own.",
    properties: { user: "Whose they are.", tab: "Which one hangs." },
    states: [
      { name: "mine", wide: true, shown: html`<profile-tabs .user=${ME} tab="liked"></profile-tabs>` },
      {
        name: "somebody else's",
        wide: true,
        shown: html`<profile-tabs .user=${HERON} tab="pictures"></profile-tabs>`,
      },
      {
        name: "not counted yet",
        wide: true,
        shown: html`<profile-tabs .user=${PEOPLE[3]} tab="remixes"></profile-tabs>`,
      },
    ],
  };
}

function page(): Specimen {
  const state = (name: string, user: User, tab: Tab, more: Partial<State>): State => ({
    name,
    wide: true,
    height: 560,
    shown: html`<profile-page .user=${user} .tab=${tab}><feed-wall unsigned></feed-wall></profile-page>`,
    act: measured,
    ...more,
  });
  const empty = (user: User, topic: Topic) => () => {
    wallOf(user, "full");
    hang(topic, []);
  };
  return {
    tag: "profile-page",
    about: "Somebody's page: who they are, and under that one of their walls, which is put into it.",
    properties: {
      user: "Whose page it is.",
      tab: "Which of the walls hangs.",
      phone: "As on a phone.",
    },
    floats: true,
    states: [
      state("somebody else's pictures", HERON, "pictures", { meanwhile: () => wallOf(HERON, "full") }),
      state("my rooms", ME, "rooms", {
        meanwhile: () => wallOf(ME, "full"),
        act: (shown) => {
          const shelf = shown.shadowRoot?.querySelector("room-shelf");
          if (shelf) Object.assign(shelf, { rooms: MINE });
        },
      }),
      state("nothing liked yet", ME, "liked", { meanwhile: empty(ME, "feed:liked") }),
      state("nothing remixed yet", HERON, "remixes", {
        meanwhile: empty(HERON, `feed:remixes:${HERON.id}`),
      }),
      state("not for others", HERON, "liked", { meanwhile: () => wallOf(HERON, "full") }),
    ],
  };
}

/** A wall measures itself when it comes into the page: here it came before its place had a width. */
function measured(shown: HTMLElement): void {
  const wall = shown.querySelector("feed-wall");
  if (wall) Object.assign(wall, { grid: gridFor(shown.clientWidth) });
}

function sheet(): Specimen {
  const state = (name: string, list: string, told: object): State => ({
    name,
    wide: true,
    shown: html`<people-sheet .list=${list}></people-sheet>`,
    act: (shown) => Object.assign(shown, told),
  });
  return {
    tag: "people-sheet",
    about:
      "Who follows me, or whom I follow: only I am shown this. Older ones come as the reader nears the end.",
    properties: { list: "followers or following." },
    states: [
      state("followers", "followers", { people: PEOPLE.slice(1), problem: null }),
      state("following", "following", { people: [WREN], problem: null }),
      state("nobody yet", "followers", { people: [], problem: null }),
      state("loading", "following", { people: null, problem: null }),
      state("out of reach", "followers", { problem: DARK }),
    ],
  };
}

/** Hang somebody's own wall for a moment. */
function wallOf(user: User, how: "full" | "painting" | "empty"): void {
  const topic: Topic = `feed:user:${user.id}`;
  const posts =
    how === "empty"
      ? []
      : WALL.slice(0, 5).map((one, number) => ({ ...one, id: `${user.id}-${number}`, author: user }));
  const generations =
    how === "painting" ? [{ ...generationOf("job-theirs"), author: user, state: "started", step: 6 }] : [];
  hang(topic, posts, generations);
  if (how === "painting") showPreview("job-theirs", "whale-half");
}

function hang(topic: Topic, posts: readonly Post[], generations: readonly Generation[] = []): void {
  const page = { posts, generations, next: null, mine: {}, place: "first" } as const;
  studio.live.dispatch({ kind: "feed-page", topic, page });
  studio.feed = topic;
  studio.live.touch();
}
