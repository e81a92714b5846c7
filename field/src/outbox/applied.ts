/**
 * What the server took about things of the pack and has not given back yet. Until everything is received anew the pack
 * is older than that, and whoever wrote it would see it gone, do it a second time, or begin their next change at what
 * stood before.
 */
import { inDevice, type KeptCommand } from "../store/db";
import { openOrNull, type Vault } from "../store/vault";
import type { Command } from "./commands";

// What is said of a thing that the pack shows; a session is nothing of it.
const SHOWN = /^(cases|visits|shifts|classes)\./;
const ALL = IDBKeyRange.bound("applied/", "applied0", false, true);

function opened(vault: Vault, { id, iv, box }: KeptCommand): Promise<Command | null> {
  return openOrNull<Command>(vault, `outbox/${id}`, { iv, box });
}

/** Of these in the outbox, those about things that the pack shows, as they lie there. */
export async function aboutShown(vault: Vault, ids: readonly string[]): Promise<KeptCommand[]> {
  const records = await inDevice(vault.device, ["outbox"], "readonly", (transaction) => {
    const outbox = transaction.objectStore("outbox");
    return Promise.all(ids.map((id) => outbox.get(id)));
  });
  const found = records.map(async (record) => {
    const command = record ? await opened(vault, record) : null;
    return record && command && SHOWN.test(command.name) ? [record] : [];
  });
  return (await Promise.all(found)).flat();
}

export async function readApplied(vault: Vault): Promise<Command[]> {
  const kept = await inDevice(vault.device, ["meta"], "readonly", (transaction) => transaction.objectStore("meta").getAll(ALL));
  const commands = kept.map((record) => ("seq" in record ? opened(vault, record) : null));
  return (await Promise.all(commands)).filter((command) => command !== null);
}

/** Whether there was anything. */
export function forgetApplied(device: string): Promise<boolean> {
  return inDevice(device, ["meta"], "readwrite", async (transaction) => {
    const meta = transaction.objectStore("meta");
    const count = await meta.count(ALL);
    if (count > 0) await meta.delete(ALL);
    return count > 0;
  });
}
