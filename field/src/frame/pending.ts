/** What is recorded on this phone about one thing and not answered yet: shown, so that nothing is done twice. */
import type { Command, CommandName } from "../outbox/commands";
import { html, nothing, type TemplateResult } from "lit-html";
import { notice } from "./parts";
import type { App, Session } from "./screen";
import { sayMoment } from "./times";

type Key = "case" | "visit" | "shift" | "class" | "conflict";

export async function pending(session: Session, key: Key, id: string): Promise<readonly Command[]> {
  const waiting = await session.outbox.all();
  return waiting.filter((command) => (command.data as { readonly [name: string]: unknown })[key] === id);
}

export function has(commands: readonly Command[], name: CommandName): boolean {
  return commands.some((command) => command.name === name);
}

export function pendingView(app: App, commands: readonly Command[]): TemplateResult | typeof nothing {
  const { words } = app;
  if (!commands.length) return nothing;
  const lines = commands.map((command) => html`<li>${words.commands[command.name]} – ${sayMoment(command.made_at, words)}</li>`);
  return notice("info", html`<p><strong>${words.waitingHere}</strong></p><ul class="nf-lines">${lines}</ul>`);
}
