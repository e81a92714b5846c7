/**
 * The phone's two clocks: the wall clock, which anybody can set, and the one that only runs forward while the
 * app is open. Everything that must not be fooled by a set clock takes both from here.
 */
export interface Clock {
  /** Milliseconds of the wall clock: a claim. */
  now(): number;
  /** Milliseconds since the page was opened: cannot be set. */
  running(): number;
}

const REAL: Clock = { now: () => Date.now(), running: () => performance.now() };
let clock = REAL;

export function now(): number {
  return clock.now();
}

export function running(): number {
  return clock.running();
}

/** A moment as the server reads it. */
export function iso(moment: number = now()): string {
  return new Date(moment).toISOString();
}

/** Another clock for a test; without one, the phone's own again. */
export function setClock(other: Clock | null): void {
  clock = other ?? REAL;
}
