/** For what is drawn with the later words: its module waits here until they are known. */

import { recogniseBy } from "./problems";
import { need } from "./reader";
import { recognised } from "./said";

await need("more");
recogniseBy(recognised);
