/** Which PINs are taken, and how what was typed becomes one. */
import { WeakPin } from "./errors";

const SHORTEST = 6;
const LONGEST = 16;
// Patterns on the keypad and favourites that no rule below finds.
const FAVOURITES = new Set(["147258", "258369", "159753", "159357", "112233", "332211", "123321", "102030"]);

/** Digits as typed on any keyboard, Thai ones too; spaces between them do not count. */
export function tidyPin(typed: string): string {
  return typed
    .normalize("NFKC")
    .replace(/\s/g, "")
    .replace(/[\u0e50-\u0e59]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
}

/** The PIN as it is kept in mind; throws WeakPin when it would be guessed first. */
export function checkPin(typed: string): string {
  const pin = tidyPin(typed);
  if (!/^[0-9]*$/.test(pin)) throw new WeakPin("digits");
  if (pin.length < SHORTEST) throw new WeakPin("short");
  if (pin.length > LONGEST) throw new WeakPin("long");
  if (isTrivial(pin)) throw new WeakPin("trivial");
  return pin;
}

function isTrivial(pin: string): boolean {
  const digits = [...pin].map(Number);
  if (new Set(digits).size < 3 || FAVOURITES.has(pin)) return true;
  const steps = new Set(digits.slice(1).map((digit, at) => (digit - (digits[at] ?? 0) + 10) % 10));
  if (steps.size === 1) return true;
  const repeats = (length: number): boolean =>
    digits.every((digit, at) => at < length || digit === digits[at - length]);
  return repeats(2) || repeats(3);
}
