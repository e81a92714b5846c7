/**
 * What is kept and cannot be opened any more: it stands in nobody's way and is handed in as it lies there. When that
 * is done its owner puts it away.
 */
import { inDevice, type KeptCommand } from "../store/db";
import { openOrNull, type Vault } from "../store/vault";

/** Which of these do not open. */
async function shut<T extends KeptCommand>(vault: Vault, where: string, records: readonly T[]): Promise<T[]> {
  const found = await Promise.all(records.map((record) => openOrNull(vault, `${where}/${record.id}`, record)));
  return records.filter((_record, at) => found[at] === null);
}

/** Ids of commands that wait, in the order of their numbers. */
export async function unreadable(vault: Vault): Promise<string[]> {
  const records = await inDevice(vault.device, ["outbox"], "readonly", (transaction) =>
    transaction.objectStore("outbox").index("seq").getAll(),
  );
  return (await shut(vault, "outbox", records)).map(({ id }) => id);
}

/** Ids of matters in the drawer that need a person. */
export async function damaged(vault: Vault): Promise<string[]> {
  const records = await inDevice(vault.device, ["drawer"], "readonly", (transaction) =>
    transaction.objectStore("drawer").index("state").getAll("open"),
  );
  return (await shut(vault, "drawer", records)).map(({ id }) => id);
}

export async function putAwayDamaged(vault: Vault): Promise<void> {
  const [waiting, matters] = [await unreadable(vault), await damaged(vault)];
  await inDevice(vault.device, ["outbox", "drawer"], "readwrite", async (transaction) => {
    const outbox = transaction.objectStore("outbox");
    const drawer = transaction.objectStore("drawer");
    for (const id of waiting) {
      const record = await outbox.get(id);
      if (record) await Promise.all([drawer.put({ ...record, state: "away" }), outbox.delete(id)]);
    }
    for (const id of matters) {
      const record = await drawer.get(id);
      if (record?.state === "open") await drawer.put({ ...record, state: "away" });
    }
  });
}
