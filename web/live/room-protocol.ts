/** The shapes of a remix room, as the server sends them. Unknown fields are ignored. */

import type { Media, Position, Post, Reactions, Topic, User } from "./protocol";

export type Role = "owner" | "editor" | "viewer";

export interface Room {
  readonly id: string;
  readonly topic: Topic;
  /** The picture it started from, null when that is gone. */
  readonly post: Post | null;
  readonly parent_id?: string | null;
  readonly owner: User;
  /** Mine. */
  readonly role: Role;
  /** Documents of two epochs must not be mixed. */
  readonly epoch: string;
  readonly state: "open" | "published";
  /** The post that came of it. */
  readonly published?: string | null;
  readonly created: number;
}

export interface Member {
  readonly user: User;
  readonly role: Role;
}

export interface Variation {
  /** Also its generation's. */
  readonly id: string;
  readonly topic: Topic;
  readonly room: string;
  readonly author: User;
  readonly prompt: string;
  readonly seed?: number | null;
  readonly state: string;
  readonly width?: number;
  readonly height?: number;
  readonly media?: Media | null;
  readonly code?: string | null;
  readonly message?: string | null;
  readonly created: number;
}

export interface Message {
  readonly id: string;
  readonly room: string;
  readonly author: User;
  readonly text: string;
  readonly created: number;
  readonly reactions: Reactions;
}

export interface RoomSnapshot {
  readonly room: Room;
  readonly members: readonly Member[];
  readonly variations: readonly Variation[];
  /** How many voted for each variation. */
  readonly votes: Readonly<Record<string, number>>;
  /** The variation that I voted for. */
  readonly vote?: string | null;
  /** The newest, oldest first. */
  readonly messages: readonly Message[];
  /** By message, the emoji that are mine. */
  readonly mine?: Readonly<Record<string, readonly string[]>>;
  /** Where older ones are read, null if these are all. */
  readonly next?: string | null;
  readonly at: Position;
}

/** Somebody on the roster: in the room now, and not hidden. */
export interface Here {
  readonly user: User;
  readonly role?: Role | undefined;
  readonly pigment: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A `presence` frame of a room: the whole roster, or what has changed in it. */
export interface RosterFrame {
  readonly count: number;
  readonly roster?: readonly Here[];
  readonly joined?: readonly Here[];
  readonly left?: readonly string[];
  readonly changed?: readonly Here[];
}

export type ToolName = "brush" | "mask" | "eraser" | "hand";

/** Where somebody's pointer is on the picture (0 to 1); null when it has left. */
export interface CursorSignal {
  readonly x: number;
  readonly y: number;
  readonly tool?: ToolName;
  readonly down?: boolean;
}

/** Some more of a stroke that is being drawn. */
export interface StrokeSignal {
  readonly id: string;
  readonly kind: number;
  /** `#rrggbb`; only a brush has one. */
  readonly color?: string;
  /** Its diameter, as in a finished stroke. */
  readonly size: number;
  /** The index of the first point that is here. */
  readonly from: number;
  readonly points: readonly number[];
  readonly done?: boolean;
}
