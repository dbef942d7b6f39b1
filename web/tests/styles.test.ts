import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const WEB = new URL("../", import.meta.url);
/** Sides of the page, where a start or an end is meant. */
const PHYSICAL =
  /(?:^|[;{\s])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b|(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b|border-(?:top|bottom)-(?:left|right)-radius\b)/;

function styles(): readonly (readonly [string, string])[] {
  const files = ["components", "styles", "pages"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, WEB), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name}`,
    ),
  );
  return files
    .filter((name) => /\.(ts|css)$/.test(name))
    .map((name) => {
      const text = readFileSync(new URL(name, WEB), "utf8");
      const sheets = name.endsWith(".css")
        ? [text]
        : [...text.matchAll(/css`([^`]*)`/g)].map(([, sheet]) => sheet!);
      return [name, sheets.join("\n").replace(/\/\*.*?\*\//gs, "")] as const;
    })
    .filter(([, sheet]) => sheet !== "");
}

test("styles know starts and ends, not left and right", () => {
  const found = styles().flatMap(([name, sheet]) =>
    sheet
      .split("\n")
      .filter((line) => PHYSICAL.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
  expect(styles().length).toBeGreaterThan(40);
});

test.each([
  "margin-left: 4px;",
  "  left: 0;",
  "text-align: right",
  "border-top-left-radius: 3px",
  "a{float:left}",
])("%s would be found", (line) => {
  expect(line).toMatch(PHYSICAL);
});
