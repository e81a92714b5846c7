/**
 * The databases on the phone: the registry `nhipcau`, which names nobody, and one store of sealed records for
 * each device (= one member on this phone). An upgrade only ever adds; nothing is cleared to make it easier.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { Bytes } from "../core/bytes";
import type { DrawerState } from "../outbox/commands";
import { NewerApp, NoSpace, type SealedReason, StoreBlocked } from "./errors";

/** AES-GCM-256 with what it belongs to as additional data: moved elsewhere, it cannot be opened. */
export interface Sealed {
  readonly iv: Bytes;
  readonly box: ArrayBuffer;
}

export interface DeviceRecord {
  readonly id: string;
  /** Index of the neutral sign by which a person finds the own store on a shared phone. */
  readonly sign: number;
  readonly language: string;
  readonly salt: Bytes;
  readonly iterations: number;
  readonly wrapped: Sealed;
  /** HMAC-SHA-256, not extractable: without this phone the PIN is worth nothing. */
  readonly secretKey: CryptoKey;
  /** Half of what opens the data key; deleted when the store is closed to the PIN. */
  readonly leaseSecret: Bytes | null;
  /** By this phone's own clock, as it stood when the server was met. */
  readonly leaseUntil: number;
  /** Counts the meetings with the server, and the times the clock was put right: since then it is trusted anew. */
  readonly contact: number;
  /** The latest moment seen since the server was met: a clock set back gains nothing. */
  readonly highWater: number;
  /** Milliseconds the app has stood open on this device: no clock of the phone can set it. */
  readonly lived: number;
  /** Server's time minus the phone's, when they last met. */
  readonly offset: number;
  readonly triesLeft: number;
  /** By `lived`: before this no PIN is tried. */
  readonly waitUntil: number;
  readonly sealedState: "open" | SealedReason;
  readonly escrowDone: boolean;
}

interface Registry extends DBSchema {
  devices: { key: string; value: DeviceRecord };
}

export interface KeptCommand extends Sealed {
  readonly id: string;
  readonly seq: number;
}

export interface KeptAside extends KeptCommand {
  readonly state: DrawerState;
}

export interface KeptItem extends Sealed {
  readonly key: string;
  readonly seq: number;
}

export type Meta =
  | { readonly key: "seq"; readonly value: number }
  /** `held`: so many items stood in the pack when the page was kept; editions before did not count. */
  | { readonly key: "cursor"; readonly epoch: string; readonly after: number; readonly held?: number }
  /** "closed": nothing is kept to read any more; "removed": the store was taken off the phone. */
  | { readonly key: "closed" | "removed"; readonly value: true }
  /** When everything was sent and received last, by the phone's clock. */
  | { readonly key: "done"; readonly at: number }
  | ({ readonly key: "token" } & Sealed)
  /** Taken by the server, and not given back by it yet: as it lay in the outbox. */
  | ({ readonly key: `applied/${string}` } & KeptCommand)
  | ({ readonly key: `draft/${string}` } & Sealed);

interface DeviceStores extends DBSchema {
  outbox: { key: string; value: KeptCommand; indexes: { seq: number } };
  drawer: { key: string; value: KeptAside; indexes: { seq: number; state: DrawerState } };
  pack: { key: string; value: KeptItem };
  meta: { key: string; value: Meta };
}

const REGISTRY = "nhipcau";
// Begun at 2, so that a store of an older edition can be put in the way of this one by a test.
const REGISTRY_VERSION = 2;
const DEVICE_VERSION = 2;
const BLOCKED_AFTER = 10_000;

const opened = new Map<string, Promise<unknown>>();

type Upgrade<S extends DBSchema> = (db: IDBPDatabase<S>) => void;

function addRegistry(db: IDBPDatabase<Registry>): void {
  if (!db.objectStoreNames.contains("devices")) db.createObjectStore("devices", { keyPath: "id" });
}

function addDevice(db: IDBPDatabase<DeviceStores>): void {
  const have = db.objectStoreNames;
  if (!have.contains("outbox")) {
    db.createObjectStore("outbox", { keyPath: "id" }).createIndex("seq", "seq", { unique: true });
  }
  if (!have.contains("drawer")) {
    const drawer = db.createObjectStore("drawer", { keyPath: "id" });
    drawer.createIndex("seq", "seq");
    drawer.createIndex("state", "state");
  }
  if (!have.contains("pack")) db.createObjectStore("pack", { keyPath: "key" });
  if (!have.contains("meta")) db.createObjectStore("meta", { keyPath: "key" });
}

