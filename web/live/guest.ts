import type { Api } from "./api";
import type { User } from "./protocol";

/** Held by the tab that makes a guest: the others of the browser are the same one. */
const LOCK = "livefeed guest";

/** Be the guest whom another tab of this browser has just made, or a new one. Raises Problem. */
export async function beGuest(api: Api): Promise<User> {
  const { locks } = navigator as Partial<Navigator>;
  if (!locks) return (await api.guest()).user;
  const made = async (): Promise<User> => (await api.me()).user ?? (await api.guest()).user;
  return (await locks.request(LOCK, made)) as User;
}
