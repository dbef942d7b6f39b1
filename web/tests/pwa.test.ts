import { describe, expect, test, vi } from "vitest";
import { LANGUAGES, type Language } from "../words/languages";

vi.stubGlobal("self", { location: { origin: "https://live.example" } });
const { isAway, outdated, shellOf, wayOf } = await import("../pwa/shell");
const { pushedFrom, shown } = await import("../pwa/words");
const { bytesOf, deviceOf } = await import("../pwa/push");

const at = (path: string, mode = "navigate", method = "GET"): string =>
  wayOf({ url: new URL(path, "https://live.example").href, mode, method });

test("a page is kept without what it asks for ahead", () => {
  const program = '<link rel="modulepreload" crossorigin href="/assets/app-1.js">';
  const ahead = '<link rel="preload" as="fetch" crossorigin href="/api/feeds/tag%3Afoxes?limit=30" />';
  const font = '<link rel="preload" as="font" href="/assets/figtree.woff2" />';
  expect(shellOf(`<head>${program}${ahead}${font}</head>`)).toBe(`<head>${program}${font}</head>`);
});

describe("what the service worker touches", () => {
  test.each(["/", "/post/01m8", "/tag/foxes", "/room/1?invite=x", "/@slow.heron", "/settings"])(
    "%s is a page",
    (path) => {
      expect(at(path)).toBe("page");
      expect(at(path, "cors")).toBe("none");
    },
  );

  test("assets are taken from what is kept", () => {
    expect(at("/assets/index-abc.js", "no-cors")).toBe("asset");
  });

  test.each([
    "/api/me",
    "/api/feeds/all",
    "/media/ab/512.webp",
    "/embed/all",
    "/embed",
    "/og/1.jpg",
    "/sse?topic=feed:all",
    "/oembed?url=x",
    "/metrics",
    "/sw.js",
    "/manifest.webmanifest",
    "https://elsewhere.example/",
  ])("%s is left alone", (path) => {
    expect(at(path)).toBe("none");
  });

  test("a command is never answered from what is kept", () => {
    expect(at("/", "navigate", "POST")).toBe("none");
    expect(at("/assets/x.js", "cors", "PUT")).toBe("none");
  });
});

test("what a page that is still open was built with stays for one version more", () => {
  const names = ["livefeed-a", "other", "livefeed-b", "livefeed-c"];
  expect(outdated(names, "c")).toEqual(["livefeed-a"]);
  expect(outdated(["livefeed-c"], "c")).toEqual([]);
});

test("a server that is being replaced counts as away, one that refuses does not", () => {
  expect([200, 404, 500, 502, 503, 504].filter(isAway)).toEqual([502, 503, 504]);
});

describe("what is pushed", () => {
  const pushed = { id: "n", kind: "comment", by: "otter", people: 1, time: 1, path: "/post/1" };

  const title = (news: object, language: Language = "en"): string =>
    shown({ ...pushed, ...news }, language).title;

  test("is a sentence", () => {
    expect(shown({ ...pushed, text: "Nice" }, "en")).toEqual({
      title: "otter commented on your picture",
      body: "Nice",
    });
    expect(title({ kind: "publication" })).toBe("otter published a picture you made together");
    expect(title({ kind: "reaction", people: 1 })).toBe("otter likes your picture");
    expect(title({ kind: "reaction", people: 2 })).toBe("otter and one more person like your picture");
    expect(title({ kind: "reaction", people: 1001 })).toBe("otter and 1,000 more people like your picture");
    expect(title({ kind: "something new" })).toBe("Something new on livefeed");
  });

  test("is said in the language of the page", () => {
    expect(title({}, "de")).toBe("otter hat dein Bild kommentiert");
    expect(title({ kind: "reaction", people: 3 }, "ar")).toContain("وشخصين آخرين");
    expect(title({ kind: "generation", state: "completed" }, "fr")).toBe("Votre image est terminée");
  });

  test.each(LANGUAGES.map(({ id }) => id))("has a sentence for everything in %s", (language) => {
    const kinds = ["comment", "reply", "mention", "reaction", "remix", "follow", "generation", "?"];
    const said = kinds.map((kind) => title({ kind }, language));
    expect(new Set(said).size).toBe(kinds.length);
    expect(said.filter((sentence) => /told\.|[{}]/.test(sentence))).toEqual([]);
  });

  test.each(["", "null", "{", "[]", '{"id":1}', '"text"'])("%j is not ours", (text) => {
    expect(pushedFrom(text)).toBeNull();
  });

  test.each([
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "javascript:1",
    7,
  ])("never leads to %s", (path) => {
    expect(pushedFrom(JSON.stringify({ ...pushed, path }))?.path).toBe("/");
  });
});

test("a browser is called what the server calls it", async () => {
  expect(await deviceOf("https://push.example/1")).toBe("5ba15fff965f44afa55aa4fa4d52b94b");
  expect([...bytesOf("_-8")]).toEqual([255, 239]);
});
