/**
 * What a code says that was scanned or typed. Nothing here opens or fetches an address: a code is a text by a stranger
 * until it is known to be one of ours.
 */
import { isPart } from "../outbox/rescue";
import { mayBeIdCard, parseIdCard } from "./idcard";

export type Code =
  /** The code of a post, as its screen shows it for half a minute. */
  | { readonly kind: "post"; readonly code: string }
  /** A citizen's tracking card: the token of its link, or the short code printed beside it. */
  | { readonly kind: "card"; readonly token: string; readonly code: string }
  /** `host`: where the badge's own address leads. Only our own server is ever asked about it. */
  | { readonly kind: "badge"; readonly token: string; readonly host: string }
  /** One part of what another phone could not send. */
  | { readonly kind: "rescue"; readonly part: string; readonly at: number; readonly total: number }
  /** A citizen's ID card. What stands in it is not handed on from here. */
  | { readonly kind: "id_card" }
  /** A short code in which one character is wrong. */
  | { readonly kind: "mistyped" }
  /** To be shown as text, and for nothing else. "": it is not to be shown either. */
  | { readonly kind: "unknown"; readonly text: string };

export type CodeKind = Code["kind"];

// More than any QR code holds (7,089 digits).
const LONGEST = 7_100;
const LONGEST_SHOWN = 200;
const ADDRESS = /^https?:\/\/([^\s/?#@\\]{1,253})(\/[^\s?#\\]*)(?:[?#]\S*)?$/i;
// The post in 22 signs of base64url, the proof of the time in 16 of hex: attendance/rules/codes.py.
const POST = /^[A-Za-z0-9_-]{22}[0-9a-f]{16}$/;
const TOKEN = "([A-Za-z0-9_-]{20,64})";
const POST_PATH = /^\/attendance\/in\/([^/]+)\/?$/;
const CARD_PATH = new RegExp(`^/c/${TOKEN}/?$`);
const BADGE_PATH = new RegExp(`^/badge/${TOKEN}/?$`);
// core/ids.py: 31 signs, a prime, without 0, 1, I, L and O.
const SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const SHORT_BODY = 7;
const SHORT_TYPED = 64;
// Control characters, and those that turn the direction of writing or hide.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu;

/** Any text by a stranger, fit to stand on the screen. */
export function shown(text: string): string {
  const seen = text.slice(0, LONGEST_SHOWN * 4).replace(UNSEEN, " ").replace(/\s+/g, " ").trim();
  const signs = [...seen];
  return signs.length > LONGEST_SHOWN || text.length > LONGEST_SHOWN * 4 ? `${signs.slice(0, LONGEST_SHOWN).join("")}…` : seen;
}

/**
 * The canonical form of a short code, any case, with spaces, dashes or dots; null: not of this shape; "": one of its
 * characters is wrong. The twin of core.ids.read_code.
 */
export function shortCode(text: string): string | null {
  const signs = [...text.slice(0, SHORT_TYPED).toUpperCase()].filter((sign) => /[\p{L}\p{N}]/u.test(sign));
  const values = signs.map((sign) => SIGNS.indexOf(sign));
  if (signs.length !== SHORT_BODY + 1 || values.includes(-1)) return null;
  const sum = values.slice(0, SHORT_BODY).reduce((total, value, at) => total + (at + 2) * value, 0);
  if (sum % SIGNS.length !== values[SHORT_BODY]) return "";
  return `${signs.slice(0, 4).join("")}-${signs.slice(4).join("")}`;
}

/** Where a person's number stands among its fields it is theirs, though it be no card that we know. */
function unknown(text: string): Code {
  return { kind: "unknown", text: mayBeIdCard(text) ? "" : shown(text) };
}

export function readCode(given: string): Code {
  if (given.length > LONGEST) return unknown(given);
  const text = given.trim();
  const part = isPart(text);
  if (part) return { kind: "rescue", part: text, ...part };
  if (POST.test(text)) return { kind: "post", code: text };
  if (parseIdCard(text)) return { kind: "id_card" };
  const [, host = "", path = ""] = ADDRESS.exec(text) ?? [];
  return (host ? readAddress(host, path) : readShort(text)) ?? unknown(text);
}

function readAddress(host: string, path: string): Code | null {
  const post = POST_PATH.exec(path)?.[1] ?? "";
  if (POST.test(post)) return { kind: "post", code: post };
  const card = CARD_PATH.exec(path)?.[1];
  if (card) return { kind: "card", token: card, code: "" };
  const badge = BADGE_PATH.exec(path)?.[1];
  return badge ? { kind: "badge", token: badge, host: host.toLowerCase() } : null;
}

function readShort(text: string): Code | null {
  // Typed, it has nothing else in it: "javascript:" with eight letters is no code.
  if (!/^[A-Za-z0-9 .-]+$/.test(text)) return null;
  const code = shortCode(text);
  if (code === null) return null;
  return code ? { kind: "card", token: "", code } : { kind: "mistyped" };
}
