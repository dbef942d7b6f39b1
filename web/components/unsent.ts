import { shelf } from "../live/kept-list";
import { Unsent } from "../live/unsent";
import { studio } from "./studio";

/** What was said on this page or an earlier one and is not with the server yet: kept and sent, once this is fetched. */
new Unsent(studio.live, shelf("localStorage"), () => studio.conversation.resend()).start();
