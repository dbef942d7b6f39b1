/**
 * What the page asks first is asked before its program runs: the server names it in the head (`<link rel="preload"
 * as="fetch">`), so that it travels beside the program. Here it is taken up; each answer is for one.
 */

/** Who does not come for an answer by then asks anew: it would tell of what was long ago. */
const KEPT_MS = 10_000;

const answers = new Map<string, Promise<Response>>();

/** Take up what the head names. */
export function askAhead(): void {
  for (const link of document.querySelectorAll('link[rel="preload"][as="fetch"]')) {
    const path = link.getAttribute("href");
    if (path === null) continue;
    // As the browser has asked for it, or it would ask again.
    const answer = fetch(path, { credentials: "same-origin" });
    // That it failed is for those to say who come for it.
    answer.catch(() => undefined);
    answers.set(path, answer);
  }
  setTimeout(() => answers.clear(), KEPT_MS);
}

/** Return the answer that is on its way to this path, for one who asks; all else is asked for now. */
export const ahead: typeof fetch = (input, init) => {
  const answer = init?.method === "GET" && typeof input === "string" ? answers.get(input) : undefined;
  if (!answer) return fetch(input, init);
  answers.delete(input as string);
  return answer;
};
