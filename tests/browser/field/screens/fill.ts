/** Fills the store of a phone for the tests of the screens: the modules as they ship, no server. */
import { setClock } from "../../../../field/src/core/clock";
import { newId } from "../../../../field/src/core/ids";
import { MOVES } from "../../../../field/src/frame/case_path";
import { MOST } from "../../../../field/src/frame/checks";
import type { CommandData, CommandName, CommandOptions, Receipt } from "../../../../field/src/outbox/commands";
import { openOutbox } from "../../../../field/src/outbox/outbox";
import { openPack, type PackPage } from "../../../../field/src/pack/pack";
import { listDevices, setLanguage } from "../../../../field/src/store/devices";
import { openDrafts } from "../../../../field/src/store/drafts";
import { endLease, extendLease, type LeaseAnswer } from "../../../../field/src/store/lease";
import { createDevice, unlock } from "../../../../field/src/store/vault";
import { Reading } from "../../../../field/src/frame/guide_reading";

interface Filling {
  readonly pin: string;
  readonly spki: string;
  readonly language: string;
  readonly answer: LeaseAnswer;
  readonly page: PackPage;
  /** By so many milliseconds the phone's clock goes ahead, until it is put right. */
  readonly fast: number;
}

/** A device with its pack. */
async function fill({ pin, spki, language, answer, page, fast }: Filling): Promise<string> {
  setClock({ now: () => Date.now() + fast, running: () => performance.now() });
  const me = { member: { id: newId(), name: "", language }, escrow_key: { id: newId(), spki } };
  const vault = await createDevice(pin, me, () => Promise.resolve(answer));
  await openPack(vault).apply(page, { epoch: "", after: 0 });
  await setLanguage(vault.device, language);
  setClock(null);
  return vault.device;
}

/** Two matters in the drawer: a number that is known already, and a note that was refused. */
async function trouble(device: string, pin: string, about: string): Promise<void> {
  const outbox = await openOutbox(await unlock(device, pin));
  const note = await outbox.add("cases.note", { case: about, note: "Gọi lại số 0912 345 678" });
  const late = await outbox.add("cases.dossier", { case: about, code: "G22.99.08-260921-896048", submitted_on: "2026-01-02", submitted_by_citizen: true });
  const refused = (id: string, code: string, words: string) => ({ id, result: "refused" as const, code, words, about: null });
  await outbox.settle([
    refused(note, "citizens.unable_to_write_down", "Không ghi số căn cước, số ngân hàng hay số điện thoại ở đây."),
    refused(late, "sync.impossible_time", "Giờ của điện thoại không đúng. Hãy chọn ngày."),
  ]);
}

/** A change that somebody must decide about: the command in the drawer. */
async function disputed(device: string, pin: string, about: string, needs: readonly string[] = []): Promise<string> {
  const outbox = await openOutbox(await unlock(device, pin));
  const id = await outbox.add("cases.change", { case: about, set: { due_on: "2026-12-08" } }, { base: { due_on: null }, needs });
  await outbox.settle([{ id, result: "needs_person", code: "sync.same_field", words: "Hai bản khác nhau.", about }]);
  return id;
}

/** What waits is answered, as the server does it; and more of the pack comes. */
async function answered(device: string, pin: string, receipts: readonly Receipt[], page: PackPage): Promise<void> {
  const vault = await unlock(device, pin);
  await (await openOutbox(vault)).settle(receipts);
  await openPack(vault).apply(page, { epoch: "", after: 0 });
}

/** Matters that came here so many days ago, and were put away since. */
async function oldMatters(device: string, pin: string, about: string, days: number): Promise<void> {
  const day = 24 * 3600 * 1000;
  const meet = (at: number): Promise<unknown> =>
    extendLease(device, { server_time: new Date(at).toISOString(), lease_until: new Date(at + 7 * day).toISOString() });
  await meet(Date.now() - days * day);
  await trouble(device, pin, about);
  const outbox = await openOutbox(await unlock(device, pin));
  for (const { command } of await outbox.drawer()) await outbox.putAway(command.id);
  await meet(Date.now());
}

async function applied(device: string, pin: string): Promise<unknown[]> {
  return (await openOutbox(await unlock(device, pin))).applied();
}

async function received(device: string, pin: string): Promise<void> {
  await (await openOutbox(await unlock(device, pin))).received();
}

async function body(device: string, pin: string, kind: "visit" | "class" | "case", id: string): Promise<unknown> {
  return openPack(await unlock(device, pin)).get(kind, id);
}

async function draft(device: string, pin: string, name: string, value: unknown): Promise<void> {
  await openDrafts(await unlock(device, pin)).keep(name, value);
}

async function drawer(device: string, pin: string): Promise<unknown[]> {
  return (await openOutbox(await unlock(device, pin))).drawer();
}

async function putAway(device: string, pin: string, id: string): Promise<void> {
  await (await openOutbox(await unlock(device, pin))).putAway(id);
}

/** Written down as an older app did, which checked less. */
async function add(device: string, pin: string, name: CommandName, data: CommandData[CommandName], options: CommandOptions): Promise<string> {
  return (await openOutbox(await unlock(device, pin))).add(name, data, options);
}

async function waiting(device: string, pin: string): Promise<unknown[]> {
  return (await openOutbox(await unlock(device, pin))).all();
}

const nc = { add, fill, trouble, disputed, answered, drawer, put_away: putAway, old_matters: oldMatters, applied, received, body, draft, waiting, endLease, listDevices, Reading, MOVES, MOST };
(window as unknown as { nc: typeof nc }).nc = nc;
