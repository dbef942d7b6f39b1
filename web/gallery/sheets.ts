import { html } from "lit";
import "../components/create-sheet";
import "../components/emoji-picker";
import "../components/keys-sheet";
import "../components/share-sheet";
import { elsewhere } from "../components/picture-frame";
import { USUAL_STRENGTH } from "../live/easel";
import { WALL, WREN } from "./fixtures";
import type { Chapter, Specimen, State } from "./specimen";
import { pressed } from "./stage";

const [FOX, , , SUNFLOWERS] = WALL;

/** What lies over the page while something is done. */
export function sheets(): Chapter {
  return { name: "Sheets", specimens: [create(), share(), keys(), emoji()] };
}

function create(): Specimen {
  const words = "a lighthouse made of sugar, seen from a boat at dusk";
  const state = (name: string, shown: State["shown"], more: Partial<State> = {}): State => ({
    name,
    shown,
    wide: true,
    height: 580,
    ...more,
  });
  return {
    tag: "create-sheet",
    about: "Where a picture begins: the words, their size, who may watch, what it is a remix of.",
    properties: {
      words: "What it opens with.",
      caret: "Where writing goes on, in characters.",
      selected: "The words are there to be written over.",
      act: "What it does at once: ask for a picture of one's own, or send what was typed.",
      file: "A picture of one's own that was dropped or pasted.",
      parent: "The picture that is remixed.",
      wish: "One that was not painted, and is asked for once more.",
    },
    floats: true,
    states: [
      state("nothing written yet, jobs at work", html`<create-sheet></create-sheet>`),
      state(
        "a remix",
        html`<create-sheet .words=${words} .parent=${FOX!} .strength=${USUAL_STRENGTH}></create-sheet>`,
      ),
      state("refused", html`<create-sheet .words=${"the mayor as a clown"}></create-sheet>`, {
        // Else it would be over with the next loss of the connection.
        meanwhile: () => undefined,
        act: (shown) =>
          Object.assign(shown, { problem: "No real people. Change the words, then paint again." }),
      }),
      state("on its way", html`<create-sheet .words=${words} .busy=${true}></create-sheet>`),
      state("many words", html`<create-sheet .words=${`${words}, `.repeat(5) + words}></create-sheet>`),
      state("a picture of one's own", html`<create-sheet></create-sheet>`, {
        act: async (shown) => Object.assign(shown, { file: await drawnFile("dragon") }),
      }),
      state(
        "repainting one's own",
        html`<create-sheet .words=${"as a woodcut"} .repaint=${true}></create-sheet>`,
        {
          act: async (shown) => Object.assign(shown, { file: await drawnFile("dragon") }),
        },
      ),
    ],
  };
}

function share(): Specimen {
  return {
    tag: "share-sheet",
    about:
      "Everything that can be done with an address: the system's own sheet, copying it, code for a page.",
    properties: { shared: "A picture, or somebody's pictures." },
    states: [
      {
        name: "a picture",
        wide: true,
        shown: html`<share-sheet .shared=${{ kind: "post", post: FOX! }}></share-sheet>`,
      },
      {
        name: "somebody's pictures, with the code",
        wide: true,
        shown: html`<share-sheet .shared=${{ kind: "person", user: WREN }}></share-sheet>`,
        act: pressed("summary"),
      },
      {
        name: "copied",
        wide: true,
        shown: html`<share-sheet
          .shared=${{ kind: "post", post: SUNFLOWERS! }}
          .copied=${"link"}
        ></share-sheet>`,
      },
    ],
  };
}

function keys(): Specimen {
  return {
    tag: "keys-sheet",
    about: "Every key that does something.",
    properties: {},
    states: [{ name: "open", wide: true, shown: html`<keys-sheet></keys-sheet>` }],
  };
}

function emoji(): Specimen {
  const shown = html`<emoji-picker></emoji-picker>`;
  const anchored = (element: HTMLElement): unknown =>
    Object.assign(element, { anchor: element.parentElement });
  return {
    tag: "emoji-picker",
    about: "Five emoji at hand, more behind the plus, and any other typed in.",
    properties: { anchor: "What it stands by.", beside: "It stands beside it, not over it." },
    states: [
      { name: "at hand", shown, act: anchored },
      {
        name: "more",
        wide: true,
        shown,
        act: (element) => Object.assign(element, { more: true, anchor: element.parentElement }),
      },
    ],
  };
}

/** A picture as a file, as somebody would have it on their disk. */
async function drawnFile(name: string): Promise<File> {
  const bytes = await (await fetch(elsewhere.get(name) ?? "")).blob();
  return new File([bytes], `${name}.webp`, { type: "image/webp" });
}
