// The words of rooms come before what is said with them.
import "../words/room";
import { html } from "lit";
import "../components/room-canvas";
import "../components/room-door";
import "../components/room-invite";
import "../components/room-note";
import "../components/room-page";
import "../components/room-params";
import "../components/room-people";
import "../components/room-prompt";
import "../components/room-publish";
import "../components/room-rail";
import "../components/room-strip";
import "../components/room-talk";
import { Problem } from "../live/problem";
import type { RoomSession } from "../live/room";
import { furnished, told, unsent, variation } from "./desks";
import { mediaOf, NOW, WREN } from "./fixtures";
import type { Chapter, Specimen, State } from "./specimen";
import { opened } from "./stage";

const ABOUT = { desk: "What all parts of the room share: session, document, what is in the hand." };

/** A remix room, and the parts that it is made of. Made once: each of its desks is one. */
export function room(): Chapter {
  return {
    name: "The room",
    specimens: [
      whole(),
      door(),
      canvas(),
      rail(),
      prompt(),
      params(),
      people(),
      invite(),
      publish(),
      strip(),
      talk(),
      note(),
    ],
  };
}

function whole(): Specimen {
  const desk = furnished("whole", { variations: [variation("whole", "v1", { media: mediaOf("whale") })] });
  return {
    tag: "room-page",
    about: "A remix room: one picture, painted over, written and talked about by several people at once.",
    properties: { room: "Its id.", invite: "The token that one came with." },
    floats: true,
    states: [
      {
        name: "painting together",
        wide: true,
        height: 820,
        shown: html`<room-page .room=${"whole"} .desk=${desk}></room-page>`,
      },
    ],
  };
}

function door(): Specimen {
  const shut = (session: RoomSession, problem: Problem): RoomSession => Object.assign(session, { problem });
  const missing = shut(told("d3", "unknown"), new Problem("not_found", "There is no such room.", 404));
  const dark = shut(
    told("d4", "out of reach"),
    new Problem("unreachable", "The server cannot be reached.", 0),
  );
  const state = (name: string, shown: State["shown"]): State => ({ name, shown, wide: true });
  return {
    tag: "room-door",
    about: "Where a room is closed to the one who reads this: by whom, and where to go on.",
    properties: { session: "What the page knows of the room.", invited: "They came by an invitation." },
    states: [
      state("put out", html`<room-door .session=${told("d1", "removed")}></room-door>`),
      state("gone", html`<room-door .session=${told("d2", "gone")}></room-door>`),
      state("not let in", html`<room-door .session=${missing}></room-door>`),
      state("an invitation that holds no more", html`<room-door .session=${missing} invited></room-door>`),
      state("out of reach", html`<room-door .session=${dark}></room-door>`),
    ],
  };
}

function canvas(): Specimen {
  const viewed = furnished("viewed");
  viewed.view(viewed.session.state.variations[0] ?? null);
  const state = (name: string, shown: State["shown"]): State => ({ name, shown, wide: true, height: 480 });
  return {
    tag: "room-canvas",
    about: "The picture and what is drawn over it: paint, the mask's hatch, the others' pointers.",
    properties: { ...ABOUT, phone: "Without the tools' margins.", low: "With the tools beside it." },
    floats: true,
    states: [
      state("painting", html`<room-canvas class="all" .desk=${furnished("canvas")}></room-canvas>`),
      state("a variation is looked at", html`<room-canvas class="all" .desk=${viewed}></room-canvas>`),
      state(
        "the picture under it is gone",
        html`<room-canvas class="all" .desk=${furnished("paper", { room: { post: null } })}></room-canvas>`,
      ),
    ],
  };
}

function rail(): Specimen {
  const desk = furnished("rail");
  return {
    tag: "room-rail",
    about: "The tools: what draws, how broad and in which colour; and what takes back.",
    properties: { ...ABOUT, flat: "A strip, on a phone.", low: "And folded into columns, in a low window." },
    states: [
      { name: "upright", shown: html`<room-rail class="rail" .desk=${desk}></room-rail>` },
      {
        name: "who only looks on",
        shown: html`<room-rail
          class="rail"
          .desk=${furnished("rail-viewer", { role: "viewer" })}
        ></room-rail>`,
      },
      { name: "flat", wide: true, shown: html`<room-rail .desk=${desk} flat></room-rail>` },
    ],
  };
}

function prompt(): Specimen {
  return {
    tag: "room-prompt",
    about: "The words that everybody writes together, with the others' carets in their pigments.",
    properties: ABOUT,
    states: [
      {
        name: "somebody else writes",
        wide: true,
        shown: html`<room-prompt class="panel" .desk=${furnished("prompt")}></room-prompt>`,
      },
      {
        name: "who only looks on",
        wide: true,
        shown: html`<room-prompt
          class="panel"
          .desk=${furnished("prompt-viewer", { role: "viewer" })}
        ></room-prompt>`,
      },
    ],
  };
}

