/**
 * Ids made on the phone: UUIDv7 (RFC 9562), each greater than the one before it in the same page, also within
 * one millisecond and when the clock is set back.
 */
import { hex, random } from "./bytes";
import { now } from "./clock";

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// The clock of an old phone may stand before 1970; the field of the id holds 48 bits.
const LATEST = 2 ** 48 - 1;
const COUNTER = 0x1000;

let lastMoment = 0;
let counter = 0;

export function newId(): string {
  const moment = Math.min(Math.max(Math.floor(now()), 0), LATEST);
  if (moment > lastMoment) {
    lastMoment = moment;
    // Begun in the lower half, so that it has room to count within the millisecond.
    counter = ((random(2)[0] ?? 0) << 3) | 0;
  } else {
    counter += 1;
    if (counter >= COUNTER) {
      lastMoment += 1;
      counter = 0;
    }
  }
  const tail = random(8);
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const time = lastMoment.toString(16).padStart(12, "0");
  const rest = hex(tail);
  const version = `7${counter.toString(16).padStart(3, "0")}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

export function isId(text: unknown): text is string {
  return typeof text === "string" && SHAPE.test(text);
}
