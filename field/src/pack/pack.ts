/**
 * What the server gave this phone to read, sealed item by item. A page is kept whole together with the place
 * from which to ask on, or not at all.
 */
import { openListeners } from "../core/listeners";
import { inDevice, type KeptItem } from "../store/db";
import { Unreadable, VaultLocked } from "../store/errors";
import type { Sealed, Vault } from "../store/vault";
import type { PackBodies, PackKind } from "./kinds";

export interface PackItem {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  /** Null: gone. */
  readonly body: unknown;
}

/** Of the server's answer, what is kept. */
export interface PackPage {
  readonly epoch: string;
  readonly items: readonly PackItem[];
  readonly next: number;
  readonly more: boolean;
}

export interface PackCursor {
  readonly epoch: string;
  readonly after: number;
}

export interface Pack {
  get<K extends PackKind>(kind: K, id: string): Promise<PackBodies[K] | undefined>;
  /** All of a kind, in the order of their ids. */
  list<K extends PackKind>(kind: K): Promise<PackBodies[K][]>;
  cursor(): Promise<PackCursor>;
  /** `asked`: the place from which the page was asked. False: meanwhile that place was forgotten; ask anew. */
  apply(page: PackPage, asked: PackCursor): Promise<boolean>;
  clear(): Promise<void>;
  onChange(listener: () => void): () => void;
}

const BEGINNING: PackCursor = { epoch: "", after: 0 };

interface Boxed {
  readonly key: string;
  readonly seq: number;
  readonly sealed: Sealed | null;
}

export function openPack(vault: Vault): Pack {
  const { device } = vault;
  const listeners = openListeners(`nhipcau-pack-${device}`);
  vault.onLock(() => listeners.close());

  return {
    async get<K extends PackKind>(kind: K, id: string) {
      const key = `${kind}/${id}`;
      const kept = await inDevice(device, ["pack"], "readonly", (transaction) =>
        transaction.objectStore("pack").get(key),
      );
      return kept ? open<PackBodies[K]>(vault, kept) : undefined;
    },
    async list<K extends PackKind>(kind: K) {
      const range = IDBKeyRange.bound(`${kind}/`, `${kind}0`, false, true);
      const kept = await inDevice(device, ["pack"], "readonly", (transaction) =>
        transaction.objectStore("pack").getAll(range),
      );
      const bodies = await Promise.all(kept.map((item) => open<PackBodies[K]>(vault, item)));
      return bodies.filter((body) => body !== undefined) as PackBodies[K][];
    },
    cursor: () => readCursor(device),
    async apply(page, asked) {
      const boxed = await Promise.all(page.items.map((item) => box(vault, item)));
      if (vault.locked) throw new VaultLocked();
      const kept = await keep(device, page, asked, boxed);
      if (kept) listeners.tell();
      return kept;
    },
    async clear() {
      await inDevice(device, ["pack", "meta"], "readwrite", async (transaction) => {
        await transaction.objectStore("pack").clear();
        await transaction.objectStore("meta").delete("cursor");
      });
      listeners.tell();
    },
    onChange: (listener) => listeners.add(listener),
  };
}

async function open<T>(vault: Vault, kept: KeptItem): Promise<T | undefined> {
  try {
    return await vault.open<T>(`pack/${kept.key}`, kept);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    // The server has it still: everything is asked for anew at the next exchange.
    await forgetCursor(vault.device);
    return undefined;
  }
}

async function box(vault: Vault, item: PackItem): Promise<Boxed> {
  const key = `${item.kind}/${item.id}`;
  const gone = item.body === null || item.body === undefined;
  return { key, seq: item.seq, sealed: gone ? null : await vault.seal(`pack/${key}`, item.body) };
}

/**
 * A page that was kept before, or comes late, changes nothing; one of another epoch begins anew. One that goes on
 * from a place that was forgotten meanwhile is not kept: what stands before it would be missing for ever.
 */
async function keep(device: string, page: PackPage, asked: PackCursor, boxed: readonly Boxed[]): Promise<boolean> {
  return inDevice(device, ["pack", "meta"], "readwrite", async (transaction) => {
    const pack = transaction.objectStore("pack");
    const meta = transaction.objectStore("meta");
    if ((await meta.get("closed")) || (await meta.get("removed"))) throw new VaultLocked();
    const kept = await meta.get("cursor");
    const same = kept?.key === "cursor" && kept.epoch === page.epoch;
    const after = same ? kept.after : 0;
    const from = asked.epoch === page.epoch ? asked.after : 0;
    if (from > after) return false;
    if (!same) await pack.clear();
    for (const { key, seq, sealed } of boxed) {
      if (seq <= after) continue;
      if (sealed) await pack.put({ key, seq, ...sealed });
      else await pack.delete(key);
    }
    const held = await pack.count();
    await meta.put({ key: "cursor", epoch: page.epoch, after: Math.max(after, page.next), held });
    return true;
  });
}

/** Where items have gone that the server did not take back, the place is forgotten: it has them all still. */
function readCursor(device: string): Promise<PackCursor> {
  return inDevice(device, ["pack", "meta"], "readwrite", async (transaction) => {
    const meta = transaction.objectStore("meta");
    const kept = await meta.get("cursor");
    if (kept?.key !== "cursor") return BEGINNING;
    const held = await transaction.objectStore("pack").count();
    if (held === (kept.held ?? held)) return { epoch: kept.epoch, after: kept.after };
    await meta.delete("cursor");
    return BEGINNING;
  });
}

function forgetCursor(device: string): Promise<void> {
  return inDevice(device, ["meta"], "readwrite", (transaction) =>
    transaction.objectStore("meta").delete("cursor"),
  );
}
