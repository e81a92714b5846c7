/**
 * How a case stands once everything about it that was done on this phone is taken in: the next change begins there,
 * or whoever wrote both would be asked to choose between themselves and somebody else.
 */
import type { Command } from "../outbox/commands";
import type { CaseBody } from "../pack/kinds";

/** Which state may follow which: as nhipcau/cases/rules.py; but a closed case is opened again by who leads, not here. */
export const MOVES: Readonly<Record<string, readonly string[]>> = {
  opened: ["papers_ready", "papers_missing", "closed_done", "closed_not_possible", "withdrawn"],
  papers_missing: ["papers_ready", "closed_not_possible", "withdrawn"],
  papers_ready: ["submitted", "papers_missing", "closed_done", "closed_not_possible", "withdrawn"],
  submitted: ["result_ready", "supplement_asked", "closed_not_possible", "withdrawn"],
  supplement_asked: ["submitted", "closed_not_possible", "withdrawn"],
  result_ready: ["closed_done", "supplement_asked"],
  closed_done: [],
  closed_not_possible: [],
  withdrawn: [],
};

/** A case, and by what each value of it was changed last. */
export interface Standing {
  readonly body: CaseBody;
  /** The command, by the value it changes. */
  readonly after: { readonly due_on?: string; readonly state?: string };
}

function moved(standing: Standing, to: string, by: string): Standing {
  if (to === standing.body.state) return standing;
  return { body: { ...standing.body, state: to, moves: MOVES[to] ?? [] }, after: { ...standing.after, state: by } };
}

/** The state that the server brings the case to by itself, where that follows from the one before. */
function reached(standing: Standing, to: string, by: string): Standing {
  return MOVES[standing.body.state]?.includes(to) ? moved(standing, to, by) : standing;
}

/** Nothing is moved by papers that leave something to ask. */
function papersState({ verdict }: Command): string | null {
  return verdict === undefined || verdict === "ask" ? null : `papers_${verdict}`;
}

function next(standing: Standing, command: Command): Standing {
  if (command.name === "cases.change") {
    const { set } = (command as Command<"cases.change">).data;
    const { body, after } = standing;
    const due = set.due_on === undefined ? standing : { body: { ...body, due_on: set.due_on }, after: { ...after, due_on: command.id } };
    return set.state === undefined ? due : moved(due, set.state, command.id);
  }
  if (command.name === "cases.dossier") return reached(standing, "submitted", command.id);
  if (command.name !== "cases.papers") return standing;
  const state = papersState(command);
  return state === null ? standing : reached(standing, state, command.id);
}

/** The case that a command is about. */
export function caseOf({ data }: Command): string | undefined {
  return (data as { readonly case?: string }).case;
}

/** The case with these commands about it laid over it, in order. */
export function laidOver(body: CaseBody, done: readonly Command[]): Standing {
  return done.reduce<Standing>(next, { body, after: {} });
}
