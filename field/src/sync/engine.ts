/**
 * When rounds are made, and what is known between them. What the browser says of the network is a hint to try
 * sooner, never an answer: the probe is the real request.
 */
import { now as wallClock, running } from "../core/clock";
import type { Outbox } from "../outbox/outbox";
import type { Pack } from "../pack/pack";
import { NoSpace } from "../store/errors";
import type { DeviceCredentials } from "../store/token";
import type { Vault } from "../store/vault";
import { renewToken } from "./enrol";
import { BackOff, BatchSize, PACE, type Pace } from "./pace";
import { DONE, ended, type Outcome, Round } from "./round";
import { isOfTheWay, needsPerson, type SyncState, UNKNOWN_STATE } from "./state";
import { Wire } from "./wire";

export interface Engine {
  /** Now, because a person asks: waits are over. */
  now(): void;
  state(): SyncState;
  onChange(listener: () => void): () => void;
  stop(): void;
}

type Counts = Pick<SyncState, "waiting" | "attention">;

export interface EngineOptions {
  readonly language?: () => string;
  readonly pace?: Pace;
  /** How much needs the person; else what the outbox knows of. */
  readonly attention?: () => Promise<number>;
}

export function startEngine(
  vault: Vault,
  outbox: Outbox,
  pack: Pack,
  device: DeviceCredentials,
  options: EngineOptions = {},
): Engine {
  const engine = new Syncing(vault, outbox, pack, device, options);
  engine.start();
  return engine;
}

class Syncing implements Engine {
  private phase: SyncState["phase"] = "idle";
  private problem: SyncState["problem"] = null;
  // By the clock that nobody can set; shown on the other one.
  private lastDone: number | null = null;
  private nextTry: number | null = null;
  private counts: Counts | null = null;
  private counting = 0;
  private left = 0;

  private stopped = false;
  private busy = false;
  private again = false;
  private begun = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly pace: Pace;
  private readonly wire: Wire;
  private readonly batch = new BatchSize();
  private readonly held = new Map<string, number>();
  private readonly backOff: BackOff;
  private readonly listeners = new Set<() => void>();
  private readonly endings: (() => void)[] = [];

  constructor(
    private readonly vault: Vault,
    private readonly outbox: Outbox,
    private readonly pack: Pack,
    private readonly device: DeviceCredentials,
    private readonly options: EngineOptions,
  ) {
    this.pace = options.pace ?? PACE;
    this.wire = new Wire(this.pace.patience);
    this.backOff = new BackOff(this.pace.first, this.pace.longest);
  }

  start(): void {
    const hint = (): void => this.hint();
    const seen = (): void => {
      if (document.visibilityState === "visible") this.hint();
    };
    window.addEventListener("online", hint);
    document.addEventListener("visibilitychange", seen);
    this.endings.push(
      () => window.removeEventListener("online", hint),
      () => document.removeEventListener("visibilitychange", seen),
      this.outbox.onChange(() => void this.changed()),
      this.pack.onChange(() => void this.count(this.counts)),
      this.vault.onLock(() => this.stop()),
    );
    void this.count();
    void this.recall();
    this.wake(0);
  }

  /** When this phone last sent and received all, before this page was opened. */
  private async recall(): Promise<void> {
    const at = await this.device.lastDone().catch(() => null);
    // After a clock was set back nothing is claimed of a moment that is still to come.
    if (at === null || at > wallClock() || this.lastDone !== null || this.stopped) return;
    this.lastDone = running() - (wallClock() - at);
    this.tell();
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    clearTimeout(this.timer);
    this.wire.stop();
    for (const end of this.endings) end();
    this.phase = "idle";
    this.nextTry = null;
    this.tell();
    this.listeners.clear();
  }

  now(): void {
    this.backOff.reset();
    if (this.busy) this.again = true;
    else this.wake(0);
  }

