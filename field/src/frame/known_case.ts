/**
 * A case as this phone knows it: from the pack, or opened here a moment ago; with everything laid over it that was
 * done here and is not in the pack yet.
 */
import type { Command } from "../outbox/commands";
import type { CaseBody } from "../pack/kinds";
import { caseOf, laidOver, MOVES, type Standing } from "./case_path";
import { type Recorded, recorded } from "./pending";
import type { Session } from "./screen";

export interface KnownCase extends Standing {
  /** The command that opens it, while it waits: what is written about the case comes after it. */
  readonly needs: readonly string[];
}

function isOpening(command: Command): command is Command<"cases.open"> {
  return command.name === "cases.open";
}

function bodyOf({ data, made_at }: Command<"cases.open">): CaseBody {
  const { id, need, due_on, commune, name, phone } = data;
  return { id, code: "", need, state: "opened", moves: MOVES["opened"] ?? [], due_on, commune, name, phone, opened_at: made_at, notes: [], version: null };
}

/** The command that opens a case, while it waits. */
function openedBy(waiting: readonly Command[], id: string): readonly string[] {
  return waiting.filter((command) => isOpening(command) && command.data.id === id).map((command) => command.id);
}

function known(body: CaseBody, { waiting, all }: Recorded): KnownCase {
  return { ...laidOver(body, all.filter((command) => caseOf(command) === body.id)), needs: openedBy(waiting, body.id) };
}

export async function knownCases(session: Session): Promise<KnownCase[]> {
  const here = await recorded(session);
  const given = await session.pack.list("case");
  const ids = new Set(given.map(({ id }) => id));
  const opened = here.all.filter(isOpening).map(bodyOf).filter(({ id }) => !ids.has(id));
  return [...given, ...opened].map((body) => known(body, here));
}

export async function knownCase(session: Session, id: string): Promise<KnownCase | undefined> {
  const here = await recorded(session);
  const opening = here.all.filter(isOpening).find(({ data }) => data.id === id);
  const body = (await session.pack.get("case", id)) ?? (opening && bodyOf(opening));
  return body && known(body, here);
}

/** What must be sent before anything about this case. */
export async function needsOf(session: Session, id: string): Promise<readonly string[]> {
  return openedBy(await session.outbox.all(), id);
}
