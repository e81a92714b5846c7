/**
 * What the member did and the server has not answered yet. Nothing leaves without its receipt: what is done is
 * deleted, everything else goes into the drawer with its whole content until a person acts.
 */
import { iso } from "../core/clock";
import { newId } from "../core/ids";
import { openListeners } from "../core/listeners";
import { inDevice, type KeptAside, type KeptCommand } from "../store/db";
import { NoSpace, UnknownDevice } from "../store/errors";
import { serverTime } from "../store/lease";
import { needRoom } from "../store/space";
import { openOrNull, type Vault } from "../store/vault";
import { aboutShown, forgetApplied, readApplied } from "./applied";
import { damaged, putAwayDamaged, unreadable } from "./damage";
import { dropOld, forget } from "./forgetting";
import {
  type Aside, type Command, type CommandData, type CommandName, type CommandOptions, CURRENT, DONE, type DrawerItem,
  type Receipt,
} from "./commands";

export interface Outbox {
  /** On the disk when it resolves; throws NoSpace and keeps nothing when there is no room, or hardly any. */
  add<N extends CommandName>(name: N, data: CommandData[N], options?: CommandOptions<N>): Promise<string>;
  /** In the order of their numbers. What cannot be opened is left out, kept, and counted. */
  all(): Promise<Command[]>;
  /** The first `limit` with a number above `after`. */
  first(limit: number, after?: number): Promise<Command[]>;
  count(): Promise<number>;
  /** Matters in the drawer that still need a person. */
  attention(): Promise<number>;
  /** Ids of what is kept but cannot be opened (damaged): never sent, never dropped, to be rescued. */
  unreadable(): Promise<string[]>;
  /** Of these, which the server asked to wait: those that need something put away, or answered in a way of which
   * the server knows nothing. No answer will ever come to them. */
  waitingInVain(later: ReadonlySet<string>): Promise<string[]>;
  /** How many matters need a person and cannot be opened (damaged): kept, to be rescued. */
  damaged(): Promise<number>;
  /** What cannot be opened needs nobody any more: its owner handed it in. It stays where it is kept. */
  putAwayDamaged(): Promise<void>;
  settle(receipts: readonly Receipt[]): Promise<void>;
  /** What the server took since everything was received last: done, and not to be seen in the pack yet. */
  applied(): Promise<Command[]>;
  /** Everything was received after the last settling: what was applied stands in the pack. */
  received(): Promise<void>;
  /** Oldest first; with what was replaced or put away, which stays readable for a while, if the lease does not end. */
  drawer(): Promise<DrawerItem[]>;
  putAway(id: string): Promise<void>;
  /** From the drawer back into the outbox as it is: under its own id it is never done twice. */
  sendAnew(id: string): Promise<void>;
  /** What this matter said, and those it was sent in the place of, is gone from this phone. */
  forget(id: string): Promise<void>;
  onChange(listener: () => void): () => void;
}

export async function openOutbox(vault: Vault): Promise<Outbox> {
  const { device } = vault;
  const listeners = openListeners(`nhipcau-outbox-${device}`);
  vault.onLock(() => listeners.close());
  const count = (): Promise<number> =>
    inDevice(device, ["outbox"], "readonly", (transaction) => transaction.objectStore("outbox").count());
  await count();
  await dropOld(vault);
  return {
    count,
    async add(name, data, options = {}) {
      // The last room is for sending: what comes back with it has to be written down as well.
      await needRoom();
      const command = await make(device, name, data, options);
      const sealed = await vault.seal(`outbox/${command.id}`, command);
      await put(device, { id: command.id, seq: command.seq, ...sealed }, options);
      listeners.tell();
      return command.id;
    },
    all: () => read(vault, 0),
    first: (limit, after = 0) => read(vault, after, limit),
    attention: () => attention(device),
    unreadable: () => unreadable(vault),
    damaged: async () => (await damaged(vault)).length,
    async putAwayDamaged() {
      await putAwayDamaged(vault);
      listeners.tell();
    },
    waitingInVain: (later) => waitingInVain(vault, later),
    async settle(receipts) {
      const asides = await setAside(vault, receipts.filter((receipt) => !DONE.has(receipt.result)));
      const done = receipts.filter((receipt) => DONE.has(receipt.result)).map(({ id }) => id);
      const applied = await aboutShown(vault, done);
      await move(device, done, asides, applied).catch((error: unknown) => {
        // On a full phone what was done is not shown for a moment: better than to send it for ever.
        if (!(error instanceof NoSpace) || applied.length === 0) throw error;
        return move(device, done, asides, []);
      });
      listeners.tell();
    },
    applied: () => readApplied(vault),
    async received() {
      if (await forgetApplied(device)) listeners.tell();
    },
    drawer: () => readDrawer(vault),
    async putAway(id) {
      await putAway(device, id);
      listeners.tell();
    },
    async sendAnew(id) {
      const item = (await readDrawer(vault)).find(({ command }) => command.id === id);
      if (!item) return;
      await moveBack(device, { id, seq: item.command.seq, ...(await vault.seal(`outbox/${id}`, item.command)) });
      listeners.tell();
    },
    async forget(id) {
      if (await forget(vault, id)) listeners.tell();
    },
    onChange: (listener) => listeners.add(listener),
  };
}

