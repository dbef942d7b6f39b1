import { expect, test } from "vitest";
import type { Told } from "../embed/messages";
import type { Post } from "../live/protocol";
import {
  mayTurn,
  opened,
  present,
  receive,
  receivePage,
  turned,
  wallOf,
  wanted,
  type Wall,
} from "../embed/wall";
import { byHue, Speech } from "../embed/words";
import english from "../embed/words/en.json";
import { generation, post } from "./made";

const TOPIC = "feed:tag:foxes";

function told(type: string, data: unknown, more: Partial<Told> = {}): Told {
  return { topic: TOPIC, type, data, ...more };
}

function ofJob(id: string, type: string, data: unknown, at: string): Told {
  const rev = /place|progress|preview/.test(type) ? { rev: at } : { id: at };
  return { topic: `generation:${id}`, type, key: type, data, ...rev };
}

function hung(...created: number[]): Wall {
  const posts = created.map((when) => post(`p${when}`, { created: when }));
  return receivePage(wallOf(TOPIC), { posts, generations: [], at: "1-0" });
}

const ids = (posts: readonly { readonly id: string }[]): string[] => posts.map(({ id }) => id);

test("of the first page the newest is large, the others hang under it", () => {
  const wall = hung(9, 8, 7);
  expect(wall.post?.id).toBe("p9");
  expect(ids(wall.hung)).toEqual(["p8", "p7"]);
  expect(wanted(wall)).toEqual({ [TOPIC]: "1-0" });
});

test("a new post waits behind the pill, and nothing that hangs moves until it is opened", () => {
  const before = hung(9, 8, 7);
  const wall = receive(
    before,
    told("post.created", { post: post("new", { created: 10 }) }, { id: "2-0", at: "2-0" }),
  );
  expect(wall.hung).toBe(before.hung);
  expect(wall.post).toBe(before.post);
  expect(ids(wall.waiting)).toEqual(["new"]);
  expect(wall.at).toBe("2-0");
  const after = opened(wall, 2);
  expect(ids(after.hung)).toEqual(["new", "p8"]);
  expect(after.waiting).toEqual([]);
});

test("the same post twice is one", () => {
  const event = told("post.created", { post: post("new", { created: 10 }) });
  expect(ids(receive(receive(hung(9), event), event).waiting)).toEqual(["new"]);
});

test("what a shared stream tells a second time changes nothing, also once the wall has let go of it", () => {
  const events = Array.from({ length: 30 }, (_, index) => {
    const at = `${index + 2}-0`;
    return told("post.created", { post: post(`n${index}`, { created: 100 + index }) }, { id: at, at });
  });
  const job = told("generation.created", { generation: generation("g") }, { id: "40-0", at: "40-0" });
  const wall = opened([...events, job].reduce(receive, hung(9)), 12);
  expect(wall.at).toBe("40-0");
  const left = { ...wall, line: [], job: null };
  expect([...events, job].reduce(receive, left)).toBe(left);
});

test("what happened before the page was read, and came to the feed after it, is new", () => {
  const late = told("post.created", { post: post("late", { created: 10 }) }, { id: "0-5", at: "2-0" });
  const wall = receive(hung(9), late);
  expect([ids(wall.waiting), wall.at]).toEqual([["late"], "2-0"]);
});

test("a gap says where the feed stands, also further back", () => {
  const wall = receive({ ...hung(9), at: "50-0" }, told("gap", undefined, { at: "7-0" }));
  expect([wall.gap, wall.at]).toEqual([true, "7-0"]);
});

