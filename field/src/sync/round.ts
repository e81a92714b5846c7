/**
 * One round: a receipt for everything in the outbox, then everything new of the pack. A round may be cut short
 * anywhere: what has a receipt is settled, what has none is sent again.
 */
import type { Command, Receipt } from "../outbox/commands";
import type { Outbox } from "../outbox/outbox";
import type { Pack } from "../pack/pack";
import type { DeviceCredentials } from "../store/token";
import type { BatchSize } from "./pace";
import { askPage, type Met, type Sender, sendCommands, type Sent } from "./protocol";
import { needsPerson, type Problem, type SyncState } from "./state";
import type { Answer, Wire } from "./wire";

/** How a round ended. `after`: the server asks us to stay away at least so long. */
export interface Outcome {
  readonly problem: Problem | null;
  readonly after: number;
  /** So many commands wait for one that a person has to look at first. */
  readonly left: number;
}

export interface Parts {
  readonly device: DeviceCredentials;
  readonly wire: Wire;
  readonly outbox: Outbox;
  readonly pack: Pack;
  readonly batch: BatchSize;
  /** In how many rounds a command alone did not get through though the line was good; kept from round to round. */
  readonly held: Map<string, number>;
  readonly stopped: () => boolean;
  readonly phase: (phase: SyncState["phase"]) => void;
  /** Told of every answer of the server that could be read. */
  readonly reached: () => void;
}

type Failed = Exclude<Answer<never>, { kind: "ok" }>;

/** Nothing speaks against going on. */
export const DONE: Outcome = { problem: null, after: 0, left: 0 };
// A command alone is tried so often before it is held to be the cause, unless our own server says so itself.
const TRIES_ALONE = 3;
// In so many rounds, ever further apart, before a person is asked to look.
const MOST_ROUNDS = 8;
// More than so many in one round: then it is not one of them, whatever the line says.
const MOST_HELD = 5;
// The server begins anew under another epoch at most so often in one round; else something is wrong there.
const MOST_EPOCHS = 2;
const MOST_PAGES = 2000;
const REFUSALS: { readonly [code: string]: Problem } = {
  "sync.unknown_token": "sign_in",
  "sync.lease_ended": "lease_ended",
  "sync.device_revoked": "revoked",
  "sync.account_closed": "closed",
};

export function ended(problem: Problem, after = 0): Outcome {
  return { problem, after, left: 0 };
}

function outcomeOf(answer: Failed): Outcome {
  switch (answer.kind) {
    case "offline":
      return ended("offline");
    case "timeout":
      return ended("timeout");
    case "unreadable":
      return ended("unreadable");
    case "server":
      return ended("server", answer.after);
    case "refused":
      return ended((answer.status === 401 && REFUSALS[answer.code]) || "server");
    case "stopped":
      return DONE;
    default:
      return ended("server");
  }
}

/** The phone's own receipt for a command that cannot be taken in at all: its words are the screen's. */
type OwnCode = "phone.too_large" | "phone.unreadable" | "phone.need_lost" | "phone.not_let_through";

function ownReceipt(id: string, code: OwnCode): Receipt {
  return { id, result: "refused", code, words: "", about: null };
}

/** After one request: the batch is dealt with, is to be tried anew, or the round is over. */
type Step = "on" | "anew" | Outcome;

export class Round {
  /** Not again in this round. */
  private readonly aside = new Set<string>();
  private readonly later = new Set<string>();
  private readonly triedAlone = new Map<string, number>();
  private unanswered = false;
  /** Why the last one that was held back did not get through, and how many there were. */
  private heldBy: Problem | null = null;
  private heldBack = 0;
  private moved = false;

  constructor(
    private readonly parts: Parts,
    private readonly sender: Sender,
  ) {}

  async run(): Promise<Outcome> {
    this.parts.phase("sending");
    const sending = await this.send();
    if (sending.problem || this.parts.stopped()) return sending;
    this.parts.phase("receiving");
    const receiving = await this.receive();
    if (receiving.problem) return receiving;
    if (!this.parts.stopped()) await this.parts.outbox.received();
    return this.end();
  }

  /** What is left in the outbox, and why. */
  private async end(): Promise<Outcome> {
    const { outbox } = this.parts;
    if ((await outbox.count()) === 0) return DONE;
    if ((await outbox.unreadable()).length > 0) return ended("damaged");
    if (this.heldBy) return ended(this.heldBy);
    if (this.unanswered) return ended("incomplete");
    if (this.later.size === 0) return DONE;
    await this.giveUpWaiting();
    if (this.later.size === 0) return DONE;
    return (await outbox.attention()) > 0 ? { ...DONE, left: this.later.size } : ended("incomplete");
  }

  /** What waits for something that no answer will come to any more goes to the drawer: there it has its reason. */
  private async giveUpWaiting(): Promise<void> {
    const { outbox } = this.parts;
    while (this.later.size > 0) {
      const lost = await outbox.waitingInVain(this.later);
      if (lost.length === 0) return;
      await outbox.settle(lost.map((id) => ownReceipt(id, "phone.need_lost")));
      for (const id of lost) this.later.delete(id);
    }
  }

