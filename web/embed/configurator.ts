/** `/embed`: choose a feed and a look, see it live, copy the code. */

import { begin } from "../words/reader";
import { onSpeech, say } from "../words/words";
import { carryOver, choice, colour, field } from "./choices";
import { elementCode, frameCode, type Choice } from "./code";
import { element } from "./element";
import { lookOf, MOST_POSTS, postsOf, type Layout, type Theme } from "./look";

const SETTLE_MS = 350;
const USUAL_HEIGHT = 560;

type Kind = "all" | "tag" | "user";

const code = element("textarea", "code");
const stage = element("div", "stage");
const copy = element("button", "copy");
const said = element("p", "said");
const wrong = element("p", "wrong");
let form = element("form", "choices");
let shown = "";
let settling: ReturnType<typeof setTimeout> | undefined;

function asked(name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** Return what was chosen, or what is still missing. */
function chosen(): Choice | string {
  const kind = asked("kind") as Kind;
  const name = asked("name").replace(/^[#@]/, "");
  if (kind !== "all" && !name) return say(kind === "tag" ? "embed.need-tag" : "embed.need-handle");
  if (/[\s/]/.test(name)) return say("embed.no-space");
  const grows = asked("height") === "auto";
  const own = (variable: string): string => (asked(`own-${variable}`) ? asked(variable) : "");
  const look = lookOf("");
  const tag = name.normalize("NFC").toLowerCase();
  const feeds: Record<Kind, Pick<Choice, "feed" | "name" | "page">> = {
    all: { feed: "all", name: "livefeed", page: "/" },
    tag: { feed: `tag:${tag}`, name: `#${tag}`, page: `/tag/${encodeURIComponent(tag)}` },
    user: { feed: `user:${name}`, name: `@${name}`, page: `/@${encodeURIComponent(name)}` },
  };
  return {
    origin: location.origin,
    ...feeds[kind],
    height: Math.min(2000, Math.max(160, Number(asked("pixels")) || USUAL_HEIGHT)),
    look: {
      ...look,
      theme: asked("theme") as Theme,
      layout: asked("layout") as Layout,
      grows,
      posts: postsOf(asked("posts") || null, grows),
      wall: own("wall"),
      panel: own("panel"),
      ink: own("ink"),
      radius: asked("radius") === "" || asked("radius") === "14" ? "" : `${Number(asked("radius")) || 0}px`,
      font: asked("font"),
    },
  };
}

function show(): void {
  const now = chosen();
  form.dataset["kind"] = asked("kind");
  form.dataset["height"] = asked("height");
  // A frame is not told how the page around it looks: it does as its reader's system.
  reworded("theme", "auto", say(asked("code") === "frame" ? "embed.light-reader" : "embed.light-auto"));
  reworded("name", null, say(asked("kind") === "user" ? "embed.handle" : "embed.name"));
  wrong.textContent = typeof now === "string" ? now : "";
  copy.disabled = typeof now === "string";
  if (typeof now === "string") return;
  const written = asked("code") === "frame" ? frameCode(now) : elementCode(now);
  code.value = written;
  code.rows = written.split("\n").length + 1;
  stage.dataset["width"] = asked("width");
  stage.dataset["page"] = now.look.theme === "auto" ? asked("page") : now.look.theme;
  if (written === shown) return;
  shown = written;
  preview(now, asked("code") === "frame");
}

/** Say something else beside an input. value: of which choice, where it is one. */
function reworded(name: string, value: string | null, words: string): void {
  const input = form.querySelector(`input[name="${name}"]${value === null ? "" : `[value="${value}"]`}`);
  const label = input?.parentElement?.querySelector("span");
  if (label) label.textContent = words;
}

/** The preview is what is pasted: the same element, or the same frame. */
function preview(now: Choice, plain: boolean): void {
  const parsed = new DOMParser().parseFromString(plain ? frameCode(now) : elementCode(now), "text/html");
  const widget = parsed.querySelector(plain ? "iframe" : "live-feed");
  if (widget) stage.replaceChildren(document.importNode(widget, true));
}

async function copied(): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.value);
    said.textContent = say("embed.copied");
  } catch {
    code.select();
    said.textContent = say("embed.selected");
  }
}

