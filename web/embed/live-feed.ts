/**
 * `embed.js`: the `<live-feed>` element for any page.
 *
 * It makes a sandboxed frame per widget and one stream for all of them. What the element has inside (a quotation with
 * a link) is shown where no frame can be.
 */

import { hashOf, postsOf, USUAL, VARIABLE_NAMES, type Layout, type Look, type Theme } from "./look";
import { heardFromWidget, sealed, type ToWidget } from "./messages";
import { Share, type Member } from "./share";
import { FED } from "./surroundings";

const SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
const USUAL_HEIGHT = 560;
const LOWEST = 80;
const HIGHEST = 4_000;
/** A page of ours says so before it has loaded; what has loaded and said nothing is an error page. */
const GRACE_MS = 1_500;

/** What the frame is called, in languages other than English. */
const TITLES: Readonly<Record<string, string>> = {
  fr: "Images en direct",
  it: "Immagini dal vivo",
  de: "Bilder, live",
  es: "Imágenes en directo",
  ar: "صور مباشرة",
};

const shares = new Map<string, Share>();

function shareOf(origin: string): Share {
  const known = shares.get(origin);
  if (known) return known;
  const share = new Share(origin);
  shares.set(origin, share);
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.effectiveDirective === "connect-src" && event.blockedURI.startsWith(origin)) share.bar();
  });
  return share;
}

export class LiveFeed extends HTMLElement {
  static observedAttributes = ["src", "lang", "theme", "layout", "posts", "height", "title"];

  #frame: HTMLIFrameElement | null = null;
  #share: Share | null = null;
  #member: Member | null = null;
  #hash = "";
  #grace: ReturnType<typeof setTimeout> | undefined;
  /** Null while it stands nowhere; an element that is upgraded hears of its attributes before it does. */
  #stop: AbortController | null = null;
  readonly #shadow = this.attachShadow({ mode: "open" });
  readonly #slot = document.createElement("slot");

