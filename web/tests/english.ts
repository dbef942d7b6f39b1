/** Before every file of tests: what is said is English. */

import more from "../words/en/more";
import page from "../words/en/page";
import room from "../words/en/room";
import { speak } from "../words/words";

speak("en", "en-GB", [page, more, room]);
