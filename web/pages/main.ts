import "./early";
import { interpretProblems } from "../live/problem";
import { register } from "../pwa/register";
import { interpreted } from "../words/problems";
import { begin } from "../words/reader";
import { onSpeech } from "../words/words";
import { open } from "./app";
import { isGallery } from "./gallery-gate";
import { redraw } from "./redraw";

/** The page needs no service worker: that comes when all else is there. */
const SETTLED_MS = 4_000;

interpretProblems(interpreted);
// Nothing is drawn before it is known in which language.
void begin("page").then((): unknown => (isGallery() ? import("../gallery/gallery-page") : open()));
onSpeech(() => redraw(document));

if (import.meta.env.PROD) register(SETTLED_MS);
