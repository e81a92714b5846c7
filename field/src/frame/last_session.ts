/** The help session saved last, while its store is open: to be undone, or followed as a case. */
import type { Session as Recorded } from "../outbox/commands";
import type { Session } from "./screen";

export interface LastSession {
  readonly command: string;
  readonly session: Recorded;
  readonly label: string;
}

// With the store it belongs to: whoever opens another one on this phone finds nothing.
const last = new WeakMap<Session, LastSession>();

export function remember(session: Session, recorded: LastSession | null): void {
  if (recorded) last.set(session, recorded);
  else last.delete(session);
}

export function remembered(session: Session): LastSession | null {
  return last.get(session) ?? null;
}
