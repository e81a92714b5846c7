/** The two requests of sync: commands out, a page of the pack in. An answer of another shape is no answer. */
import { APP } from "../core/app";
import { iso } from "../core/clock";
import type { Command, Receipt, Result } from "../outbox/commands";
import type { PackItem, PackPage } from "../pack/pack";
import { type Answer, isRecord, type Wire } from "./wire";

/** What every answer says of the time. */
export interface Met {
  readonly server_time: string;
  readonly lease_until: string;
}

export interface Sent extends Met {
  readonly receipts: readonly Receipt[];
  readonly later: readonly string[];
}

export type Page = PackPage & Met;

export interface Cursor {
  readonly epoch: string;
  readonly after: number;
}

export interface Sender {
  readonly token: string;
  readonly language: string;
}

const COMMANDS = "/api/v1/sync/commands";
const LEAVE = "/api/v1/sync/leave";
const PACK = "/api/v1/sync/pack";
// Far more than any server of ours gives, far less than a clock that was never set.
const LONGEST_LEASE = 366 * 24 * 3600 * 1000;

function isMoment(value: unknown): value is string {
  return typeof value === "string" && Number.isFinite(Date.parse(value));
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function metOf(value: Record<string, unknown>): Met | null {
  const { server_time, lease_until } = value;
  if (!isMoment(server_time) || !isMoment(lease_until)) return null;
  // Whose lease is over is told so with 401. An end that is past, or no end in sight, comes from a time gone wrong.
  const lease = Date.parse(lease_until) - Date.parse(server_time);
  return lease > 0 && lease < LONGEST_LEASE ? { server_time, lease_until } : null;
}

function readReceipt(value: unknown): Receipt | null {
  if (!isRecord(value)) return null;
  const { id, result, code = "", words = "", about = null } = value;
  if (typeof id !== "string" || typeof result !== "string" || result === "") return null;
  if (typeof code !== "string" || typeof words !== "string") return null;
  if (about !== null && typeof about !== "string") return null;
  // A result that this edition does not know stays as it is: the outbox keeps such a command for a person.
  return { id, result: result as Result, code, words, about };
}

/**
 * Only receipts for what was sent in this very request, each once: an answer that speaks of anything else belongs
 * to another request, and nothing of it is believed.
 */
export function readSent(value: unknown, sent: ReadonlySet<string>): Sent | null {
  if (!isRecord(value)) return null;
  const met = metOf(value);
  const { receipts, later } = value;
  if (!met || !Array.isArray(receipts) || !Array.isArray(later)) return null;
  const open = new Set(sent);
  const read: Receipt[] = [];
  for (const entry of receipts) {
    const receipt = readReceipt(entry);
    if (!receipt || !open.delete(receipt.id)) return null;
    read.push(receipt);
  }
  if (!later.every((id): id is string => typeof id === "string" && open.delete(id))) return null;
  return { ...met, receipts: read, later };
}

function readItem(value: unknown): PackItem | null {
  if (!isRecord(value)) return null;
  const { seq, kind, id, body } = value;
  if (!isCount(seq) || typeof kind !== "string" || typeof id !== "string") return null;
  if (kind === "" || id === "" || (body !== null && !isRecord(body))) return null;
  return { seq, kind, id, body } as PackItem;
}

/** A page that goes on from where we are, or begins anew under another epoch; never one from before. */
export function readPage(value: unknown, asked: Cursor): Page | null {
  if (!isRecord(value)) return null;
  const met = metOf(value);
  const { epoch, items, next, more } = value;
  if (!met || typeof epoch !== "string" || epoch === "" || typeof more !== "boolean") return null;
  if (!Array.isArray(items) || !isCount(next)) return null;
  const from = epoch === asked.epoch ? asked.after : 0;
  if (next < from || (more && next === from)) return null;
  const read = items.map(readItem);
  if (!read.every((item): item is PackItem => item !== null && item.seq > from && item.seq <= next)) return null;
  return { ...met, epoch, items: read, next, more };
}

function bearer(sender: Sender): Record<string, string> {
  return { Authorization: `Bearer ${sender.token}` };
}

/** `waiting`: how many are in the outbox, so that the server can tell who has much left to send. */
export function sendCommands(
  wire: Wire,
  sender: Sender,
  commands: readonly Command[],
  waiting: number,
): Promise<Answer<Sent>> {
  const sent = new Set(commands.map((command) => command.id));
  const body = { device_time: iso(), app: APP, waiting, language: sender.language, commands };
  const headers = { ...bearer(sender), "Content-Type": "application/json" };
  return wire.ask(
    { method: "POST", path: COMMANDS, headers, body: JSON.stringify(body), session: false },
    (value) => readSent(value, sent),
  );
}

/** The store is about to be taken off this phone: its token is worth nothing from then on. */
export function sayLeft(wire: Wire, token: string): Promise<Answer<true>> {
  const headers = { Authorization: `Bearer ${token}` };
  return wire.ask({ method: "POST", path: LEAVE, headers, session: false }, (value) => (isRecord(value) ? true : null));
}

export function askPage(wire: Wire, sender: Sender, cursor: Cursor): Promise<Answer<Page>> {
  const { epoch, after } = cursor;
  const query = new URLSearchParams({ after: String(after), epoch, language: sender.language });
  return wire.ask(
    { method: "GET", path: `${PACK}?${query}`, headers: bearer(sender), session: false },
    (value) => readPage(value, cursor),
  );
}
