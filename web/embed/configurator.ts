/** `/embed`: choose a feed and a look, see it live, copy the code. */

import { elementCode, frameCode, type Choice } from "./code";
import { element, type Child } from "./element";
import { lookOf, MOST_POSTS, postsOf, type Layout, type Theme } from "./look";

const SETTLE_MS = 350;
const USUAL_HEIGHT = 560;

type Kind = "all" | "tag" | "user";

const form = element("form", "choices");
const code = element("textarea", "code");
const stage = element("div", "stage");
const copy = element("button", "copy", "Copy the code");
const said = element("p", "said");
const wrong = element("p", "wrong");

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** Buttons of which one is pressed: radio inputs, so that arrow keys work as everybody knows them. */
function choice<T extends string>(
  name: string,
  label: string,
  options: readonly Option<T>[],
  usual: T,
): HTMLElement {
  const items = options.map(({ value, label: words }) => {
    const input = element("input");
    input.type = "radio";
    input.name = name;
    input.value = value;
    input.defaultChecked = value === usual;
    return element("label", "chip", input, element("span", "", words));
  });
  return element("fieldset", "", element("legend", "", label), element("div", "chips", ...items));
}

function field(name: string, label: string, type: string, value: string, ...more: Child[]): HTMLLabelElement {
  const input = element("input", "text");
  input.name = name;
  input.type = type;
  input.defaultValue = value;
  input.autocomplete = "off";
  input.spellcheck = false;
  return element("label", `field ${name}`, element("span", "", label), input, ...more);
}

/** A colour that may be left to the widget: the box says whether it is ours. */
function colour(name: string, label: string, usual: string): HTMLLabelElement {
  const own = element("input");
  own.type = "checkbox";
  own.name = `own-${name}`;
  const picker = element("input");
  picker.type = "color";
  picker.name = name;
  picker.defaultValue = usual;
  picker.ariaLabel = `${label} colour`;
  picker.addEventListener("input", () => (own.checked = true));
  return element("label", "colour", own, element("span", "", label), picker);
}

function asked(name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** Return what was chosen, or what is still missing. */
function chosen(): Choice | string {
  const kind = asked("kind") as Kind;
  const name = asked("name").replace(/^[#@]/, "");
  if (kind !== "all" && !name)
    return kind === "tag" ? "Write a tag, such as foxes." : "Write somebody's handle.";
  if (/[\s/]/.test(name)) return "There is no space in it, and no slash.";
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

let shown = "";

function show(): void {
  const now = chosen();
  form.dataset["kind"] = asked("kind");
  form.dataset["height"] = asked("height");
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

/** The preview is what is pasted: the same element, or the same frame. */
function preview(now: Choice, plain: boolean): void {
  const parsed = new DOMParser().parseFromString(plain ? frameCode(now) : elementCode(now), "text/html");
  const widget = parsed.querySelector(plain ? "iframe" : "live-feed");
  if (widget) stage.replaceChildren(document.importNode(widget, true));
}

async function copied(): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.value);
    said.textContent = "Copied. Paste it where the wall should hang.";
  } catch {
    code.select();
    said.textContent = "It is selected; copy it with your keyboard.";
  }
}

let settling: ReturnType<typeof setTimeout> | undefined;
form.addEventListener("input", () => {
  said.textContent = "";
  clearTimeout(settling);
  settling = setTimeout(show, SETTLE_MS);
});
form.addEventListener("submit", (event) => event.preventDefault());
copy.type = "button";
copy.addEventListener("click", () => void copied());
code.readOnly = true;
code.spellcheck = false;
code.ariaLabel = "The code to paste";
said.setAttribute("role", "status");
wrong.setAttribute("role", "status");

const font = field("font", "Font", "text", "");
font.querySelector("input")?.setAttribute("placeholder", "the reader's own");
const posts = field("posts", "Pictures under it", "number", "");
posts.querySelector("input")?.setAttribute("max", String(MOST_POSTS));
posts.querySelector("input")?.setAttribute("placeholder", "as usual");

form.append(
  choice<Kind>(
    "kind",
    "Which wall",
    [
      { value: "all", label: "Everything" },
      { value: "tag", label: "A tag" },
      { value: "user", label: "A person" },
    ],
    "all",
  ),
  field("name", "Its name", "text", ""),
  wrong,
  choice<Theme>(
    "theme",
    "Light",
    [
      { value: "auto", label: "As the page" },
      { value: "light", label: "Day" },
      { value: "dark", label: "Night" },
    ],
    "auto",
  ),
  choice<Layout>(
    "layout",
    "Layout",
    [
      { value: "auto", label: "As it fits" },
      { value: "wide", label: "Wall" },
      { value: "compact", label: "Rows" },
    ],
    "auto",
  ),
  choice(
    "height",
    "Height",
    [
      { value: "fixed", label: "Fixed, scrolls inside" },
      { value: "auto", label: "As tall as it is" },
    ],
    "fixed",
  ),
  element("div", "pair", field("pixels", "Pixels", "number", String(USUAL_HEIGHT)), posts),
  element(
    "fieldset",
    "own",
    element("legend", "", "Your colours"),
    element(
      "div",
      "colours",
      colour("panel", "Panel", "#f8f9f8"),
      colour("ink", "Ink", "#171917"),
      colour("wall", "Canvas", "#f6f7f4"),
    ),
  ),
  element("div", "pair", field("radius", "Corners, pixels", "number", "14"), font),
);

const about = element(
  "p",
  "about",
  "Paste a few lines, and pictures are painted on your page while people read. No cookies, nobody else's servers.",
);
const view = choice(
  "width",
  "Shown",
  [
    { value: "wide", label: "Wide" },
    { value: "narrow", label: "In a column" },
  ],
  "wide",
);
const page = choice(
  "page",
  "On a page by",
  [
    { value: "light", label: "Day" },
    { value: "dark", label: "Night" },
  ],
  "light",
);
const kind = choice(
  "code",
  "As",
  [
    { value: "element", label: "Element" },
    { value: "frame", label: "Plain frame" },
  ],
  "element",
);
for (const set of [view, page, kind])
  for (const input of set.querySelectorAll("input")) input.setAttribute("form", "choices");
form.id = "choices";
const home = element("a", "home", element("em", "", "livefeed"));
home.href = "/";
document.body.append(
  element(
    "main",
    "",
    element("header", "", home, element("h1", "", "A live wall for your page"), about),
    form,
    element(
      "section",
      "result",
      element("div", "bar", view, page, kind),
      stage,
      element("div", "paste", code, element("div", "act", copy, said)),
    ),
  ),
);
for (const set of [view, page, kind]) set.addEventListener("input", show);
show();
const script = element("script");
script.type = "module";
script.src = "/embed.js";
document.head.append(script);
