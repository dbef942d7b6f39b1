import type { Message } from "../catalogue";

const LETTERS: Readonly<Record<string, string>> = {
  ...{
    a: "á",
    c: "ç",
    e: "é",
    g: "ĝ",
    h: "ĥ",
    i: "í",
    j: "ĵ",
    l: "ļ",
    n: "ñ",
    o: "ö",
    r: "ŕ",
    s: "š",
    t: "ţ",
  },
  ...{
    u: "ü",
    w: "ŵ",
    y: "ý",
    z: "ž",
    A: "Å",
    C: "Ç",
    E: "É",
    I: "Î",
    L: "Ļ",
    N: "Ñ",
    O: "Ö",
    P: "Þ",
    S: "Š",
  },
};

/** Put every message between ⟦ and ⟧, in strange letters and a third longer: what has no marks is not translated. */
export function marked(section: Readonly<Record<string, Message>>): Record<string, Message> {
  return Object.fromEntries(Object.entries(section).map(([key, message]) => [key, mark(message)]));
}

function mark(message: Message): Message {
  if (typeof message !== "string")
    return Object.fromEntries(Object.entries(message).map(([form, text]) => [form, mark(text) as string]));
  const strange = message.replace(/\{\w+\}|\w/g, (found) => LETTERS[found] ?? found);
  return `⟦${strange}${"~".repeat(Math.ceil(message.length / 3))}⟧`;
}
