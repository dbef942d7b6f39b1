import type { Job } from "../live/state";
import { element } from "./element";

const MOST_DABS = 24;

/** One leaning brush mark per step: the only shape that says "being painted". */
export class Dabs {
  readonly root = element("span", "dabs");

  constructor(label: string) {
    this.root.setAttribute("role", "progressbar");
    this.root.ariaLabel = label;
    this.root.ariaValueMin = "0";
  }

  /** colours: of the picture. text: what is said beside them. */
  show(job: Job, colours: readonly string[], text: string): void {
    const number = Math.max(1, Math.min(MOST_DABS, job.steps));
    while (this.root.children.length > number) this.root.lastElementChild?.remove();
    while (this.root.children.length < number) this.root.append(element("i", "", element("b")));
    const full = job.stage === "finishing" || job.stage === "posted";
    const painting = job.stage === "painting";
    const stopped = job.stage === "failed" || job.stage === "aborted";
    const done = full ? job.steps : painting || stopped ? Math.max(0, job.step - 1) : 0;
    const reached = Math.floor((done / Math.max(1, job.steps)) * number);
    [...this.root.children].forEach((dab, index) => {
      const began = index === 0 && job.stage === "starting" ? "outlined" : "";
      dab.className = index < reached ? "full" : painting && index === reached ? "filling" : began;
      paint(dab.firstElementChild, stopped ? "" : colours[Math.floor((index * colours.length) / number)]);
    });
    this.root.ariaValueMax = String(job.steps);
    this.root.ariaValueNow = String(Math.min(done, job.steps));
    this.root.ariaValueText = text;
  }
}

/** Give a dab a colour; the style sheet moves its lightness until it stands out. */
export function paint(dab: Element | null, colour: string | undefined): void {
  if (dab instanceof HTMLElement) dab.style.setProperty("--c", colour || null);
}
