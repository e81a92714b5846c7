/** A case as this phone knows it: from the pack, or – opened here a moment ago – from what waits to be sent. */
import type { Command } from "../outbox/commands";
import type { CaseBody } from "../pack/kinds";
import type { Session } from "./screen";

export interface KnownCase {
  readonly body: CaseBody;
  /** The command that opens it, while it waits: what is written about the case comes after it. */
  readonly needs: readonly string[];
}

function fromCommand({ id, data, made_at }: Command<"cases.open">): KnownCase {
  const { id: about, need, due_on, commune, name, phone } = data;
  const body = { id: about, code: "", need, state: "opened", moves: [], due_on, commune, name, phone, opened_at: made_at, notes: [], version: null };
  return { body, needs: [id] };
}

export async function knownCases(session: Session): Promise<KnownCase[]> {
  const given = (await session.pack.list("case")).map((body) => ({ body, needs: [] }));
  const waiting = (await session.outbox.all()).filter((command): command is Command<"cases.open"> => command.name === "cases.open");
  const ids = new Set(given.map(({ body }) => body.id));
  return [...given, ...waiting.map(fromCommand).filter(({ body }) => !ids.has(body.id))];
}

export async function knownCase(session: Session, id: string): Promise<KnownCase | undefined> {
  const body = await session.pack.get("case", id);
  return body ? { body, needs: [] } : (await knownCases(session)).find((one) => one.body.id === id);
}
