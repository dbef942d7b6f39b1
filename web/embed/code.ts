import { hashOf, postsOf, USUAL, type Look } from "./look";

const USUAL_HEIGHT = 560;

/** What a page's author is given to paste. */
export interface Choice {
  readonly origin: string;
  /** "all", "tag:foxes", "user:slow-heron". */
  readonly feed: string;
  readonly name: string;
  /** Address of the feed's own page. */
  readonly page: string;
  readonly look: Look;
  readonly height: number;
}

/** The element, with what is shown where scripts or frames are not allowed. */
export function elementCode(choice: Choice): string {
  const { origin, look } = choice;
  const attributes = [
    `src="${escaped(addressOf(choice))}"`,
    look.theme === "auto" ? "" : `theme="${look.theme}"`,
    look.layout === "auto" ? "" : `layout="${look.layout}"`,
    look.grows ? 'height="auto"' : `height="${choice.height}"`,
    look.posts === postsOf(null, look.grows) ? "" : `posts="${look.posts}"`,
    styleOf(look),
  ].filter(Boolean);
  return [
    `<script type="module" src="${escaped(origin)}/embed.js"></script>`,
    `<live-feed ${attributes.join(" ")}>`,
    `  <blockquote><a href="${escaped(origin + choice.page)}">${escaped(choice.feed === "all" ? "Pictures" : choice.name)}, live on livefeed</a></blockquote>`,
    "</live-feed>",
  ].join("\n");
}

/**
 * What a share sheet gives to paste: a feed as it usually looks. It is small, and may be fetched when it is asked for.
 *
 * feed: "all", "tag:foxes", "user:slow-heron" or "user:" and an id. handle: of a person who is named by id.
 */
export function embedCode(feed: string, handle?: string, origin: string = location.origin): string {
  const [kind, name = ""] = feed.split(/:(.*)/s);
  const named = kind === "tag" ? `#${name}` : kind === "user" ? `@${handle ?? name}` : "livefeed";
  const page =
    kind === "tag"
      ? `/tag/${encodeURIComponent(name)}`
      : kind === "user"
        ? `/@${encodeURIComponent(handle ?? name)}`
        : "/";
  return elementCode({ origin, feed, name: named, page, look: USUAL, height: USUAL_HEIGHT });
}

/** A plain frame, for pages that allow no scripts. Its height is fixed. */
export function frameCode(choice: Choice): string {
  const hash = hashOf({ ...choice.look, grows: false, posts: postsOf(null, false) });
  const address = addressOf(choice) + (hash ? `#${hash}` : "");
  const radius = choice.look.radius || "14px";
  return [
    `<iframe src="${escaped(address)}"`,
    `  sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" loading="lazy"`,
    `  title="${escaped(choice.name)}, live pictures" width="100%" height="${choice.height}"`,
    `  style="border:0;border-radius:${escaped(radius)}"></iframe>`,
  ].join("\n");
}

export function addressOf({ origin, feed }: Pick<Choice, "origin" | "feed">): string {
  return `${origin}/embed/${feed.split(":").map(encodeURIComponent).join(":")}`;
}

function styleOf(look: Look): string {
  const said = (["wall", "panel", "ink", "radius", "font"] as const)
    .filter((name) => look[name])
    .map((name) => `--livefeed-${name}: ${look[name]}`);
  return said.length ? `style="${escaped(said.join("; "))}"` : "";
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
