/** The script of `/embed/{feed}`: a widget in a frame, fed by the page around it or by a stream of its own. */

import { Line } from "./line";
import { lookOf, type Look } from "./look";
import { followed, type Surroundings } from "./surroundings";
import { dressed } from "./theme";
import { View, type About, type Standing } from "./view";
import {
  isFinished,
  mayTurn,
  opened,
  present,
  receive,
  receivePage,
  turned,
  wallOf,
  wanted,
  type Page,
} from "./wall";
import type { Told } from "./messages";
import { Speech, type Words } from "./words";

/** A picture that is finished is looked at before the next one takes its place; one that failed, less long. */
const LOOK_MS = 6_000;
const REGRET_MS = 2_500;
const WORDS_EVERY_MS = 30_000;
const NEWS_EVERY_MS = 10_000;
const RELOAD_MS = 1_500;
const LONGEST_RELOAD_MS = 60_000;
const BRIEF_MS = 1_500;
const PAGE_POSTS = 25;

interface Given extends About {
  /** Null when the feed could not be read, or is not there. */
  readonly snapshot: Page | null;
  readonly missing: boolean;
  readonly words: Words;
}

class Widget {
  readonly #given: Given;
  readonly #speech: Speech;
  readonly #view: View;
  readonly #line: Line;
  #look: Look;
  #wall;
  #paused = false;
  #live = false;
  #lostAt = 0;
  /** Since when the picture in the large frame is finished; 0 while it is not. */
  #finishedAt = 0;
  #frame = 0;
  #turn: ReturnType<typeof setTimeout> | undefined;
  #news = 0;
  #reloads = 0;
  #reloading = false;

  constructor(given: Given, surroundings: Surroundings) {
    this.#given = given;
    this.#look = surroundings.look;
    this.#wall = wallOf(given.topic);
    this.#speech = new Speech(given.words, document.documentElement.lang);
    this.#view = new View(given, this.#speech, { open: () => this.#open(), pause: () => this.#pause() });
    this.#line = new Line(surroundings, {
      told: (told) => this.#receive(told),
      standing: (live) => this.#stand(live),
      look: (hash) => this.#dress(lookOf(hash)),
    });
    this.#dress(this.#look);
    document.body.append(this.#view.root);
    if (given.snapshot) this.#hang(given.snapshot);
    else if (!given.missing) void this.#reload();
    this.#show();
    surroundings.seen((seen) => this.#line.seen(seen));
    surroundings.resized(this.#view.root);
    setInterval(() => this.#say(), NEWS_EVERY_MS);
    setInterval(() => this.#later(), WORDS_EVERY_MS);
  }

  #receive(told: Told): void {
    if (this.#paused) return;
    const waited = this.#wall.waiting.length;
    this.#wall = receive(this.#wall, told);
    this.#news += Math.max(0, this.#wall.waiting.length - waited);
    if (this.#wall.gap) void this.#reload();
    this.#changed();
  }

  #hang(page: Page): void {
    const first = !this.#wall.loaded;
    this.#wall = receivePage(this.#wall, page);
    if (first) this.#wall = { ...this.#wall, hung: this.#wall.hung.slice(0, this.#look.posts) };
    this.#changed();
  }

  /** Read the feed anew: it could not be read, or something was missed. */
  async #reload(): Promise<void> {
    if (this.#reloading) return;
    this.#reloading = true;
    try {
      const answer = await fetch(`/api/feeds/${encodeURIComponent(this.#given.feed)}?limit=${PAGE_POSTS}`);
      if (!answer.ok) throw new Error(String(answer.status));
      this.#hang((await answer.json()) as Page);
      this.#reloads = 0;
      this.#reloading = false;
    } catch {
      const most = Math.min(LONGEST_RELOAD_MS, RELOAD_MS * 2 ** this.#reloads);
      this.#reloads += 1;
      setTimeout(
        () => {
          this.#reloading = false;
          void this.#reload();
        },
        most * (0.5 + Math.random() / 2),
      );
    }
  }

  #changed(): void {
    this.#line.follow(this.#paused || this.#given.missing || !this.#wall.loaded ? {} : wanted(this.#wall));
    this.#later();
    const now = Date.now();
    this.#finishedAt = isFinished(this.#wall) ? this.#finishedAt || now : 0;
    if (this.#turn !== undefined || !mayTurn(this.#wall)) return;
    const look = present(this.#wall)?.stage === "finishing" ? LOOK_MS : REGRET_MS;
    this.#turn = setTimeout(
      () => {
        this.#turn = undefined;
        if (this.#paused) return;
        this.#wall = turned(this.#wall);
        this.#changed();
      },
      this.#finishedAt && this.#finishedAt + look - now,
    );
  }

  #open(): void {
    this.#wall = opened(this.#wall, this.#look.posts);
    this.#news = 0;
    this.#show();
    this.#view.toFirst();
  }

  #pause(): void {
    this.#paused = !this.#paused;
    if (!this.#paused) this.#stand(false);
    this.#changed();
  }

  #stand(live: boolean): void {
    if (this.#live && !live) this.#lostAt = Date.now();
    this.#live = live;
    this.#later();
    // A short loss, as when the stream's topics change, is not worth a word.
    if (!live) setTimeout(() => this.#later(), BRIEF_MS + 50);
  }

  get #standing(): Standing {
    if (this.#given.missing) return "missing";
    if (this.#paused) return "paused";
    if (!this.#live && !this.#lostAt) return "connecting";
    const brief = Date.now() - this.#lostAt < BRIEF_MS;
    return this.#live || this.#line.resting || brief ? "live" : "offline";
  }

  #dress(look: Look): void {
    this.#look = look;
    dressed(look);
    this.#later();
  }

  /** However much comes in between two frames, the page is written once. */
  #later(): void {
    this.#frame ||= requestAnimationFrame(() => this.#show());
  }

  #show(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#view.show(this.#wall, this.#standing, this.#lostAt, Date.now());
  }

  /** One polite sentence now and then, never each step. */
  #say(): void {
    if (this.#news) this.#view.say(this.#speech.many("newPictures", this.#news));
    this.#news = 0;
  }
}

const given = JSON.parse(document.getElementById("given")?.textContent ?? "null") as Given | null;
if (given) new Widget(given, followed());
// For who measures: from here on, what is seen can be used.
performance.mark("usable");
