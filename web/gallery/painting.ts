import { html } from "lit";
import "../components/dab-row";
import "../components/easel-row";
import "../components/generation-card";
import "../components/job-picture";
import "../components/picture-use";
import "../components/strength-slider";
import "../components/prompt-dock";
import "../components/your-easel";
import { paletteFor } from "../live/palette";
import { studio } from "../components/studio";
import type { Job } from "../live/state";
import { JOB_NAMES, mediaOf } from "./fixtures";
import type { Chapter } from "./specimen";

const CARD = {
  generation: "The id of the generation that is shown.",
  variant:
    "Where it stands: easel, the row above the feed; line, the create sheet, with what can be done about it.",
  height: "Height of the frame, px; below 150 it is a phone's.",
};

/** How a picture comes into being. */
export function painting(): Chapter {
  const colours = paletteFor(mediaOf("whale").palette, studio.theme);
  return {
    name: "Painting",
    specimens: [
      {
        tag: "generation-card",
        about: "One picture being painted: one element, one size, through all its states.",
        properties: CARD,
        states: [
          ...JOB_NAMES.map((name) => ({
            name,
            shown: html`<generation-card .generation=${`job-${name}`} .height=${150}></generation-card>`,
          })),
          ...["queued", "painting", "refused", "failed", "cancelled"].map((name) => ({
            name: `line, ${name}`,
            shown: html`<generation-card .generation=${`job-${name}`} variant="line"></generation-card>`,
          })),
          {
            name: "on a phone",
            shown: html`<generation-card .generation=${"job-painting"} .height=${104}></generation-card>`,
          },
        ],
      },
      {
        tag: "dab-row",
        about: "As many leaning brush marks as there are steps: the only shape that says “being painted”.",
        properties: {
          steps: "How many steps there are; more than 24 are drawn as 24.",
          done: "How many are finished.",
          active: "The next one is filling.",
          outlined: "Work has begun, nothing is painted yet.",
          grey: "It stopped where it was.",
          decoration: "Colours under a title: no progress, hidden from screen readers.",
          colours: "Six colours of the picture, made for the theme.",
          text: "What a screen reader says instead of a number.",
        },
        states: [
          { name: "empty", shown: html`<dab-row .steps=${10} .text=${"in line"}></dab-row>` },
          { name: "outlined", shown: html`<dab-row .steps=${10} outlined .text=${"starting"}></dab-row>` },
          {
            name: "step 6 of 10",
            shown: html`<dab-row
              .steps=${10}
              .done=${5}
              active
              .colours=${colours}
              .text=${"step 6"}
            ></dab-row>`,
          },
          {
            name: "all",
            shown: html`<dab-row .steps=${10} .done=${10} .colours=${colours} .text=${"drying"}></dab-row>`,
          },
          {
            name: "stopped",
            shown: html`<dab-row .steps=${10} .done=${6} grey .text=${"stopped at step 6"}></dab-row>`,
          },
          {
            name: "17 of 60",
            shown: html`<dab-row
              .steps=${60}
              .done=${17}
              active
              .colours=${colours}
              .text=${"step 18"}
            ></dab-row>`,
          },
        ],
      },
      {
        tag: "easel-row",
        about: "The running jobs in one row of fixed height above the feed, one's own first.",
        properties: { phone: "Lower, and without a heading." },
        states: [{ name: "several at work", wide: true, shown: html`<easel-row></easel-row>` }],
      },
      {
        tag: "your-easel",
        about: "One's own jobs in the create sheet, newest first, each with what can be done about it.",
        properties: {},
        states: [{ name: "in line, painting, stopped", wide: true, shown: html`<your-easel></your-easel>` }],
      },
      {
        tag: "prompt-dock",
        about:
          "The prompt line that floats over the wall; it opens the sheet, and shows running jobs as thumbnails.",
        properties: { draft: "What was written in the sheet and put away unfinished." },
        floats: true,
        states: [{ name: "with jobs", wide: true, shown: html`<prompt-dock></prompt-dock>` }],
      },
      {
        tag: "job-picture",
        about: "The canvas of a job: blank with its title, then each preview fading in over the one before.",
        properties: { job: "The job.", words: "How large the title is written on it: usual, small or none." },
        states: [
          ...["queued", "starting", "painting", "finishing", "refused", "failed", "cancelled"].map(
            (name) => ({
              name,
              shown: html`<job-picture class="frame" .job=${jobOf(name)}></job-picture>`,
            }),
          ),
          {
            name: "small words",
            shown: html`<job-picture class="frame" .job=${jobOf("queued")} words="small"></job-picture>`,
          },
        ],
      },
      {
        tag: "picture-use",
        about:
          "What is to become of a picture of one's own: it is hung as it is, or another one is painted from it.",
        properties: { repaint: "Another one is painted from it." },
        states: [
          { name: "hung", shown: html`<picture-use></picture-use>` },
          { name: "repainted", shown: html`<picture-use repaint></picture-use>` },
        ],
      },
      {
        tag: "strength-slider",
        about: "How far a remix goes from its parent: its thumb is a dab.",
        properties: { value: "From 0, faithful, to 1, free." },
        states: [0, 0.6, 1].map((value) => ({
          name: ["faithful", "usual", "free"][Math.round(value * 2)] ?? "",
          shown: html`<strength-slider .value=${value}></strength-slider>`,
        })),
      },
    ],
  };
}

function jobOf(name: string): Job | null {
  return studio.live.state.generations.get(`job-${name}`) ?? null;
}
