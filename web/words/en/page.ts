import type { Source } from "../catalogue";

/** What the first feed says. `{name}` is the place of a value; messages with forms follow `{count}`. */
export default {
  // Said in many places
  untitled: "untitled",
  paint: "Paint",
  remix: "Remix",
  together: "Remix together",
  "try-again": "Try again",
  share: "Share",
  view: "View",
  comma: "{one}, {other}",
  comments: { one: "{count} comment", other: "{count} comments" },
  remixes: { one: "{count} remix", other: "{count} remixes" },

  // Times
  "ago.now": "just now",
  "ago.minutes": { one: "{count} min", other: "{count} min" },
  "ago.hours": { one: "{count} h", other: "{count} h" },
  "time.moment": "a moment",
  "time.about": "about {time}",
  "time.seconds": { one: "{count} s", other: "{count} s" },
  "time.minutes": { one: "{count} min", other: "{count} min" },

  // A picture being painted: what it is doing, and the rest of the sentence
  "job.place": "#{place} in line",
  "job.place-short": "#{place}",
  "job.waiting": "In line",
  "job.retrying": "Trying again",
  "job.starting": "Starting",
  "job.starting-again": "Starting again",
  "job.mixing": "mixing colours",
  "job.step": "Step {step} of {steps}",
  "job.step-short": "{step} of {steps}",
  "job.drying": "Drying",
  "job.posting": "posting",
  "job.nearly": "nearly there",
  "job.posted": "Posted",
  "job.finished": "Finished",
  "job.private": "only you can see it",
  "job.refused": "Not painted",
  "job.not-started": "Not started",
  "job.stopped": "Stopped",
  "job.stopped-at": "Stopped at step {step}",
  "job.cancelled": "Cancelled",
  "job.by-you": "by you",
  "job.by-painter": "by its painter",

  // The card of a picture being painted
  "card.open": "Open {title}",
  "card.on-your-easel": "Your easel, with {title}",
  "card.cancel": "Cancel {title}",
  "card.change-words": "Change the words",
  "card.paint-again": "Paint again",
  "card.not-painted": "not painted",
  "card.waiting": "waiting for a brush",
  "card.progress": "Painting",
  "alt.unfinished": "not finished: {title}",
  "alt.painting": "being painted: {title}",

  // The easel above the feed
  "easel.title": "On the easel",
  "easel.yours": "Your easel",
  "easel.painting": { one: "{count} being painted", other: "{count} being painted" },
  "easel.waiting": { one: "{count} waiting", other: "{count} waiting" },
  "easel.before": "The pictures before",
  "easel.later": "More pictures",
  "easel.line": "say what you want to see",
  "easel.free": "every easel is free",

  // The wall
  "wall.dark": "the wall is dark",
  "wall.no-line": "There is no line just now. This fills in by itself when it is back.",
  "wall.coming": "the first picture is being painted",
  "wall.coming-here": "It hangs here when it is dry.",
  "wall.empty": "nothing here yet",
  "wall.end": "That is every picture.",
  "wall.gone": "this picture is gone",
  "wall.left": "no longer under this tag",
  "picture.comment": "Comment",
  "picture.parent": "The picture this was made from",
  "picture.by-several": { one: "{handle} and {count} more", other: "{handle} and {count} more" },

  // New pictures
  "new.pictures": { one: "{count} new picture", other: "{count} new pictures" },
  "new.short": { one: "{count} new", other: "{count} new" },
  "new.gap": "Pictures while you were away, filling in",
  "told.titled": "{title}: {text}",

  // The connection
  "live.live": "Live",
  "live.here": { one: "{count} here", other: "{count} here" },
  "live.catching-up": "Catching up",
  "live.connecting": "Connecting",
  "live.reconnecting": "Reconnecting",
  "live.offline": "Offline",
  "live.since": "since {time}",
  "live.paused": "Paused",
  "live.held": { one: "{count} held", other: "{count} held" },
  "live.pause": "Pause: hold everything still",
  "live.go-on": "Go on",

  // Reactions
  "react.title": "React",
  "react.all": "Reactions",
  "react.total": "{emoji}, {total}",
  "react.mine": "{emoji}, {total}, yours",

  // The prompt line, toasts
  "dock.upload": "Upload a picture",
  "dock.words": "What you want to see",
  "dock.say": "Say what you want to see…",
  "dock.running": { one: "Your easel, {count} being painted", other: "Your easel, {count} being painted" },
  "toast.dismiss": "Dismiss",

  // What can go wrong everywhere; the server's other refusals are in the section that comes later
  "problem.unreachable": "The server cannot be reached.",
  "problem.page": "Something in this page went wrong. Reload it.",
  "problem.nobody": "You are being let in. Try again in a moment.",
  "problem.unknown": "The server could not do that. Try again.",

  // The bars
  "nav.home": "livefeed, all pictures",
  "nav.feeds": "Feeds",
  "nav.main": "Main",
  "nav.all": "All",
  "nav.following": "Following",
  "nav.feed": "Feed",
  "nav.find": "Find",
  "nav.news": "News",
  "nav.news-unread": { one: "News, {count} unread", other: "News, {count} unread" },
  "nav.settings": "Settings",
  "nav.keep-tag": "Keep {tag} here",
  "nav.drop-tag": "Do not keep {tag} here",

  // You
  "you.you": "You",
  "you.named": "You, {handle}",

  // The page itself
  "app.reload": "Reload",
  "app.newer": "There is a newer page. Reload to go on.",
  "app.closed": "The server has closed this page’s connection. Reload to go on.",
  "app.to-feed": "Back to the feed",
  "app.nobody": "nobody by that name",
  "app.free-name": "People change their names. Whoever was called so may have another by now.",
  "app.nothing": "nothing hangs here",
  "app.no-address": "The address leads to no picture.",
  "app.all": "All pictures",
  "app.first": "Paint the first picture.",
  "app.first-tag": "Paint the first picture tagged {tag}.",
  "app.whose": "whose pictures do you want to see",
  "app.follow": "Follow somebody, and what they paint hangs here.",
  "app.up": "Your picture is up",
  "wall.pictures": "Pictures",
  "share.away": "The page is out of reach. Try again in a moment.",
} as const satisfies Source;
