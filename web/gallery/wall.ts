import { html } from "lit";
import "../components/blank-canvas";
import "../components/feed-wall";
import "../components/live-region";
import "../components/live-status";
import "../components/masonry-block";
import "../components/new-pill";
import "../components/parent-stamp";
import "../components/picture-card";
import "../components/post-totals";
import "../components/picture-frame";
import "../components/toast-stack";
import { icon } from "../components/icons";
import { studio } from "../components/studio";
import { Notices, type Notice } from "../live/notices";
import { Problem } from "../live/problem";
import { ON_ITS_WAY, EVENING, FEEDS, mediaOf, WAITING, WALL } from "./fixtures";
import { LIVE } from "./stay";
import type { Chapter, Specimen } from "./specimen";

/** What hangs, what waits, and how the connection stands. */
export function wall(): Chapter {
  studio.wall.problems.set(FEEDS.dark, new Problem("unreachable", "The server cannot be reached.", 0));
  return {
    name: "The wall",
    specimens: [
      cards(),
      totals(),
      stamps(),
      frames(),
      block(),
      walls(),
      blanks(),
      pills(),
      connection(),
      toasts(),
      told(),
    ],
  };
}

function cards(): Specimen {
  return {
    tag: "picture-card",
    about: "A picture on the wall with its label; its place and size are given, it never asks for more.",
    properties: {
      post: "The id of the post.",
      width: "Width of the picture, px, if it is wider than a column; else 0.",
      height: "Height of the picture, px.",
      beside: "Width of the label at the side of the picture, px; 0: it stands under it.",
      lines: "Lines that its title takes, 1 or 2.",
      phone: "Reactions and acts stand below the picture.",
      eager: "The picture is loaded at once.",
      bare: "Without what can be done about it: so until the first picture is there.",
      unsigned: "On a person's own wall: without the person.",
      now: "The time that “3 min” is counted from, ms.",
    },
    states: [
      ...WALL.map(({ id }) => ({
        name:
          {
            "p-fox": "reactions and talk",
            "p-lighthouse": "a reaction of mine",
            "p-mushrooms": "a newcomer's",
            "p-sunflowers": "right to left",
            "p-dragon": "made together",
            "p-gone": "gone",
          }[id] ?? id,
        shown: html`<picture-card .post=${id} .height=${200} .lines=${1} eager></picture-card>`,
      })),
      {
        name: "has lost the tag of this wall",
        shown: html`<picture-card .post=${WAITING[1]!.id} .height=${200} .lines=${1} eager></picture-card>`,
      },
      {
        name: "unsigned",
        shown: html`<picture-card .post=${"p-fox"} .height=${200} .lines=${1} unsigned eager></picture-card>`,
      },
      {
        name: "on a phone",
        wide: true,
        shown: html`<picture-card
          class="phone"
          .post=${"p-fox"}
          .height=${300}
          .lines=${1}
          phone
          eager
        ></picture-card>`,
      },
    ],
  };
}

function totals(): Specimen {
  return {
    tag: "post-totals",
    about:
      "Under a picture: the reaction that most chose, and how much is said; only this box is drawn anew.",
    properties: { post: "The id of the post." },
    states: [
      { name: "reactions and talk", shown: html`<post-totals .post=${"p-fox"}></post-totals>` },
      { name: "reactions", shown: html`<post-totals .post=${"p-dragon"}></post-totals>` },
      { name: "talk", shown: html`<post-totals .post=${"p-mushrooms"}></post-totals>` },
      {
        name: "nothing rises before there is something",
        shown: html`<post-totals .post=${"p-sunflowers"}></post-totals>`,
      },
    ],
  };
}

function stamps(): Specimen {
  return {
    tag: "parent-stamp",
    about: "The picture that a remix was made from, in its corner; it leads there.",
    properties: { post: "The parent's id.", media: "The parent's picture." },
    states: [
      {
        name: "on a picture",
        shown: html`<parent-stamp .post=${"p-fox"} .media=${mediaOf("fox")}></parent-stamp>`,
      },
    ],
  };
}

