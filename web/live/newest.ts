import type { LatestValue, TopicFrame } from "./protocol";

/** Return the frames without the values that a later one of them replaces. */
export function newestOf(frames: readonly TopicFrame[]): readonly TopicFrame[] {
  const replaced = new Set<string>();
  const isNewest = (topic: string, { key }: LatestValue): boolean => {
    const name = `${topic} ${key}`;
    return !replaced.has(name) && Boolean(replaced.add(name));
  };
  const kept: TopicFrame[] = [];
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames[index]!;
    if (frame.op !== "latest") {
      kept.push(frame);
      continue;
    }
    const values = frame.values.filter((value) => isNewest(frame.topic, value));
    if (values.length) kept.push(values.length < frame.values.length ? { ...frame, values } : frame);
  }
  return kept.reverse();
}
