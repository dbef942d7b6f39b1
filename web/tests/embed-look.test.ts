import { expect, test } from "vitest";
import { elementCode, frameCode, type Choice } from "../embed/code";
import { hashOf, lookOf, USUAL, type Look } from "../embed/look";

test("a look survives the way through an address", () => {
  const look: Look = {
    ...USUAL,
    theme: "dark",
    layout: "compact",
    dir: "rtl",
    grows: true,
    posts: 7,
    panel: "rgb(1 2 3 / 50%)",
    font: '"Some Face", serif',
  };
  expect(lookOf(`#fed&${hashOf(look)}`)).toEqual(look);
});

test("the usual look needs no words, growing or not", () => {
  expect(hashOf(USUAL)).toBe("");
  expect(hashOf({ ...USUAL, grows: true, posts: 3 })).toBe("height=auto");
  expect(lookOf("")).toEqual(USUAL);
});

test("what makes no sense is as if it were not there", () => {
  expect(lookOf("#theme=pink&layout=7&dir=up&posts=many&height=1")).toEqual(USUAL);
  expect(lookOf("#posts=9999").posts).toBe(24);
  expect(lookOf("#posts=0").posts).toBe(1);
  expect(lookOf(`#font=${"x".repeat(900)}`).font).toHaveLength(200);
});

const choice: Choice = {
  origin: "https://live.example",
  feed: "tag:füchse",
  name: "#füchse",
  page: "/tag/f%C3%BCchse",
  look: USUAL,
  height: 560,
};

test("the code for a page has the script, the element, and a quotation for readers without scripts", () => {
  expect(elementCode(choice)).toBe(
    [
      '<script type="module" src="https://live.example/embed.js"></script>',
      '<live-feed src="https://live.example/embed/tag:f%C3%BCchse" height="560">',
      '  <blockquote><a href="https://live.example/tag/f%C3%BCchse">#füchse, live on livefeed</a></blockquote>',
      "</live-feed>",
    ].join("\n"),
  );
});

test("what somebody typed cannot leave its attribute", () => {
  const typed = { ...choice, feed: 'tag:"><script>', name: '#"><b>', look: { ...USUAL, font: '"><b>' } };
  for (const code of [elementCode(typed), frameCode(typed)]) {
    expect(code.replace("<script type", "").replace("</script>", "")).not.toMatch(/<script|<b>/);
  }
});

test("a plain frame is sandboxed, and cannot grow", () => {
  const code = frameCode({ ...choice, look: { ...USUAL, theme: "dark", grows: true, posts: 3 } });
  expect(code).toContain('src="https://live.example/embed/tag:f%C3%BCchse#theme=dark"');
  expect(code).toContain('sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"');
  expect(code).not.toContain("allow-same-origin");
});
