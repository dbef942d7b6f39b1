import { KeptList, type Shelf } from "./kept-list";
import type { Comment } from "./protocol";

const KEY = "livefeed.half-written";
const MOST = { count: 20, characters: 40_000 };

/** What of a comment is needed to answer it. */
export type Answered = Pick<Comment, "id" | "author" | "parent">;

/** Words that were begun and not said yet. */
export interface Begun {
  readonly text: string;
  readonly answering: Answered | null;
}

interface Kept extends Begun {
  /** What they are about: `post:{id}` to say on a picture, `comment:{id}` to change one, `room:{id}` to say in a room. */
  readonly place: string;
  /** Whose they are; null while we were nobody yet. */
  readonly person: string | null;
}

/**
 * What is half written, by what it is about: it waits there while something else is looked at, and in this tab beyond a
 * reload. Nobody but who wrote it is shown it.
 */
export class HalfWritten {
  readonly #list: KeptList<Kept>;
  readonly #me: () => string | null;
  #kept: readonly Kept[];
  #handed = 0;

  /** shelf: of this tab alone. me: who we are, null while that is not known. */
  constructor(shelf: Shelf, me: () => string | null) {
    this.#list = new KeptList(shelf, KEY, isKept, MOST);
    this.#me = me;
    this.#kept = this.#list.read();
  }

  /** Whose words are shown: another value as soon as it may be others. */
  get hand(): string {
    return `${this.#me()} ${this.#handed}`;
  }

  at(place: string): Begun | null {
    return this.#kept.find((one) => one.place === place && this.#isMine(one)) ?? null;
  }

  keep(place: string, text: string, answering: Answered | null = null): void {
    const before = this.#kept.find((one) => one.place === place && this.#isMine(one));
    const person = this.#me() ?? before?.person ?? null;
    // Of what is answered no more than is needed.
    const target = answering && {
      id: answering.id,
      author: answering.author,
      parent: answering.parent ?? null,
    };
    const others = this.#kept.filter((one) => one !== before);
    this.#become([...others, { place, person, text, answering: target }]);
  }

  /** It was said, or is not to be said any more. */
  drop(place: string): void {
    this.#become(this.#kept.filter((one) => one.place !== place || !this.#isMine(one)));
  }

  /** Somebody became somebody else in front of the page: what they have begun is still theirs. */
  handOver(from: string, to: string): void {
    this.#handed++;
    this.#become(this.#kept.map((one) => (one.person === from ? { ...one, person: to } : one)));
  }

  /** As long as nobody knows who we are, we are whoever sat here last. */
  #isMine({ person }: Kept): boolean {
    const me = this.#me();
    return me === null || person === null || person === me;
  }

  #become(kept: readonly Kept[]): void {
    this.#kept = kept.slice(-MOST.count);
    this.#list.write(this.#kept);
  }
}

function isKept(value: unknown): value is Kept {
  const { place, person, text, answering } = (value ?? {}) as Partial<Record<keyof Kept, unknown>>;
  const known = typeof place === "string" && typeof text === "string";
  return known && (person === null || typeof person === "string") && isAnswered(answering);
}

function isAnswered(value: unknown): value is Answered | null {
  if (value === null) return true;
  const { id, author, parent } = (value ?? {}) as Partial<Record<keyof Answered, unknown>>;
  const { handle } = (author ?? {}) as { handle?: unknown };
  const known = typeof id === "string" && typeof handle === "string";
  return known && (parent === null || typeof parent === "string");
}