  connectedCallback(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    addEventListener("message", (event) => this.#hear(event), { signal });
    const again = (): void => this.#dress();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again, { signal });
    const page = new MutationObserver(again);
    // A page's own switch between day and night is an attribute of these two, nearly always.
    const attributeFilter = ["class", "style", "dir", "data-theme", "data-color-scheme", "data-mode"];
    for (const node of [document.documentElement, document.body, this]) {
      page.observe(node, { attributes: true, attributeFilter });
    }
    signal.addEventListener("abort", () => page.disconnect());
    this.#build();
  }

  disconnectedCallback(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#leave();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.#stop || before === now) return;
    if (name === "src" || name === "lang") this.#build();
    else this.#dress();
  }

  #build(): void {
    this.#leave();
    const address = this.#address();
    this.#shadow.replaceChildren(this.#slot);
    if (!address) return;
    const frame = document.createElement("iframe");
    this.#frame = frame;
    this.#share = shareOf(address.origin);
    // Properties of a style, not text of one: a page's policy against inline styles has nothing to say.
    this.style.display ||= "block";
    Object.assign(frame.style, { display: "block", width: "100%", border: "0" });
    frame.setAttribute("sandbox", SANDBOX);
    // Lazy where it is out of sight. In sight that would only cost time.
    frame.loading = this.getBoundingClientRect().top < innerHeight ? "eager" : "lazy";
    frame.referrerPolicy = "no-referrer";
    this.#hash = this.#look();
    this.#size(frame);
    const lang = this.#lang();
    const asked = lang ? `?lang=${encodeURIComponent(lang)}` : "";
    frame.src = `${address.origin}${address.pathname}${asked || address.search}#${this.#hash}`;
    frame.addEventListener("load", () => {
      clearTimeout(this.#grace);
      if (!this.#member) this.#grace = setTimeout(() => this.#fall(), GRACE_MS);
    });
    this.#slot.hidden = true;
    this.#shadow.replaceChildren(frame, this.#slot);
  }

  /** Show what the element has inside: the widget cannot be had. */
  #fall(): void {
    if (this.#member || !this.#frame) return;
    this.#frame.style.display = "none";
    this.#slot.hidden = false;
  }

  #leave(): void {
    clearTimeout(this.#grace);
    if (this.#member) this.#share?.leave(this.#member);
    this.#member = null;
    this.#frame?.remove();
    this.#frame = null;
  }

  #hear(event: MessageEvent): void {
    const frame = this.#frame;
    // Whoever else knows our words is not our frame.
    if (!frame?.contentWindow || event.source !== frame.contentWindow) return;
    const message = heardFromWidget(event.data);
    switch (message?.op) {
      case "ready":
        return this.#greet(frame);
      case "follow":
        if (this.#member) this.#share?.follow(this.#member, message.topics);
        return;
      case "height":
        if (this.getAttribute("height") === "auto") {
          frame.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(message.height)))}px`;
        }
    }
  }

  #greet(frame: HTMLIFrameElement): void {
    clearTimeout(this.#grace);
    if (this.#member) this.#share?.leave(this.#member);
    const { contentWindow } = frame;
    const member: Member = (message: ToWidget) => contentWindow?.postMessage(sealed(message), "*");
    this.#member = member;
    frame.style.display = "block";
    this.#slot.hidden = true;
    this.#share?.join(member);
    member({ op: "look", hash: this.#hash });
  }

  #dress(): void {
    if (!this.#frame) return;
    const hash = this.#look();
    this.#size(this.#frame);
    if (hash === this.#hash) return;
    this.#hash = hash;
    this.#member?.({ op: "look", hash });
  }

  #size(frame: HTMLIFrameElement): void {
    const height = this.getAttribute("height") ?? "";
    const fixed = /^\d{2,4}$/.test(height) ? Number(height) : USUAL_HEIGHT;
    if (height !== "auto" || !frame.style.height) frame.style.height = `${fixed}px`;
    frame.style.colorScheme = this.#theme();
    frame.style.borderRadius = this.#variable("radius") || "14px";
    const [lang = ""] = (this.#lang() ?? navigator.language).split("-");
    frame.title = this.getAttribute("title") ?? TITLES[lang] ?? "Live pictures";
  }

  #look(): string {
    const grows = this.getAttribute("height") === "auto";
    const layout = this.getAttribute("layout");
    const values = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, this.#variable(name)]));
    const look: Look = {
      ...USUAL,
      ...(values as Pick<Look, (typeof VARIABLE_NAMES)[number]>),
      theme: this.#theme(),
      layout: layout === "wide" || layout === "compact" ? (layout satisfies Layout) : "auto",
      dir: getComputedStyle(this).direction === "rtl" ? "rtl" : "ltr",
      grows,
      posts: postsOf(this.getAttribute("posts"), grows),
    };
    return `${FED}&${hashOf(look)}`;
  }

  /** The language of the page where the widget stands, if it says one. */
  #lang(): string | undefined {
    return this.closest<HTMLElement>("[lang]")?.lang;
  }

  /** The attribute, else what the page's own `color-scheme` comes to where the widget stands. */
  #theme(): Exclude<Theme, "auto"> {
    const asked = this.getAttribute("theme");
    if (asked === "light" || asked === "dark") return asked;
    const schemes = getComputedStyle(this).colorScheme;
    if (!/\bdark\b/.test(schemes)) return "light";
    if (!/\blight\b/.test(schemes)) return "dark";
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  #variable(name: string): string {
    return getComputedStyle(this).getPropertyValue(`--livefeed-${name}`).trim();
  }

  #address(): URL | null {
    try {
      const address = new URL(this.getAttribute("src") ?? "", document.baseURI);
      const web = address.protocol === "https:" || address.protocol === "http:";
      return web && address.pathname.includes("/embed/") ? address : null;
    } catch {
      return null;
    }
  }
}

if (!customElements.get("live-feed")) customElements.define("live-feed", LiveFeed);
