/** One block of a stream of server-sent events. What it does not say is empty. */
export interface EventBlock {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** A block larger than this is not one of ours; characters. */
export const LONGEST_BLOCK = 4_000_000;

/**
 * Reads blocks from the text of a stream, wherever it was cut. Only the fields that livefeed sends.
 * Source: html.spec.whatwg.org, "Interpreting an event stream".
 */
export class EventBlocks {
  #rest = "";

  /** Return the blocks that are whole now; comments and `retry` make none. Raises RangeError for an endless block. */
  read(text: string): EventBlock[] {
    this.#rest += text;
    const parts = this.#rest.split("\n\n");
    this.#rest = parts.pop()!;
    if (this.#rest.length > LONGEST_BLOCK) throw new RangeError("The stream has a block without an end.");
    return parts.map(parse).filter((block) => block.id || block.data);
  }
}

function parse(text: string): EventBlock {
  const fields: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
  }
  const { event = "", id = "", data = "" } = fields;
  return { event, id, data };
}
