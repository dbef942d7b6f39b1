import { MOST_ON_EASEL, swept } from "./bounds";
import { isNewer } from "./position";
import type { Generation, KeptEvent, LatestValue, Media, Post, Retry, Topic } from "./protocol";
import { EMPTY_FEED, put, type Job, type Jobs, type Stage, type State } from "./state";

/** What the server calls a job's state, and the stage a card shows for it. */
const STAGES: Readonly<Record<string, Stage>> = {
  queued: "queued",
  running: "starting",
  started: "starting",
  succeeded: "finishing",
  completed: "finishing",
  refused: "refused",
  failed: "failed",
  aborted: "aborted",
  cancelled: "cancelled",
};

/** Steps a card is drawn with until the painter has said how many there are. */
const USUAL_STEPS = 10;

const ZERO = "0-0";

/** Take in a job that is not known yet. */
export function takeGeneration<S extends Jobs>(state: S, generation: Generation): S {
  if (state.generations.has(generation.id)) return state;
  return { ...state, generations: put(state.generations, generation.id, jobOf(generation)) };
}

/** Take in a job from a snapshot or a `generation.created`; `easel` is the feed it is shown in. */
export function receiveGeneration(state: State, generation: Generation, easel: Topic | null): State {
  state = takeGeneration(state, generation);
  if (easel === null) return state;
  const feed = state.feeds.get(easel) ?? EMPTY_FEED;
  if (feed.easel.includes(generation.id)) return state;
  const ids = [...feed.easel, generation.id];
  state = { ...state, feeds: put(state.feeds, easel, { ...feed, easel: ids.slice(-MOST_ON_EASEL) }) };
  return ids.length > MOST_ON_EASEL ? swept(state) : state;
}

/** Take in that a job is over, as another topic tells it; its own may have told so already. */
export function endGeneration(state: State, generation: Generation): State {
  const job = state.generations.get(generation.id);
  if (!job) return receiveGeneration(state, generation, null);
  if (isFinal(job) || !isFinal(jobOf(generation))) return state;
  const { steps, preview, palette } = job;
  const ended = jobOf({ ...generation, steps });
  const kept = { preview, palette: ended.palette.length ? ended.palette : palette, version: job.version };
  const reached = ended.stage === "finishing" ? steps : job.step;
  return {
    ...state,
    generations: put(state.generations, generation.id, { ...ended, ...kept, step: reached }),
  };
}

/** Take in that a job is over, as the picture it remixes tells it, in a word; the job's own topic says more. */
export function concludeGeneration(state: State, id: string, word: string): State {
  const job = state.generations.get(id);
  if (!job || isFinal(job)) return state;
  const stage = STAGES[word] ?? "failed";
  const posted = stage === "finishing";
  const ended = { ...job, stage, posted, step: posted ? job.steps : job.step, place: null, etaS: null };
  return { ...state, generations: put(state.generations, id, ended) };
}

function jobOf(generation: Generation): Job {
  const step = generation.step ?? 0;
  const stage = STAGES[generation.state] ?? "queued";
  return {
    generation,
    stage: stage === "starting" && step > 0 ? "painting" : stage,
    place: generation.place ?? null,
    etaS: generation.eta_s ?? null,
    step,
    steps: generation.steps || USUAL_STEPS,
    preview: null,
    sha256: generation.media?.sha256 ?? null,
    palette: generation.media?.palette ?? [],
    posted: false,
    code: generation.error?.code ?? "",
    message: generation.error?.message ?? "",
    stoppedAt: generation.error?.stage ?? "",
    retry: stage === "queued" ? (generation.retry ?? null) : null,
    version: ZERO,
  };
}

/** Who comes back from a loss is told why until the next attempt's first step; waiting may have lasted no second. */
const STARTING = { stage: "starting" } as const;
const PAINTING = { stage: "painting", retry: null } as const;

/** Apply a KEPT event of `generation:{id}`. */
export function foldGenerationEvent<S extends Jobs>(state: S, topic: Topic, event: KeptEvent): S {
  const id = topic.slice("generation:".length);
  const job = state.generations.get(id);
  if (!job || !isNewer(event.id, job.version)) return state;
  const next = advanced(job, event);
  return next === job
    ? state
    : { ...state, generations: put(state.generations, id, { ...next, version: event.id }) };
}

