import type { Post } from "../live/protocol";
import { pathOfPost } from "../live/route";
import type { Job } from "../live/state";
import { isUpright } from "../live/upright";
import { Dabs, paint } from "./dabs";
import { element, type Child } from "./element";
import { Frame } from "./frame";
import { present, type Wall } from "./wall";
import { byHue, isBad, type Speech } from "./words";

/** What the server says about the feed besides its pictures. */
export interface About {
  /** "all", "tag:foxes", "user:01m8…". */
  readonly feed: string;
  readonly topic: string;
  readonly name: string;
  /** Address of the feed's own page. */
  readonly page: string;
}

export type Standing = "live" | "paused" | "offline" | "connecting" | "missing";

export interface Acts {
  open(): void;
  pause(): void;
}

/** The brush of Lucide (ISC licence, see NOTICE.md). */
const BRUSH =
  "m14.6 12.3 7.1-8.1a1.5 1.5 0 0 0-2.1-2.1l-8.1 7.1 M9.5 8.8l5.6 5.6 M11.2 16.4A3.9 3.9 0 0 1 4.9 20" +
  "c-1 .9-2.4 1-3.4.5 1.4-.4 1.9-1.5 2-2.8a3.9 3.9 0 0 1 6.3-3.4c1 .5 1.4 1.2 1.4 2.1Z";

/** The widget's page: built once, then only what differs is written. */
export class View {
  readonly #mark = [0, 1, 2].map(() => element("i"));
  readonly #dab = element("i", "dab");
  readonly #word = element("span");
  readonly #here = element("span", "here");
  readonly #status: HTMLButtonElement;
  readonly #speech: Speech;
  readonly #hero: Tile;
  readonly #dabs: Dabs;
  readonly #pill: HTMLButtonElement;
  readonly #posts = element("ul", "posts");
  readonly #tiles = new Map<string, Tile>();
  readonly #empty: HTMLElement;
  readonly #region = element("p", "unseen");
  readonly root: HTMLElement;

