import { describe, expect, test } from "vitest";
import { fold } from "../live/fold";
import type { TopicFrame } from "../live/protocol";
import { EMPTY, type Job, type State } from "../live/state";
import { jobWords } from "../live/job-words";
import { events, generation, latest, post } from "./made";

const TOPIC = "generation:g";
const start = fold(EMPTY, { kind: "generation", generation: generation("g"), easel: "feed:all" });

function play(state: State, ...frames: TopicFrame[]): State {
  return frames.reduce((next, frame) => fold(next, { kind: "frame", frame, now: 0 }), state);
}

function job(state: State): Job {
  return state.generations.get("g")!;
}

const queued = events(TOPIC, ["1-1", "generation.queued", {}]);
const started = events(TOPIC, ["2-1", "generation.started", {}]);
const media = { sha256: "done", width: 768, height: 768, thumbhash: "", palette: ["#aabbcc"] };
const completed = events(TOPIC, ["9-1", "generation.completed", { media, post: post("g") }]);
const place = latest(TOPIC, "1-5", "generation.place", { place: 3, eta_s: 40 });
const step = (n: number): TopicFrame =>
  latest(TOPIC, `3-${n}`, "generation.progress", { step: n, steps: 10, eta_s: 10 - n });
const preview = (n: number): TopicFrame =>
  latest(TOPIC, `4-${n}`, "generation.preview", {
    step: n,
    width: 256,
    height: 256,
    palette: ["#010203"],
    image: new Uint8Array([n]),
  });

test("a job goes from the line through its steps to dry", () => {
  expect(job(play(start, queued, place))).toMatchObject({ stage: "queued", place: 3, etaS: 40 });
  expect(job(play(start, queued, place, started))).toMatchObject({ stage: "starting", place: null });
  expect(job(play(start, queued, started, step(6), preview(6)))).toMatchObject({
    stage: "painting",
    step: 6,
    preview: { step: 6 },
  });
  const done = play(start, queued, started, step(6), completed);
  expect(job(done)).toMatchObject({ stage: "finishing", step: 10, sha256: "done", posted: true });
  expect(job(fold(done, { kind: "settle", generation: "g" })).stage).toBe("posted");
});

test("an older step does not take a newer one back", () => {
  expect(job(play(start, started, step(6), step(5))).step).toBe(6);
});

test("events replayed after a reconnect change nothing", () => {
  const painting = play(start, queued, started, step(6));
  expect(job(play(painting, queued, started))).toEqual(job(painting));
});

test("nothing moves a picture that is done", () => {
  const done = play(start, started, completed);
  expect(job(play(done, step(4), preview(4)))).toEqual(job(done));
});

test("a job whose painter was lost is queued and started again", () => {
  const again = play(
    start,
    queued,
    started,
    step(4),
    events(TOPIC, ["5-1", "generation.queued", {}]),
    events(TOPIC, ["6-1", "generation.started", {}]),
  );
  expect(job(again)).toMatchObject({ stage: "starting", step: 0 });
});

test("the post of a job dries its card, whoever tells first", () => {
  const told = play(start, started, events("feed:all", ["8-1", "post.created", { post: post("g") }]));
  expect(job(told)).toMatchObject({ stage: "finishing", posted: true, sha256: "sha-g" });
});

test("who comes late to a stopped job learns how far it got", () => {
  const failed = events(TOPIC, [
    "7-1",
    "generation.failed",
    { stage: "painting", code: "x", message: "The painter went away." },
  ]);
  expect(job(play(start, queued, started, failed, step(6)))).toMatchObject({
    stage: "failed",
    step: 6,
    etaS: null,
  });
});

test("a job from a snapshot comes with what became of it", () => {
  const snapshot = generation("s", { state: "completed", media });
  const state = fold(EMPTY, { kind: "generation", generation: snapshot, easel: null });
  expect(state.generations.get("s")).toMatchObject({ stage: "finishing", sha256: "done" });
});

describe("the label says", () => {
  const stopped = (type: string, message: string): State =>
    play(
      start,
      started,
      step(6),
      events(TOPIC, ["7-1", `generation.${type}`, { stage: "painting", code: "x", message }]),
    );

  test.each([
    [play(start, queued, place), "#3 in line", "about 40 s"],
    [play(start, started), "Starting", "mixing colours"],
    [play(start, started, step(6)), "Step 6 of 10", "about 4 s"],
    [play(start, started, completed), "Drying", "posting"],
    [stopped("refused", "No pictures of real people."), "Not painted", "no pictures of real people"],
    [stopped("failed", "The painter went away."), "Stopped at step 6", "the painter went away"],
    [stopped("aborted", "It took too long."), "Stopped at step 6", "it took too long"],
    [stopped("cancelled", ""), "Cancelled", "by you"],
  ])("%#", (state, strong, rest) => {
    expect(jobWords(job(state), true)).toMatchObject({ strong, rest });
  });
});

const engineLost = { attempt: 2, attempts: 3, code: "engine_lost", message: "It was lost.", after_s: 1 };
const requeued = (id: string, retry = engineLost): TopicFrame =>
  events(TOPIC, [id, "generation.queued", { generation: generation("g"), retry }]);
const anew = latest(TOPIC, "5-2", "generation.progress", { step: 0, steps: 10, eta_s: null });