function frames(): Specimen {
  return {
    tag: "picture-frame",
    about: "A finished picture in its true frame: its thumbhash first, then the picture fades in over it.",
    properties: {
      media: "The picture: sha256, size, thumbhash, palette.",
      alt: "What it shows, in words.",
      sizes: "How wide it is shown, as an image's sizes.",
      eager: "Loaded at once, not when it comes near.",
    },
    states: [
      {
        name: "here",
        shown: html`<picture-frame
          class="frame"
          .media=${mediaOf("dragon")}
          .alt=${"a dragon"}
          eager
        ></picture-frame>`,
      },
      {
        name: "loading",
        shown: html`<picture-frame
          class="frame"
          .media=${{ ...mediaOf("dragon"), sha256: ON_ITS_WAY }}
          .alt=${"a dragon that is on its way"}
        ></picture-frame>`,
      },
    ],
  };
}

function walls(): Specimen {
  const invite = "Paint the first #harbour picture.";
  return {
    tag: "feed-wall",
    about:
      "The blocks of one feed; however many hang, only the pictures near the window are in the document.",
    properties: {
      unsigned: "The labels do not repeat the person.",
      line: "What an empty wall says, in italics.",
      nothingHere: "What an empty wall invites to.",
      unpaintable: "An empty one is not filled by painting: it is shorter, and has no button.",
      feed: "The topic of the feed; without one, that of the page.",
    },
    states: [
      {
        name: "empty",
        wide: true,
        shown: html`<feed-wall .feed=${FEEDS.empty} .nothingHere=${invite}></feed-wall>`,
      },
      {
        name: "empty, and not for painting",
        wide: true,
        shown: html`<feed-wall
          .feed=${FEEDS.empty}
          line="nothing found"
          nothingHere="No title has all of these words. Fewer words find more."
          unpaintable
        ></feed-wall>`,
      },
      {
        name: "the first one is coming",
        wide: true,
        shown: html`<feed-wall .feed=${FEEDS.coming}></feed-wall>`,
      },
      { name: "loading", wide: true, shown: html`<feed-wall .feed=${FEEDS.loading}></feed-wall>` },
      { name: "out of reach", wide: true, shown: html`<feed-wall .feed=${FEEDS.dark}></feed-wall>` },
      { name: "hung", wide: true, shown: html`<feed-wall .feed=${FEEDS.full}></feed-wall>` },
    ],
  };
}

function blanks(): Specimen {
  return {
    tag: "blank-canvas",
    about: "Nothing here, gone, or broken: a blank canvas with a line in italics, one sentence, one button.",
    properties: { line: "The line in italics.", sentence: "What to know or to do, in one sentence." },
    states: [
      {
        name: "empty",
        shown: html`<blank-canvas
          class="blank"
          line="nothing here yet"
          sentence="Paint the first #harbour picture."
        >
          <button class="button full">${icon("brush")} Paint</button>
        </blank-canvas>`,
      },
      {
        name: "gone",
        shown: html`<blank-canvas
          class="blank"
          line="this picture is gone"
          sentence="Its author took it down."
        >
          <a class="button outlined" href="/">Back to the feed</a>
        </blank-canvas>`,
      },
      {
        name: "error",
        shown: html`<blank-canvas
          class="blank"
          line="the wall is dark"
          sentence="The server cannot be reached."
        >
          <button class="button outlined">Try again</button>
        </blank-canvas>`,
      },
    ],
  };
}

function pills(): Specimen {
  return {
    tag: "new-pill",
    floats: true,
    about:
      "New pictures wait here, in the seam where their block will open, and a gap says that it fills itself.",
    properties: {
      phone: "Floats over the wall, in fewer words.",
      feed: "The topic of the feed; without one, that of the page.",
    },
    states: [
      { name: "one", wide: true, shown: html`<new-pill .feed=${FEEDS.one}></new-pill>` },
      { name: "several", wide: true, shown: html`<new-pill .feed=${FEEDS.waiting}></new-pill>` },
      { name: "a gap", wide: true, shown: html`<new-pill .feed=${FEEDS.gap}></new-pill>` },
      { name: "none", wide: true, shown: html`<new-pill .feed=${FEEDS.empty}></new-pill>` },
    ],
  };
}

