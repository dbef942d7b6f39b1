import type { Source } from "../catalogue";

/** What a notification of the system says: the service worker has it in every language. */
export default {
  "told.commented": "{by} commented on your picture",
  "told.replied": "{by} replied to you",
  "told.mentioned": "{by} mentioned you",
  "told.reacted": "{by} likes your picture",
  "told.reacted-more": {
    one: "{by} and one more person like your picture",
    other: "{by} and {count} more people like your picture",
  },
  "told.remixed": "{by} remixed your picture",
  "told.published": "{by} published a picture you made together",
  "told.followed": "{by} follows you",
  "told.finished": "Your picture is finished",
  "told.refused": "Your picture was not painted",
  "told.failed": "Your picture could not be finished",
  "told.something": "Something new on livefeed",
} as const satisfies Source;