/** Opens once; lets go at once when a newer edition wants to upgrade, and opens anew when asked again. */
function open<S extends DBSchema>(name: string, version: number, add: Upgrade<S>): Promise<IDBPDatabase<S>> {
  const before = opened.get(name) as Promise<IDBPDatabase<S>> | undefined;
  if (before) return before;
  const forget = (): void => {
    if (opened.get(name) === kept) opened.delete(name);
  };
  const opening = openDB<S>(name, version, {
    upgrade: (db) => add(db),
    blocking: (_current, _wanted, event) => {
      forget();
      (event.target as IDBDatabase).close();
    },
    terminated: forget,
  });
  const kept = inTime(opening).catch((error: unknown) => {
    forget();
    throw (error as DOMException | null)?.name === "VersionError" ? new NewerApp() : error;
  });
  opened.set(name, kept);
  return kept;
}

/** A page that does not let go of the old store must not leave this one waiting without a word. */
function inTime<T extends { close(): void }>(opening: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new StoreBlocked());
    }, BLOCKED_AFTER);
    opening.then(
      (db) => (late ? db.close() : resolve(db)),
      (error: unknown) => reject(error as Error),
    ).finally(() => clearTimeout(timer));
  });
}

export type Mode = "readonly" | "readwrite";
type Work<S extends DBSchema, N extends StoreNames<S>, M extends Mode, T> = (
  transaction: IDBPTransaction<S, N[], M>,
) => Promise<T>;

/**
 * One transaction: all of it is on the disk when this resolves, or nothing of it. What fails inside ends it.
 */
async function transact<S extends DBSchema, N extends StoreNames<S>, M extends Mode, T>(
  reach: () => Promise<IDBPDatabase<S>>,
  stores: N[],
  mode: M,
  work: Work<S, N, M, T>,
): Promise<T> {
  const transaction = await begin(reach, stores, mode);
  // Waited for below; a failure before that must not count as one nobody looks at.
  transaction.done.catch(() => undefined);
  try {
    const result = await work(transaction);
    await transaction.done;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself already.
    }
    throw isQuota(error) || isQuota(transaction.error) ? new NoSpace() : error;
  }
}

/** The system may have closed the connection in the background: then it is opened once more. */
async function begin<S extends DBSchema, N extends StoreNames<S>, M extends Mode>(
  reach: () => Promise<IDBPDatabase<S>>,
  stores: N[],
  mode: M,
): Promise<IDBPTransaction<S, N[], M>> {
  const durability = mode === "readwrite" ? "strict" : "default";
  const db = await reach();
  try {
    return db.transaction(stores, mode, { durability });
  } catch (error) {
    if ((error as DOMException).name !== "InvalidStateError") throw error;
    opened.delete(db.name);
    return (await reach()).transaction(stores, mode, { durability });
  }
}

function isQuota(error: unknown): boolean {
  return (error as DOMException | null)?.name === "QuotaExceededError";
}

export function inRegistry<N extends StoreNames<Registry>, M extends Mode, T>(
  stores: N[],
  mode: M,
  work: Work<Registry, N, M, T>,
): Promise<T> {
  return transact(() => open<Registry>(REGISTRY, REGISTRY_VERSION, addRegistry), stores, mode, work);
}

export function inDevice<N extends StoreNames<DeviceStores>, M extends Mode, T>(
  device: string,
  stores: N[],
  mode: M,
  work: Work<DeviceStores, N, M, T>,
): Promise<T> {
  const reach = (): Promise<IDBPDatabase<DeviceStores>> =>
    open<DeviceStores>(`${REGISTRY}-${device}`, DEVICE_VERSION, addDevice);
  return transact(reach, stores, mode, work);
}

/** Whose store a database is; "" where it is none. */
export function deviceOf(name: string): string {
  return name.startsWith(`${REGISTRY}-`) ? name.slice(REGISTRY.length + 1) : "";
}

/** Reads a device's entry, lets `change` make the new one, and keeps it: one transaction. */
export function changeRecord<T>(
  device: string,
  change: (record: DeviceRecord) => { record?: DeviceRecord; result: T },
): Promise<T | null> {
  return inRegistry(["devices"], "readwrite", async (transaction) => {
    const store = transaction.objectStore("devices");
    const record = await store.get(device);
    if (!record) return null;
    const changed = change(record);
    if (changed.record) await store.put(changed.record);
    return changed.result;
  });
}
