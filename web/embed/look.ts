/** How a widget looks: what a host page may choose. It travels in the address, after the `#`, so no server sees it. */

export type Theme = "auto" | "light" | "dark";
export type Layout = "auto" | "wide" | "compact";

export interface Look {
  readonly theme: Theme;
  readonly layout: Layout;
  readonly dir: "ltr" | "rtl";
  /** Grows with what it shows, and says how tall that is; else it scrolls inside. */
  readonly grows: boolean;
  /** Pictures under the large one. */
  readonly posts: number;
  /** CSS values; "" leaves the widget's own. */
  readonly wall: string;
  readonly panel: string;
  readonly ink: string;
  readonly radius: string;
  readonly font: string;
}

export const MOST_POSTS = 24;
const USUAL_POSTS = { grows: 3, scrolls: 12 };

export const USUAL: Look = {
  theme: "auto",
  layout: "auto",
  dir: "ltr",
  grows: false,
  posts: USUAL_POSTS.scrolls,
  wall: "",
  panel: "",
  ink: "",
  radius: "",
  font: "",
};

/** What a host page may set, and the CSS property that says whether a value is one. */
export const VARIABLES = {
  wall: "color",
  panel: "color",
  ink: "color",
  radius: "border-radius",
  font: "font-family",
} as const;
export type Variable = keyof typeof VARIABLES;
export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly Variable[];
const LONGEST_VALUE = 200;

/** Read what stands after the `#`; what makes no sense is as if it were not there. */
export function lookOf(hash: string): Look {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const oneOf = <T extends string>(name: string, known: readonly T[], usual: T): T =>
    known.find((value) => value === given.get(name)) ?? usual;
  const grows = given.get("height") === "auto";
  const look = {
    theme: oneOf<Theme>("theme", ["auto", "light", "dark"], "auto"),
    layout: oneOf<Layout>("layout", ["auto", "wide", "compact"], "auto"),
    dir: oneOf("dir", ["ltr", "rtl"], "ltr"),
    grows,
    posts: postsOf(given.get("posts"), grows),
  };
  const values = VARIABLE_NAMES.map((name) => [name, (given.get(name) ?? "").slice(0, LONGEST_VALUE)]);
  return { ...look, ...(Object.fromEntries(values) as Record<Variable, string>) };
}

/** Write what differs from the usual, so that a pasted address stays short. */
export function hashOf(look: Look): string {
  const said = new URLSearchParams();
  for (const name of ["theme", "layout", "dir"] as const) {
    if (look[name] !== USUAL[name]) said.set(name, look[name]);
  }
  if (look.grows) said.set("height", "auto");
  if (look.posts !== postsOf(null, look.grows)) said.set("posts", String(look.posts));
  for (const name of VARIABLE_NAMES) if (look[name]) said.set(name, look[name]);
  return said.toString();
}

/** Return how many pictures stand under the large one. */
export function postsOf(asked: string | null, grows: boolean): number {
  const usual = grows ? USUAL_POSTS.grows : USUAL_POSTS.scrolls;
  if (asked === null || !/^\d{1,4}$/.test(asked)) return usual;
  return Math.min(MOST_POSTS, Math.max(1, Number(asked)));
}
