/** For what is drawn with the words of rooms: its module waits here until they are known. */

import "./more";
import { need } from "./reader";

await need("room");
