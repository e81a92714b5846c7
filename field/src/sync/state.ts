/**
 * What the status screen shows of the exchange with the server. "All sent" is said only when nothing waits and
 * nothing needs a person.
 */

/**
 * Why the last round did not come to its end. `incomplete`: the server left some commands without a receipt;
 * `storage`: there is no room; `stuck`: the store does not answer; `damaged`: some in the outbox cannot be opened any
 * more, and only the rescue export takes them.
 */
export type Problem =
  | "offline"
  | "timeout"
  | "server"
  | "unreadable"
  | "incomplete"
  | "storage"
  | "stuck"
  | "damaged"
  | "sign_in"
  | "lease_ended"
  | "revoked"
  | "closed";

/** `waiting` before the next try that is set for later; `lastDone` and `nextTry` on the phone's own clock. */
export interface SyncState {
  readonly phase: "idle" | "sending" | "receiving" | "waiting";
  /** Commands without a receipt. */
  readonly waiting: number;
  /** Commands in the drawer. */
  readonly attention: number;
  /** When a round last came to its end: everything asked for was sent, and all of the pack was read. */
  readonly lastDone: number | null;
  readonly problem: Problem | null;
  readonly nextTry: number | null;
}

/** The one sentence at the top of the screen. The screen adds the two counts to it. */
export type Summary = "all_sent" | "all_sent_needs_you" | "not_sent" | "not_sent_needs_you" | "checking";

/** The phone's state before anything was counted. */
export const UNKNOWN_STATE: SyncState = {
  phase: "idle",
  waiting: -1,
  attention: -1,
  lastDone: null,
  problem: null,
  nextTry: null,
};

/** What may be said of the work on this phone; while nothing was counted yet, nothing is claimed. */
export function summary(state: SyncState): Summary {
  if (state.waiting < 0 || state.attention < 0) return "checking";
  if (state.waiting > 0) return state.attention > 0 ? "not_sent_needs_you" : "not_sent";
  return state.attention > 0 ? "all_sent_needs_you" : "all_sent";
}

const FOR_A_PERSON: ReadonlySet<Problem> = new Set(["sign_in", "lease_ended", "revoked", "closed", "damaged"]);

/** These end only by a person: a sign-in, a rescue export, or a word with the coordinator. */
export function needsPerson(problem: Problem): boolean {
  return FOR_A_PERSON.has(problem);
}

const OF_THE_WAY: ReadonlySet<Problem> = new Set(["offline", "timeout", "server", "unreadable"]);

/** These are over with the next answer of the server. */
export function isOfTheWay(problem: Problem): boolean {
  return OF_THE_WAY.has(problem);
}
