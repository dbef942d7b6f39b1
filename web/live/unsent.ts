import { KeptList, type Shelf } from "./kept-list";
import type { Live } from "./live";
import type { User } from "./protocol";
import type { Draft, State } from "./state";

const KEY = "livefeed.unsent";
const MOST = { count: 50, characters: 100_000 };
/** Who was here last. */
const LAST = "livefeed.last-person";

interface Kept {
  readonly post: string;
  readonly draft: Draft;
}

/**
 * Keeps what was said and is not with the server yet beyond the life of this page: each with its idempotency key, so
 * that it is stored once however many tabs send it, and for who has said it.
 */
export class Unsent {
  readonly #live: Live;
  readonly #list: KeptList<Kept>;
  readonly #last: KeptList<User>;
  readonly #resend: () => void;
  #drafts: State["drafts"] = new Map();
  /** Who we are, null while that is not known. */
  #me: User | null = null;
  #started = false;
  /** What was taken up before anybody knew who we are. */
  #guessed: Kept[] = [];

  /** shelf: of the browser, for all its tabs. resend: sends what waits. */
  constructor(live: Live, shelf: Shelf, resend: () => void) {
    this.#live = live;
    this.#list = new KeptList(shelf, KEY, isKept, MOST);
    this.#last = new KeptList(shelf, LAST, isUser, { count: 1, characters: 1_000 });
    this.#resend = resend;
  }

  /** Take up what was kept. Until it is known who we are, what is of the one who was here last is shown, and not sent. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#me = this.#live.me;
    if (this.#me) this.#last.write([this.#me]);
    this.#follow();
    const last = this.#last.read().at(-1);
    if (this.#live.last === undefined) this.#live.last = last;
    const taken = this.#take(last?.id);
    if (!this.#me) this.#guessed = taken;
    this.#live.listen(() => this.#look());
    this.#live.touch();
  }

  #look(): void {
    const { me } = this.#live;
    const before = this.#me;
    this.#me = me;
    this.#follow();
    // Under another name we are the same, and remembered by it.
    if (me && me !== before) this.#last.write([me]);
    if (!me || me.id === before?.id) return;
    for (const { post, draft } of this.#guessed.splice(0))
      if (draft.author?.id !== me.id) this.#live.dispatch({ kind: "draft-dropped", post, key: draft.key });
    this.#take(me.id);
    this.#follow();
  }

  /** What changed among the drafts changes on the shelf; what leaves with another person stays there for them. */
  #follow(): void {
    const { drafts } = this.#live.state;
    if (drafts === this.#drafts) return;
    const before = listed(this.#drafts);
    const now = listed(drafts);
    this.#drafts = drafts;
    const known = new Set(before.map(({ draft }) => draft));
    const present = new Set(now.map(({ draft }) => draft.key));
    const changed = now.filter(({ draft }) => !known.has(draft));
    const done = before.filter(({ draft }) => !present.has(draft.key) && this.#isMine(draft));
    const touched = new Set([...changed, ...done].map(({ draft }) => draft.key));
    const others = this.#list.read().filter(({ draft }) => !touched.has(draft.key));
    this.#list.write([...others, ...changed.map((one) => this.#owned(one)).filter(isKept)]);
  }

  /** Show what is kept of a person, and send it if that is who we are. Return what was not shown before. */
  #take(person: string | undefined): Kept[] {
    const present = new Set(listed(this.#live.state.drafts).map(({ draft }) => draft.key));
    const taken = this.#list
      .read()
      .filter(({ draft }) => draft.author?.id === person && !present.has(draft.key));
    this.#live.dispatch(
      ...taken.map(({ post, draft }) => ({ kind: "draft", post, draft: waiting(draft) }) as const),
    );
    if (taken.length && this.#me && this.#live.connection.phase === "live") this.#resend();
    return taken;
  }

  #isMine({ author }: Draft): boolean {
    return !author || !this.#me || author.id === this.#me.id;
  }

  /** What is said by nobody yet is taken for a word of who was here last. */
  #owned({ post, draft }: Kept): Kept {
    return { post, draft: { ...draft, author: draft.author ?? this.#last.read().at(-1) ?? null } };
  }
}

/** Whether the server has what was on its way when the page was left, only the server can say. */
function waiting(draft: Draft): Draft {
  return draft.status === "sending" ? { ...draft, status: "waiting" } : draft;
}

function listed(drafts: State["drafts"]): readonly Kept[] {
  return [...drafts].flatMap(([post, list]) => list.map((draft) => ({ post, draft })));
}

function isKept(value: unknown): value is Kept {
  const { post, draft } = (value ?? {}) as Partial<Record<keyof Kept, unknown>>;
  const { key, text, parent, status, problem, author } = (draft ?? {}) as Partial<
    Record<keyof Draft, unknown>
  >;
  const texts = [post, key, text, parent ?? "", status, problem];
  return texts.every((one) => typeof one === "string") && isUser(author);
}

function isUser(value: unknown): value is User {
  const { id, handle, avatar } = (value ?? {}) as Partial<Record<keyof User, unknown>>;
  return [id, handle, avatar].every((one) => typeof one === "string");
}
