/**
 * The field app's store, outbox, pack and engine as they ship, without its screens, for tests to drive.
 * It also watches the engine: each time it claims that all is sent, that is held against the outbox.
 */
import { now } from "../../../../field/src/core/clock";
import { type CommandData, type CommandName, CURRENT } from "../../../../field/src/outbox/commands";
import { openOutbox, type Outbox } from "../../../../field/src/outbox/outbox";
import { openPack, type Pack } from "../../../../field/src/pack/pack";
import { inDevice } from "../../../../field/src/store/db";
import { NoSpace } from "../../../../field/src/store/errors";
import { listDevices } from "../../../../field/src/store/devices";
import { credentials } from "../../../../field/src/store/token";
import { createDevice, unlock, type Vault } from "../../../../field/src/store/vault";
import { type Engine, startEngine } from "../../../../field/src/sync/engine";
import { enrolWith, fetchSession, renew } from "../../../../field/src/sync/enrol";
import { PACE, type Pace } from "../../../../field/src/sync/pace";
import { summary } from "../../../../field/src/sync/state";
import { Wire } from "../../../../field/src/sync/wire";

type Step =
  /** `after`: numbers of steps of this run whose commands it needs. */
  | {
      readonly do: "add";
      readonly name: CommandName;
      readonly data: unknown;
      readonly after?: number[];
      /** Ids of commands made before. */
      readonly needed?: string[];
      readonly replaces?: string;
      /** Where there is no room it is said again from the form that is still there. */
      readonly patient?: boolean;
      readonly base?: unknown;
    }
  | { readonly do: "now" | "hint" | "look" | "restart" }
  | { readonly do: "wait"; readonly ms: number };

interface Open {
  readonly vault: Vault;
  readonly outbox: Outbox;
  readonly pack: Pack;
  engine: Engine | null;
}

let open: Open | null = null;
let begun = 0;
let wanted: Partial<Pace> = {};
let last: Promise<string[]> = Promise.resolve([]);
const lies: string[] = [];

function opened(): Open {
  if (!open) throw new Error("nothing is open");
  return open;
}

async function take(vault: Vault): Promise<string> {
  open = { vault, outbox: await openOutbox(vault), pack: openPack(vault), engine: null };
  return vault.device;
}

/** What the engine says is true also a moment later, unless something was added in between. */
async function look(where: string): Promise<void> {
  const { outbox, engine } = opened();
  if (!engine || summary(engine.state()) !== "all_sent") return;
  const before = begun;
  const waiting = await outbox.count();
  const attention = await outbox.attention();
  if (before === begun && waiting + attention > 0 && summary(engine.state()) === "all_sent") {
    lies.push(`${where}: ${waiting} wait, ${attention} need a person`);
  }
}

async function add(step: Step & { do: "add" }, made: readonly string[]): Promise<string> {
  begun += 1;
  const options = {
    needs: [...(step.after ?? []).map((number) => made[number] ?? ""), ...(step.needed ?? [])],
    ...(step.replaces === undefined ? {} : { replaces: step.replaces }),
    ...(step.base === undefined ? {} : { base: step.base as null }),
  };
  let id = "";
  while (!id) {
    try {
      id = await opened().outbox.add(step.name, step.data as CommandData[CommandName], options);
    } catch (error) {
      // The person is told, and nothing of it is kept.
      if (!(error instanceof NoSpace)) throw error;
      if (!step.patient) return "";
    }
  }
  // Heard outside, also when this page is killed in the next moment.
  console.info(`kept ${id}`);
  await look("after an entry");
  return id;
}

const bench = {
  /** `csrf`: in place of the token that the server gave. */
  async enrol(pin: string, csrf?: string): Promise<string> {
    const wire = new Wire();
    const session = await fetchSession(wire);
    if (session.kind !== "ok" || !session.value.signed_in) throw new Error(`nobody is signed in: ${session.kind}`);
    const value = csrf === undefined ? session.value : { ...session.value, csrf };
    return take(await createDevice(pin, value, enrolWith(value, wire)));
  },
  unlock: async (device: string, pin: string): Promise<string> => take(await unlock(device, pin)),
  renew: (device: string): Promise<unknown> => renew(device).then((answer) => answer.kind),
  devices: listDevices,
  start(pace: Partial<Pace> = {}): void {
    const here = opened();
    wanted = pace;
    const engine = startEngine(here.vault, here.outbox, here.pack, credentials(here.vault), {
      pace: { ...PACE, ...pace },
    });
    engine.onChange(() => void look("when told"));
    here.engine = engine;
  },
  stop(): void {
    opened().engine?.stop();
  },
  lock(): void {
    opened().vault.lock();
  },
  /** Does the steps one after the other; for each the id of what it added, or "". */
  async run(steps: readonly Step[]): Promise<string[]> {
    const ids: string[] = [];
    for (const step of steps) {
      ids.push(step.do === "add" ? await add(step, ids) : "");
      if (step.do === "wait") await new Promise((resolve) => setTimeout(resolve, step.ms));
      else if (step.do === "hint") window.dispatchEvent(new Event("online"));
      else if (step.do === "now") opened().engine?.now();
      else if (step.do === "restart") {
        bench.stop();
        bench.start(wanted);
      }
      await look("between");
    }
    return ids;
  },
  /** The same, while the test does something else; `finished` waits for the end. */
  begin(steps: readonly Step[]): void {
    last = bench.run(steps);
    last.catch(() => undefined);
  },
  finished: (): Promise<string[]> => last,
  state: () => {
    const state = opened().engine?.state();
    return state ? { ...state, summary: summary(state), clock: now() } : null;
  },
  lies: () => lies,
  async outbox(): Promise<unknown> {
    return opened().outbox.all();
  },
  async drawer(): Promise<unknown> {
    return opened().outbox.drawer();
  },
  async sendAnew(id: string): Promise<void> {
    await opened().outbox.sendAnew(id);
  },
  async putAway(id: string): Promise<void> {
    await opened().outbox.putAway(id);
  },
  list: (kind: "me" | "guide" | "point" | "choices"): Promise<unknown> => opened().pack.list(kind),
  /** As damage on the disk would leave a record. */
  async damage(id: string): Promise<void> {
    await inDevice(opened().vault.device, ["outbox"], "readwrite", async (transaction) => {
      const store = transaction.objectStore("outbox");
      const kept = await store.get(id);
      if (kept) await store.put({ ...kept, box: new ArrayBuffer(64) });
    });
  },
  versions: CURRENT,
};

export type Bench = typeof bench;

(window as unknown as { bench: Bench }).bench = bench;