  state(): SyncState {
    const shown = (moment: number | null): number | null =>
      moment === null ? null : wallClock() + moment - running();
    return {
      ...UNKNOWN_STATE,
      ...this.counts,
      phase: this.phase,
      problem: this.problem,
      lastDone: shown(this.lastDone),
      nextTry: shown(this.nextTry),
    };
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private show(phase: SyncState["phase"]): void {
    if (this.stopped || this.phase === phase) return;
    this.phase = phase;
    this.tell();
  }

  /** The server has answered: that there was no way to it is over, though the round still goes on. */
  private reached(): void {
    if (this.stopped || !this.problem || !isOfTheWay(this.problem)) return;
    this.problem = null;
    this.tell();
  }

  /** The phone may have its signal again: sooner than set, but not at every flicker. */
  private hint(): void {
    this.backOff.reset();
    if (this.busy) this.again = true;
    else this.wake(Math.max(0, this.begun + this.pace.soon - running()));
    void this.count();
  }

  /** Something went into the outbox or out of it, here or in another tab. */
  private async changed(): Promise<void> {
    this.counts = null;
    // Not a moment longer: "all sent" over something that was just written down.
    this.tell();
    await this.count();
    if (this.fresh() && !this.busy && this.problem === null) this.wake(this.pace.soon, true);
  }

  /** Is there anything in the outbox that was not tried in the last round? */
  private fresh(): boolean {
    return (this.counts?.waiting ?? 0) > this.left;
  }

  /** Until it is known anew nothing is claimed of what waits, but `meanwhile`. */
  private async count(meanwhile: Counts | null = null): Promise<void> {
    this.counting += 1;
    const mine = this.counting;
    this.counts = meanwhile;
    try {
      const waiting = await this.outbox.count();
      const attention = await (this.options.attention?.() ?? this.outbox.attention());
      if (mine === this.counting) this.counts = { waiting, attention };
    } catch {
      // What cannot be counted stays unknown; the next round will say why.
    }
    if (mine === this.counting) this.tell();
  }

  /** The next round in so many milliseconds; `sooner`: only if none is set for before. */
  private wake(wait: number, sooner = false): void {
    if (this.stopped) return;
    const at = running() + wait;
    if (sooner && this.nextTry !== null && this.nextTry <= at) return;
    clearTimeout(this.timer);
    this.nextTry = at;
    this.timer = setTimeout(() => void this.round(), wait);
  }

  private async round(): Promise<void> {
    if (this.stopped || this.busy) return;
    this.busy = true;
    this.begun = running();
    this.nextTry = null;
    let outcome: Outcome | "elsewhere";
    try {
      outcome = await this.alone(() => this.exchange());
    } catch (error) {
      // The store cannot be read or written now; all that was not settled is still in it.
      outcome = ended(error instanceof NoSpace ? "storage" : "stuck");
    }
    this.busy = false;
    if (this.stopped) return;
    await this.count();
    if (!this.stopped) this.plan(outcome);
  }

  /** Of all tabs of this phone only one makes a round; the others look again later. */
  private async alone(work: () => Promise<Outcome>): Promise<Outcome | "elsewhere"> {
    // Missing in some old browsers: then two tabs may send the same, which the server answers with one receipt.
    if (!("locks" in navigator)) return work();
    return navigator.locks.request(`nhipcau-sync-${this.device.id}`, { ifAvailable: true }, (lock) =>
      lock ? work() : "elsewhere",
    );
  }

  private async exchange(): Promise<Outcome> {
    const outcome = await this.attempt();
    if (outcome.problem !== "sign_in" || this.stopped) return this.obey(outcome);
    // The token was exchanged or lost; where the member has just signed in that needs no person.
    if (!(await renewToken(this.device, this.wire)) || this.stopped) return outcome;
    return this.obey(await this.attempt());
  }

  private async attempt(): Promise<Outcome> {
    const token = await this.device.token();
    if (this.stopped) return DONE;
    if (token === null) return ended("sign_in");
    const { device, wire, outbox, pack, batch, held } = this;
    const stopped = (): boolean => this.stopped;
    const phase = (next: SyncState["phase"]): void => this.show(next);
    const sender = { token, language: this.options.language?.() ?? "vi" };
    const reached = (): void => this.reached();
    return new Round({ device, wire, outbox, pack, batch, held, stopped, phase, reached }, sender).run();
  }

  /** What the server says of this device is kept before anything else is done. */
  private async obey(outcome: Outcome): Promise<Outcome> {
    const { problem } = outcome;
    if (problem !== "lease_ended" && problem !== "revoked" && problem !== "closed") return outcome;
    // Closing the store locks the vault, which stops this engine: what is known is shown before.
    this.problem = problem;
    await this.device.end(problem === "lease_ended" ? "lease_ended" : "revoked");
    this.stop();
    return outcome;
  }

  /** What comes after a round. */
  private plan(outcome: Outcome | "elsewhere"): void {
    if (outcome === "elsewhere") {
      this.phase = "idle";
      this.wake(this.pace.elsewhere);
    } else if (outcome.problem) {
      this.problem = outcome.problem;
      this.phase = "waiting";
      const wait = needsPerson(outcome.problem) ? this.pace.longest : this.backOff.next();
      this.wake(Math.max(wait, outcome.after));
    } else {
      this.backOff.reset();
      this.problem = null;
      this.phase = "idle";
      this.lastDone = running();
      // A full phone does not keep it: then it is not said after the next start, no more.
      void this.device.keepDone(wallClock()).catch(() => undefined);
      this.left = outcome.left;
      this.wake(this.fresh() ? this.pace.soon : this.pace.every);
    }
    if (this.again) this.wake(0);
    this.again = false;
    this.tell();
  }
}
