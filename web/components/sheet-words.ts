/** The words of a sheet that was put away unfinished, and what it opens with. */
export class SheetWords {
  text = "";
  /** Where writing goes on in them, in characters. */
  caret = 0;
  /** Whether all of them are selected. */
  selected = false;
  /** The words of a picture that is remixed, which nobody has touched yet: put away, they are nobody's. */
  #borrowed = "";

  /** Keep what was written when the sheet is put away. */
  keep(words: string): void {
    this.text = words === this.#borrowed ? "" : words;
    this.#borrowed = "";
  }

  /** A remix begins with the picture's own words, unless others were written already. */
  borrow(words: string): void {
    if (!this.text.trim() || this.#isTag) this.text = this.#borrowed = words;
  }

  /** A new picture begins with the tag of the wall it is to hang on, unless something was written already. */
  begin(tag: string | null): void {
    if (!this.text.trim()) this.text = tag === null ? "" : ` #${tag}`;
  }

  /**
   * What was typed before the sheet was there goes on in it, before a tag, and in place of other words. Where nothing
   * was, these are there to be written over: nobody wants them glued to new ones.
   */
  carry(typed: string): void {
    const tag = this.#isTag ? this.text : "";
    this.selected = !typed && !tag && this.text !== "";
    this.caret = typed.length;
    if (typed) this.text = typed + tag;
  }

  /** What somebody wrote and has not sent yet. */
  get draft(): string {
    return this.#isTag ? "" : this.text;
  }

  get #isTag(): boolean {
    return this.text.startsWith(" #");
  }
}
