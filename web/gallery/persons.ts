import { html } from "lit";
import "../components/follow-button";
import "../components/handle-form";
import "../components/me-menu";
import "../components/me-popover";
import "../components/people-row";
import "../components/person-avatar";
import "../components/tell-chip";
import "../pwa/push-switch";
import type { PeopleRow } from "../components/people-row";
import { unreachable } from "../live/problem";
import { say } from "../words/words";
import { HERON, PEOPLE, WREN } from "./fixtures";
import type { Chapter, Specimen } from "./specimen";

/** Who somebody is, and how one stands to them. */
export function persons(): Chapter {
  return {
    name: "People",
    specimens: [avatars(), follow(), row(), menu(), popover(), handle(), tell(), push()],
  };
}

function avatars(): Specimen {
  return {
    tag: "person-avatar",
    about: "A crop of a person's own picture; a newcomer gets two dabs hashed from the handle.",
    properties: { user: "Whose it is.", size: "Its width, px." },
    states: PEOPLE.map((user) => ({
      name: user.handle,
      shown: html`<person-avatar .user=${user} .size=${44}></person-avatar>`,
    })),
  };
}

function follow(): Specimen {
  return {
    tag: "follow-button",
    about: "Follow somebody, or no more: as wide as the longer word, so that pressing it moves nothing.",
    properties: {
      user: "Whom; of oneself there is nothing to follow.",
      small: "Beside other buttons.",
      main: "The one main act of its place.",
    },
    states: [
      { name: "not followed", shown: html`<follow-button .user=${HERON}></follow-button>` },
      {
        name: "not followed, the main act",
        shown: html`<follow-button .user=${HERON} main></follow-button>`,
      },
      { name: "followed", shown: html`<follow-button .user=${WREN} main></follow-button>` },
      { name: "small", shown: html`<follow-button .user=${HERON} small></follow-button>` },
      { name: "small, followed", shown: html`<follow-button .user=${WREN} small></follow-button>` },
    ],
  };
}

function row(): Specimen {
  return {
    tag: "people-row",
    about: "Who paints these days, each with their newest pictures and a way to follow them.",
    properties: { tags: "Also what is painted about." },
    states: [
      { name: "people", wide: true, shown: html`<people-row></people-row>` },
      {
        name: "out of reach",
        wide: true,
        shown: html`<people-row></people-row>`,
        act: (shown) => Object.assign(shown as PeopleRow, { problem: unreachable() }),
      },
    ],
  };
}

function menu(): Specimen {
  return {
    tag: "me-menu",
    about: "You: your avatar, and under it what is at hand about you.",
    properties: { upwards: "It opens upwards: in the bar at the bottom, with its word." },
    states: [
      { name: "closed; press it", shown: html`<me-menu></me-menu>` },
      { name: "in the bar at the bottom", shown: html`<me-menu upwards></me-menu>` },
    ],
  };
}

function popover(): Specimen {
  return {
    tag: "me-popover",
    about: "What is at hand about oneself: the name, one's pictures and rooms, being seen, the wall's light.",
    properties: {},
    states: [{ name: "open", shown: html`<me-popover></me-popover>` }],
  };
}

function handle(): Specimen {
  return {
    tag: "handle-form",
    about: "Take another name; what is wrong with it is said under it, where room is kept.",
    properties: {},
    states: [
      { name: "mine", shown: html`<handle-form></handle-form>` },
      {
        name: "refused",
        shown: html`<handle-form .problem=${say("said.name-letters")}></handle-form>`,
      },
      { name: "on its way", shown: html`<handle-form .saving=${true}></handle-form>` },
    ],
  };
}

function tell(): Specimen {
  return {
    tag: "tell-chip",
    about:
      "Asks, once, whether the system may say when a picture is done; then, and where it may not, it goes.",
    properties: {},
    states: [{ name: "not asked yet", shown: html`<tell-chip></tell-chip>` }],
  };
}

function push(): Specimen {
  const standings = ["off", "on", "denied", "unsupported"] as const;
  return {
    tag: "push-switch",
    about: "Turns push notifications of this browser on and off; it asks only when it is pressed.",
    properties: {},
    states: [
      ...standings.map((standing) => ({
        name: standing,
        shown: html`<push-switch></push-switch>`,
        // It has looked how it is; here it is told.
        act: (shown: HTMLElement) => Object.assign(shown, { standing }),
      })),
      {
        name: "it could not be turned on",
        shown: html`<push-switch></push-switch>`,
        act: (shown: HTMLElement) =>
          Object.assign(shown, { standing: "off", trouble: say("push.unreachable") }),
      },
    ],
  };
}
