/**
 * Until when a store may be opened without having met the server, and how it is closed: the lease secret goes,
 * what was given to read goes, what was not sent yet stays sealed. Also the time by which all this is judged.
 */
import { now, running } from "../core/clock";
import { type Bytes, readBase64 } from "../core/bytes";
import { changeRecord, type DeviceRecord, inDevice } from "./db";
import { type SealedReason, UnknownDevice } from "./errors";

/** Tries before the store is locked out. */
export const TRIES = 10;
const SECRET_LENGTH = 32;
const CHANNEL = "nhipcau-sealed";

/** What the server answers to an enrolment and to a renewal. */
export interface LeaseAnswer {
  readonly token: string;
  readonly lease_secret: string;
  readonly lease_until: string;
  readonly server_time: string;
}

/** How a device stands at this moment. `waitLeft` in milliseconds for which the app must stand open. */
export interface Standing {
  readonly state: "open" | SealedReason;
  readonly triesLeft: number;
  readonly waitLeft: number;
  readonly leaseLeft: number;
  /** Server's time minus the phone's: more than some minutes is a wrong clock. */
  readonly offset: number;
}

interface Base {
  readonly contact: number;
  readonly running: number;
  readonly highWater: number;
  readonly lived: number;
}

// Where each device's times stood when this page last looked. Each page adds what has passed since to that, and
// the greater of it and of what is kept counts: time does not run twice as fast in two tabs.
const bases = new Map<string, Base>();
// Tokens of renewals whose PIN has not been entered yet; nothing to seal them with until then.
const tokens = new Map<string, string>();

/** The entry as it stands now: time has run, and may have ended the lease. */
export function advanced(record: DeviceRecord): DeviceRecord {
  const { contact } = record;
  const at = running();
  const base = bases.get(record.id);
  const passed = base ? at - base.running : 0;
  const lived = Math.max(record.lived, base ? base.lived + passed : 0);
  // A meeting with the server has set the time anew: what was the latest before it counts no more.
  const reckoned = base?.contact === contact ? base.highWater + passed : 0;
  const highWater = Math.max(now(), record.highWater, reckoned);
  bases.set(record.id, { contact, running: at, highWater, lived });
  const moved = { ...record, highWater, lived };
  const ended = moved.sealedState === "open" && highWater >= moved.leaseUntil;
  return ended ? closed(moved, "lease_ended") : moved;
}

export function closed(record: DeviceRecord, reason: SealedReason): DeviceRecord {
  return { ...record, leaseSecret: null, sealedState: reason };
}

function standingOf(record: DeviceRecord): Standing {
  return {
    state: record.sealedState,
    triesLeft: record.triesLeft,
    waitLeft: Math.max(0, record.waitUntil - record.lived),
    leaseLeft: Math.max(0, record.leaseUntil - record.highWater),
    offset: record.offset,
  };
}

/** Lets time pass for the device and says how it stands. To be called while a screen waits, every second or so. */
export async function tick(device: string): Promise<Standing> {
  const standing = await changeRecord(device, (before) => {
    const record = advanced(before);
    return { record, result: standingOf(record) };
  });
  if (!standing) throw new UnknownDevice();
  if (standing.state !== "open") await seal(device, standing.state);
  return standing;
}

/** The server says that this device is closed, or its lease is over. */
export async function endLease(device: string, reason: SealedReason): Promise<void> {
  const found = await changeRecord(device, (record) => ({
    // A revoked device does not become merely locked out, or one whose lease ended.
    record: closed(record, record.sealedState === "revoked" ? "revoked" : reason),
    result: true,
  }));
  if (!found) throw new UnknownDevice();
  await seal(device, reason);
}

/** Locks every open vault of the device; what was given to read goes. Done again at need: it may be cut short. */
async function seal(device: string, reason: SealedReason): Promise<void> {
  lockAll(device);
  if (reason !== "locked_out") await purge(device);
}

