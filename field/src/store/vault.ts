/**
 * What seals and opens a member's records: a data key that never leaves WebCrypto in clear. It lies wrapped by
 * a key made of the PIN, of a secret of this phone and of the lease secret, and in trust with the province.
 */
import { APP } from "../core/app";
import { base64, type Bytes, join, random, readBase64, readUtf8, utf8 } from "../core/bytes";
import { now } from "../core/clock";
import { newId } from "../core/ids";
import { changeRecord, type DeviceRecord, inRegistry, type Sealed } from "./db";
import { chooseSign } from "./devices";
import {
  BadEscrowKey, MustWait, NoSpace, SealedDevice, UnknownDevice, Unreadable, VaultLocked, WrongPin,
} from "./errors";
import {
  advanced, closed, type LeaseAnswer, leaseTimes, onSealed, readSecret, reopen, tick, TRIES, waitingToken,
} from "./lease";
import { checkPin, tidyPin } from "./pin";
import { needRoom } from "./space";
import { keepToken, newToken } from "./token";

export type { Sealed } from "./db";

export interface Vault {
  readonly device: string;
  /** True after `lock`, and when the device was closed to the PIN here or in another tab. */
  readonly locked: boolean;
  seal(where: string, value: unknown): Promise<Sealed>;
  open<T>(where: string, sealed: Sealed): Promise<T>;
  lock(): void;
  /** Called once when it is locked, by whomever. */
  onLock(listener: () => void): () => void;
}

/** Of the answer of /field/me, what an enrolment needs. */
export interface Me {
  readonly member: { readonly id: string; readonly name: string; readonly language: string };
  readonly escrow_key: { readonly id: string; readonly spki: string };
}

export interface EnrolBody {
  readonly id: string;
  readonly escrow_key: string;
  readonly escrow: string;
  /** Made here: the same enrolment twice, however it comes, leaves one token that opens. */
  readonly token: string;
  readonly app: string;
}

/** Posts the body; when the answer is lost, the same body again. */
export type EnrolFn = (body: EnrolBody) => Promise<LeaseAnswer>;

export const ROUNDS = 600_000;
const SAFE_MODULUS = 2048;
const MINUTE = 60_000;
// After so many wrong tries in a row: minutes during which none is taken.
const WAITS: { readonly [wrong: number]: number } = { 5: 1, 6: 5, 7: 15, 8: 60, 9: 60 };
const ROOM_FOR_A_DEVICE = 1_000_000;
// The length of a box tells no more of what is in it than this many bytes.
const BLOCK = 64;
const GCM = { name: "AES-GCM", length: 256 } as const;

export async function createDevice(pin: string, me: Me, post: EnrolFn): Promise<Vault> {
  const chosen = checkPin(pin);
  await needRoom(ROOM_FOR_A_DEVICE);
  const id = newId();
  const key = await crypto.subtle.generateKey(GCM, true, ["encrypt", "decrypt"]);
  const escrow = await wrapForProvince(key, me.escrow_key.spki);
  const answer = await post({ id, escrow_key: me.escrow_key.id, escrow: base64(escrow), token: newToken(), app: APP });
  const leaseSecret = readSecret(answer.lease_secret);
  const salt = random(16);
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 } as const;
  const secretKey = await crypto.subtle.generateKey(hmac, false, ["sign"]);
  const half = { id, salt, iterations: ROUNDS, secretKey };
  const pinKey = await keyOfPin(half, leaseSecret, chosen);
  const wrapped = await wrap(id, key, pinKey);
  const vault = openVault(id, await unwrap(id, wrapped, pinKey, false));
  const times = leaseTimes(answer);
  const counts = { contact: 0, lived: 0, triesLeft: TRIES, waitUntil: 0 };
  const entry = { ...half, ...counts, ...times, wrapped, leaseSecret, sealedState: "open" } as const;
  try {
    // The store first: a device that stands in the registry has one, with its token.
    await keepToken(vault, answer.token);
    await enter({ ...entry, sign: 0, language: me.member.language, escrowDone: true });
    // From here on this page counts the time.
    await tick(id);
  } catch (error) {
    vault.lock();
    throw error;
  }
  return vault;
}

