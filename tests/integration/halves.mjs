// node halves.mjs YJS SEED WORLDS: people with stock Yjs type, delete and replace characters of two UTF-16 units, at
// times by halves. One line of JSON for each world: the updates in the order they were made, and what Yjs shows of them.
import { createRequire } from "node:module";

const Y = createRequire(import.meta.url)(process.argv[2]);
let state = Number(process.argv[3]);
const WORDS = ["a", "bc", "😀", "x😀", "😀😁y", "👩‍🎨", "\ud83d", "\ude01", "é"];

/** A whole number from 0 to n - 1. */
function chance(n) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}

function world(byHalves) {
  const made = [];
  const docs = [0, 1, 2].map(() => {
    const doc = new Y.Doc();
    doc.clientID = 1 + chance(2 ** 31);
    doc.on("update", (update, origin) => origin !== "heard" && made.push(update));
    return doc;
  });
  for (let step = 0; step < 40; step += 1) {
    const text = docs[chance(3)].getText("prompt");
    const shown = text.toString();
    let at = chance(shown.length + 1);
    if (!byHalves && /^[\udc00-\udfff]/.test(shown.slice(at))) at += 1;
    let count = Math.min(chance(4), shown.length - at);
    if (!byHalves && /^[\udc00-\udfff]/.test(shown.slice(at + count))) count += 1;
    const word = WORDS[byHalves ? chance(WORDS.length) : chance(6)];
    const delta = [{ retain: at }, { delete: count }, { insert: word }].filter(
      (one) => one.insert || one.retain > 0 || one.delete > 0,
    );
    if (chance(3) > 0) text.applyDelta(chance(2) ? delta : delta.filter((one) => !one.insert));
    else text.insert(at, word);
    const listener = docs[chance(3)];
    if (chance(2)) made.slice(0, chance(made.length + 1)).forEach((one) => Y.applyUpdate(listener, one, "heard"));
  }
  const whole = new Y.Doc();
  made.forEach((one) => Y.applyUpdate(whole, one));
  return { updates: made.map((one) => Buffer.from(one).toString("hex")), prompt: whole.getText("prompt").toString() };
}

for (let number = 0; number < Number(process.argv[4]); number += 1) console.log(JSON.stringify(world(number % 2 === 1)));
