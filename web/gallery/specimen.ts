import type { TemplateResult } from "lit";

/** One way in which a component can be. */
export interface State {
  readonly name: string;
  readonly shown: TemplateResult;
  /** Takes a whole row of the catalogue. */
  readonly wide?: boolean;
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
