/**
 * What was begun and not saved yet: sealed like everything else, so that a page that is killed loses nothing and
 * nobody else reads it.
 */
import { inDevice } from "./db";
import { openOrNull, type Vault } from "./vault";

export interface Drafts {
  keep(name: string, value: unknown): Promise<void>;
  read<T>(name: string): Promise<T | null>;
  drop(name: string): Promise<void>;
}

export function openDrafts(vault: Vault): Drafts {
  // One after the other: of two drafts of the same screen the later one stays.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    keep: (name, value) =>
      inTurn(async () => {
        const sealed = await vault.seal(`draft/${name}`, value);
        await inDevice(vault.device, ["meta"], "readwrite", (transaction) =>
          transaction.objectStore("meta").put({ key: `draft/${name}`, ...sealed }),
        );
      }),
    read: <T>(name: string) =>
      inTurn(async () => {
        const kept = await inDevice(vault.device, ["meta"], "readonly", (transaction) =>
          transaction.objectStore("meta").get(`draft/${name}`),
        );
        return kept && "box" in kept ? openOrNull<T>(vault, `draft/${name}`, kept) : null;
      }),
    drop: (name) =>
      inTurn(() =>
        inDevice(vault.device, ["meta"], "readwrite", (transaction) => transaction.objectStore("meta").delete(`draft/${name}`)),
      ),
  };
}
