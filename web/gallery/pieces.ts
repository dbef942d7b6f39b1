import { html, type TemplateResult } from "lit";
import "../components/choice-chip";
import "../components/dock-chips";
import "../components/generator-chip";
import "../components/paint-options";
import "../components/style-chip";
import "../components/switch-row";
import { icon } from "../components/icons";
import { studio } from "../components/studio";
import { flagColour, pigmentColour } from "../live/pigments";
import { PAINTERS } from "./painters";
import type { Chapter } from "./specimen";

const PIGMENTS = [
  "vermilion",
  "cadmium",
  "viridian",
  "cerulean",
  "periwinkle",
  "orchid",
  "violet",
  "ochre",
] as const;
const COLOURS = {
  wall: "the page",
  well: "behind a single picture",
  panel: "sidebars, sheets, bars",
  raised: "dock, popovers, toasts",
  canvas: "an unpainted picture",
  ink: "text, the primary button, focus",
  ink2: "second text, icons",
  ink3: "times and hints: the faintest text there is",
  edge: "the outline of a control",
  line: "a hairline, decoration only",
  good: "the live dab, nothing else",
  warn: "catching up",
  bad: "refused, failed, delete",
} as const;

function switchRow(state: "off" | "on" | "busy" | "disabled"): TemplateResult {
  return html`<switch-row
    name=${`gallery-${state}`}
    label="Hold everything still"
    sentence="New pictures, previews and reactions wait until you go on."
    ?on=${state === "on"}
    ?busy=${state === "busy"}
    ?disabled=${state === "disabled"}
  ></switch-row>`;
}

/** What everything is made of. */
export function pieces(): Chapter {
  return {
    name: "Pieces",
    specimens: [
      {
        tag: "colours",
        about: "Ink on a neutral wall: colour comes from the paintings. By name, as custom properties.",
        properties: {},
        states: Object.entries(COLOURS).map(([name, use]) => ({
          name: `--${name}, ${use}`,
          shown: html`<span class="swatch" style="background:var(--${name})"></span>`,
        })),
      },
      {
        tag: "pigments",
        about: "The colours of the people in a room, in the order they are given out; a flag has dark words.",
        properties: {},
        states: PIGMENTS.map((name, number) => ({
          name: "",
          shown: html`<span class="flag" style="background:${flagColour(number)}">${name}</span>
            <i class="dab" style="background:${pigmentColour(number, studio.theme)}"></i>`,
        })),
      },
      {
        tag: "buttons",
        about:
          "Full for the one main act, outlined for others, plain for the least; round ones carry an icon.",
        properties: {},
        states: [
          { name: "full", shown: html`<button class="button full">${icon("brush")} Paint</button>` },
          { name: "outlined", shown: html`<button class="button outlined">Remix</button>` },
          { name: "plain", shown: html`<button class="button plain">Not now</button>` },
          { name: "bad", shown: html`<button class="button bad">Delete</button>` },
          { name: "disabled", shown: html`<button class="button full" disabled>Sending…</button>` },
          { name: "small", shown: html`<button class="button outlined small">Try again</button>` },
          { name: "chip", shown: html`<button class="chip">portrait</button>` },
          { name: "round", shown: html`<button class="round" aria-label="Close">${icon("close")}</button>` },
          {
            name: "on a picture",
            shown: html`<span class="under"
              ><button class="round on-picture" aria-label="Remix">${icon("fork")}</button></span
            >`,
          },
        ],
      },
      {
        tag: "choice-chip",
        about: "A chip that opens a small menu over itself; what it offers is put into it.",
        properties: {
          name: "What the choice is about, for screen readers.",
          open: "Whether the menu is open.",
          group: "The role of the menu: radiogroup, or group where it holds a field.",
        },
        states: [{ name: "closed; press it", shown: chip() }],
      },
      {
        tag: "paint-options",
        about:
          "The chips under the words: shape, painter, style and seed, or who may watch; in the dock the first two.",
        properties: {
          choice: "What is chosen.",
          shows: "Which of them: what, who, or dock.",
          generators: "What can paint.",
          remixing: "It starts from a picture.",
        },
        states: [
          {
            name: "what",
            shown: html`<paint-options shows="what" .generators=${PAINTERS}></paint-options>`,
          },
          {
            name: "dock",
            shown: html`<paint-options shows="dock" .generators=${PAINTERS}></paint-options>`,
          },
          { name: "who", shown: html`<paint-options shows="who"></paint-options>` },
        ],
      },
      {
        tag: "generator-chip",
        about:
          "Who paints: what they are, and what they can. One who cannot start from a picture is not for a remix.",
        properties: {
          generators: "What can paint.",
          value: "Who is wished for.",
          remixing: "It starts from a picture.",
        },
        states: [
          { name: "a new picture", shown: html`<generator-chip .generators=${PAINTERS}></generator-chip>` },
          {
            name: "a remix",
            shown: html`<generator-chip .generators=${PAINTERS} remixing></generator-chip>`,
          },
          {
            name: "there is one",
            shown: html`<generator-chip .generators=${PAINTERS.slice(0, 1)}></generator-chip>`,
          },
        ],
      },
      {
        tag: "style-chip",
        about: "In which style: one that is offered, or in words of one's own.",
        properties: { value: "What the painter is told." },
        states: [
          { name: "any", shown: html`<style-chip></style-chip>` },
          { name: "offered", shown: html`<style-chip value="watercolour"></style-chip>` },
          { name: "own words", shown: html`<style-chip value="as on a postcard of 1910"></style-chip>` },
        ],
      },
      {
        tag: "dock-chips",
        about: "What the next picture begins with, remembered in this browser.",
        properties: { generators: "What can paint; null: what the server says." },
        states: [{ name: "", shown: html`<dock-chips .generators=${PAINTERS}></dock-chips>` }],
      },
      {
        tag: "switch-row",
        about: "A line with a switch: its thumb is a dab.",
        properties: {
          name: "What it is called by.",
          label: "What it turns on.",
          sentence: "What that means.",
          on: "It is on.",
          busy: "It was pressed, and it is not known yet what comes of it.",
          disabled: "It cannot be pressed.",
        },
        states: [
          { name: "off", shown: switchRow("off") },
          { name: "on", shown: switchRow("on") },
          { name: "busy", shown: switchRow("busy") },
          { name: "disabled", shown: switchRow("disabled") },
        ],
      },
    ],
  };
}

function chip(): TemplateResult {
  return html`<choice-chip name="Shape">
    <span slot="label">portrait</span>
    ${["portrait", "square", "wide"].map(
      (shape) =>
        html`<button
          role="radio"
          class="button plain"
          aria-checked=${shape === "portrait" ? "true" : "false"}
        >
          ${shape}
        </button>`,
    )}
  </choice-chip>`;
}
