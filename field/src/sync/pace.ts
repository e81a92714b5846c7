/** How much is sent at once, and how long is waited after a failure. */
import { utf8 } from "../core/bytes";
import type { Command } from "../outbox/commands";
import { PATIENCE, type Patience } from "./wire";

/** All in milliseconds. */
export interface Pace {
  /** The wait after the first failure, and the longest one. */
  readonly first: number;
  readonly longest: number;
  /** Between rounds while all is well. */
  readonly every: number;
  /** From a new command to the round that sends it; also the least time between two rounds that hints begin. */
  readonly soon: number;
  /** Until this page looks again whether another one of this phone has come to its end. */
  readonly elsewhere: number;
  readonly patience: Patience;
}

const MINUTE = 60_000;

export const PACE: Pace = {
  first: 5_000,
  longest: 15 * MINUTE,
  every: 5 * MINUTE,
  soon: 1_000,
  elsewhere: 3_000,
  patience: PATIENCE,
};

const FIRST_BATCH = 50;
const WITH_THE_REST = 1.25;
const MOST_COMMANDS = 100;
// The server takes 512 KiB; what stands around the commands needs some of it.
const MOST_BYTES = 400 * 1024;

/** How many commands go in one request: halved when it was too much, doubled again while all goes well. */
export class BatchSize {
  private size = FIRST_BATCH;

  grow(): void {
    this.size = Math.min(MOST_COMMANDS, this.size * 2);
  }

  /** `sent` was too much. */
  shrink(sent: number): void {
    this.size = Math.max(1, Math.floor(Math.min(sent, this.size) / 2));
  }

  /** The last few go along: far from the centre a second way there and back costs more than they weigh. */
  private reach(waiting: number): number {
    return this.size >= FIRST_BATCH && waiting <= this.size * WITH_THE_REST ? waiting : this.size;
  }

  /** The first ones that fit; always at least one, however large. */
  take(commands: readonly Command[]): Command[] {
    const batch: Command[] = [];
    let bytes = 0;
    for (const command of commands.slice(0, this.reach(commands.length))) {
      bytes += utf8(JSON.stringify(command)).length;
      if (batch.length > 0 && bytes > MOST_BYTES) break;
      batch.push(command);
    }
    return batch;
  }
}

/** Doubles from wait to wait; each is shortened by chance up to a half, so that phones do not come all at once. */
export class BackOff {
  private failures = 0;

  constructor(
    private readonly first: number,
    private readonly longest: number,
  ) {}

  reset(): void {
    this.failures = 0;
  }

  next(): number {
    const wait = Math.min(this.longest, this.first * 2 ** this.failures);
    this.failures = Math.min(this.failures + 1, 30);
    return Math.max(this.first, wait * (0.5 + Math.random() / 2));
  }
}
