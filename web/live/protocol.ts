/** The shapes and frames of protocol v1, as the server sends them. Unknown fields are ignored. */

import type { RosterFrame } from "./room-protocol";

/** The id of a stream entry, `<ms>-<n>`. Opaque, except that revisions of one key can be compared. */
export type Position = string;
export type Topic = string;

export interface User {
  readonly id: string;
  readonly handle: string;
  /** The sha256 of a picture, or "" for somebody new. */
  readonly avatar: string;
}

export interface Media {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** Base64. */
  readonly thumbhash: string;
  /** Six colours, `#rrggbb`. */
  readonly palette: readonly string[];
}

export type Reactions = Readonly<Record<string, number>>;

export interface Post {
  readonly id: string;
  readonly author: User;
  readonly caption: string;
  /** What it shows, in words of its author; without them the prompt says it. */
  readonly alt?: string | null;
  readonly prompt?: string | null;
  /** How it was to be painted. */
  readonly style?: string | null;
  readonly media: Media;
  readonly tags: readonly string[];
  readonly parent?: string | null;
  /** What a remix shows of its parent, as long as that is there. */
  readonly origin?: { readonly media: Media } | null;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly edited?: number | null;
  readonly reactions: Reactions;
  readonly comments: number;
  readonly remixes: number;
  /** Which totals these are: of two the higher wins. Noted here by whoever has read it (`api.ts`). */
  readonly rev?: Position;
  /** All who made it together in a room, the author among them. */
  readonly credits?: readonly User[];
}

/** A post of a lineage. A tombstone has only id, parent, media (null) and next. */
export interface LineageNode {
  readonly id: string;
  readonly parent?: string | null | undefined;
  readonly deleted?: boolean;
  readonly author?: User;
  readonly caption?: string;
  readonly prompt?: string | null | undefined;
  readonly media: Media | null;
  readonly created?: number;
  readonly remixes?: number;
  /** The position to follow its topic from. */
  readonly at?: Position;
  /** Where its further remixes are read, null if all are known. */
  readonly next: string | null;
}

export interface Comment {
  readonly id: string;
  readonly post: string;
  readonly author: User;
  readonly text: string;
  /** Whom its @handles name. */
  readonly mentions?: readonly { readonly id: string; readonly handle: string }[];
  readonly parent?: string | null;
  readonly created: number;
  readonly edited?: number | null;
}

/** Something that concerns the reader. The same id again replaces what is known of it. */
export interface Notification {
  readonly id: string;
  readonly kind:
    "comment" | "reply" | "mention" | "reaction" | "remix" | "publication" | "follow" | "generation";
  readonly time: number;
  readonly unread: boolean;
  /** The newest who did it, at most three; of an event the one who did it just now. */
  readonly actors: readonly User[];
  /** How many did it. */
  readonly people: number;
  readonly post?: string | null;
  readonly parent?: string | null;
  readonly comment?: string | null;
  readonly text?: string | null;
  readonly generation?: string | null;
  readonly state?: string | null;
  readonly room?: string | null;
  readonly media?: Media | null;
}

/** Why a picture is in line again, through no fault of its own: `attempt` is next, of `attempts`. */
export interface Retry {
  readonly attempt: number;
  readonly attempts: number;
  readonly code: string;
  readonly message: string;
}

export interface Generation {
  readonly id: string;
  readonly topic: Topic;
  readonly author: User;
  readonly prompt: string;
  /** How it is to be painted. */
  readonly style?: string | null;
  readonly width: number;
  readonly height: number;
  readonly state: string;
  /** Whether it is for everybody. */
  readonly publish?: boolean;
  readonly seed?: number | null;
  readonly generator?: string | null;
  readonly step?: number | null;
  readonly steps?: number | null;
  readonly place?: number | null;
  readonly eta_s?: number | null;
  readonly retry?: Retry | null;
  readonly parent?: string | null;
  readonly strength?: number | null;
  readonly created: number;
  /** The post it became, once it is completed and published. */
  readonly post?: string | null;
  /** What came of it, once it is completed. */
  readonly media?: Media | null;
  /** Why nothing came of it. */
  readonly error?: { readonly stage: string; readonly code: string; readonly message: string } | null;
}

/** How long the words may be, in characters. */
export interface Limits {
  readonly prompt: number;
  readonly caption: number;
  readonly comment: number;
  /** Of a picture's file; nobody says it over a stream. */
  readonly upload_bytes?: number;
}

export interface KeptEvent {
  readonly id: Position;
  readonly type: string;
  readonly time: number;
  readonly data: unknown;
}

export interface LatestValue {
  readonly key: string;
  readonly type: string;
  readonly time: number;
  readonly rev: Position;
  readonly data: unknown;
}

export interface Signal {
  readonly user: User;
  readonly type: string;
  readonly data: unknown;
}

export interface Welcome {
  readonly op: "welcome";
  readonly session: string;
  readonly user: User | null;
  readonly time: number;
  readonly heartbeat_s: number;
  readonly limits: Partial<Limits>;
}

export type Subscribed = { readonly at: Position; readonly resumed: boolean } | { readonly error: string };

/** The frames that change what is known about a topic. */
export type TopicFrame =
  | {
      readonly op: "events";
      readonly topic: Topic;
      readonly from: Position;
      readonly to: Position;
      readonly events: readonly KeptEvent[];
    }
  | { readonly op: "latest"; readonly topic: Topic; readonly values: readonly LatestValue[] }
  | { readonly op: "gap"; readonly topic: Topic; readonly at: Position }
  | ({ readonly op: "presence"; readonly topic: Topic } & RosterFrame)
  | { readonly op: "signals"; readonly topic: Topic; readonly signals: readonly Signal[] };

export type ServerFrame =
  | Welcome
  | { readonly op: "subscribed"; readonly ref: number; readonly topics: Readonly<Record<Topic, Subscribed>> }
  | TopicFrame
  | { readonly op: "result"; readonly ref: number; readonly data: unknown }
  | {
      readonly op: "error";
      readonly ref?: number;
      /** A topic that ends: the rights to it are gone. */
      readonly topic?: Topic;
      readonly code: string;
      readonly message: string;
      readonly retry_after_s?: number;
    }
  | { readonly op: "drain"; readonly after_ms: number }
  | { readonly op: "pong"; readonly ref: number };

export interface SubscribeOptions {
  readonly since?: Position;
  readonly latest?: number;
  readonly presence?: Presence;
  /** Not to be counted or listed oneself. */
  readonly hidden?: true;
}

/** What is told of those who follow a topic: how many, or (in rooms) who. */
export type Presence = "count" | "roster";

export type ClientFrame =
  | {
      readonly op: "subscribe";
      readonly ref: number;
      readonly topics: Readonly<Record<Topic, SubscribeOptions>>;
    }
  | { readonly op: "unsubscribe"; readonly ref: number; readonly topics: readonly Topic[] }
  | {
      readonly op: "signal";
      readonly topic: Topic;
      readonly type: string;
      readonly data: object | null;
    }
  | {
      readonly op: "call";
      readonly ref: number;
      readonly method: string;
      readonly data: object;
      readonly key?: string;
    }
  | { readonly op: "ping"; readonly ref: number };
