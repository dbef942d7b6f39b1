import type { TemplateResult } from "lit";

/** One way in which a component can be. */
export interface State {
  readonly name: string;
  readonly shown: TemplateResult;
  /** Takes a whole row of the catalogue. */
  readonly wide?: boolean;
  /** How much room what fills its window has, px. */
  readonly height?: number;
  /** What is done to it, once, when it is drawn: as a hand would, or as the page would. */
  readonly act?: (shown: HTMLElement) => unknown;
  /**
   * Make the page stand in another way while it is drawn; returns how what the page does not remember by itself is
   * undone. What was drawn so stays so: two states of a page that exclude each other hang side by side.
   */
  readonly meanwhile?: () => (() => void) | void;
}

/** A page of the catalogue: one custom element in all its states. */
export interface Specimen {
  /** The name of the element, or of what is no element. */
  readonly tag: string;
  /** What it is, in one sentence. */
  readonly about: string;
  /** What each public property of the element means. */
  readonly properties: Readonly<Record<string, string>>;
  readonly states: readonly State[];
  /** Lies over the page: the stage holds it. */
  readonly floats?: boolean;
}

export interface Chapter {
  readonly name: string;
  readonly specimens: readonly Specimen[];
}