  /** Until the outbox holds nothing but what was set aside; what was made meanwhile goes too. */
  private async send(): Promise<Outcome> {
    for (;;) {
      let queue = await this.queue();
      if (queue.length === 0) return DONE;
      while (queue.length > 0) {
        if (this.parts.stopped()) return DONE;
        const batch = this.parts.batch.take(queue);
        const step = await this.sendBatch(batch, queue.length);
        if (typeof step === "object") return step;
        if (step === "on") queue = queue.slice(batch.length);
      }
    }
  }

  /** In the order they were made. What waits for another command has one more chance after something moved. */
  private async queue(): Promise<Command[]> {
    const waiting = [...(await this.parts.outbox.all())].sort((one, other) => one.seq - other.seq);
    const next = waiting.filter((command) => !this.aside.has(command.id));
    if (next.length > 0 || !this.moved || this.later.size === 0) return next;
    for (const id of this.later) this.aside.delete(id);
    this.later.clear();
    this.moved = false;
    return waiting.filter((command) => !this.aside.has(command.id));
  }

  private async sendBatch(batch: readonly Command[], waiting: number): Promise<Step> {
    const { wire, batch: size, stopped } = this.parts;
    const answer = await sendCommands(wire, this.sender, batch, waiting);
    if (stopped()) return DONE;
    switch (answer.kind) {
      case "ok":
        return this.settle(batch, answer.value);
      case "too_large":
      case "not_understood":
        if (batch.length === 1) return this.suspect(batch, answer);
        size.shrink(batch.length);
        return "anew";
      case "timeout":
        // A slow line is asked for less the next time; nobody waits for it twice in a row.
        if (batch.length === 1) return this.blame(batch, answer);
        size.shrink(batch.length);
        return outcomeOf(answer);
      default:
        return this.blame(batch, answer);
    }
  }

  /**
   * Is it the line, or what was sent? Where a request without commands gets through, less is sent at once, and the
   * one that alone does not get through lets the others pass.
   */
  private async blame(batch: readonly Command[], answer: Failed): Promise<Step> {
    const outcome = outcomeOf(answer);
    if (outcome.after > 0 || (outcome.problem && needsPerson(outcome.problem))) return outcome;
    const probe = await sendCommands(this.parts.wire, this.sender, [], batch.length);
    if (this.parts.stopped()) return DONE;
    if (probe.kind !== "ok") return outcome;
    this.parts.batch.shrink(batch.length);
    const [command] = batch;
    return batch.length > 1 || !command ? "anew" : this.hold(command.id, outcome);
  }

  /** Not again in this round; after many rounds a person is told which one it is. */
  private async hold(id: string, outcome: Outcome): Promise<Step> {
    const { held, outbox } = this.parts;
    const rounds = (held.get(id) ?? 0) + 1;
    held.set(id, rounds);
    this.aside.add(id);
    if (rounds >= MOST_ROUNDS) {
      await outbox.settle([ownReceipt(id, "phone.not_let_through")]);
      held.delete(id);
      return "on";
    }
    this.heldBy = outcome.problem;
    this.heldBack += 1;
    return this.heldBack < MOST_HELD ? "on" : outcome;
  }

  private async settle(batch: readonly Command[], sent: Sent): Promise<Step> {
    if (sent.receipts.length > 0) await this.parts.outbox.settle(sent.receipts);
    this.parts.batch.grow();
    this.moved ||= sent.receipts.length > 0;
    const receipted = new Set(sent.receipts.map((receipt) => receipt.id));
    for (const id of receipted) this.parts.held.delete(id);
    for (const { id } of batch) {
      this.aside.add(id);
      if (sent.later.includes(id)) this.later.add(id);
      else if (!receipted.has(id)) this.unanswered = true;
    }
    await this.meet(sent);
    return "on";
  }

  /**
   * Alone, and still not taken. Before it goes to the drawer it must be sure that the command is the cause, and
   * not the server or what stands before it: a request without any command has to come through.
   */
  private async suspect(alone: readonly Command[], answer: Failed): Promise<Step> {
    const [command] = alone;
    if (!command) return "on";
    const tried = (this.triedAlone.get(command.id) ?? 0) + 1;
    this.triedAlone.set(command.id, tried);
    const certain = answer.kind === "too_large" && answer.certain;
    if (!certain && tried < TRIES_ALONE) return "anew";
    const probe = await sendCommands(this.parts.wire, this.sender, [], 1);
    if (this.parts.stopped()) return DONE;
    if (probe.kind !== "ok") return outcomeOf(probe);
    await this.parts.outbox.settle([ownReceipt(command.id, answer.kind === "too_large" ? "phone.too_large" : "phone.unreadable")]);
    this.aside.add(command.id);
    return "on";
  }

  private async receive(): Promise<Outcome> {
    const { wire, pack, stopped } = this.parts;
    let epochs = 0;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const cursor = await pack.cursor();
      const answer = await askPage(wire, this.sender, cursor);
      if (stopped()) return DONE;
      if (answer.kind !== "ok") return outcomeOf(answer);
      const page = answer.value;
      if (page.epoch !== cursor.epoch) epochs += 1;
      if (epochs > MOST_EPOCHS) return ended("unreadable");
      const kept = await pack.apply(page, cursor);
      await this.meet(page);
      if ((kept && !page.more) || stopped()) return DONE;
    }
    return ended("unreadable");
  }

  private async meet(met: Met): Promise<void> {
    await this.parts.device.extend(met);
    this.parts.reached();
  }
}
