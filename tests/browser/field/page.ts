/**
 * A page with nothing on it but the field app's store, for tests: the modules as they ship, under `nc`, with the
 * two clocks movable, and a dump of everything the browser keeps for this origin.
 */
import { sha256 } from "../../../field/src/core/bytes";
import { setClock } from "../../../field/src/core/clock";
import { newId } from "../../../field/src/core/ids";
import type { CommandName, Receipt } from "../../../field/src/outbox/commands";
import { type Outbox, openOutbox } from "../../../field/src/outbox/outbox";
import * as rescue from "../../../field/src/outbox/rescue";
import { openPack, type Pack } from "../../../field/src/pack/pack";
import * as devices from "../../../field/src/store/devices";
import { UnableTo } from "../../../field/src/store/errors";
import { openDrafts } from "../../../field/src/store/drafts";
import * as lease from "../../../field/src/store/lease";
import * as pins from "../../../field/src/store/pin";
import * as space from "../../../field/src/store/space";
import { credentials } from "../../../field/src/store/token";
import * as vaults from "../../../field/src/store/vault";

interface Open {
  vault: vaults.Vault;
  outbox: Outbox;
  pack: Pack;
}

const shift = { now: 0, running: 0 };
setClock({ now: () => Date.now() + shift.now, running: () => performance.now() + shift.running });

const opened: Record<string, Open> = {};
const posted: vaults.EnrolBody[] = [];

async function keep(vault: vaults.Vault): Promise<string> {
  opened[vault.device] = { vault, outbox: await openOutbox(vault), pack: openPack(vault) };
  return vault.device;
}

function of(device: string): Open {
  const found = opened[device];
  if (!found) throw new Error("not open in this page");
  return found;
}

interface Enrolment {
  pin: string;
  name: string;
  spki: string;
  answer: lease.LeaseAnswer;
}

async function enrol({ pin, name, spki, answer }: Enrolment): Promise<string> {
  const me = { member: { id: newId(), name, language: "vi" }, escrow_key: { id: newId(), spki } };
  const post = async (body: vaults.EnrolBody): Promise<lease.LeaseAnswer> => {
    posted.push(body);
    return answer;
  };
  return keep(await vaults.createDevice(pin, me, post));
}

/** What came of it, as plain data. */
async function tried(work: () => unknown): Promise<object> {
  try {
    return { ok: (await work()) ?? null };
  } catch (error) {
    if (!(error instanceof UnableTo)) return { code: String(error) };
    return { ...error, code: error.code };
  }
}

function note(text: string): { case: string; note: string } {
  return { case: newId(), note: text };
}

async function addNotes(device: string, texts: string[]): Promise<string[]> {
  const { outbox } = of(device);
  return Promise.all(texts.map((text) => outbox.add("cases.note", note(text))));
}

function receipts(ids: string[], result: string): Receipt[] {
  return ids.map((id) => ({ id, result: result as Receipt["result"], code: "", words: "x", about: null }));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  const bytes = ArrayBuffer.isView(value) ? value.buffer : value;
  if (bytes instanceof ArrayBuffer) {
    const from = (encoding: string, start: number): string =>
      new TextDecoder(encoding).decode(new Uint8Array(bytes, Math.min(start, bytes.byteLength)));
    return [from("utf-8", 0), from("latin1", 0), from("utf-16le", 0), from("utf-16le", 1), from("utf-16be", 0)];
  }
  if (value instanceof CryptoKey) return [`key ${value.type} extractable ${value.extractable}`];
  if (value && typeof value === "object") return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)];
  return [String(value)];
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as Error);
    // Somebody does not let go: a test says so instead of waiting.
    if (request instanceof IDBOpenDBRequest) request.onblocked = () => reject(new Error("blocked"));
  });
}

/** Everything that is kept for this origin, as texts, bytes read in every way a text may lie in them. */
async function dump(): Promise<string> {
  const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href];
  for (const name of await caches.keys()) texts.push(name);
  for (const { name = "" } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    texts.push(name);
    for (const store of [...db.objectStoreNames]) {
      const held = db.transaction(store).objectStore(store);
      texts.push(store, ...textsIn(await done(held.getAllKeys())));
      texts.push(...textsIn(await done(db.transaction(store).objectStore(store).getAll())));
    }
    db.close();
  }
  return texts.join("\n");
}

/** The rows of one store as they lie there. */
async function rows(database: string, store: string): Promise<unknown[]> {
  const db = await done(indexedDB.open(database));
  const found = await done(db.transaction(store).objectStore(store).getAll());
  db.close();
  return found as unknown[];
}

/** The registry's entry of a device, without what cannot leave the page. */
async function record(device: string): Promise<object> {
  const found = (await rows("nhipcau", "devices")) as ({ id: string; leaseSecret: unknown } | undefined)[];
  const entry = found.find((one) => one?.id === device);
  if (!entry) throw new Error("not in the registry");
  return { ...JSON.parse(JSON.stringify(entry)), leaseSecret: entry.leaseSecret !== null };
}

/** As damage on the disk would leave a record. */
async function damage(device: string, store: string, key: string): Promise<void> {
  const db = await done(indexedDB.open(`nhipcau-${device}`));
  const held = db.transaction(store, "readwrite").objectStore(store);
  const found = (await done(held.get(key))) as object;
  await done(held.put({ ...found, box: new ArrayBuffer(64) }));
  db.close();
}

const nc = {
  ...devices, ...lease, ...pins, ...rescue, ...space, ...vaults,
  credentials, newId, openDrafts, damage, sha256, shift, opened, posted, keep, of, enrol, tried, note, addNotes, receipts, dump, rows,
  record, done,
  unlockHere: async (device: string, pin: string): Promise<string> => keep(await vaults.unlock(device, pin)),
};

export type Harness = typeof nc;
export type { CommandName };
(window as unknown as { nc: Harness }).nc = nc;
