import type { Connection } from "./connection";

/** How a connection stands that was never begun. */
export const INITIAL: Connection = {
  phase: "idle",
  attempt: 0,
  lostAt: null,
  closeCode: null,
  road: "socket",
  notBefore: 0,
};
