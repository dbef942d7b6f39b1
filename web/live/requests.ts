import { commandOf } from "./commands";
import { problemFrom, unreachable } from "./problem";

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

export interface RequestOptions {
  /** Where the server is: "" for the page's own, or "https://host". */
  readonly origin: string;
  /** For those without a cookie. */
  readonly token?: string | undefined;
  readonly fetch?: Fetch | undefined;
}

/** The server's HTTP side: reading, and what calls do. Every failure is thrown as a Problem. */
export class Requests {
  readonly #options: RequestOptions;
  readonly fetch: Fetch;

  constructor(options: RequestOptions) {
    this.#options = options;
    this.fetch = options.fetch ?? ((address, init) => fetch(address, init));
  }

  /** Do what a call of the protocol does. */
  call<T>(name: string, data: object, key: string | undefined, signal?: AbortSignal): Promise<T> {
    const { method, path, body } = commandOf(name, data as Record<string, unknown>);
    return this.request(method, path, { body, key, signal });
  }

  async request<T>(
    method: string,
    path: string,
    {
      body,
      key,
      signal,
    }: { body?: object | undefined; key?: string | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const { origin, token } = this.#options;
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(origin + path, {
        method,
        ...(signal ? { signal } : {}),
        ...(body ? { body: JSON.stringify(body) } : {}),
        headers: {
          ...(body ? { "Content-Type": "application/json" } : {}),
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...(key ? { "Idempotency-Key": key } : {}),
        },
      });
      text = await response.text();
    } catch {
      throw unreachable();
    }
    if (!response.ok) throw problemFrom(response.status, text);
    return (text ? JSON.parse(text) : {}) as T;
  }
}
