import type { Generator } from "../live/generators";

const SIDES = { low: 256, high: 1024, default: 768, multiple: 8 };
const STEPS = { low: 4, high: 20, default: 10, multiple: 1 };
const KIND = "http://cv.iptc.org/newscodes/digitalsourcetype/";
/** What can paint: one that remixes and one that cannot. */
export const PAINTERS: readonly Generator[] = [
  {
    name: "illustrator",
    title: "built-in illustrator",
    digital_source_type: `${KIND}algorithmicMedia`,
    sizes: SIDES,
    steps: STEPS,
    remixes: true,
    masks: true,
  },
  {
    name: "words",
    title: "Words alone",
    digital_source_type: `${KIND}trainedAlgorithmicMedia`,
    sizes: SIDES,
    steps: STEPS,
    remixes: false,
    masks: false,
  },
];
