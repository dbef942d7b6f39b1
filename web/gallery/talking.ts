import { html, type TemplateResult } from "lit";
import "../components/comment-composer";
import "../components/comment-item";
import "../components/comment-thread";
import "../components/emoji-button";
import "../components/lineage-tree";
import "../components/picture-frame";
import "../components/post-about";
import "../components/post-edit";
import "../components/post-facts";
import "../components/reaction-burst";
import "../components/reaction-row";
import "../components/remix-line";
import "../components/text-edit";
import { studio } from "../components/studio";
import { commentOf, HERON, ME, mediaOf, NOW, WALL } from "./fixtures";
import type { Chapter, Specimen } from "./specimen";
import { written } from "./stage";

const POST = "p-fox";
const MINUTE = 60_000;

/** What people say, and what grows from a picture. */
export function talking(): Chapter {
  return {
    name: "Talk",
    specimens: [
      reactions(),
      burst(),
      picker(),
      items(),
      thread(),
      remixes(),
      composer(),
      changed(),
      about(),
      facts(),
      edited(),
      tree(),
    ],
  };
}

function reactions(): Specimen {
  return {
    tag: "reaction-row",
    about: "A post's reactions as toggle buttons with their totals, and the button for more.",
    properties: { post: "The id of the post.", most: "How many different ones are drawn." },
    states: [
      { name: "one of mine", shown: html`<reaction-row .post=${POST}></reaction-row>` },
      { name: "none", shown: html`<reaction-row .post=${"p-mushrooms"}></reaction-row>` },
      { name: "at most one", shown: html`<reaction-row .post=${POST} .most=${1}></reaction-row>` },
    ],
  };
}

function picker(): Specimen {
  return {
    tag: "emoji-button",
    about: "Opens the picker: five at hand, more behind the plus, and any other typed in.",
    properties: {
      post: "The id of the post that is reacted to; without one it only tells what was chosen.",
      chip: "A chip among reactions instead of a round button on a picture.",
    },
    states: [
      { name: "chip", shown: html`<emoji-button .post=${POST} chip></emoji-button>` },
      { name: "on a picture", shown: html`<emoji-button .post=${POST}></emoji-button>` },
    ],
  };
}

function items(): Specimen {
  const said = commentOf("x1", POST, "the moon did all the work here");
  const draft = { key: "k", author: ME, text: "those trees!", parent: null, problem: "" };
  const states = {
    said: html`<comment-item .comment=${said} .now=${NOW}></comment-item>`,
    edited: html`<comment-item .comment=${{ ...said, edited: NOW }} .now=${NOW}></comment-item>`,
    mine: html`<comment-item .comment=${{ ...said, author: ME }} .now=${NOW}></comment-item>`,
    sending: html`<comment-item
      .post=${POST}
      .draft=${{ ...draft, status: "sending" as const }}
    ></comment-item>`,
    waiting: html`<comment-item
      .post=${POST}
      .draft=${{ ...draft, status: "waiting" as const }}
    ></comment-item>`,
    "not sent": html`<comment-item
      .post=${POST}
      .draft=${{ ...draft, status: "failed" as const, problem: "The server was busy." }}
    ></comment-item>`,
    removed: html`<comment-item removed></comment-item>`,
    "not read yet": html`<comment-item removed earlier></comment-item>`,
  };
  return {
    tag: "comment-item",
    about: "One comment, or a draft of one on its way.",
    properties: {
      comment: "What was said.",
      draft: "What is on its way.",
      post: "The id of the post that the draft belongs to.",
      removed: "The place of a comment that is gone and has replies.",
      earlier: "The place is that of a comment which was not read yet: a button reads it.",
      now: "The time that “2 min” is counted from, ms.",
    },
    states: Object.entries(states).map(([name, shown]) => ({ name, shown })),
  };
}

function thread(): Specimen {
  return {
    tag: "comment-thread",
    about: "What is said about a picture: oldest first, one level of replies, drafts at their place.",
    properties: { post: "The id of the post." },
    states: [
      {
        name: "with replies and drafts",
        wide: true,
        shown: html`<comment-thread .post=${POST}></comment-thread>`,
      },
      { name: "nobody yet", shown: html`<comment-thread .post=${"p-lighthouse"}></comment-thread>` },
    ],
  };
}

function remixes(): Specimen {
  const line = (id: string, kind: "running" | "made" | "stopped"): TemplateResult =>
    html`<remix-line .line=${{ id, author: HERON, time: NOW - MINUTE, kind }} .now=${NOW}></remix-line>`;
  return {
    tag: "remix-line",
    about: "A remix among the comments: its dabs and previews while it is being painted, then the picture.",
    properties: {
      line: "Which remix, whose, since when, and what has become of it.",
      now: "The time that “2 min” is counted from, ms.",
    },
    states: [
      { name: "in line", shown: line("job-queued", "running") },
      { name: "being painted", shown: line("job-painting", "running") },
      { name: "not finished", shown: line("job-failed", "stopped") },
      { name: "posted", shown: line("l-dragon", "made") },
    ],
  };
}

