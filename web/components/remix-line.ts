import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { serverNow } from "../live/clock";
import { JOB_EVENTS } from "../live/easel";
import { paletteFor } from "../live/palette";
import type { LineageNode } from "../live/protocol";
import type { RemixLine as Line } from "../live/remix-lines";
import { pathOfPerson, pathOfPost } from "../live/route";
import type { Job } from "../live/state";
import { jobWords } from "../live/job-words";
import { ago, capped, isUpright, titleOf } from "../live/words";
import { base } from "../styles/base";
import { say, woven } from "../words/words";
import "./dab-row";
import { icon } from "./icons";
import "./job-picture";
import "./picture-frame";
import { studio, Watch } from "./studio";

/** Of one that is being painted: its steps, roughly. */
const DABS = 10;

/**
 * A remix among the comments: its dabs and previews while it is being painted, then the picture. It is one element of one
 * height from its beginning, and follows its topic as long as it is in sight and being painted.
 */
export class RemixLine extends LitElement {
  static override properties = { line: { attribute: false }, now: { type: Number } };
  declare line: Line | null;
  declare now: number;

  constructor() {
    super();
    this.line = null;
    this.now = serverNow();
    new Watch(this, () => {
      const id = this.line?.id ?? "";
      const { generations, lineage } = studio.live.state;
      return [generations.get(id), lineage?.nodes.get(id), studio.theme];
    });
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      article {
        display: grid;
        grid-template:
          "mark who dabs picture" 20px
          "mark more dabs picture" 20px / 30px minmax(0, 1fr) auto 40px;
        gap: 0 11px;
        align-items: center;
      }
      .mark {
        grid-area: mark;
        justify-self: center;
        color: var(--ink2);
      }
      p {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .who {
        grid-area: who;
        color: var(--ink2);
      }
      .who a {
        color: var(--ink);
        font-weight: 600;
        border-radius: 4px;
      }
      time {
        color: var(--ink3);
      }
      .more {
        grid-area: more;
        color: var(--ink3);
        font-size: 12px;
        line-height: 16px;
        font-variant-numeric: tabular-nums;
      }
      .made .more {
        color: var(--ink);
      }
      .title {
        font-size: calc(15px + var(--taller, 0px));
        line-height: 20px;
      }
      dab-row {
        grid-area: dabs;
        inline-size: 66px;
      }
      .picture {
        grid-area: picture;
        display: block;
        inline-size: 40px;
        block-size: 40px;
        border-radius: 3px;
      }
      .picture > * {
        inline-size: 100%;
        block-size: 100%;
        border-radius: 3px;
      }
      /* Where there is no room beside the words, they stand one under the other. */
      @container (max-width: 359px) {
        article {
          grid-template:
            "mark who who picture" 20px
            "mark dabs more picture" 20px / 30px auto minmax(0, 1fr) 40px;
        }
        .made,
        .stopped {
          grid-template:
            "mark who picture" 20px
            "mark more picture" 20px / 30px minmax(0, 1fr) 40px;
        }
      }
      @container (max-width: 299px) {
        time,
        .rest {
          display: none;
        }
      }
    `,
  ];

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("line")) this.#follow();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    studio.viewport.unwatch(this);
  }

  #follow(): void {
    if (this.line?.kind === "running" && this.isConnected)
      studio.viewport.watch(this, `generation:${this.line.id}`, JOB_EVENTS);
    else studio.viewport.unwatch(this);
  }

  override render(): TemplateResult {
    const line = this.line;
    if (!line) return html`${nothing}`;
    const job = studio.live.state.generations.get(line.id);
    const node = studio.live.state.lineage?.nodes.get(line.id);
    return html`<article
      class=${line.kind}
      data-testid="remix-line"
      data-remix=${line.id}
      data-kind=${line.kind}
    >
      <span class="mark">${icon("fork")}</span>
      ${this.#said(line, job, node)}
    </article>`;
  }

  #said(line: Line, job: Job | undefined, node: LineageNode | undefined): TemplateResult {
    switch (line.kind) {
      case "running":
        return this.#making(line, job);
      case "made":
        return this.#made(line, job, node);
      case "stopped":
        return this.#stopped(line, job);
    }
  }

  #making(line: Line, job: Job | undefined): TemplateResult {
    const words = job && jobWords(job, line.author.id === studio.live.me?.id);
    return html`<p class="who">${woven("talk.remixing", { handle: this.#handle(line) })}</p>
      <p class="more">
        ${words?.strong}${words?.rest ? html`<span class="rest"> · ${words.rest}</span>` : nothing}
      </p>
      ${
        job
          ? html`<dab-row
              decoration
              .steps=${DABS}
              .done=${Math.floor((job.step / Math.max(1, job.steps)) * DABS)}
              .active=${job.stage === "painting"}
              .outlined=${job.stage === "starting"}
              .colours=${paletteFor(job.palette, studio.theme)}
            ></dab-row>`
          : nothing
      }
      <span class="picture canvas">${this.#preview(job)}</span>`;
  }

  #stopped(line: Line, job: Job | undefined): TemplateResult {
    return html`<p class="who">${woven("talk.remix-ended", { handle: this.#handle(line) })}</p>
      ${this.#title(job?.generation.prompt ?? "")}
      <span class="picture canvas">${this.#preview(job)}</span>`;
  }

  #made(line: Line, job: Job | undefined, node: LineageNode | undefined): TemplateResult {
    const prompt = node?.prompt ?? job?.generation.prompt ?? null;
    const title = titleOf({ caption: node?.caption ?? "", prompt });
    const path = pathOfPost(line.id);
    const label = say("lineage.picture", { title: capped(title), handle: line.author.handle });
    return html`<p class="who">
        ${woven("talk.remixed", { handle: this.#handle(line) })}
        <time datetime=${new Date(line.time).toISOString()}
          >${ago(node?.created ?? line.time, this.now)}</time
        >
      </p>
      ${this.#title(title, path)}
      <a class="picture canvas" href=${path} aria-label=${label}>
        ${
          node?.media
            ? html`<picture-frame .media=${node.media} .alt=${""} sizes="40px"></picture-frame>`
            : this.#preview(job)
        }
      </a>`;
  }

  /** path: where it leads; the picture beside it leads there too, and is the one that is read. */
  #title(title: string, path = ""): TemplateResult {
    const named = html`<bdi class="title ${isUpright(title) ? "upright" : ""}">${title}</bdi>`;
    return html`<p class="more">
      ${path ? html`<a href=${path} tabindex="-1" aria-hidden="true">${named}</a>` : named}
    </p>`;
  }

  #preview(job: Job | undefined): TemplateResult | typeof nothing {
    return job ? html`<job-picture .job=${job} words="none"></job-picture>` : nothing;
  }

  #handle({ author }: Line): TemplateResult {
    return html`<a href=${pathOfPerson(author.handle)}><bdi>${author.handle}</bdi></a>`;
  }
}

customElements.define("remix-line", RemixLine);
