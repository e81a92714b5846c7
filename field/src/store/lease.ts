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
// More than any two clocks of one phone drift apart.
const SET_BACK = 10 * 60 * 1000;
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
  /** Server's time minus the phone's: more than some minutes is a wrong clock. 0 once the clock was set back. */
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
export function advanced(before: DeviceRecord): DeviceRecord {
  const at = running();
  const base = bases.get(before.id);
  const passed = base ? at - base.running : 0;
  const lived = Math.max(before.lived, base ? base.lived + passed : 0);
  // A meeting with the server has set the time anew: what was the latest before it counts no more.
  const reckoned = base?.contact === before.contact ? base.highWater + passed : 0;
  const record = rebased(before, Math.max(before.highWater, reckoned));
  const highWater = Math.max(now(), record.highWater);
  bases.set(record.id, { contact: record.contact, running: at, highWater, lived });
  const moved = { ...record, highWater, lived };
  const ended = moved.sealedState === "open" && highWater >= moved.leaseUntil;
  return ended ? closed(moved, "lease_ended") : moved;
}

/**
 * The entry with `latest`, the latest moment known, as its `highWater`; where the clock was put right since the
 * server was met, all its times by the clock as it is now. Else a phone that was 20 days slow would look as if it had
 * been away for 20 days, and one that was years fast would have its lease stand still for years.
 *
 * No lease is prolonged by setting the clock so. It has to stand at the server's time as counted on from `latest`, or
 * later: what was left of the lease never becomes more. And it is taken for right once only, until the server is met
 * again. A slow phone that lay switched off for as long as it is slow looks the same, and opens for what was left;
 * while its lease goes on in any case, it has to have jumped just as far as it was wrong to be taken for put right.
 */
function rebased(record: DeviceRecord, latest: number): DeviceRecord {
  const { offset } = record;
  const leaseUntil = record.leaseUntil + offset;
  const byServer = latest + offset;
  const agrees = byServer - SET_BACK <= now() && now() < leaseUntil;
  const moved = offset < 0 ? now() < latest - SET_BACK : now() >= record.leaseUntil || now() <= byServer + SET_BACK;
  const wasWrong = Math.abs(offset) > SET_BACK && record.sealedState === "open";
  if (!wasWrong || !agrees || !moved) return { ...record, highWater: latest };
  // To other pages it is as if the server had been met: what they counted by the wrong clock counts no more.
  return { ...record, leaseUntil, highWater: byServer, offset: 0, contact: record.contact + 1 };
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
    // By how much the clock was wrong before somebody put it right says nothing of it now.
    offset: record.highWater - now() > SET_BACK ? 0 : record.offset,
  };
}

/**
 * The server's time, as far as this phone knows it: counted on from the last meeting, and not by more than the lease
 * lasts while that is open, wherever the phone's clock was set meanwhile.
 */
export async function serverTime(device: string): Promise<number> {
  const time = await changeRecord(device, (before) => {
    const { highWater, offset } = advanced(before);
    return { result: highWater + offset };
  });
  // Without an entry nothing is known of it, and what is to be kept is kept all the same.
  return time ?? now();
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
    await meta.delete(IDBKeyRange.bound("applied/", "applied0"));
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
    const { lived, contact } = advanced(before);
    const kept = { ...before, lived, contact };
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
    const { lived, contact } = advanced(before);
    const kept = { ...before, ...times, leaseSecret, triesLeft, lived, contact };
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