test("a picture takes the large frame while it is painted, and dries there as the post it becomes", () => {
  let wall = turned(receive(hung(9, 8), told("generation.created", { generation: generation("g") })));
  expect(wall.job).toBe("g");
  expect(wanted(wall)).toEqual({ [TOPIC]: "1-0", "generation:g": "" });
  wall = receive(wall, ofJob("g", "generation.started", {}, "3-0"));
  wall = receive(wall, ofJob("g", "generation.progress", { step: 2, steps: 6, eta_s: 3.2 }, "4-0"));
  expect(new Speech(english, "en").stage(present(wall)!)).toBe("2 of 6 · 3s");
  wall = receive(wall, told("post.created", { post: post("g", { created: 11 }) }));
  expect(present(wall)?.stage).toBe("finishing");
  expect(wall.post?.id).toBe("g");
  // What stood there before has not been lost.
  expect(ids(wall.waiting)).toEqual(["p9"]);
  expect(wanted(wall)).toEqual({ [TOPIC]: "1-0" });
  expect(mayTurn(wall)).toBe(false);
});

test("when nothing comes of a picture, the one before it stands there again", () => {
  let wall = turned(receive(hung(9, 8), told("generation.created", { generation: generation("g") })));
  wall = receive(
    wall,
    ofJob("g", "generation.failed", { stage: "painting", code: "x", message: "No." }, "3-0"),
  );
  expect(mayTurn(wall)).toBe(true);
  wall = turned(wall);
  expect([wall.job, wall.post?.id, wall.waiting.length]).toEqual([null, "p9", 0]);
});

test("one picture after the other, the one being painted before those in line", () => {
  let wall = hung(9);
  for (const id of ["a", "b"])
    wall = receive(wall, told("generation.created", { generation: generation(id) }));
  wall = turned(wall);
  expect(wall.job).toBe("a");
  expect(turned(wall)).toBe(wall);
  wall = receive(wall, told("post.created", { post: post("a", { created: 12 }) }));
  wall = turned(wall);
  expect(wall.job).toBe("b");
  expect(wall.state.generations.has("a")).toBe(false);
  const page = {
    posts: [],
    generations: [generation("q", { place: 1 }), generation("r", { state: "running" })],
    at: "1-0",
  };
  expect(receivePage(wallOf(TOPIC), page).job).toBe("r");
});

test("a picture that nobody can tell about any more leaves", () => {
  const wall = turned(receive(hung(9), told("generation.created", { generation: generation("g") })));
  const left = receive(wall, { topic: "generation:g", type: "lost" });
  expect([left.job, left.post?.id, left.line]).toEqual([null, "p9", []]);
});

test("a deleted picture keeps its place until the pill is opened; behind the pill it leaves at once", () => {
  let wall = receive(hung(9, 8, 7), told("post.created", { post: post("new", { created: 10 }) }));
  wall = receive(wall, told("post.deleted", { id: "p8" }));
  wall = receive(wall, told("post.deleted", { id: "new" }));
  expect(ids(wall.hung)).toEqual(["p8", "p7"]);
  expect(wall.gone.has("p8")).toBe(true);
  expect(wall.waiting).toEqual([]);
  expect(ids(opened(wall, 9).hung)).toEqual(["p7"]);
  const again = receive(wall, told("post.created", { post: post("new", { created: 10 }) }));
  expect(again.waiting).toEqual([]);
});

test("totals and edits reach a post wherever it stands", () => {
  let wall = receive(
    hung(9, 8),
    told("post.counters", { post: "p8", reactions: { "🔥": 3 }, comments: 1, remixes: 0 }),
  );
  wall = receive(wall, told("post.updated", { post: post("p9", { created: 9, caption: "better" }) }));
  expect(wall.hung[0]?.reactions).toEqual({ "🔥": 3 });
  expect(wall.post?.caption).toBe("better");
});

test("after a gap, what the page has and the wall has not waits behind the pill", () => {
  let wall = receive(hung(9, 8), told("gap", undefined, { at: "7-0" }));
  expect(wall.gap).toBe(true);
  wall = receivePage(wall, {
    posts: [12, 11, 9, 8].map((when) => post(`p${when}`, { created: when })),
    generations: [],
    at: "6-0",
  });
  expect(wall.gap).toBe(false);
  expect(ids(wall.waiting)).toEqual(["p12", "p11"]);
  expect(wall.at).toBe("7-0");
});

