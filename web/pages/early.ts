import { askAhead } from "../live/ahead";

// Before the rest of the page's program runs.
askAhead();
