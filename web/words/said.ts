/** What the server says of one thing only, where its code stands for many. */

import type { Key } from "./catalogue";
import { sayIfKnown } from "./words";

/**
 * The sentences of the server that say more than their code, with the message of each. A test
 * compares them with the server's sources.
 */
export const SAID: readonly (readonly [pattern: RegExp, key: Key])[] = [
  [/^The name '(?<name>.+)' is taken; choose another\.$/, "said.name-taken"],
  [/^The name '(?<name>.+)' is kept for livefeed itself; choose another\.$/, "said.name-kept"],
  [
    /^A name has 2 to 30 letters \(a to z\), digits and hyphens, and starts with no hyphen\.$/,
    "said.name-letters",
  ],
  [/^The .+ is too long: at most (?<count>\d+) characters\.$/, "said.too-long"],
  [/^This picture does not exist, or it was deleted\.$/, "said.no-picture"],
  [/^The picture to remix does not exist, or it was deleted\.$/, "said.no-parent"],
  [/^This comment does not exist, or it was deleted\.$/, "said.no-comment"],
  [/^This comment was deleted\.$/, "said.no-comment"],
  [/^The comment to reply to is not on this picture\.$/, "said.no-comment"],
  [/^There is no such user\.$/, "said.no-user"],
  [/^The picture is damaged or cut off; send the whole file\.$/, "said.damaged"],
  [/^A picture has at most (?<count>[\d.]+) MB\.$/, "said.too-many-bytes"],
];

/** Return the message for a sentence of the server, null for one that is not known. */
export function recognised(said: string): string | null {
  for (const [pattern, key] of SAID) {
    const found = pattern.exec(said);
    if (!found) continue;
    const { name = "", count } = found.groups ?? {};
    return sayIfKnown(key, count === undefined ? { name } : { count: Number(count) });
  }
  return null;
}
