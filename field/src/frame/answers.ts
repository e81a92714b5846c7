/**
 * What this person chose between two sides, until the pack says what came of it: nobody is asked twice, and what
 * they chose themselves is no news to them.
 */
import type { Command, DrawerItem } from "../outbox/commands";
import { FORGOTTEN } from "../outbox/forgetting";
import type { ConflictBody } from "../pack/kinds";
import type { Kept } from "./screen";

export interface Answer {
  readonly keep: "server" | "phone";
  /** The mark of what stood when it was chosen. */
  readonly seen: string;
}

/** Said by the server, and by this phone once it has dropped what was written. */
const isForgotten = (code: string): boolean => code === "sync.forgotten" || code === FORGOTTEN;

const draft = (conflict: string): string => `answer/${conflict}`;
/** What is being changed of a matter in the drawer. */
export const changeDraft = (command: string): string => `drawer/${command}`;

export function keepAnswer(session: Kept, conflict: string, answer: Answer): Promise<void> {
  return session.drafts.keep(draft(conflict), answer);
}

function isDecision(command: Command): command is Command<"conflicts.decide"> {
  return command.name === "conflicts.decide";
}

/** Decisions that the server did not take, by conflict. */
export async function refusedDecisions(session: Kept): Promise<ReadonlyMap<string, DrawerItem>> {
  const open = (await session.outbox.drawer()).filter(({ state }) => state === "open");
  return new Map(open.flatMap((item) => (isDecision(item.command) ? [[item.command.data.conflict, item]] : [])));
}

/** Which side was chosen, and waits or was taken; null while the choice is still to be made. */
export async function answerOf(session: Kept, conflict: ConflictBody): Promise<Answer["keep"] | null> {
  const waiting = (await session.outbox.all()).filter(isDecision).find(({ data }) => data.conflict === conflict.id);
  if (waiting) return waiting.data.keep;
  if ((await refusedDecisions(session)).has(conflict.id)) return null;
  const answer = await session.drafts.read<Answer>(draft(conflict.id));
  return answer?.seen === (conflict.mark ?? "") ? answer.keep : null;
}

/** With what was being changed of it. */
async function forgetOne({ outbox, drafts }: Kept, command: string): Promise<void> {
  const begun = changeDraft(command);
  if ((await drafts.read(begun)) !== null) await drafts.drop(begun);
  await outbox.forget(command);
}

/** What was refused for its person is forgotten, and what hangs on that: it speaks of the same person. */
async function forgetAbout(session: Kept, items: readonly DrawerItem[]): Promise<void> {
  const gone = new Set(items.filter(({ receipt }) => isForgotten(receipt.code)).map(({ command }) => command.id));
  for (const { command } of items) {
    if (gone.has(command.id) || command.needs.some((need) => gone.has(need))) await forgetOne(session, command.id);
  }
}

/** Of whom is forgotten nothing stays on this phone; what was decided as this person chose needs them no more. */
export async function settleAnswers(session: Kept): Promise<void> {
  const conflicts = await session.pack.list("conflict");
  for (const { state, command } of conflicts) {
    if (state === "forgotten" && command) await forgetOne(session, command);
  }
  if ((await session.outbox.attention()) === 0) return;
  await forgetAbout(session, await session.outbox.drawer());
  const waiting = await session.outbox.all();
  for (const { id, command = "", keep, state } of conflicts) {
    // What comes after it must still find it here.
    if (state !== "decided" || waiting.some(({ needs }) => needs.includes(command))) continue;
    const answer = await session.drafts.read<Answer>(draft(id));
    if (!answer) continue;
    if (answer.keep === keep) await session.outbox.putAway(command);
    await session.drafts.drop(draft(id));
  }
}
