import { html, type TemplateResult } from "lit";
import "../components/bottom-bar";
import "../components/news-page";
import "../components/own-picture";
import "../components/post-view";
import "../components/search-page";
import "../components/settings-page";
import "../components/studio-mark";
import "../components/top-bar";
import "../pwa/push-switch";
import { studio } from "../components/studio";
import type { NewsDesk } from "../live/news";
import { Problem } from "../live/problem";
import type { Topic } from "../live/protocol";
import { EVENING, FEEDS, HERON, NEWS, newsPage, TREE_OF } from "./fixtures";
import type { Chapter, Specimen, State } from "./specimen";
import { standing, unknown } from "./stay";

const DARK = new Problem("unreachable", "The server cannot be reached.", 0);
const GONE = new Problem("not_found", "It is not here any more.", 404);

/** What stands at an address, and what leads there. */
export function places(): Chapter {
  return {
    name: "Places",
    specimens: [mark(), top(), bottom(), post(), search(), news(), own(), settings()],
  };
}

function mark(): Specimen {
  return {
    tag: "studio-mark",
    about: "Three rising dabs in the colours of the newest picture on the wall, and the word beside them.",
    properties: {},
    states: [{ name: "with a wall", shown: html`<studio-mark></studio-mark>` }],
  };
}

function top(): Specimen {
  const kept = (): (() => void) => {
    const { get } = studio.choices;
    studio.choices.get = (name) => (name === "tags" ? '["harbour","snow"]' : get.call(studio.choices, name));
    return () => (studio.choices.get = get);
  };
  return {
    tag: "top-bar",
    about: "Wordmark, the tabs of the feeds at hand, the connection, search, news, and you.",
    properties: { route: "What the page shows." },
    states: [
      { name: "all", wide: true, shown: html`<top-bar></top-bar>` },
      {
        name: "a tag, others kept",
        wide: true,
        meanwhile: kept,
        shown: html`<top-bar .route=${{ kind: "tag", tag: "foxes" }}></top-bar>`,
      },
      {
        name: "somebody's wall",
        wide: true,
        shown: html`<top-bar .route=${{ kind: "person", handle: HERON.handle }}></top-bar>`,
      },
      {
        name: "offline, on the news",
        wide: true,
        meanwhile: () => standing({ phase: "offline", lostAt: EVENING }),
        shown: html`<top-bar .route=${{ kind: "news" }}></top-bar>`,
      },
    ],
  };
}

function bottom(): Specimen {
  return {
    tag: "bottom-bar",
    about: "On a phone: feed, find, paint, news, you.",
    properties: { route: "What the page shows." },
    floats: true,
    states: [
      { name: "on the feed", wide: true, height: 110, shown: html`<bottom-bar></bottom-bar>` },
      {
        name: "on the news",
        wide: true,
        height: 110,
        shown: html`<bottom-bar .route=${{ kind: "news" }}></bottom-bar>`,
      },
    ],
  };
}

function post(): Specimen {
  const unreachable = (): (() => void) => {
    studio.conversation.problems.set("p-away", DARK);
    return () => studio.conversation.problems.delete("p-away");
  };
  return {
    tag: "post-view",
    about:
      "One picture at its largest on the well, its lineage under it, and everything said about it beside.",
    properties: { post: "The id of the post." },
    floats: true,
    states: [
      {
        name: "with lineage and talk",
        wide: true,
        height: 860,
        shown: html`<post-view .post=${TREE_OF}></post-view>`,
      },
      {
        name: "gone",
        wide: true,
        height: 420,
        meanwhile: () => undefined,
        shown: html`<post-view .post=${"p-gone"}></post-view>`,
      },
      {
        name: "out of reach",
        wide: true,
        height: 420,
        meanwhile: unreachable,
        shown: html`<post-view .post=${"p-away"}></post-view>`,
      },
    ],
  };
}

function onWall(topic: Topic): void {
  studio.feed = topic;
  studio.live.touch();
}

function search(): Specimen {
  return {
    tag: "search-page",
    about: "What was painted and who paints it, found as one types; before that, who paints and what about.",
    properties: { q: "What is searched for." },
    floats: true,
    states: [
      { name: "nothing typed yet", wide: true, height: 620, shown: html`<search-page></search-page>` },
      {
        name: "found",
        wide: true,
        height: 620,
        shown: html`<search-page .q=${"heron"}></search-page>`,
      },
      {
        name: "nothing found",
        wide: true,
        height: 620,
        meanwhile: () => onWall(FEEDS.empty),
        shown: html`<search-page .q=${"quince marmalade"}></search-page>`,
      },
    ],
  };
}

function news(): Specimen {
  const shown = html`<news-page></news-page>`;
  const told = (notifications: typeof NEWS): void =>
    studio.live.dispatch({ kind: "news-page", page: newsPage(notifications) });
  const states: State[] = [
    { name: "of every kind, three of them new", wide: true, shown },
    { name: "loading", wide: true, shown, meanwhile: () => unknown("news") },
    {
      name: "out of reach",
      wide: true,
      shown,
      meanwhile: () => {
        unknown("news");
        studio.news = {
          problem: DARK,
          show: () => () => undefined,
          seen: () => undefined,
        } as unknown as NewsDesk;
        return () => (studio.news = null);
      },
    },
    { name: "nothing yet", wide: true, shown, meanwhile: () => told([]) },
    {
      name: "read before the connection was lost",
      wide: true,
      shown,
      meanwhile: () => {
        told(NEWS.slice(-2));
        standing({ phase: "offline", lostAt: EVENING });
      },
    },
  ];
  return {
    tag: "news-page",
    about: "What concerns me, newest first; read when it has been seen.",
    properties: {},
    states,
  };
}

function own(): Specimen {
  const shown = (generation: string): TemplateResult =>
    html`<own-picture .generation=${generation}></own-picture>`;
  const missing = (problem: Problem | null) => (shown: HTMLElement) => Object.assign(shown, { problem });
  return {
    tag: "own-picture",
    about: "A picture that only I see: how it was made, and what can be done with it.",
    properties: { generation: "The job that it was." },
    states: [
      { name: "finished", wide: true, shown: shown("g-own") },
      { name: "waiting to be let in", wide: true, shown: shown("g-away"), act: missing(null) },
      { name: "out of reach", wide: true, shown: shown("g-away"), act: missing(DARK) },
      { name: "gone", wide: true, shown: shown("g-away"), act: missing(GONE) },
    ],
  };
}

function settings(): Specimen {
  return {
    tag: "settings-page",
    about: "What is chosen for this browser: name, light, motion, language, what is told and how.",
    properties: {},
    states: [
      {
        name: "all of it",
        wide: true,
        shown: html`<settings-page><push-switch slot="push"></push-switch></settings-page>`,
        act: (shown) => Object.assign(shown.querySelector("push-switch") as HTMLElement, { standing: "off" }),
      },
    ],
  };
}
