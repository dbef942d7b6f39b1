import { HalfWritten } from "../live/half-written";
import { shelf } from "../live/kept-list";
import { studio } from "./studio";

/** What was begun on this page and not said yet. */
export const halfWritten = new HalfWritten(shelf("sessionStorage"), () => studio.live.me?.id ?? null);
studio.written = halfWritten;
