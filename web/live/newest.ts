import type { LatestValue, ServerFrame, Topic } from "./protocol";

/**
 * Return the frames without the values that a later one of them replaces. Frames that only move a topic's position are
 * one with the topic's last events.
 */
export function newestOf<F extends ServerFrame>(frames: readonly F[]): readonly F[] {
  const replaced = new Set<string>();
  const isNewest = (topic: string, { key }: LatestValue): boolean => {
    const name = `${topic} ${key}`;
    return !replaced.has(name) && Boolean(replaced.add(name));
  };
  const kept: F[] = [];
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames[index]!;
    if (frame.op !== "latest") {
      kept.push(frame);
      continue;
    }
    const values = frame.values.filter((value) => isNewest(frame.topic, value));
    if (values.length) kept.push(values.length < frame.values.length ? { ...frame, values } : frame);
  }
  return joined(kept.reverse());
}

/** A position is told before the values that it stands for: it may move earlier, never past another kind of frame. */
function joined<F extends ServerFrame>(frames: readonly F[]): readonly F[] {
  const all: F[] = [];
  const events = new Map<Topic, number>();
  for (const frame of frames) {
    if (frame.op !== "events") {
      if (frame.op !== "latest") events.clear();
      all.push(frame);
      continue;
    }
    const at = events.get(frame.topic);
    const before = at === undefined ? undefined : all[at];
    if (before?.op === "events" && before.to === frame.from && !frame.events.length)
      all[at!] = { ...before, to: frame.to };
    else events.set(frame.topic, all.push(frame) - 1);
  }
  return all;
}
