/** What needs this person, counted and listed in one way: what the bar says is what the drawer shows. */
import type { DrawerItem } from "../outbox/commands";
import type { ConflictBody } from "../pack/kinds";
import { answerOf, settleAnswers } from "./answers";
import type { Kept } from "./screen";

/** What somebody decided about commands of this phone, by command. */
export async function decisions({ pack }: Kept): Promise<ReadonlyMap<string, string>> {
  const conflicts = await pack.list("conflict");
  return new Map(conflicts.filter(({ state }) => state === "decided").map(({ command, keep }) => [command ?? "", keep ?? ""]));
}

/** The open conflict that a matter is about: which raised it, or is a decision about it that was not taken. */
export function conflictOf({ command }: DrawerItem, open: readonly ConflictBody[]): ConflictBody | undefined {
  const about = (command.data as { readonly conflict?: string }).conflict;
  return open.find((conflict) => conflict.command === command.id || conflict.id === about);
}

export async function openConflicts({ pack }: Kept): Promise<readonly ConflictBody[]> {
  return (await pack.list("conflict")).filter(({ state }) => state === "open");
}

export interface Matters {
  /** To choose between two sides. */
  readonly conflicts: readonly ConflictBody[];
  /** Chosen already, and on its way. */
  readonly answered: readonly ConflictBody[];
  readonly open: readonly DrawerItem[];
  readonly away: readonly DrawerItem[];
  readonly told: ReadonlyMap<string, string>;
  readonly damaged: number;
  /** Not sent, and damaged: told of by the line's own problem, so the bar does not count it once more. */
  readonly unreadable: number;
}

export async function matters(session: Kept): Promise<Matters> {
  await settleAnswers(session);
  const items = await session.outbox.drawer();
  const conflicts = await openConflicts(session);
  const answers = await Promise.all(conflicts.map((conflict) => answerOf(session, conflict)));
  return {
    conflicts: conflicts.filter((_conflict, at) => answers[at] === null),
    answered: conflicts.filter((_conflict, at) => answers[at] !== null),
    open: items.filter((item) => item.state === "open" && !conflictOf(item, conflicts)),
    away: items.filter((item) => item.state !== "open"),
    told: await decisions(session),
    damaged: await session.outbox.damaged(),
    unreadable: (await session.outbox.unreadable()).length,
  };
}

/** How many of them wait for this person; what was chosen and is on its way does not. */
export async function countMatters(session: Kept): Promise<number> {
  // Nearly always there is nothing, and then nothing has to be opened.
  if ((await session.outbox.attention()) + (await openConflicts(session)).length === 0) return 0;
  const { conflicts, open, damaged } = await matters(session);
  return conflicts.length + open.length + damaged;
}