function purge(device: string): Promise<void> {
  return inDevice(device, ["pack", "drawer", "meta"], "readwrite", async (transaction) => {
    const meta = transaction.objectStore("meta");
    if (await meta.get("closed")) return;
    await transaction.objectStore("pack").clear();
    const drawer = transaction.objectStore("drawer");
    for (const state of ["away", "replaced"] as const) {
      const keys = await drawer.index("state").getAllKeys(state);
      for (const key of keys) await drawer.delete(key);
    }
    await meta.delete("cursor");
    // Whoever was about to keep a page of the pack in another tab finds this.
    await meta.put({ key: "closed", value: true });
  });
}

/** Locks the vaults of the device in this page and in all others. */
export function lockAll(device: string): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(device);
  channel.close();
}

/** Calls when the device is closed to the PIN, here or in another tab. */
export function onSealed(device: string, listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message): void => {
    if (message.data === device) listener();
  };
  return () => {
    channel.onmessage = null;
    channel.close();
  };
}

/** Half of the key to the data: a short one would be a weak one. */
export function readSecret(text: string): Bytes {
  const secret = readBase64(text);
  if (secret.length !== SECRET_LENGTH) throw new RangeError("a lease secret of another length");
  return secret;
}

/** The times of an answer of the server, by this phone's clock. A constant error of the clock does no harm. */
export function leaseTimes(answer: { lease_until: string; server_time: string }): {
  leaseUntil: number;
  highWater: number;
  offset: number;
} {
  const here = now();
  const offset = Date.parse(answer.server_time) - here;
  const leaseUntil = Date.parse(answer.lease_until) - offset;
  if (!Number.isFinite(leaseUntil)) throw new RangeError("a lease without an end");
  return { leaseUntil, highWater: here, offset };
}

/** After each answer of the server: the lease runs anew. A store that was closed is not opened by this. */
export async function extendLease(
  device: string,
  answer: { lease_until: string; server_time: string },
): Promise<Standing> {
  const times = leaseTimes(answer);
  const standing = await changeRecord(device, (before) => {
    const kept = { ...before, lived: advanced(before).lived };
    const open = kept.sealedState === "open";
    const record = open ? advanced({ ...kept, ...times, contact: kept.contact + 1 }) : kept;
    return { record, result: standingOf(record) };
  });
  if (!standing) throw new UnknownDevice();
  if (standing.state !== "open") await seal(device, standing.state);
  return standing;
}

/**
 * The member has signed in at the server again: the lease secret comes back, and the PIN opens. Waits go on.
 * Tries begin anew only after a lock-out: those have cost all their waits.
 */
export async function renewLease(device: string, answer: LeaseAnswer): Promise<void> {
  const leaseSecret = readSecret(answer.lease_secret);
  const times = leaseTimes(answer);
  const found = await changeRecord(device, (before) => {
    const triesLeft = before.triesLeft > 0 ? before.triesLeft : TRIES;
    const kept = { ...before, ...times, leaseSecret, triesLeft, lived: advanced(before).lived };
    return { record: { ...kept, contact: kept.contact + 1, sealedState: "open" }, result: true };
  });
  if (!found) throw new UnknownDevice();
  tokens.set(device, answer.token);
  await reopen(device);
}

/** What is given to read may be kept again. */
export async function reopen(device: string): Promise<void> {
  const isClosed = await inDevice(device, ["meta"], "readonly", (transaction) =>
    transaction.objectStore("meta").get("closed"),
  );
  if (!isClosed) return;
  await inDevice(device, ["meta"], "readwrite", (transaction) => transaction.objectStore("meta").delete("closed"));
}

/** The token of a renewal that is not sealed yet. */
export function waitingToken(device: string): string | null {
  return tokens.get(device) ?? null;
}

/** It is sealed now, unless a later renewal has brought another meanwhile. */
export function tokenSealed(device: string, token: string): void {
  if (tokens.get(device) === token) tokens.delete(device);
}
