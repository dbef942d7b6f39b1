import "./app";
import { register } from "../pwa/register";

/** The page needs no service worker: that comes when all else is there. */
const SETTLED_MS = 4_000;

if (import.meta.env.PROD) register(SETTLED_MS);
