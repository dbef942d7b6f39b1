/**
 * What the first feed is drawn without, as one file: what the wall shows of what is going on and what can be done. It is
 * fetched when the first picture hangs, or before, when a job is to be shown.
 */

import "./emoji-button";
import "./generation-card";
import "./new-pill";
import "./parent-stamp";
import "./reaction-row";
import "./toast-stack";

export { NewsDesk } from "../live/news";
export { BroughtPictures } from "./brought-pictures";
export { WallKeys } from "./wall-keys";
