/** Puts a command into the outbox and says what came of it. What could not be kept stays in the form. */
import type { CommandData, CommandName, CommandOptions } from "../outbox/commands";
import { NoSpace } from "../store/errors";
import type { App, Session } from "./screen";

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
    app.say(error instanceof NoSpace ? app.words.noSpace : app.words.problem);
    return null;
  }
}
