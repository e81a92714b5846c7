/**
 * What was begun and not saved yet: sealed like everything else, so that a page that is killed loses nothing and
 * nobody else reads it.
 */
import { begunNames } from "./begun";
import { inDevice } from "./db";
import { openOrNull, type Vault } from "./vault";

export interface Drafts {
  keep(name: string, value: unknown): Promise<void>;
  read<T>(name: string): Promise<T | null>;
  drop(name: string): Promise<void>;
}

// As older editions of the app named what was begun of papers: by the guide, for everybody to read, and the case.
const NAMED = /^checklist\/([^/]+)\/([^/]*)$/;

/** What was begun under such a name goes on under one that says nothing; without a case it is begun anew. */
async function hideGuides({ keep, read, drop }: Drafts, device: string): Promise<void> {
  for (const name of await begunNames(device)) {
    const [, slug, about] = NAMED.exec(name) ?? [];
    if (slug === undefined) continue;
    const work = about ? await read<object>(name) : null;
    if (work) await keep(`checklist/${about}`, { ...work, slug });
    await drop(name);
  }
}

export function openDrafts(vault: Vault): Drafts {
  const drafts = draftsOf(vault);
  // What a full phone cannot keep under its new name stays under the old one until there is room.
  void hideGuides(drafts, vault.device).catch(() => undefined);
  return drafts;
}

function draftsOf(vault: Vault): Drafts {
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
