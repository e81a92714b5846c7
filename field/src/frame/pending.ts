/** What is recorded on this phone and does not stand in the pack yet: shown, so that nothing is done twice. */
import type { Command, CommandName } from "../outbox/commands";
import { html, nothing, type TemplateResult } from "lit-html";
import { notice } from "./parts";
import type { App, Kept } from "./screen";
import { sayMoment } from "./times";

type Key = "case" | "visit" | "shift" | "class" | "conflict";

/** In the order of their numbers. */
export interface Recorded {
  /** Not answered yet. */
  readonly waiting: readonly Command[];
  /** With what the server took since the pack was received last. */
  readonly all: readonly Command[];
}

export async function recorded({ outbox }: Kept): Promise<Recorded> {
  // In this order: what is settled in between is found twice, and not never.
  const waiting = await outbox.all();
  const each = new Map([...waiting, ...(await outbox.applied())].map((command) => [command.id, command]));
  return { waiting, all: [...each.values()].sort((one, other) => one.seq - other.seq) };
}

export function about({ waiting, all }: Recorded, key: Key, id: string): Recorded {
  const fits = ({ data }: Command): boolean => (data as { readonly [name: string]: unknown })[key] === id;
  return { waiting: waiting.filter(fits), all: all.filter(fits) };
}

export async function recordedOf(session: Kept, key: Key, id: string): Promise<Recorded> {
  return about(await recorded(session), key, id);
}

/** The last one of that name. */
export function last(commands: readonly Command[], name: CommandName): Command | undefined {
  return [...commands].reverse().find((command) => command.name === name);
}

export function has(commands: readonly Command[], name: CommandName): boolean {
  return last(commands, name) !== undefined;
}

export function pendingView(app: App, commands: readonly Command[]): TemplateResult | typeof nothing {
  const { words } = app;
  if (!commands.length) return nothing;
  const lines = commands.map((command) => html`<li>${words.commands[command.name]} – ${sayMoment(command.made_at, words)}</li>`);
  return notice("info", html`<p><strong>${words.waitingHere}</strong></p><ul class="nf-lines">${lines}</ul>`);
}
