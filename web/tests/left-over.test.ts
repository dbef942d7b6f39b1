import { expect, test } from "vitest";
import { leftOver } from "../live/left-over";

test("of what is written only what was sent goes", () => {
  expect(leftOver("a fox ", "a fox ")).toBe("");
  expect(leftOver("a fox then an owl", "a fox")).toBe("then an owl");
  expect(leftOver("an owl", "a fox")).toBe("an owl");
  expect(leftOver("words for a picture that went without", "")).toBe("words for a picture that went without");
});
