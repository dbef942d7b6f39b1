import { html } from "lit";
import compact from "../embed/compact.css?inline";
import { USUAL, type Look } from "../embed/look";
import { dressed } from "../embed/theme";
import { View, type Standing } from "../embed/view";
import styles from "../embed/widget.css?inline";
import words from "../embed/words/en.json";
import { receivePage, wallOf, type Wall } from "../embed/wall";
import { Speech } from "../embed/words";
import "../embed/live-feed";
import { elsewhere } from "../components/picture-frame";
import { studio } from "../components/studio";
import type { Post } from "../live/protocol";
import { EVENING, NOW, WAITING, WALL } from "./fixtures";
import type { Chapter, Specimen, State } from "./specimen";

const FEED = { feed: "tag:gallery", topic: "feed:tag:gallery", name: "#gallery", page: "/tag/gallery" };
const NIGHT_HOUSE = { wall: "#10261f", panel: "#17332a", ink: "#f4ead2", radius: "2px" };

/** What stands in other sites' pages. */
export function widget(): Chapter {
  return { name: "Elsewhere", specimens: [frames()] };
}

function frames(): Specimen {
  const wall = hung();
  const waiting = { ...wall, waiting: WAITING.map(reachable) };
  const light: Partial<Look> = { theme: "light" };
  const dark: Partial<Look> = { theme: "dark" };
  return {
    tag: "live-feed",
    about:
      "A feed in any page: a sandboxed frame with one live picture, a grid, and nothing that moves by itself but the picture being painted.",
    properties: {
      src: "The address of the feed's own page for frames.",
      lang: "Its language, if not the page's.",
      theme: "light or dark, if not as the page is.",
      layout: "wide or compact, if not by its width.",
      posts: "How many pictures stand under the large one.",
      height: "px, or auto: it grows with what it shows.",
      title: "What the frame is called.",
    },
    states: [
      {
        name: "where no frame can be: what it has inside",
        wide: true,
        shown: html`<live-feed
          ><blockquote>
            <a href="/tag/gallery">#gallery, live</a>
          </blockquote></live-feed
        >`,
      },
      { ...framed("light, with new pictures", light, waiting), wide: true },
      { ...framed("dark, being painted", dark, painting()), wide: true },
      framed("compact, light", { ...light, layout: "compact" }, wall),
      framed("compact, dark", { ...dark, layout: "compact" }, waiting),
      framed("right to left", { ...light, dir: "rtl" }, wall),
      framed("a host page's own colours", { ...dark, ...NIGHT_HOUSE }, wall),
      framed("held still", light, wall, "paused"),
      framed("offline", dark, wall, "offline"),
      framed("nothing there yet", light, receivePage(wallOf(FEED.topic), page([]))),
      framed("no such feed", dark, wallOf(FEED.topic), "missing"),
    ],
  };
}

/** A widget's own page in a frame of its own, without its script: drawn from here. */
function framed(name: string, look: Partial<Look>, wall: Wall, standing: Standing = "live"): State {
  return {
    name,
    shown: html`<iframe class="widget" title=${`A widget, ${name}`}></iframe>`,
    act: (frame) => fill(frame as HTMLIFrameElement, { ...USUAL, posts: 6, ...look }, wall, standing),
  };
}

function fill(frame: HTMLIFrameElement, look: Look, wall: Wall, standing: Standing): void {
  const inside = frame.contentDocument!;
  inside.documentElement.lang = "en";
  inside.title = frame.title;
  inside.head.append(sheet("widget", styles), sheet("compact", compact));
  dressed(look, inside.documentElement);
  const view = new View(FEED, new Speech(words, "en"), { open: () => undefined, pause: () => undefined });
  inside.body.append(view.root);
  // Its links would open in it.
  inside.addEventListener("click", (event) => event.preventDefault());
  view.show(wall, standing, EVENING, NOW);
}

function sheet(id: string, text: string): HTMLStyleElement {
  const element = document.createElement("style");
  element.id = id;
  element.textContent = text;
  return element;
}

function hung(): Wall {
  return receivePage(wallOf(FEED.topic), page(WALL.slice(0, 5).map(reachable)));
}

/** The large one is being painted: the page's own fold of it, over the pictures that hang. */
function painting(): Wall {
  const state = studio.live.state;
  const job = state.generations.get("job-painting")?.generation.id ?? null;
  return { ...hung(), state, job, post: null };
}

function page(posts: readonly Post[]): Parameters<typeof receivePage>[1] {
  return { posts, generations: [], at: "0-0" };
}

/** The widget asks for /media/{sha256}/…: from there it is this way to a picture of the gallery. */
function reachable(post: Post): Post {
  const url = elsewhere.get(post.media.sha256) ?? "";
  return { ...post, media: { ...post.media, sha256: `..${url}?` } };
}
