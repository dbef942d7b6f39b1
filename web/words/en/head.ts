import type { Source } from "../catalogue";

/** What the server writes into the HTML of a page. It puts the values in itself, and knows no plural forms. */
export default {
  "head.about": "Say what you want to see, and watch it being painted with everyone else.",
  "head.scripts": "This page paints live and needs JavaScript. Please turn it on.",
  "head.post": "{title}, by {handle}",
  "head.by": "by {handle}",
  "head.post-about": "A picture by {handle}, painted live for everyone to see.",
  "head.person-about": "Pictures by {handle}, painted live for everyone to see.",
  "head.tag-about": "Pictures tagged {tag}, and those that are being painted right now.",
  "head.newest": "The newest pictures on livefeed",
  "head.newest-of": "The newest pictures of {name}",
  "head.room": "A remix room on livefeed",
  "head.room-about": "A picture is being remixed together here.",
} as const satisfies Source;
