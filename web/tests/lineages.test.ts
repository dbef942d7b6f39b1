import { describe, expect, it } from "vitest";
import { fold, type Action } from "../live/fold";
import { Lineages } from "../live/lineages";
import type { Live } from "../live/live";
import type { LineageNode } from "../live/protocol";
import { EMPTY, type State } from "../live/state";
import type { Wish } from "../live/subscriptions";
import { events, post } from "./made";

/** What the lineage needs of the page's connection: the state, the server's answers by hand, who is followed. */
class Page {
  state: State = EMPTY;
  readonly followed = new Map<string, Wish>();
  readonly asked: { readonly post: string; answer(nodes: readonly LineageNode[] | null): Promise<void> }[] =
    [];
  readonly said: string[] = [];
  readonly notices = { say: ({ text }: { text: string }) => this.said.push(text) };
  #listener = (): void => undefined;
  readonly lineages = new Lineages(this as unknown as Live);

  readonly api = {
    lineage: (of: string) =>
      new Promise((resolve, reject: (reason: Error) => void) => {
        const answer = async (nodes: readonly LineageNode[] | null): Promise<void> => {
          if (nodes) resolve({ nodes });
          else reject(new Error("away"));
          await new Promise((settled) => setTimeout(settled));
        };
        this.asked.push({ post: of, answer });
      }),
  };

  listen(listener: () => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  dispatch(...actions: Action[]): void {
    this.state = actions.reduce(fold, this.state);
    this.#listener();
  }

  follow(topic: string, wish: Wish): () => void {
    this.followed.set(topic, wish);
    return () => this.followed.delete(topic);
  }

  tell(topic: string, type: string, data: unknown): void {
    this.dispatch({ kind: "frame", frame: events(topic, ["9-1", type, data]), now: 0 });
  }
}

function node(id: string, parent: string | null = null, next: string | null = null): LineageNode {
  return { id, parent, media: post(id).media, at: `1-${id}`, remixes: 0, next };
}

async function opened(...nodes: LineageNode[]): Promise<Page> {
  const page = new Page();
  page.lineages.open("b");
  page.lineages.followed("b");
  await page.asked.shift()?.answer(nodes);
  return page;
}

describe("the lineage of the open picture", () => {
  it("is read once its own topic is followed, and then follows all that is shown", async () => {
    const page = new Page();
    page.lineages.open("b");
    expect(page.asked).toEqual([]);
    page.lineages.followed("other");
    expect(page.asked).toEqual([]);
    page.lineages.followed("b");
    await page.asked.shift()?.answer([node("a"), node("b", "a"), node("c", "b")]);
    expect([...page.followed]).toEqual([
      ["post:a", { since: "1-a" }],
      ["post:c", { since: "1-c" }],
    ]);
  });

  it("follows a remix from its beginning when it comes, and leaves what is deleted", async () => {
    const page = await opened(node("a"), node("b", "a"));
    page.tell("post:a", "remix.created", { post: post("c", { parent: "a" }) });
    expect(page.followed.get("post:c")).toEqual({ latest: 50 });
    page.tell("post:a", "post.deleted", { id: "a" });
    expect([...page.followed.keys()]).toEqual(["post:c"]);
    page.lineages.close();
    expect(page.followed.size).toBe(0);
    expect(page.state.lineage).toBeNull();
  });

  it("is read again once, however many topics missed something meanwhile", async () => {
    const page = await opened(node("a"), node("b", "a"));
    for (const of of ["a", "b", "a", "stranger"]) page.lineages.repair(of);
    expect(page.asked.length).toBe(1);
    page.lineages.repair("a");
    await page.asked.shift()?.answer([node("b")]);
    expect(page.asked.length).toBe(1);
    await page.asked.shift()?.answer([node("b")]);
    expect(page.asked.length).toBe(0);
  });

  it("takes no answer for a picture that was left", async () => {
    const page = await opened(node("a"), node("b", "a"));
    page.lineages.repair("b");
    page.lineages.open("a");
    page.lineages.followed("a");
    await page.asked.shift()?.answer([node("b")]);
    expect([...(page.state.lineage?.nodes.keys() ?? [])]).toEqual(["a", "b"]);
    expect(page.asked.map(({ post: of }) => of)).toEqual(["a"]);
  });

  it("is asked for again when the server is back", async () => {
    const page = await opened(node("b"));
    page.lineages.repair("b");
    await page.asked.shift()?.answer(null);
    page.lineages.retry();
    expect(page.asked.length).toBe(1);
    await page.asked.shift()?.answer([node("b")]);
    page.lineages.retry();
    expect(page.asked.length).toBe(0);
  });

  it("shows more of a picture's remixes, and says when it cannot", async () => {
    const page = await opened(node("a"), node("b", "a", "b-1"));
    const more = (): Promise<void> => page.lineages.more(page.state.lineage!.nodes.get("b")!);
    const failed = more();
    await page.asked.shift()?.answer(null);
    await failed;
    expect(page.said.length).toBe(1);
    const read = more();
    await page.asked.shift()?.answer([node("b"), node("c", "b")]);
    await read;
    expect([...page.state.lineage!.nodes.keys()].sort()).toEqual(["a", "b", "c"]);
    await more();
    expect(page.asked.length).toBe(0);
  });

  it("follows a bounded number of topics", async () => {
    const many = Array.from({ length: 120 }, (_, at) => node(`n${at}`, "b"));
    const page = await opened(node("b"), ...many);
    expect(page.followed.size).toBe(80);
  });
});