function params(): Specimen {
  const masked = furnished("masked");
  masked.mask(0.18);
  return {
    tag: "room-params",
    about: "How it is painted: shape, seed, who paints, in which style, how much of the original stays.",
    properties: ABOUT,
    states: [
      { name: "as set", wide: true, shown: html`<room-params .desk=${furnished("params")}></room-params>` },
      { name: "a part is masked", wide: true, shown: html`<room-params .desk=${masked}></room-params>` },
      {
        name: "who only looks on",
        wide: true,
        shown: html`<room-params .desk=${furnished("params-viewer", { role: "viewer" })}></room-params>`,
      },
    ],
  };
}

function people(): Specimen {
  const desk = furnished("people");
  return {
    tag: "room-people",
    about: "Who is here, each with the ring of their pigment; pressed, everybody who may come in.",
    properties: { ...ABOUT, small: "On a phone." },
    states: [
      { name: "three here", shown: html`<room-people .desk=${desk}></room-people>` },
      { name: "alone", shown: html`<room-people .desk=${furnished("alone", { here: 1 })}></room-people>` },
      { name: "small", shown: html`<room-people .desk=${desk} small></room-people>` },
      {
        name: "who may come in, as its owner sees it",
        wide: true,
        shown: html`<room-people .desk=${desk}></room-people>`,
        act: opened(".popup"),
      },
      {
        name: "who may come in, as others see it",
        wide: true,
        shown: html`<room-people .desk=${furnished("guest", { role: "editor" })}></room-people>`,
        act: opened(".popup"),
      },
    ],
  };
}

function invite(): Specimen {
  const desk = furnished("invite");
  return {
    tag: "room-invite",
    about: "The links that let others in: one to paint, one to look on.",
    properties: { ...ABOUT, small: "On a phone." },
    states: [
      { name: "closed", shown: html`<room-invite .desk=${desk}></room-invite>` },
      { name: "small", shown: html`<room-invite .desk=${desk} small></room-invite>` },
      {
        name: "open",
        wide: true,
        shown: html`<room-invite .desk=${desk}></room-invite>`,
        act: opened(".popup"),
      },
    ],
  };
}

function publish(): Specimen {
  const none = furnished("none", { variations: [] });
  const few = furnished("few", { role: "editor", votes: { v1: 0 } });
  const desk = furnished("publish", { votes: { v1: 2 } });
  const done = furnished("done", { room: { state: "published", published: "p-dragon" } });
  const open = opened(".popup");
  return {
    tag: "room-publish",
    about: "Hang one variation on the wall with everybody's name on it.",
    properties: { ...ABOUT, small: "On a phone." },
    states: [
      { name: "with votes", shown: html`<room-publish .desk=${desk}></room-publish>` },
      { name: "small", shown: html`<room-publish .desk=${desk} small></room-publish>` },
      { name: "published", shown: html`<room-publish .desk=${done}></room-publish>` },
      { name: "open", wide: true, shown: html`<room-publish .desk=${desk}></room-publish>`, act: open },
      {
        name: "too few votes",
        wide: true,
        shown: html`<room-publish .desk=${few}></room-publish>`,
        act: open,
      },
      {
        name: "nothing painted yet",
        wide: true,
        shown: html`<room-publish .desk=${none}></room-publish>`,
        act: open,
      },
    ],
  };
}

function strip(): Specimen {
  const working = furnished("strip", {
    variations: [
      variation("strip", "v1", { media: mediaOf("whale") }),
      variation("strip", "v3", { state: "queued", created: NOW, author: WREN }),
      variation("strip", "v4", { state: "failed", code: "engine_failed", message: "The painter went away." }),
    ],
  });
  return {
    tag: "room-strip",
    about: "What was painted so far, oldest first, with the dabs of those who voted for it.",
    properties: { ...ABOUT, wrapped: "In several rows, on a phone." },
    states: [
      {
        name: "two variations",
        wide: true,
        shown: html`<room-strip .desk=${furnished("two")}></room-strip>`,
      },
      {
        name: "one in line, one stopped",
        wide: true,
        shown: html`<room-strip .desk=${working}></room-strip>`,
      },
      {
        name: "none yet",
        wide: true,
        shown: html`<room-strip .desk=${furnished("no-strip", { variations: [], votes: {} })}></room-strip>`,
      },
      {
        name: "wrapped",
        wide: true,
        shown: html`<room-strip .desk=${furnished("wrap")} wrapped></room-strip>`,
      },
    ],
  };
}

function talk(): Specimen {
  return {
    tag: "room-talk",
    about: "What is said in the room, what became of the variations, and the line to say something on.",
    properties: ABOUT,
    states: [
      {
        name: "some talk",
        wide: true,
        shown: html`<room-talk class="talk" .desk=${furnished("talk")}></room-talk>`,
      },
    ],
  };
}

function note(): Specimen {
  const kept = furnished("kept");
  kept.keep(unsent());
  const demoted = furnished("demoted", { role: "viewer" });
  demoted.keep(unsent());
  return {
    tag: "room-note",
    about:
      "What became of my right to paint while I did, and what there is to do; it stays until it is read.",
    properties: ABOUT,
    states: [
      {
        name: "strokes that may be put in again",
        wide: true,
        shown: html`<room-note .desk=${kept}></room-note>`,
      },
      {
        name: "I may only look on now",
        wide: true,
        shown: html`<room-note .desk=${demoted}></room-note>`,
      },
    ],
  };
}
