/** What cannot be undone is asked for twice; the second touch of one double tap is no answer. */
import { running } from "../core/clock";

const DOUBLE_TAP = 600;

export class Confirm {
  private since: number | null = null;

  /** Asked already by what led here: only the end of a double tap is no yes. */
  static armed(): Confirm {
    const confirm = new Confirm();
    confirm.touch();
    return confirm;
  }

  /** Whether it was asked for once, and waits for a yes. */
  get asked(): boolean {
    return this.since !== null;
  }

  /** Whether this touch is the yes. */
  touch(): boolean {
    if (this.since !== null) return running() - this.since >= DOUBLE_TAP;
    this.since = running();
    return false;
  }
}
