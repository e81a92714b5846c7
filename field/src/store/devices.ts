/**
 * Whose stores are on this phone: each under a neutral sign, a word and a shape, that says nothing of the
 * person. Entries are listed, never opened, here.
 */
import { random } from "../core/bytes";
import { deviceOf, inDevice, inRegistry } from "./db";
import { NotEmpty, VaultLocked } from "./errors";
import { lockAll, type Standing, tick } from "./lease";
import type { Vault } from "./vault";

export type Shape = "circle" | "square" | "triangle" | "diamond";

export interface Sign {
  readonly vi: string;
  readonly en: string;
  readonly th: string;
  readonly shape: Shape;
}

const SHAPES: readonly Shape[] = ["circle", "square", "triangle", "diamond"];
const WORDS: readonly (readonly [vi: string, en: string, th: string])[] = [
  ["Cầu", "Bridge", "สะพาน"],
  ["Sông", "River", "แม่น้ำ"],
  ["Núi", "Mountain", "ภูเขา"],
  ["Lá", "Leaf", "ใบไม้"],
  ["Mây", "Cloud", "เมฆ"],
  ["Sao", "Star", "ดาว"],
  ["Biển", "Sea", "ทะเล"],
  ["Thuyền", "Boat", "เรือ"],
  ["Đèn", "Lamp", "โคมไฟ"],
  ["Trống", "Drum", "กลอง"],
  ["Nón", "Hat", "หมวก"],
  ["Diều", "Kite", "ว่าว"],
];

/** How many signs there are; more stores than that on one phone share signs. */
export const SIGNS = WORDS.length * SHAPES.length;

export function signOf(index: number): Sign {
  const [vi, en, th] = WORDS[index % WORDS.length] ?? ["", "", ""];
  const shape = SHAPES[Math.floor(index / WORDS.length) % SHAPES.length] ?? "circle";
  return { vi, en, th, shape };
}

/** One that is not in use, by chance; preferably with a word that is not in use either. */
export function chooseSign(used: readonly number[]): number {
  const all = Array.from({ length: SIGNS }, (_, index) => index);
  const words = new Set(used.map((index) => index % WORDS.length));
  const fresh = all.filter((index) => !words.has(index % WORDS.length));
  const unused = all.filter((index) => !used.includes(index));
  const from = fresh.length ? fresh : unused.length ? unused : all;
  const chance = new DataView(random(4).buffer).getUint32(0);
  return from[chance % from.length] ?? 0;
}

/** What may be known of a store without its PIN. `waiting`: commands and matters not settled. */
export interface DeviceEntry extends Standing {
  readonly id: string;
  readonly sign: Sign;
  readonly language: string;
  readonly waiting: number;
}

export async function listDevices(): Promise<DeviceEntry[]> {
  const records = await inRegistry(["devices"], "readonly", (transaction) =>
    transaction.objectStore("devices").getAll(),
  );
  const entries: DeviceEntry[] = [];
  for (const { id, sign, language } of records) {
    const waiting = await unsettled(id);
    if (waiting === null) await strike(id);
    else entries.push({ id, sign: signOf(sign), language, waiting, ...(await tick(id)) });
  }
  return entries;
}

export interface LostStore {
  readonly id: string;
  readonly waiting: number;
}

/**
 * Stores with work in them whose entry the phone has lost: no PIN opens them any more, but the province can, from
 * what is taken to the coordinator.
 */
export async function listLost(): Promise<LostStore[]> {
  // Missing in some old browsers.
  if (!("databases" in indexedDB)) return [];
  const known = await inRegistry(["devices"], "readonly", (transaction) =>
    transaction.objectStore("devices").getAllKeys(),
  );
  const lost: LostStore[] = [];
  for (const { name = "" } of await indexedDB.databases()) {
    const id = deviceOf(name);
    if (!id || known.includes(id)) continue;
    const waiting = await unsettled(id);
    if (waiting) lost.push({ id, waiting });
  }
  return lost;
}

/** Null when the store was taken off the phone, and only the entry is left of it. */
function unsettled(device: string): Promise<number | null> {
  return inDevice(device, ["outbox", "drawer", "meta"], "readonly", async (transaction) => {
    if (await transaction.objectStore("meta").get("removed")) return null;
    const outbox = await transaction.objectStore("outbox").count();
    return outbox + (await transaction.objectStore("drawer").index("state").count("open"));
  });
}

function strike(device: string): Promise<void> {
  return inRegistry(["devices"], "readwrite", (transaction) =>
    transaction.objectStore("devices").delete(device),
  );
}

export async function setLanguage(device: string, language: string): Promise<void> {
  await inRegistry(["devices"], "readwrite", async (transaction) => {
    const store = transaction.objectStore("devices");
    const record = await store.get(device);
    if (record) await store.put({ ...record, language });
  });
}

/**
 * Takes a store off the phone. Only by whoever has opened it, and only when nothing in it waits: nobody loses
 * work of another's, nor of their own.
 */
export async function removeDevice(vault: Vault): Promise<void> {
  if (vault.locked) throw new VaultLocked();
  const device = vault.device;
  const stores = ["outbox", "drawer", "pack", "meta"] as const;
  await inDevice(device, [...stores], "readwrite", async (transaction) => {
    const waiting = await transaction.objectStore("outbox").count();
    const open = await transaction.objectStore("drawer").index("state").count("open");
    if (waiting + open) throw new NotEmpty();
    for (const name of ["drawer", "pack", "meta"] as const) await transaction.objectStore(name).clear();
    await transaction.objectStore("meta").put({ key: "removed", value: true });
  });
  vault.lock();
  lockAll(device);
  await strike(device);
}
