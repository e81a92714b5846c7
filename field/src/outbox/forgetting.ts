/**
 * What must not be read here any more: what was written about a person who is forgotten, and what was settled long
 * ago. Of the first the fact stays, without a word of what it said.
 */
import { inDevice, type KeptAside } from "../store/db";
import { serverTime } from "../store/lease";
import { openOrNull, type Vault } from "../store/vault";
import type { Aside, Command, CommandData } from "./commands";

export const FORGOTTEN = "phone.forgotten";
// As long as the server takes what was made before.
const KEPT = 92 * 24 * 3600 * 1000;

interface Opened {
  readonly record: KeptAside;
  readonly aside: Aside;
}

async function opened(vault: Vault): Promise<Opened[]> {
  const records = await inDevice(vault.device, ["drawer"], "readonly", (transaction) =>
    transaction.objectStore("drawer").getAll(),
  );
  const asides = await Promise.all(records.map((record) => openOrNull<Aside>(vault, `drawer/${record.id}`, record)));
  return records.flatMap((record, at) => {
    const aside = asides[at];
    return aside ? [{ record, aside }] : [];
  });
}

/** The matter, and those in the place of which it was sent anew: they say the same of the same person. */
function withEarlier(found: readonly Opened[], id: string): Opened[] {
  const one = found.find(({ record }) => record.id === id);
  const earlier = one?.aside.command.replaces;
  return [...(one ? [one] : []), ...(earlier === undefined ? [] : withEarlier(found, earlier))];
}

async function emptied(vault: Vault, { record, aside }: Opened): Promise<KeptAside> {
  const command: Command = { ...aside.command, base: null, data: {} as CommandData[keyof CommandData] };
  const receipt = { ...aside.receipt, result: "refused" as const, code: FORGOTTEN, words: "", about: null };
  return { ...record, ...(await vault.seal(`drawer/${record.id}`, { ...aside, command, receipt })) };
}

/** Whether anything was emptied. */
export async function forget(vault: Vault, id: string): Promise<boolean> {
  const full = withEarlier(await opened(vault), id).filter(({ aside }) => aside.receipt.code !== FORGOTTEN);
  const empty = await Promise.all(full.map((each) => emptied(vault, each)));
  if (empty.length === 0) return false;
  await inDevice(vault.device, ["drawer"], "readwrite", async (transaction) => {
    const drawer = transaction.objectStore("drawer");
    for (const record of empty) {
      const state = (await drawer.get(record.id))?.state;
      if (state) await drawer.put({ ...record, state });
    }
  });
  return true;
}

/** What something on its way to the server belongs to: only by that may it be told that it waits in vain. */
async function needed(vault: Vault): Promise<Set<string>> {
  const records = await inDevice(vault.device, ["outbox"], "readonly", (transaction) =>
    transaction.objectStore("outbox").getAll(),
  );
  const commands = await Promise.all(records.map((record) => openOrNull<Command>(vault, `outbox/${record.id}`, record)));
  return new Set(commands.flatMap((command) => command?.needs ?? []));
}

/**
 * Takes away what was put away or sent anew, and came here long ago by the server's time: the phone's own clock may
 * stand years off at one start, either way. What bears a time to come was written down by a clock that was ahead, and
 * stays until the lease ends.
 */
export async function dropOld(vault: Vault): Promise<void> {
  const found = await opened(vault);
  const today = await serverTime(vault.device);
  const old = found.filter(({ record, aside }) => record.state !== "open" && today - aside.at > KEPT);
  if (old.length === 0) return;
  const keep = await needed(vault);
  const gone = old.filter(({ record }) => !withEarlier(found, record.id).some((each) => keep.has(each.record.id)));
  await inDevice(vault.device, ["drawer"], "readwrite", async (transaction) => {
    for (const { record } of gone) await transaction.objectStore("drawer").delete(record.id);
  });
}
