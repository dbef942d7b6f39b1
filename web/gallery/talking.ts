import { html } from "lit";
import "../components/comment-composer";
import "../components/comment-item";
import "../components/comment-thread";
import "../components/emoji-button";
import "../components/lineage-tree";
import "../components/person-avatar";
import "../components/post-about";
import "../components/reaction-row";
import { commentOf, HERON, ME, NOW, PEOPLE } from "./fixtures";
import type { Chapter, Specimen } from "./specimen";

const POST = "p-fox";

/** What people say, and what grows from a picture. */
export function talking(): Chapter {
  return {
    name: "Talk",
    specimens: [reactions(), picker(), items(), thread(), composer(), about(), tree(), avatars()],
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
  };
  return {
    tag: "comment-item",
    about: "One comment, or a draft of one on its way.",
    properties: {
      comment: "What was said.",
      draft: "What is on its way.",
      post: "The id of the post that the draft belongs to.",
      removed: "The place of a comment that is gone and has replies.",
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

function composer(): Specimen {
  return {
    tag: "comment-composer",
    about: "The line to say something on, with who else is writing above it.",
    properties: { post: "The id of the post.", answering: "The comment that is answered, or none." },
    states: [
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

function avatars(): Specimen {
  return {
    tag: "person-avatar",
    about: "A crop of a person's own picture; a newcomer gets two dabs hashed from the handle.",
    properties: { user: "Whose it is.", size: "Its width, px." },
    states: PEOPLE.map((user) => ({
      name: user.handle,
      shown: html`<person-avatar .user=${user} .size=${44}></person-avatar>`,
    })),
  };
}
