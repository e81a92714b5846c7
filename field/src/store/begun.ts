/** What was begun in a store and not saved yet, by the names of its drafts. */
import { inDevice } from "./db";

const BEFORE = "draft/";
// The sign after "/": behind every name that begins so.
const BEHIND = "draft0";

export async function begunNames(device: string): Promise<string[]> {
  const keys = await inDevice(device, ["meta"], "readonly", (transaction) =>
    transaction.objectStore("meta").getAllKeys(IDBKeyRange.bound(BEFORE, BEHIND)),
  );
  return keys.map((key) => key.slice(BEFORE.length));
}
