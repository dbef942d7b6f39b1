import { Problem } from "./problem";

/** A call as a request. */
export interface Command {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/** Return the request that does what a call does. Raises Problem. Source: docs/protocol.md, "Calls". */
export function commandOf(name: string, data: Readonly<Record<string, unknown>>): Command {
  const { id, post, emoji, on, ...rest } = data;
  const at = (folder: string, of: unknown): string => `/api/${folder}/${encodeURIComponent(String(of))}`;
  switch (name) {
    case "comment.create":
      return { method: "POST", path: `${at("posts", post)}/comments`, body: rest };
    case "comment.update":
      return { method: "PATCH", path: at("comments", id), body: rest };
    case "comment.delete":
      return { method: "DELETE", path: at("comments", id) };
    case "reaction.set":
      return {
        method: on ? "PUT" : "DELETE",
        path: `${at("posts", post)}/reactions/${encodeURIComponent(String(emoji))}`,
      };
    case "post.update":
      return { method: "PATCH", path: at("posts", id), body: rest };
    case "post.delete":
      return { method: "DELETE", path: at("posts", id) };
    case "generation.create":
      return { method: "POST", path: "/api/generations", body: data };
    case "generation.cancel":
      return { method: "DELETE", path: at("generations", id) };
    default:
      throw new Problem("unknown_method", `There is no method '${name}'.`, 404);
  }
}
