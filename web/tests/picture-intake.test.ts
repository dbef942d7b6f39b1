import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PictureIntake } from "../components/picture-intake";
import { studio } from "../components/studio";

vi.mock("../components/studio", () => ({ studio: { live: { limits: {} } } }));

const NO_PICTURE = "That is no picture. PNG, JPEG, WebP and GIF hang here.";
const NOTE = new File(["words"], "note.txt", { type: "text/plain" });
const DRAWING = new File(["<svg/>"], "x.svg", { type: "image/svg+xml" });
const PICTURE = new File(["…"], "picture.png", { type: "image/png" });

const said: string[] = [];
let intake: PictureIntake;
let paste: (event: unknown) => void;

function choose(...files: File[]): string {
  const target = { files, value: "C:\\fakepath\\x" };
  intake.chosen({ target } as never);
  return target.value;
}

function pasted(...files: File[]): boolean {
  let taken = false;
  paste({ clipboardData: { files }, preventDefault: () => (taken = true) });
  return taken;
}

beforeEach(() => {
  said.length = 0;
  vi.stubGlobal("document", {
    addEventListener: (_kind: string, listener: typeof paste) => (paste = listener),
  });
  vi.stubGlobal("Image", class { decode = () => Promise.resolve(); }); // prettier-ignore
  intake = new PictureIntake(
    { addController: () => undefined, requestUpdate: () => undefined } as never,
    (problem) => said.push(problem),
  );
  intake.hostConnected();
});
afterEach(() => {
  vi.unstubAllGlobals();
  (studio.live as { limits: object }).limits = {};
});

test.each([NOTE, DRAWING])("a chosen file of another kind is refused in words", (file) => {
  choose(file);
  expect(said).toEqual([NO_PICTURE]);
  expect(intake.image).toBeNull();
});

test("the field is empty after each choice: the same file is heard of when it is chosen again", () => {
  expect([choose(NOTE), choose(PICTURE)]).toEqual(["", ""]);
  expect(intake.image?.file).toBe(PICTURE);
});

test("a choice that was called off says nothing", () => {
  choose();
  expect(said).toEqual([]);
});

test("a pasted picture of another kind is refused in words; what else is pasted is no picture to begin with", () => {
  expect(pasted(DRAWING)).toBe(true);
  expect(pasted(NOTE)).toBe(false);
  expect(said).toEqual([NO_PICTURE]);
  expect(pasted(DRAWING, PICTURE)).toBe(true);
  expect(intake.image?.file).toBe(PICTURE);
});

test("a file with more bytes than the server takes is refused when it is brought, where that is known", () => {
  const large = new File([new Uint8Array(1.5 * 2 ** 20 + 1)], "large.png", { type: "image/png" });
  (studio.live as { limits: object }).limits = { upload_bytes: 1.5 * 2 ** 20 };
  intake.take(large);
  expect(said).toEqual(["A picture has at most 1.5 MB."]);
  expect(intake.image).toBeNull();
  (studio.live as { limits: object }).limits = { upload_bytes: large.size };
  intake.take(large);
  expect(intake.image?.file).toBe(large);
});