test("a job whose engine was lost says that it is tried again, and where it stands", () => {
  const painting = play(start, queued, place, started, step(4), preview(4));
  const again = play(painting, requeued("5-1"), anew);
  expect(job(again)).toMatchObject({
    stage: "queued",
    step: 0,
    preview: null,
    retry: engineLost,
    place: null,
  });
  expect(jobWords(job(again), true)).toEqual({
    strong: "Trying again",
    rest: "the engine was lost",
    bad: false,
  });
  const told = play(again, latest(TOPIC, "5-5", "generation.place", { place: 2, eta_s: 40 }));
  expect(jobWords(job(told), true).rest).toBe("the engine was lost, #2 in line, about 40 s");
  const next = play(told, events(TOPIC, ["6-1", "generation.started", { attempt: 2 }]));
  expect(job(next)).toMatchObject({ stage: "starting", place: null });
  const starting = { strong: "Starting again", rest: "the engine was lost", bad: false };
  expect(jobWords(job(next), true)).toEqual(starting);
  const begun = play(next, latest(TOPIC, "6-2", "generation.progress", { step: 0, steps: 10, eta_s: null }));
  expect(jobWords(job(begun), true)).toEqual(starting);
  const stepped = play(
    begun,
    latest(TOPIC, "6-3", "generation.progress", { step: 1, steps: 10, eta_s: null }),
  );
  expect(job(stepped)).toMatchObject({ stage: "painting", retry: null });
});

test("who comes while a job waits again is not told of the steps before", () => {
  const late = play(start, queued, started, requeued("5-1"), step(4), preview(4), anew);
  expect(job(late)).toMatchObject({ stage: "queued", step: 0, preview: null });
  const snapshot = generation("g", { state: "queued", retry: engineLost, place: 1, eta_s: 7.5 });
  const come = fold(EMPTY, { kind: "generation", generation: snapshot, easel: "feed:all" });
  // The newest values follow, in any order: the preview is still the lost attempt's.
  const told = play(come, preview(4), anew);
  expect(job(told)).toMatchObject({ stage: "queued", preview: null });
  expect(jobWords(job(told), true)).toEqual({
    strong: "Trying again",
    rest: "the engine was lost, about 8 s",
    bad: false,
  });
});

test.each([
  ["worker_lost", "its painter was lost"],
  ["worker_stopped", "its painter had to stop"],
  ["picture_not_stored", "it could not be stored"],
  ["picture_not_read", "the picture to remix could not be read"],
  ["operator", "the studio gives it another go"],
  ["something_new", "it was lost"],
])("a retry because of %s says so", (code, words) => {
  const again = play(start, started, requeued("5-1", { ...engineLost, code }));
  expect(jobWords(job(again), true).rest).toBe(words);
});

test("a failed job that an operator has tried again waits, and becomes its picture", () => {
  const error = { stage: "painting", code: "engine_lost", message: "It was lost." };
  const failed = play(start, queued, started, step(4), events(TOPIC, ["5-1", "generation.failed", error]));
  expect(job(play(failed, events(TOPIC, ["6-1", "generation.queued", {}]))).stage).toBe("failed");
  const revived = play(failed, requeued("6-1", { ...engineLost, code: "operator" }));
  expect(job(revived)).toMatchObject({ stage: "queued", code: "", message: "", step: 0 });
  expect(job(play(revived, completed)).stage).toBe("finishing");
  expect(job(play(play(start, started, completed), requeued("9-9"))).stage).toBe("finishing");
});

test("not started in time is another thing than stopped on the way, or waiting", () => {
  const late = {
    stage: "queued",
    code: "deadline",
    message: "It was not started within 60 s; try again later.",
  };
  const aborted = play(start, queued, place, events(TOPIC, ["3-1", "generation.aborted", late]));
  expect(jobWords(job(aborted), true)).toEqual({
    strong: "Not started",
    rest: "it was not started within 60 s; try again later",
    bad: true,
  });
  const slow = { stage: "painting", code: "deadline", message: "The picture took longer than 300 s." };
  const stopped = play(start, started, step(4), events(TOPIC, ["5-1", "generation.aborted", slow]));
  expect(jobWords(job(stopped), true).strong).toBe("Stopped at step 4");
  expect(jobWords(job(play(start, queued, place)), true)).toEqual({
    strong: "#3 in line",
    rest: "about 40 s",
    bad: false,
  });
});

describe("what another topic tells of its end", () => {
  const over = {
    kind: "generation-over",
    generation: generation("g", { state: "completed", media }),
  } as const;

  test("ends a job that was not heard of", () => {
    expect(job(fold(play(start, queued), over))).toMatchObject({ stage: "finishing", sha256: "done" });
  });

  test("changes nothing of one that has ended", () => {
    const posted = play(start, queued, started, completed);
    expect(fold(posted, over)).toBe(posted);
  });

  test("is no end while it is not one", () => {
    const begun = { ...over, generation: generation("g", { state: "running" }) };
    const waiting = play(start, queued);
    expect(fold(waiting, begun)).toBe(waiting);
  });

  test("says why nothing came of it, and how far it got", () => {
    const error = { stage: "painting", code: "generator_failed", message: "It broke." };
    const failed = { ...over, generation: generation("g", { state: "failed", error }) };
    const stopped = job(fold(play(start, started, step(4)), failed));
    expect(stopped).toMatchObject({ stage: "failed", step: 4, message: "It broke." });
  });
});