function connection(): Specimen {
  const base = { connection: LIVE, paused: false, held: 0, here: 1204 };
  const lost = { ...LIVE, lostAt: EVENING };
  const standings = {
    live: base,
    connecting: { ...base, connection: { ...LIVE, phase: "connecting" as const } },
    "catching up": { ...base, connection: { ...lost, phase: "catching-up" as const } },
    offline: { ...base, connection: { ...lost, phase: "offline" as const } },
    paused: { ...base, paused: true, held: 12 },
  };
  return {
    tag: "live-status",
    about: "How the connection stands, always in the same place; pressed, it holds everything still.",
    properties: {
      compact: "Fewer words.",
      standing: "How it stands, where that is not the page's own connection.",
    },
    states: Object.entries(standings).map(([name, standing]) => ({
      name,
      shown: html`<live-status .standing=${standing}></live-status>`,
    })),
  };
}

function toasts(): Specimen {
  const said = (notice: Partial<Notice> & { readonly text: string }): Notices => {
    const notices = new Notices();
    notices.say(notice);
    notices.dismiss = () => undefined;
    return notices;
  };
  const action = { label: "View", run: () => undefined };
  // Each stays as long as it is looked at.
  const shown = {
    "a picture": said({
      title: "Your picture is up",
      text: "a whale in the hills",
      picture: "whale",
      action,
    }),
    offline: said({
      text: "You are offline. Your comment waits.",
      tone: "offline",
      action: { ...action, label: "Fine" },
    }),
    trouble: said({
      text: "The picture could not be stored.",
      tone: "bad",
      action: { ...action, label: "Try again" },
    }),
  };
  return {
    tag: "toast-stack",
    about: "One thing said at a time, for six seconds of attention; what asks for an act stays.",
    properties: { notices: "What is to be said; the page's own unless something else is given." },
    floats: true,
    states: Object.entries(shown).map(([name, notices]) => ({
      name,
      wide: true,
      shown: html`<toast-stack .notices=${notices}></toast-stack>`,
    })),
  };
}

function block(): Specimen {
  const posts = WALL.map(({ id }) => id);
  return {
    tag: "masonry-block",
    about: "One batch of pictures with columns of its own, laid out once; it closes flush at its lower edge.",
    properties: {
      key: "Which block of its wall it is.",
      posts: "The ids of its posts.",
      shape: "How its pictures hang.",
      grid: "How many columns, and how wide they are, px.",
      phone: "Reactions and acts stand below the pictures.",
      first: "In sight when the page opens: its pictures load at once.",
      waiting: "What it shows was laid aside, and is being read again.",
      opens: "It has just come, and shows itself.",
      unsigned: "On a person's own wall: without the person.",
      begins: "How many pictures hang before it.",
      total: "How many hang on the whole wall; -1 while nobody knows.",
    },
    states: [
      {
        name: "three columns",
        wide: true,
        shown: html`<masonry-block
          .posts=${posts}
          .grid=${{ columns: 3, columnWidth: 250 }}
          first
        ></masonry-block>`,
      },
      {
        name: "one picture",
        wide: true,
        shown: html`<masonry-block
          .posts=${posts.slice(1, 2)}
          .grid=${{ columns: 3, columnWidth: 250 }}
          first
        ></masonry-block>`,
      },
    ],
  };
}

function told(): Specimen {
  const words = "6 new pictures. Yours: step 6 of 10.";
  return {
    tag: "live-region",
    about: "What a screen reader is told about the wall: in words, politely, at most every ten seconds.",
    properties: { sheet: "Over a sheet: how the wall under it stands is no news." },
    states: [
      {
        name: `only heard: “${words}”`,
        shown: html`<live-region .words=${words}></live-region>`,
      },
    ],
  };
}