/** What the code says: the feed, and how it looks. */
function choices(): HTMLElement[] {
  const lights = { auto: say("embed.light-auto"), light: say("embed.day"), dark: say("embed.night") };
  const layouts = {
    auto: say("embed.layout-auto"),
    wide: say("embed.layout-wide"),
    compact: say("embed.layout-compact"),
  };
  const kinds = { all: say("embed.which-all"), tag: say("embed.which-tag"), user: say("embed.which-user") };
  const heights = { fixed: say("embed.height-fixed"), auto: say("embed.height-auto") };
  const pixels = field("pixels", say("embed.pixels"), { type: "number", defaultValue: String(USUAL_HEIGHT) });
  const posts = field("posts", say("embed.under"), {
    type: "number",
    max: String(MOST_POSTS),
    placeholder: say("embed.usual"),
  });
  const colours = [
    colour("panel", say("embed.panel"), say("embed.panel-colour"), "#f8f9f8"),
    colour("ink", say("embed.ink"), say("embed.ink-colour"), "#171917"),
    colour("wall", say("embed.canvas"), say("embed.canvas-colour"), "#f6f7f4"),
  ];
  return [
    choice<Kind>("kind", say("embed.which"), kinds, "all"),
    field("name", say("embed.name")),
    wrong,
    choice<Theme>("theme", say("embed.light"), lights, "auto"),
    choice<Layout>("layout", say("embed.layout"), layouts, "auto"),
    choice("height", say("embed.height"), heights, "fixed"),
    element("div", "pair", pixels, posts),
    element(
      "fieldset",
      "own",
      element("legend", "", say("embed.colours")),
      element("div", "colours", ...colours),
    ),
    element(
      "div",
      "pair",
      field("radius", say("embed.corners"), { type: "number", defaultValue: "14" }),
      field("font", say("embed.font"), { placeholder: say("embed.font-usual") }),
    ),
  ];
}

/** How it is shown here, and as what it is copied. They stand beside the form, and belong to it. */
function views(): HTMLElement[] {
  const sets = [
    choice(
      "width",
      say("embed.shown"),
      { wide: say("embed.shown-wide"), narrow: say("embed.shown-narrow") },
      "wide",
    ),
    choice("page", say("embed.page"), { light: say("embed.day"), dark: say("embed.night") }, "light"),
    choice("code", say("embed.as"), { element: say("embed.element"), frame: say("embed.frame") }, "element"),
  ];
  for (const input of sets.flatMap((set) => [...set.querySelectorAll("input")]))
    input.setAttribute("form", "choices");
  return sets;
}

/** Draw the page in the language that is spoken; what was chosen stays chosen. */
function draw(): void {
  document.title = `${say("embed.heading")} · livefeed`;
  copy.textContent = say("embed.copy");
  code.ariaLabel = say("embed.code");
  said.textContent = "";
  const before = form;
  const was = document.body.querySelector("main");
  form = element("form", "choices", ...choices());
  form.id = "choices";
  form.addEventListener("submit", (event) => event.preventDefault());
  const home = element("a", "home", element("em", "", "livefeed"));
  home.href = "/";
  const main = element(
    "main",
    "",
    element(
      "header",
      "",
      home,
      element("h1", "", say("embed.heading")),
      element("p", "about", say("embed.about")),
    ),
    form,
    element(
      "section",
      "result",
      element("div", "bar", ...views()),
      stage,
      element("div", "paste", code, element("div", "act", copy, said)),
    ),
  );
  main.addEventListener("input", () => {
    said.textContent = "";
    clearTimeout(settling);
    settling = setTimeout(show, SETTLE_MS);
  });
  const chosenBefore = was ? new FormData(before) : null;
  document.body.replaceChildren(main);
  if (chosenBefore) carryOver(chosenBefore, form);
  show();
}

code.readOnly = true;
code.spellcheck = false;
code.dir = "ltr";
said.setAttribute("role", "status");
wrong.setAttribute("role", "status");
copy.type = "button";
copy.addEventListener("click", () => void copied());
onSpeech(draw);
await begin("embed");
const script = element("script");
script.type = "module";
script.src = "/embed.js";
document.head.append(script);
