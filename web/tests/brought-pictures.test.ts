import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BroughtPictures } from "../components/brought-pictures";

const NOTE = new File(["words"], "note.txt", { type: "text/plain" });
const PICTURE = new File(["…"], "picture.png", { type: "image/png" });

const heard = new Map<string, (event: unknown) => void>();
const shown: (File | null)[] = [];

function bring(kind: "drop" | "paste", ...files: File[]): void {
  const data = { types: ["Files"], files };
  heard.get(kind)?.({ dataTransfer: data, clipboardData: data, preventDefault: () => undefined });
}

beforeEach(() => {
  heard.clear();
  shown.length = 0;
  vi.stubGlobal("document", {
    addEventListener: (kind: string, listener: (event: unknown) => void) => heard.set(kind, listener),
  });
  new BroughtPictures({ takes: () => true, open: () => false, show: (file) => shown.push(file) });
});
afterEach(() => vi.unstubAllGlobals());

test("a dropped file that is no picture is handed on: the sheet says what it takes", () => {
  bring("drop", NOTE);
  expect(shown).toEqual([NOTE]);
});

test("among dropped files the picture is meant, and what is pasted is nothing but a picture", () => {
  bring("drop", NOTE, PICTURE);
  bring("paste", NOTE);
  bring("paste", NOTE, PICTURE);
  expect(shown).toEqual([PICTURE, PICTURE]);
});
