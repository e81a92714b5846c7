/** The second touch of one double tap, on what has come to lie under the finger meanwhile: it answers nothing. */
import { running } from "../core/clock";

const WITHIN = 400;
const NEAR = 24;
let before = { at: -Infinity, x: 0, y: 0 };

export function isSecondTouch({ detail, clientX: x, clientY: y }: MouseEvent): boolean {
  const at = running();
  // By keyboard and by reading aids nothing lies under a finger.
  const second = detail > 0 && at - before.at < WITHIN && Math.hypot(x - before.x, y - before.y) < NEAR;
  before = { at, x, y };
  return second;
}
