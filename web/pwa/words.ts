/** What a notification of the system says. The server sends what happened; the sentence is made where it is read. */

/** Source: docs/push.md. */
export interface Pushed {
  readonly id: string;
  readonly kind: string;
  /** Handle of whoever did it; "" for nobody. */
  readonly by: string;
  readonly people: number;
  readonly time: number;
  /** Where it leads: a path of ours. */
  readonly path: string;
  readonly text?: string;
  readonly title?: string;
  readonly state?: string;
  readonly image?: string;
}

export interface Shown {
  readonly title: string;
  readonly body: string;
}

const figures = new Intl.NumberFormat("en");
const rules = new Intl.PluralRules("en");

export function shown(pushed: Pushed): Shown {
  const { kind, by, text = "", title = "" } = pushed;
  switch (kind) {
    case "comment":
      return { title: `${by} commented on your picture`, body: text };
    case "reply":
      return { title: `${by} answered you`, body: text };
    case "mention":
      return { title: `${by} mentioned you`, body: text };
    case "reaction":
      return { title: reacted(by, pushed.people - 1), body: title };
    case "remix":
      return { title: `${by} remixed your picture`, body: title };
    case "follow":
      return { title: `${by} follows you`, body: "" };
    case "generation":
      return { title: ended(pushed.state), body: title };
    default:
      return { title: "Something new on livefeed", body: title };
  }
}

function reacted(by: string, others: number): string {
  if (others <= 0) return `${by} reacted to your picture`;
  const words: Partial<Record<Intl.LDMLPluralRule, string>> = {
    one: `${by} and one more person reacted to your picture`,
    other: `${by} and ${figures.format(others)} more people reacted to your picture`,
  };
  return words[rules.select(others)] ?? words.other!;
}

function ended(state: string | undefined): string {
  switch (state) {
    case "completed":
      return "Your picture is finished";
    case "refused":
      return "Your picture was not painted";
    default:
      return "Your picture could not be finished";
  }
}

/** Read what came; null for what is not ours. Only a path of our own is ever opened. */
export function pushedFrom(text: string): Pushed | null {
  try {
    const found = JSON.parse(text) as Partial<Pushed> | null;
    if (typeof found?.id !== "string" || typeof found.kind !== "string") return null;
    const path = typeof found.path === "string" && /^\/(?![/\\])/.test(found.path) ? found.path : "/";
    return { by: "", people: 1, time: 0, ...found, path } as Pushed;
  } catch {
    return null;
  }
}
