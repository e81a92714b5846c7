/**
 * A telephone number and a name as people write them: read here as nhipcau/citizens/rules.py reads them, so that what
 * the server will refuse is told while the person still sits there.
 */
export const LONGEST_NAME = 80;

// More than this is no number, however it is written.
const LONGEST_TYPED = 64;
const COUNTRY = "84";
// What Python takes for blank; JavaScript's own \s is another list.
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SEPARATORS = new RegExp(`[${BLANK}.\\-()/\\u2010-\\u2015]+`, "g");
const BLANKS = new RegExp(`[${BLANK}]+`);
const UNWRITABLE = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u;
// Nine or more digits, spaces and dots between them allowed: an identity, bank or phone number.
const LONG_NUMBER = /\p{Nd}(?:[ .]?\p{Nd}){8,}/u;

function without(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** The digits after 0, +84, 84 or 0084; null when the number is not written as Vietnamese. */
function national(bare: string): string | null {
  for (const prefix of [`+${COUNTRY}`, `00${COUNTRY}`]) {
    if (bare.startsWith(prefix)) return without(bare.slice(prefix.length), "0");
  }
  if (bare.startsWith(COUNTRY) && (bare.length === 11 || bare.length === 12)) return bare.slice(COUNTRY.length);
  return bare.startsWith("0") ? bare.slice(1) : null;
}

/** As it is kept ("+84263353342"); empty stays empty; null: no telephone number. */
export function readPhone(text: string): string | null {
  if ([...text].length > LONGEST_TYPED) return null;
  const bare = text.replace(SEPARATORS, "");
  if (bare === "") return "";
  const digits = without(bare, "+");
  if (!/^[0-9]+$/.test(digits)) return null;
  const here = national(bare);
  if (here !== null) return /^[1-9][0-9]{8,9}$/.test(here) ? `+${COUNTRY}${here}` : null;
  return bare.startsWith("+") && digits.length >= 8 && digits.length <= 15 ? bare : null;
}

/** By the name of the words that say it. */
export type NameFault = "nameFirst" | "nameLong" | "nameLetters" | "nameNumber";

/** Why this is no name to be kept; null when it is one. */
export function nameFault(text: string): NameFault | null {
  const name = text.normalize("NFC").split(BLANKS).filter(Boolean).join(" ");
  if (name === "") return "nameFirst";
  if ([...name].length > LONGEST_NAME) return "nameLong";
  if (UNWRITABLE.test(name) || !/\p{L}/u.test(name)) return "nameLetters";
  return LONG_NUMBER.test(name) ? "nameNumber" : null;
}