test("a page that was read before takes no edit and no totals back, also of what it is the first to name", () => {
  const totals = { reactions: { "🔥": 3 }, comments: 1, remixes: 0 };
  const edit = (id: string, created: number): Told =>
    told("post.updated", { post: post(id, { created, caption: "better", edited: 20 }) });
  const count = (id: string): Told => told("post.counters", { post: id, ...totals });
  const missing = [
    told("gap", undefined, { at: "7-0" }),
    edit("p8", 8),
    count("p8"),
    edit("p12", 12),
    count("p12"),
  ];
  const page = (more: Partial<Post> = {}) => ({
    posts: [post("p12", { created: 12, ...more }), post("p8", { created: 8, ...more })],
    generations: [],
    at: "6-0",
  });
  const wall = receivePage(missing.reduce(receive, hung(9, 8)), page());
  for (const shown of [wall.waiting[0], wall.hung[0]])
    expect(shown).toMatchObject({ caption: "better", ...totals });
  // What was missed is in the page, and what was edited later than what was told.
  const later = { caption: "best", edited: 30, comments: 7 };
  const again = [told("gap", undefined, { at: "8-0" }), edit("p8", 8)].reduce(receive, wall);
  for (const shown of [receivePage(again, page(later))].flatMap(({ waiting, hung: all }) => [
    ...waiting,
    ...all,
  ]))
    expect(shown).toMatchObject(later);
});

test("a post that is told after the page has named it takes nothing back", () => {
  const edited = post("p8", { caption: "better", edited: 20, comments: 3 });
  const wall = receivePage(wallOf(TOPIC), { posts: [edited], generations: [], at: "1-0" });
  const replayed = receive(wall, told("post.created", { post: post("p8") }, { id: "1-5", at: "2-0" }));
  expect(replayed.post).toMatchObject({ caption: "better", comments: 3 });
});

test("an edit that is told once more takes no totals back", () => {
  const wall = receive(
    hung(9, 8),
    told("post.counters", { post: "p8", reactions: {}, comments: 4, remixes: 0 }),
  );
  expect(receive(wall, told("post.updated", { post: post("p8") })).hung[0]?.comments).toBe(4);
});

test("the first picture of an empty wall is hung at once", () => {
  const empty = receivePage(wallOf(TOPIC), { posts: [], generations: [], at: "1-0" });
  expect(receive(empty, told("post.created", { post: post("first") })).post?.id).toBe("first");
  const later = { posts: [post("first")], generations: [], at: "2-0" };
  expect(receivePage(receive(empty, told("gap", undefined)), later).post?.id).toBe("first");
});

test("another feed's events are none of ours, and nothing grows without bound", () => {
  let wall = hung(1);
  expect(receive(wall, { ...told("post.created", { post: post("x") }), topic: "feed:all" })).toBe(wall);
  for (let n = 0; n < 200; n++) {
    wall = receive(wall, told("post.created", { post: post(`n${n}`, { created: 100 + n }) }));
    wall = receive(wall, told("generation.created", { generation: generation(`g${n}`) }));
    wall = receive(wall, told("post.deleted", { id: `d${n}` }));
  }
  expect(wall.waiting).toHaveLength(50);
  expect(wall.waiting[0]?.id).toBe("n199");
  expect(wall.line.length).toBeLessThanOrEqual(40);
  expect(turned(wall).state.generations.size).toBeLessThanOrEqual(40);
  expect(wall.gone.size).toBeLessThanOrEqual(200);
});

test("colours come in the order of the rainbow", () => {
  expect(byHue(["#0000ff", "#ff0000", "#00ff00", "#ffff00"])).toEqual([
    "#ff0000",
    "#ffff00",
    "#00ff00",
    "#0000ff",
  ]);
});
