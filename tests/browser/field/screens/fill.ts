/** Fills the store of a phone for the tests of the screens: the modules as they ship, no server. */
import { newId } from "../../../../field/src/core/ids";
import { openOutbox } from "../../../../field/src/outbox/outbox";
import { openPack, type PackPage } from "../../../../field/src/pack/pack";
import { listDevices, setLanguage } from "../../../../field/src/store/devices";
import { endLease, type LeaseAnswer } from "../../../../field/src/store/lease";
import { createDevice, unlock } from "../../../../field/src/store/vault";
import { Reading } from "../../../../field/src/frame/guide_reading";

interface Filling {
  readonly pin: string;
  readonly spki: string;
  readonly language: string;
  readonly answer: LeaseAnswer;
  readonly page: PackPage;
}

/** A device with its pack. */
async function fill({ pin, spki, language, answer, page }: Filling): Promise<string> {
  const me = { member: { id: newId(), name: "", language }, escrow_key: { id: newId(), spki } };
  const vault = await createDevice(pin, me, () => Promise.resolve(answer));
  await openPack(vault).apply(page);
  await setLanguage(vault.device, language);
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

async function waiting(device: string, pin: string): Promise<unknown[]> {
  return (await openOutbox(await unlock(device, pin))).all();
}

const nc = { fill, trouble, waiting, endLease, listDevices, Reading };
(window as unknown as { nc: typeof nc }).nc = nc;
