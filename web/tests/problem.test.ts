import { describe, expect, test } from "vitest";
import { Api } from "../live/api";
import { soleEmoji } from "../live/emoji";
import { problemFrom } from "../live/problem";

test("a problem's own sentence is what the person reads", () => {
  const problem = problemFrom(
    429,
    JSON.stringify({
      code: "rate_limited",
      title: "rate limited",
      detail: "Wait a second.",
      retry_after_s: 1.5,
    }),
  );
  expect(problem).toMatchObject({
    code: "rate_limited",
    sentence: "Wait a second.",
    retryAfterS: 1.5,
    status: 429,
  });
});

test.each(["", "<html>oops</html>", "[]", "null", '{"detail": 5}'])(
  "a body like %j still gives a sentence and a code",
  (body) => {
    expect(problemFrom(502, body)).toMatchObject({
      code: "http_502",
      sentence: "The server could not do that. Try again.",
    });
  },
);

describe("the api", () => {
  test("sends the key of a command and reads its answer", async () => {
    const calls: [string, RequestInit][] = [];
    const api = new Api((url, init) => {
      calls.push([String(url), init ?? {}]);
      return Promise.resolve(new Response('{"comment": {"id": "c"}}', { status: 201 }));
    });
    expect(await api.comment("p/1", "hello", null, "key-1")).toEqual({ comment: { id: "c" } });
    expect(calls[0]?.[0]).toBe("/api/posts/p%2F1/comments");
    expect(calls[0]?.[1]).toMatchObject({
      method: "POST",
      body: '{"text":"hello"}',
      headers: { "Idempotency-Key": "key-1" },
    });
  });

  test("reads an answer without a body", async () => {
    const api = new Api(() => Promise.resolve(new Response(null, { status: 204 })));
    expect(await api.react("p", "🔥", false)).toBeUndefined();
  });

  test("tells a server that cannot be reached from one that refuses", async () => {
    const away = new Api(() => Promise.reject(new TypeError("failed")));
    await expect(away.me()).rejects.toMatchObject({ code: "unreachable", status: 0 });
    const refusing = new Api(() => Promise.resolve(new Response("{}", { status: 403 })));
    await expect(refusing.removePost("p")).rejects.toMatchObject({
      status: 403,
      sentence: "That is not yours to change.",
    });
  });
});

test("one emoji is a reaction, anything else is not", () => {
  for (const emoji of ["🔥", "❤️", "👨‍👩‍👧", "🇳🇴", "1️⃣", " 🌊 "]) expect(soleEmoji(emoji)).toBe(emoji.trim());
  for (const text of ["", "a", "🔥🔥", "ok 👍", "7"]) expect(soleEmoji(text)).toBeNull();
});