function composer(): Specimen {
  return {
    tag: "comment-composer",
    about: "The line to say something on, with who else is writing above it.",
    properties: { post: "The id of the post.", answering: "The comment that is answered, or none." },
    states: [
      {
        name: "naming somebody",
        shown: html`<comment-composer class="naming" .post=${POST}></comment-composer>`,
        act: written("this one, @"),
      },
      { name: "somebody is writing", shown: html`<comment-composer .post=${POST}></comment-composer>` },
      {
        name: "answering",
        shown: html`<comment-composer
          .post=${"p-lighthouse"}
          .answering=${commentOf("x2", "p-lighthouse", "seed please?", { author: HERON })}
        ></comment-composer>`,
      },
    ],
  };
}

function about(): Specimen {
  return {
    tag: "post-about",
    about: "Who painted a picture, its title, its colours, the facts, and what people feel about it.",
    properties: { post: "The id of the post." },
    states: [
      {
        name: "somebody else's",
        wide: true,
        shown: html`<post-about class="panel" .post=${POST}></post-about>`,
      },
      {
        name: "mine, upright",
        wide: true,
        shown: html`<post-about class="panel" .post=${"p-sunflowers"}></post-about>`,
      },
    ],
  };
}

function tree(): Specimen {
  return {
    tag: "lineage-tree",
    about:
      "The tree of remixes around the open picture; the way to it is drawn strong, a taken-down one keeps its place.",
    properties: { post: "The id of the open post.", narrow: "Without labels, for a phone." },
    states: [
      { name: "wide", wide: true, shown: html`<lineage-tree .post=${POST}></lineage-tree>` },
      { name: "narrow", shown: html`<lineage-tree .post=${POST} narrow></lineage-tree>` },
    ],
  };
}

function changed(): Specimen {
  const text = "the moon did all the work here";
  const field = html`<text-edit .text=${text} .label=${"Your comment"} .post=${POST}></text-edit>`;
  return {
    tag: "text-edit",
    about: "Words that are being changed in their place; whoever an @ may mean is offered.",
    properties: {
      text: "What it says until now.",
      begun: "What was half written of it before; then it does not ask for the focus.",
      label: "What the field is, for screen readers.",
      most: "Characters at most.",
      post: "The id of the picture whose talk it is part of.",
    },
    states: [
      { name: "being changed", shown: field },
      {
        name: "naming somebody",
        shown: html`<text-edit
          class="naming"
          .text=${text}
          .label=${"Your comment"}
          .post=${POST}
        ></text-edit>`,
        act: written("the moon did all the work, @no"),
      },
      { name: "on its way", shown: field, act: (shown) => Object.assign(shown, { saving: true }) },
      {
        name: "refused",
        shown: field,
        act: (shown) =>
          Object.assign(shown, { problem: "That was a lot at once. Wait a moment, then try again." }),
      },
    ],
  };
}

function facts(): Specimen {
  return {
    tag: "post-facts",
    about:
      "How a picture was made: by what, in how many steps, from which words; what it is about, and by whom.",
    properties: { post: "The id of the post." },
    states: [
      { name: "painted here", shown: html`<post-facts class="panel" .post=${POST}></post-facts>` },
      {
        name: "with words of its own",
        shown: html`<post-facts class="panel" .post=${"p-sunflowers"}></post-facts>`,
      },
      { name: "made together", shown: html`<post-facts class="panel" .post=${"p-dragon"}></post-facts>` },
    ],
  };
}

function edited(): Specimen {
  const [post] = WALL;
  const shown = html`<post-edit class="panel" .post=${post!}></post-edit>`;
  return {
    tag: "post-edit",
    about: "The title of one's own picture, and what it shows in words for those who do not see it.",
    properties: { post: "The picture." },
    states: [
      { name: "as it was painted", shown },
      {
        name: "with words of its own",
        shown: html`<post-edit
          class="panel"
          .post=${{ ...WALL[3]!, alt: "Sunflowers in a blue jug on a table." }}
        ></post-edit>`,
      },
      { name: "on its way", shown, act: (element) => Object.assign(element, { saving: true }) },
      {
        name: "refused",
        shown,
        act: (element) => Object.assign(element, { problem: "That is not yours to change." }),
      },
    ],
  };
}

function burst(): Specimen {
  const again = (): void => {
    const { posts } = studio.live.state;
    const { reactions } = posts.get("p-dragon")!;
    studio.live.dispatch({
      kind: "reactions",
      post: "p-dragon",
      reactions: { ...reactions, "👏": (reactions["👏"] ?? 0) + 12, "🔥": (reactions["🔥"] ?? 0) + 1 },
    });
  };
  return {
    tag: "reaction-burst",
    about:
      "Reactions rising along the end edge of a picture: few at a time, never over text; none with less motion.",
    properties: { post: "The id of the post." },
    states: [
      {
        name: "nothing rises before somebody reacts",
        shown: html`<div class="bursting">
            <picture-frame class="frame" .media=${mediaOf("dragon")} .alt=${"a dragon"} eager></picture-frame>
            <reaction-burst .post=${"p-dragon"}></reaction-burst>
          </div>
          <button class="button outlined small" @click=${again}>Thirteen react</button>`,
      },
    ],
  };
}
