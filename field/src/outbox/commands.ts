/**
 * What a member can do in the field, as facts with an id of their own, and what the server answers to each.
 * The shapes are the contract with the server; a changed shape is a new version.
 */
import type { Verdict } from "../guide";

export interface Session {
  readonly id: string;
  readonly commune: string;
  /** "procedure:<slug>" or "topic:<name>" */
  readonly need: string;
  readonly service_point: string | null;
  readonly minutes: number;
  readonly outcome: string;
  readonly alone: string;
  readonly age_band: string;
  readonly language: string;
  readonly first_time: boolean;
  readonly came_back_for_papers: boolean | null;
  readonly papers: string;
}

export interface Attendee {
  readonly id: string;
  readonly age_band: string;
  readonly language: string;
  readonly alone: string;
  readonly at: string;
}

export interface OpenCase {
  readonly id: string;
  readonly commune: string;
  readonly need: string;
  readonly service_point: string | null;
  readonly session: string | null;
  readonly name: string;
  readonly phone: string;
  readonly helping_language: string;
  readonly keep_months: number;
  readonly due_on: string | null;
  readonly consent: { readonly purpose: string; readonly method: string; readonly language: string };
  readonly known_citizen: string | null;
  readonly another_person: boolean;
}

/** Name of each command -> its data, in the current version. */
export interface CommandData {
  "sessions.record": Session;
  "sessions.undo": { readonly session: string };
  "cases.open": OpenCase;
  "cases.note": { readonly case: string; readonly note: string };
  "cases.change": {
    readonly case: string;
    readonly set: { readonly due_on?: string | null; readonly state?: string };
  };
  "cases.dossier": {
    readonly case: string;
    readonly code: string;
    readonly submitted_on: string;
    readonly submitted_by_citizen: boolean;
  };
  "cases.papers": {
    readonly id: string;
    readonly case: string;
    readonly version: string;
    readonly answers: { readonly [fact: string]: unknown };
    readonly in_hand: readonly string[];
  };
  "visits.record_result": {
    readonly visit: string;
    readonly outcome: string;
    readonly minutes: number;
    readonly next_step: string;
    readonly note: string;
    readonly session: Session | null;
  };
  "shifts.check_in": { readonly shift: string; readonly code: string; readonly seen_at: string };
  "shifts.check_out": { readonly shift: string; readonly code: string };
  "classes.add_attendees": { readonly class: string; readonly attendees: readonly Attendee[] };
  "classes.remove_attendee": { readonly class: string; readonly attendee: string };
  "classes.close": { readonly class: string };
  /** `seen`: the mark of what stood when both sides were looked at. */
  "conflicts.decide": { readonly conflict: string; readonly keep: "server" | "phone"; readonly seen: string };
}

export type CommandName = keyof CommandData;

/** The values the member saw of what the command changes. */
export interface CommandBase {
  "cases.change": { readonly due_on?: string | null; readonly state?: string };
  "visits.record_result": { readonly version: unknown };
}

export type BaseOf<N extends CommandName> = N extends keyof CommandBase ? CommandBase[N] : null;

export const CURRENT: { readonly [N in CommandName]: number } = {
  "sessions.record": 2,
  "sessions.undo": 1,
  "cases.open": 1,
  "cases.note": 1,
  "cases.change": 1,
  "cases.dossier": 1,
  "cases.papers": 1,
  "visits.record_result": 1,
  "shifts.check_in": 1,
  "shifts.check_out": 1,
  "classes.add_attendees": 1,
  "classes.remove_attendee": 1,
  "classes.close": 1,
  "conflicts.decide": 2,
};

/** As it is kept and as it is sent. An older edition of the app may have made it: `v` says which shape. */
export interface Command<N extends CommandName = CommandName> {
  readonly id: string;
  readonly seq: number;
  readonly name: N;
  readonly v: number;
  /** By this phone's clock, a claim; `chosen`: a person said when it was, and no clock has a part in it. */
  readonly made_at: string;
  readonly chosen?: true;
  readonly needs: readonly string[];
  readonly base: BaseOf<N> | null;
  readonly data: CommandData[N];
  /** The command in the drawer that this one takes the place of. */
  readonly replaces?: string;
  /** What the phone found of papers in hand when they were looked at; the server finds it by itself. */
  readonly verdict?: Verdict;
}

export interface CommandOptions<N extends CommandName = CommandName> {
  readonly base?: BaseOf<N> | null;
  readonly needs?: readonly string[];
  readonly replaces?: string;
  readonly verdict?: Verdict;
  /** When it happened, where that is not now. */
  readonly madeAt?: string;
  /** A person said when. */
  readonly chosen?: boolean;
  /** The draft this was made of: gone in the same moment, so that a killed page never offers it again. */
  readonly draft?: string;
}

export type Result = "applied" | "already_applied" | "merged" | "needs_person" | "refused";

/** Results after which nothing is left to do for a person. */
export const DONE: ReadonlySet<string> = new Set<Result>(["applied", "already_applied", "merged"]);

export interface Receipt {
  readonly id: string;
  readonly result: Result;
  readonly code: string;
  readonly words: string;
  readonly about: string | null;
}

/** "open": a person must act; "replaced": sent anew as another command; "away": put away after confirming. */
export type DrawerState = "open" | "replaced" | "away";

/** As it lies in the drawer; `at`: since when, by the phone's clock. */
export interface Aside {
  readonly command: Command;
  readonly receipt: Receipt;
  /** When it came here, by the server's time as far as the phone knew it. */
  readonly at: number;
}

export interface DrawerItem extends Aside {
  readonly state: DrawerState;
}