  constructor(about: About, speech: Speech, acts: Acts) {
    this.#speech = speech;
    this.#hero = new Tile("hero", speech);
    this.#dabs = new Dabs(speech.say("painting"));
    this.#status = element("button", "status", this.#dab, this.#word, this.#here);
    this.#status.dataset["testid"] = "connection";
    this.#status.addEventListener("click", () => acts.pause());
    this.#pill = element("button", "pill");
    this.#pill.dataset["testid"] = "new-pill";
    this.#pill.addEventListener("click", () => acts.open());
    this.#hero.dabs(this.#dabs.root);
    this.#empty = element("p", "empty");
    const mark = element("span", "mark", ...this.#mark);
    mark.ariaHidden = "true";
    const name = element("b", "", about.name);
    name.dir = "auto";
    name.role = "heading";
    name.ariaLevel = "1";
    this.#region.role = "status";
    const wall = element("div", "wall", this.#hero.root, this.#empty, this.#posts);
    wall.tabIndex = 0;
    wall.role = "region";
    wall.ariaLabel = speech.say("pictures", { name: about.name });
    this.root = element(
      "main",
      "",
      element("header", "", anchor(about.page, "name", mark, name), this.#pill, this.#status),
      wall,
      element(
        "footer",
        "",
        anchor("/", "", speech.say("home")),
        anchor(about.page, "paint", brush(), element("span", "", speech.say("paint"))),
      ),
      this.#region,
    );
  }

  show(wall: Wall, standing: Standing, lostAt: number, now: number): void {
    this.#showStatus(wall, standing, lostAt);
    const job = present(wall);
    const hero = wall.post;
    this.#hero.root.hidden = !job && !hero;
    const missing = standing === "missing";
    this.#empty.hidden = !missing && (!wall.loaded || Boolean(job || hero || wall.hung.length));
    write(this.#empty, this.#speech.say(missing ? "nowhere" : "empty"));
    this.#dabs.root.hidden = !job;
    this.root.dataset["hero"] = job ? (hero ? "dried" : job.stage) : hero ? "post" : "none";
    if (job) this.#showJob(job, hero);
    else if (hero) this.#hero.showPost(hero, wall.gone.has(hero.id), now, 1024);
    const waiting = wall.waiting.length;
    this.#pill.hidden = !waiting;
    write(this.#pill, this.#speech.many("new", waiting));
    this.#pill.ariaLabel = this.#speech.many("newPictures", waiting);
    this.#showPosts(wall, now);
    this.#showMark(hero ?? wall.hung[0] ?? null);
  }

  /** Say to who cannot see it what has come in; called seldom. */
  say(text: string): void {
    write(this.#region, text);
  }

  /** What was behind the pill hangs now; the reader is taken there, and keyboards with them. */
  toFirst(): void {
    this.#posts.querySelector<HTMLElement>("a[href]")?.focus({ preventScroll: true });
  }

  #showStatus(wall: Wall, standing: Standing, lostAt: number): void {
    const speech = this.#speech;
    this.#status.dataset["state"] = standing;
    this.#status.disabled = standing === "missing";
    this.#status.title = speech.say(standing === "paused" ? "goOn" : "pause");
    this.#status.ariaPressed = String(standing === "paused");
    write(this.#word, speech.say(standing, { time: speech.clock(lostAt) }));
    write(this.#here, standing === "live" && wall.here > 0 ? speech.count(wall.here) : "");
    this.#here.title = wall.here > 0 ? speech.many("here", wall.here) : "";
  }

  #showJob(job: Job, post: Post | null): void {
    this.#hero.showJob(job, post);
    this.#dabs.show(job, byHue(job.palette), this.#speech.stage(job));
  }

  #showPosts(wall: Wall, now: number): void {
    const ids = wall.hung.map((post) => post.id);
    for (const id of this.#tiles.keys()) if (!ids.includes(id)) this.#tiles.delete(id);
    const items = wall.hung.map((post) => {
      let tile = this.#tiles.get(post.id);
      if (!tile) this.#tiles.set(post.id, (tile = new Tile("post", this.#speech)));
      tile.showPost(post, wall.gone.has(post.id), now, 512);
      return tile.root;
    });
    const shown = [...this.#posts.children].map((item) => item.firstElementChild);
    if (shown.length === items.length && shown.every((child, index) => child === items[index])) return;
    this.#posts.replaceChildren(...items.map((item) => element("li", "", item)));
  }

  #showMark(post: Post | null): void {
    const colours = byHue(post?.media.palette ?? []);
    const three = [colours[0], colours[Math.floor(colours.length / 2)], colours.at(-1)];
    this.#mark.forEach((dab, index) => paint(dab, three[index]));
  }
}

/** One picture with its words: a link to its page. */
class Tile {
  readonly root: HTMLAnchorElement;
  readonly #frame = new Frame();
  readonly #title = element("em", "title");
  readonly #handle = element("bdi");
  readonly #time = element("time");
  readonly #more = element("span", "more");
  readonly #words: HTMLElement;

  readonly #speech: Speech;

  constructor(className: string, speech: Speech) {
    this.#speech = speech;
    const who = element("span", "who", this.#handle, this.#time);
    this.#words = element("span", "words", this.#title, element("span", "meta", who, this.#more));
    this.root = anchor("", className, this.#frame.root, this.#words);
    this.root.dataset["testid"] = className;
    this.#title.dir = "auto";
  }

  /** Put the dabs between the picture and its words. */
  dabs(dabs: HTMLElement): void {
    this.#words.before(dabs);
  }

  showPost(post: Post, gone: boolean, now: number, width: number): void {
    this.#link(post.id);
    const speech = this.#speech;
    const title = plainly(post.caption.trim() || post.prompt?.trim() || speech.say("untitled"));
    this.#name(gone ? speech.say("gone") : title);
    this.root.ariaLabel = null; // what stands there is its name
    this.root.classList.toggle("gone", gone);
    this.#by(gone ? "" : post.author.handle, gone ? "" : speech.ago(post.created, now));
    const [emoji, most] = Object.entries(post.reactions).sort((one, other) => other[1] - one[1])[0] ?? [
      "",
      0,
    ];
    write(this.#more, most > 0 && !gone ? `${emoji} ${speech.count(most)}` : "");
    this.#more.classList.remove("bad");
    this.#frame.fade("post");
    if (gone) this.#frame.blank("");
    else this.#frame.show(`/media/${post.media.sha256}/${width}.webp`, post.media.palette);
  }

  showJob(job: Job, post: Post | null): void {
    const { prompt, id, author } = job.generation;
    const speech = this.#speech;
    const stage = speech.stage(job);
    this.#link(post ? id : null);
    const title = plainly(prompt);
    this.#name(title);
    this.root.ariaLabel = post ? null : speech.say("beingPainted", { title, stage });
    this.root.classList.remove("gone");
    this.#by(author.handle, post ? speech.say("justNow") : "");
    write(this.#more, post ? "" : stage);
    this.#more.classList.toggle("bad", isBad(job));
    const finished = post?.media.sha256 ?? job.sha256;
    if (finished) this.#frame.show(`/media/${finished}/1024.webp`, job.palette);
    else if (job.preview?.url) this.#frame.show(job.preview.url, job.palette);
    else this.#frame.blank(title);
    this.#frame.fade(job.stage);
  }

  #by(handle: string, when: string): void {
    write(this.#handle, handle);
    write(this.#time, when);
  }

  #link(id: string | null): void {
    // Without an address it is no link, and has a name all the same.
    this.root.role = id === null ? "group" : null;
    if (id === null) this.root.removeAttribute("href");
    else this.root.href = pathOfPost(id);
  }

  #name(title: string): void {
    write(this.#title, title);
    this.#title.classList.toggle("upright", isUpright(title));
  }
}

/** A title without the tags at its end: there is little room, and the widget may be one tag's. */
function plainly(title: string): string {
  return title.replace(/(\s+#[\p{L}\p{N}_-]+)+$/u, "");
}

function anchor(href: string, className: string, ...inside: Child[]): HTMLAnchorElement {
  const link = element("a", className, ...inside);
  if (href) link.href = href;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function brush(): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", BRUSH);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  svg.append(path);
  return svg;
}

/** Nothing is written that stands there already: what a reader has selected stays so. */
function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
