import { feedToKeep, withFeed, withoutPosts, type Book } from "./last-feed";
import type { Position, Topic } from "./protocol";
import type { State } from "./state";

const DATABASE = "livefeed";
const STORE = "last-feed";
const KEY = "book";

/** Change the book in one step, whatever other tabs do; null empties the shelf. Raises DOMException where storage is forbidden. */
export async function rewrite(change: (book: Book | null) => Book | null): Promise<void> {
  const store = await open("readwrite");
  const before = await done<Book | undefined>(store.get(KEY));
  const after = change(before ?? null);
  await (after ? done(store.put(after, KEY)) : done(store.delete(KEY)));
}

/** Keep a feed as it hangs, for a person. at: what its state stands for. Raises DOMException where storage is forbidden. */
export async function keep(person: string, state: State, topic: Topic, at: Position | null): Promise<void> {
  const feed = feedToKeep(state, topic, at);
  await rewrite((book) => {
    const mine = book?.person === person ? book : null;
    const next = feed ? withFeed(mine, person, feed) : mine;
    return next && withoutPosts(next, state.gone);
  });
}

/** Return the book that was kept, null if there is none. */
export async function read(): Promise<Book | null> {
  const store = await open("readonly");
  return (await done<Book | undefined>(store.get(KEY))) ?? null;
}

let database: Promise<IDBDatabase> | null = null;

async function open(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  if (!database) {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    database = done(request);
    database.catch(() => (database = null));
  }
  return (await database).transaction(STORE, mode).objectStore(STORE);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException("The shelf cannot be used."));
  });
}