function advanced(job: Job, event: KeptEvent): Job {
  switch (event.type) {
    case "generation.queued":
      return requeued(job, event.data as { retry?: Retry | null });
    case "generation.started":
      return isFinal(job)
        ? job
        : { ...job, ...(job.step > 0 ? PAINTING : STARTING), place: null, etaS: null };
    case "generation.completed":
      return completed(job, event.data as { media: Media; post?: Post | null });
    case "generation.refused":
    case "generation.failed":
    case "generation.aborted":
    case "generation.cancelled":
      return stopped(job, event.type, event.data as Stopped);
    default:
      return job;
  }
}

/** In line, for the first time or again. A failed one comes back when an operator has it tried once more. */
function requeued(job: Job, data: { retry?: Retry | null }): Job {
  const retry = data.retry ?? null;
  if (isFinal(job) && !(job.stage === "failed" && retry)) return job;
  const fresh = { step: 0, preview: null, place: null, etaS: null, code: "", message: "", stoppedAt: "" };
  return { ...job, ...fresh, stage: "queued", retry };
}

function completed(job: Job, data: { media: Media; post?: Post | null }): Job {
  return {
    ...job,
    stage: job.stage === "posted" ? "posted" : "finishing",
    step: job.steps,
    etaS: null,
    sha256: data.media.sha256,
    palette: data.media.palette,
    posted: job.posted || Boolean(data.post),
  };
}

interface Stopped {
  readonly stage?: string;
  readonly code?: string;
  readonly message?: string;
}

function stopped(job: Job, type: string, data: Stopped): Job {
  const { stage: stoppedAt = "", code = "", message = "" } = data;
  const stage = STAGES[type.slice("generation.".length)] ?? "failed";
  return { ...job, stage, place: null, etaS: null, retry: null, code, message, stoppedAt };
}

function isFinal(job: Job): boolean {
  return job.stage !== "queued" && job.stage !== "starting" && job.stage !== "painting";
}

/** Apply a LATEST value of `generation:{id}`. */
export function foldGenerationValue<S extends Jobs>(state: S, topic: Topic, value: LatestValue): S {
  const id = topic.slice("generation:".length);
  const job = state.generations.get(id);
  if (!job || job.stage === "finishing" || job.stage === "posted" || job.stage === "refused") return state;
  // What the attempt before told of its steps is over: a value is no event, and may come after the news.
  if (job.stage === "queued" && value.type !== "generation.place" && !isNewer(value.rev, job.version))
    return state;
  // Who comes while it waits again has seen no event: the newest preview is the lost attempt's.
  if (job.stage === "queued" && job.retry && value.type === "generation.preview") return state;
  // Who comes late to a stopped job still learns how far it got; it does not start again.
  const next = { ...moved(job, value), ...(isFinal(job) ? { stage: job.stage, etaS: null } : {}) };
  return { ...state, generations: put(state.generations, id, next) };
}

function moved(job: Job, value: LatestValue): Job {
  switch (value.type) {
    case "generation.place": {
      const data = value.data as { place?: number | null; eta_s?: number | null };
      return job.stage === "queued" ? { ...job, place: data.place ?? null, etaS: data.eta_s ?? null } : job;
    }
    case "generation.progress": {
      const data = value.data as { step: number; steps: number; eta_s?: number | null };
      // Whoever is in line again has no step, and is not about to start.
      if (job.stage === "queued" && data.step === 0) return job;
      return {
        ...job,
        ...(data.step > 0 ? PAINTING : STARTING),
        step: data.step,
        steps: data.steps || job.steps,
        etaS: data.eta_s ?? null,
        place: null,
      };
    }
    case "generation.preview":
      return previewed(job, value.data);
    default:
      return job;
  }
}

function previewed(job: Job, value: unknown): Job {
  const data = value as {
    step: number;
    palette?: readonly string[];
    image?: Uint8Array<ArrayBuffer>;
    url?: string;
  };
  const palette = data.palette ?? job.palette;
  const preview = {
    step: data.step,
    palette,
    ...(data.image ? { bytes: data.image } : {}),
    ...(data.url ? { url: data.url } : {}),
  };
  return { ...job, preview, palette, stage: job.stage === "queued" ? "starting" : job.stage };
}