/** Puts the new device into the registry, under a sign that no other on this phone has. */
async function enter(record: DeviceRecord): Promise<void> {
  await inRegistry(["devices"], "readwrite", async (transaction) => {
    const store = transaction.objectStore("devices");
    const used = (await store.getAll()).map((device) => device.sign);
    await store.add({ ...record, sign: chooseSign(used) });
  });
}

async function wrapForProvince(key: CryptoKey, spki: string): Promise<ArrayBuffer> {
  const rsa = { name: "RSA-OAEP", hash: "SHA-256" };
  let province: CryptoKey;
  try {
    province = await crypto.subtle.importKey("spki", readBase64(spki), rsa, false, ["wrapKey"]);
  } catch {
    throw new BadEscrowKey();
  }
  if ((province.algorithm as RsaHashedKeyAlgorithm).modulusLength < SAFE_MODULUS) throw new BadEscrowKey();
  return crypto.subtle.wrapKey("raw", key, province, rsa);
}

type Half = Pick<DeviceRecord, "id" | "salt" | "iterations" | "secretKey">;

async function keyOfPin(half: Half, leaseSecret: Bytes, pin: string): Promise<CryptoKey> {
  const { salt, iterations, secretKey } = half;
  const typed = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const stretched = new Uint8Array(await crypto.subtle.deriveBits(slow, typed, 256));
  const both = join(stretched, leaseSecret);
  const made = new Uint8Array(await crypto.subtle.sign("HMAC", secretKey, both));
  const key = await crypto.subtle.importKey("raw", made, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
  for (const secret of [stretched, both, made]) secret.fill(0);
  return key;
}

function bound(where: string, device: string): Bytes {
  return utf8(`nhipcau/${where}/${device}`);
}

async function wrap(device: string, key: CryptoKey, pinKey: CryptoKey): Promise<Sealed> {
  const iv = random(12);
  const algorithm = { name: "AES-GCM", iv, additionalData: bound("key", device) };
  return { iv, box: await crypto.subtle.wrapKey("raw", key, pinKey, algorithm) };
}

/** Throws an OperationError when the key of the PIN is another one. */
function unwrap(device: string, wrapped: Sealed, pinKey: CryptoKey, out: boolean): Promise<CryptoKey> {
  const algorithm = { name: "AES-GCM", iv: wrapped.iv, additionalData: bound("key", device) };
  const use: KeyUsage[] = ["encrypt", "decrypt"];
  return crypto.subtle.unwrapKey("raw", wrapped.box, pinKey, algorithm, GCM, out, use);
}

interface Attempt {
  readonly record: DeviceRecord;
  readonly leaseSecret: Bytes;
}

/**
 * Counts a try as a wrong one and keeps that before it is made: whoever ends the app in the middle has spent it,
 * with the wait that follows. The last try closes the store first; the right PIN opens it again.
 */
async function spendTry(device: string): Promise<Attempt> {
  const spent = await changeRecord<Attempt | DeviceRecord>(device, (before) => {
    const record = advanced(before);
    const { leaseSecret, lived, waitUntil, sealedState } = record;
    if (sealedState !== "open" || !leaseSecret || lived < waitUntil) return { record, result: record };
    const triesLeft = record.triesLeft - 1;
    const wait = (WAITS[TRIES - triesLeft] ?? 0) * MINUTE;
    const counted = { ...record, triesLeft, waitUntil: wait ? lived + wait : 0 };
    const kept = triesLeft > 0 ? counted : closed(counted, "locked_out");
    return { record: kept, result: { record: kept, leaseSecret } };
  });
  if (!spent) throw new UnknownDevice();
  if ("record" in spent) return spent;
  if (spent.sealedState !== "open" || !spent.leaseSecret) {
    throw new SealedDevice(spent.sealedState === "open" ? "lease_ended" : spent.sealedState);
  }
  const wait = Math.max(0, spent.waitUntil - spent.lived);
  throw new MustWait(spent.triesLeft, wait, now() + wait);
}

/** The data key by the PIN; the tries begin anew when it was right. */
async function tryPin(device: string, pin: string, out: boolean): Promise<{ key: CryptoKey; made: Attempt }> {
  await tick(device);
  const made = await spendTry(device);
  const pinKey = await keyOfPin(made.record, made.leaseSecret, pin);
  let key: CryptoKey;
  try {
    key = await unwrap(device, made.record.wrapped, pinKey, out);
  } catch {
    const { state, triesLeft, waitLeft } = await tick(device);
    if (state !== "open") throw new SealedDevice(state);
    throw new WrongPin(triesLeft, waitLeft, now() + waitLeft);
  }
  await wasRight(device, made.leaseSecret, {});
  return { key, made };
}

/** Keeps that the PIN was right, unless the device was closed meanwhile for another reason than wrong tries. */
async function wasRight(device: string, leaseSecret: Bytes, also: Partial<DeviceRecord>): Promise<void> {
  const state = await changeRecord(device, (before) => {
    const moved = advanced(before);
    const { sealedState } = moved;
    if (sealedState === "lease_ended" || sealedState === "revoked") return { record: moved, result: sealedState };
    const anew = { triesLeft: TRIES, waitUntil: 0, sealedState: "open", leaseSecret } as const;
    return { record: advanced({ ...moved, ...anew, ...also }), result: "open" as const };
  });
  if (state === null) throw new UnknownDevice();
  if (state !== "open") throw new SealedDevice(state);
}

export async function unlock(device: string, pin: string): Promise<Vault> {
  const { key } = await tryPin(device, tidyPin(pin), false);
  const vault = openVault(device, key);
  try {
    await settleIn(vault);
  } catch (error) {
    vault.lock();
    throw error;
  }
  return vault;
}

/** What a renewal left to be done once the PIN is there. A full phone is opened all the same. */
async function settleIn(vault: Vault): Promise<void> {
  const { device } = vault;
  const token = waitingToken(device);
  try {
    if (token !== null) await keepToken(vault, token);
    await reopen(device);
  } catch (error) {
    if (!(error instanceof NoSpace)) throw error;
  }
}

/** The old PIN is asked for: an open app left lying about is no right to change it. It counts as a try. */
export async function changePin(vault: Vault, oldPin: string, pin: string): Promise<void> {
  if (vault.locked) throw new VaultLocked();
  const chosen = checkPin(pin);
  const { key, made } = await tryPin(vault.device, tidyPin(oldPin), true);
  const { id, secretKey } = made.record;
  const half = { id, secretKey, salt: random(16), iterations: ROUNDS };
  const wrapped = await wrap(id, key, await keyOfPin(half, made.leaseSecret, chosen));
  await wasRight(id, made.leaseSecret, { salt: half.salt, iterations: half.iterations, wrapped });
}

function padded(value: unknown): Bytes {
  const text = utf8(JSON.stringify(value ?? null));
  const whole = new Uint8Array(Math.ceil(text.length / BLOCK) * BLOCK).fill(0x20);
  whole.set(text);
  return whole;
}

async function sealWith(key: CryptoKey, device: string, where: string, value: unknown): Promise<Sealed> {
  const iv = random(12);
  const algorithm = { name: "AES-GCM", iv, additionalData: bound(where, device) };
  return { iv, box: await crypto.subtle.encrypt(algorithm, key, padded(value)) };
}

async function openWith<T>(key: CryptoKey, device: string, where: string, sealed: Sealed): Promise<T> {
  const algorithm = { name: "AES-GCM", iv: sealed.iv, additionalData: bound(where, device) };
  try {
    return JSON.parse(readUtf8(await crypto.subtle.decrypt(algorithm, key, sealed.box))) as T;
  } catch {
    throw new Unreadable(where);
  }
}

/** Null for what is damaged, where the person can do without it: it must not stand in the way of everything else. */
export async function openOrNull<T>(vault: Vault, where: string, sealed: Sealed): Promise<T | null> {
  try {
    return await vault.open<T>(where, sealed);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function openVault(device: string, dataKey: CryptoKey): Vault {
  let key: CryptoKey | null = dataKey;
  const listeners = new Set<() => void>();
  const held = (): CryptoKey => {
    if (!key) throw new VaultLocked();
    return key;
  };
  const lock = (): void => {
    if (!key) return;
    key = null;
    clearInterval(watch);
    stop();
    for (const listener of [...listeners]) listener();
    listeners.clear();
  };
  const stop = onSealed(device, lock);
  // The lease may end while the app stands open, without a network: then it is locked as well.
  const watch = setInterval(() => void tick(device).catch(() => undefined), MINUTE);
  return {
    device,
    lock,
    get locked() {
      return key === null;
    },
    seal: async (where, value) => sealWith(held(), device, where, value),
    open: async <T>(where: string, sealed: Sealed) => openWith<T>(held(), device, where, sealed),
    onLock(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