/** Takes the next number for good, also when the command is not kept in the end: none is ever used twice. */
function nextSeq(device: string): Promise<number> {
  return inDevice(device, ["meta", "outbox"], "readwrite", async (transaction) => {
    const meta = transaction.objectStore("meta");
    if (await meta.get("removed")) throw new UnknownDevice();
    const kept = await meta.get("seq");
    // The note of the last number may be lost; what waits still has its own.
    const last = await transaction.objectStore("outbox").index("seq").openKeyCursor(null, "prev");
    const value = Math.max(kept?.key === "seq" ? kept.value : 0, Number(last?.key ?? 0)) + 1;
    await meta.put({ key: "seq", value });
    return value;
  });
}

async function make<N extends CommandName>(
  device: string,
  name: N,
  data: CommandData[N],
  options: CommandOptions<N>,
): Promise<Command<N>> {
  const { base = null, needs = [], replaces, verdict, chosen = false, madeAt = iso() } = options;
  const seq = await nextSeq(device);
  const fixed = { id: newId(), seq, name, v: CURRENT[name], made_at: madeAt, needs, base, data };
  return {
    ...fixed,
    ...(replaces === undefined ? {} : { replaces }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(chosen ? { chosen } : {}),
  };
}

/** Keeps the command; what it takes the place of needs nobody any more from the same moment on. */
async function put(
  device: string,
  kept: KeptCommand,
  { replaces, draft }: { readonly replaces?: string; readonly draft?: string },
): Promise<void> {
  await inDevice(device, ["outbox", "drawer", "meta"], "readwrite", async (transaction) => {
    if (await transaction.objectStore("meta").get("removed")) throw new UnknownDevice();
    await transaction.objectStore("outbox").add(kept);
    if (draft !== undefined) await transaction.objectStore("meta").delete(`draft/${draft}`);
    if (replaces === undefined) return;
    const drawer = transaction.objectStore("drawer");
    const before = await drawer.get(replaces);
    if (before) await drawer.put({ ...before, state: "replaced" });
  });
}

async function kept(device: string, after: number, limit?: number): Promise<KeptCommand[]> {
  return inDevice(device, ["outbox"], "readonly", (transaction) =>
    transaction.objectStore("outbox").index("seq").getAll(IDBKeyRange.lowerBound(after, true), limit),
  );
}

/** Null for what is damaged: one bad record never stands in the way of the others. */
function opened<T>(vault: Vault, where: string, record: KeptCommand): Promise<T | null> {
  return openOrNull<T>(vault, `${where}/${record.id}`, record);
}

async function read(vault: Vault, after: number, limit?: number): Promise<Command[]> {
  const found: Command[] = [];
  let from = after;
  for (;;) {
    const missing = limit === undefined ? undefined : limit - found.length;
    if (missing === 0) return found;
    const records = await kept(vault.device, from, missing);
    const commands = await Promise.all(records.map((record) => opened<Command>(vault, "outbox", record)));
    found.push(...commands.filter((command) => command !== null));
    const last = records[records.length - 1];
    if (missing === undefined || last === undefined || records.length < missing) return found;
    from = last.seq;
  }
}

/** Answers of which the server knows nothing: it would let what needs the command wait for ever. What did not get
 * through comes, once it is sent anew. */
function isUnkept({ code }: Receipt): boolean {
  if (code === "phone.not_let_through") return false;
  return code.startsWith("phone.") || code === "sync.unreadable_command" || code === "sync.id_reused";
}

async function waitingInVain(vault: Vault, later: ReadonlySet<string>): Promise<string[]> {
  const waiting = await read(vault, 0);
  const items = await readDrawer(vault);
  const coming = new Set([...waiting.map(({ id }) => id), ...(await unreadable(vault))]);
  const aside = new Map(items.map((item) => [item.command.id, item]));
  const instead = new Map([...items.map(({ command }) => command), ...waiting].map((each) => [each.replaces, each.id]));
  // What is in neither of them, and nothing was sent in its place, was done, as far as the phone knows.
  const fate = (id: string): "coming" | "lost" | "gone" => {
    const item = aside.get(id);
    if (coming.has(id)) return "coming";
    if (item?.state === "away") return "lost";
    if (item?.state === "open") return isUnkept(item.receipt) ? "lost" : "coming";
    // What was sent in its place says where it is, though the matter itself went when the lease ended.
    const next = instead.get(id);
    return next === undefined ? "gone" : fate(next);
  };
  const inVain = waiting.filter(({ id, needs }) => {
    const fates = new Set(needs.map(fate));
    // The server knows of none of them: its database is older than this phone.
    return later.has(id) && (fates.has("lost") || !fates.has("coming"));
  });
  return inVain.map(({ id }) => id);
}

/** Seals for the drawer what the server did not take; done before the move, which must not wait for anything. */
async function setAside(vault: Vault, receipts: readonly Receipt[]): Promise<KeptAside[]> {
  if (receipts.length === 0) return [];
  const records = await inDevice(vault.device, ["outbox"], "readonly", (transaction) => {
    const outbox = transaction.objectStore("outbox");
    return Promise.all(receipts.map((receipt) => outbox.get(receipt.id)));
  });
  const at = await serverTime(vault.device);
  const asides = receipts.map(async (receipt, index): Promise<KeptAside | null> => {
    const record = records[index];
    const command = record ? await opened<Command>(vault, "outbox", record) : null;
    if (!record || !command) return null;
    const aside: Aside = { command, receipt, at };
    const sealed = await vault.seal(`drawer/${record.id}`, aside);
    return { id: record.id, seq: record.seq, state: "open", ...sealed };
  });
  return (await Promise.all(asides)).filter((aside) => aside !== null);
}

/** One transaction for all receipts. What another tab has settled meanwhile is left as it is. */
async function move(
  device: string,
  done: readonly string[],
  asides: readonly KeptAside[],
  applied: readonly KeptCommand[],
): Promise<void> {
  await inDevice(device, ["outbox", "drawer", "meta"], "readwrite", async (transaction) => {
    const outbox = transaction.objectStore("outbox");
    const drawer = transaction.objectStore("drawer");
    const meta = transaction.objectStore("meta");
    const writes: Promise<unknown>[] = done.map((id) => outbox.delete(id));
    // Nothing is given to read any more once the store was closed.
    const closed = applied.length > 0 && (await meta.get("closed"));
    if (!closed) writes.push(...applied.map((record) => meta.put({ key: `applied/${record.id}`, ...record })));
    for (const aside of asides) {
      const waits = outbox.getKey(aside.id).then(async (key) => {
        if (key === undefined) return;
        await Promise.all([drawer.put(aside), outbox.delete(aside.id)]);
      });
      writes.push(waits);
    }
    await Promise.all(writes);
  });
}

async function moveBack(device: string, command: KeptCommand): Promise<void> {
  await inDevice(device, ["outbox", "drawer"], "readwrite", async (transaction) => {
    const drawer = transaction.objectStore("drawer");
    if ((await drawer.get(command.id))?.state !== "open") return;
    await Promise.all([transaction.objectStore("outbox").put(command), drawer.delete(command.id)]);
  });
}

function attention(device: string): Promise<number> {
  return inDevice(device, ["drawer"], "readonly", (transaction) =>
    transaction.objectStore("drawer").index("state").count("open"),
  );
}

async function readDrawer(vault: Vault): Promise<DrawerItem[]> {
  const records = await inDevice(vault.device, ["drawer"], "readonly", (transaction) =>
    transaction.objectStore("drawer").index("seq").getAll(),
  );
  const asides = await Promise.all(records.map((record) => opened<Aside>(vault, "drawer", record)));
  return records.flatMap((record, at) => {
    const aside = asides[at];
    return aside ? [{ ...aside, state: record.state }] : [];
  });
}

async function putAway(device: string, id: string): Promise<void> {
  await inDevice(device, ["drawer"], "readwrite", async (transaction) => {
    const drawer = transaction.objectStore("drawer");
    const record = await drawer.get(id);
    if (record?.state === "open") await drawer.put({ ...record, state: "away" });
  });
}
