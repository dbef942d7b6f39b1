import { expect, test } from "vitest";
import { Api } from "../live/api";

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly keepalive: boolean;
}

/** Return the API and what it sends. */
function recorded(): { readonly api: Api; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const api = new Api((input, init) => {
    sent.push({ method: init?.method ?? "", path: String(input), keepalive: init?.keepalive ?? false });
    return Promise.resolve(new Response('{"posts":[]}'));
  });
  return { api, sent };
}

test("small commands arrive also when the page is left at once", async () => {
  const { api, sent } = recorded();
  await api.call("PUT", "/api/users/otter/follow");
  await api.react("p1", "🦊", true);
  await api.react("p1", "🦊", false);
  await api.rename("otter");
  await api.call("PUT", "/api/notifications/read", { until: 5 });
  await api.comment("p1", "Lovely", null, "key");
  expect(sent.map(({ method }) => method)).toEqual(["PUT", "PUT", "DELETE", "PATCH", "PUT", "POST"]);
  expect(sent.every(({ keepalive }) => keepalive)).toBe(true);
});

test("what is read, and what is more than browsers send after the page, is sent as ever", async () => {
  const { api, sent } = recorded();
  await api.me();
  await api.feed("all", null, 30);
  await api.upload(new Blob(["x"]), "a fox", "key");
  await api.comment("p1", "x".repeat(2_000), null, "key");
  expect(sent.filter(({ keepalive }) => keepalive)).toEqual([]);
});
