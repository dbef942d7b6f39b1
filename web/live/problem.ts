/** Say a problem in the reader's language, null where only the server's own sentence will do. */
type Interpreter = (problem: Problem) => string | null;

let interpret: Interpreter = () => null;

/** Let problems be said in another language from now on. */
export function interpretProblems(interpreter: Interpreter): void {
  interpret = interpreter;
}

/** A failed request: a stable code for the program, one sentence for the person. */
export class Problem extends Error {
  override readonly name = "Problem";

  /** said: the sentence in English, the server's own where it gave one. */
  constructor(
    readonly code: string,
    readonly said: string,
    readonly status: number,
    readonly retryAfterS: number | null = null,
  ) {
    super(`${code}: ${said}`);
  }

  get sentence(): string {
    return interpret(this) ?? this.said;
  }

  /** Whether there was no line to the server; a proxy that finds none says so in its own words. */
  get lineless(): boolean {
    return this.status === 0 || /^http_50[234]$/.test(this.code);
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const SENTENCES: Readonly<Record<number, string>> = {
  401: "Reload the page to be let in again.",
  403: "That is not yours to change.",
  404: "It is not here any more.",
  413: "The picture is too large.",
  429: "That was a lot at once. Wait a moment, then try again.",
};

export function unreachable(): Problem {
  return new Problem("unreachable", "The server cannot be reached.", 0);
}

/** Read an RFC 9457 problem; a body that is none still gives a sentence. */
export function problemFrom(status: number, body: string): Problem {
  const fields = parse(body);
  const sentence =
    text(fields["detail"]) ??
    text(fields["message"]) ??
    SENTENCES[status] ??
    text(fields["title"]) ??
    "The server could not do that. Try again.";
  const retry = fields["retry_after_s"];
  return new Problem(
    text(fields["code"]) ?? `http_${status}`,
    sentence,
    status,
    typeof retry === "number" ? retry : null,
  );
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem
    ? error
    : new Problem("page", "Something in this page went wrong. Reload it.", -1);
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() ? value : undefined;
}
