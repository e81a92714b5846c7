/** Puts a command into the outbox and says what came of it. What could not be kept stays in the form. */
import type { CommandData, CommandName, CommandOptions } from "../outbox/commands";
import { NewerApp, NoSpace, StoreBlocked } from "../store/errors";
import type { Words } from "../words";
import type { App, Session } from "./screen";

/** Why the store did not do it, in words that say what helps: to try again is no use in a page that is too old. */
export function storeSaid(error: unknown, words: Words): string {
  if (error instanceof NoSpace) return words.noSpace;
  if (error instanceof NewerApp) return words.newerApp;
  return error instanceof StoreBlocked ? words.storeBlocked : words.problem;
}

/** The command's id once it is on the disk; null when it is not, and the person was told why. */
export async function keep<N extends CommandName>(
  app: App,
  session: Session,
  name: N,
  data: CommandData[N],
  options: CommandOptions<N> = {},
): Promise<string | null> {
  try {
    return await session.outbox.add(name, data, options);
  } catch (error) {
    app.say(storeSaid(error, app.words));
    return null;
  }
}
