/** A help session in the making: what was tapped so far, and sensible answers for the rest. */
import { newId } from "../core/ids";
import { now } from "../core/clock";
import type { Session as Record } from "../outbox/commands";
import type { Session } from "./screen";

export const DRAFT = "session";
const HABITS = "session-habits";
/** As at the desk of the centre. */
export const MINUTES = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240] as const;
const USUAL = 15;
// Who taps three times in a row writes down what is over already: then the usual time is the better guess.
const BEFOREHAND = 90_000;
const MINUTE = 60_000;

export interface SessionDraft {
  readonly id: string;
  /** The first tap, on the phone's clock. */
  readonly begun: number;
  readonly need: string | null;
  readonly alone: string | null;
  /** Null: measured from the first tap. */
  readonly minutes: number | null;
  readonly place: string;
  readonly age_band: string;
  readonly language: string;
  readonly first_time: boolean;
  readonly came_back: string;
  readonly papers: string;
}

interface Habits {
  readonly place: string;
  readonly language: string;
}

/** Commune and point as one choice: "24848:<uuid>", or "24848:" for elsewhere in the commune. */
async function usualPlace(session: Session, habits: Habits | null): Promise<string> {
  const me = await session.library.me();
  const points = await session.library.points();
  const offered = [...points.map((point) => `${point.commune}:${point.id}`), ...(me?.communes ?? []).map((unit) => `${unit.code}:`)];
  if (habits && offered.includes(habits.place)) return habits.place;
  const own = points.find((point) => point.commune === me?.commune.code);
  return own ? `${own.commune}:${own.id}` : `${me?.commune.code ?? ""}:`;
}

export async function newDraft(session: Session): Promise<SessionDraft> {
  const habits = await session.drafts.read<Habits>(HABITS);
  return {
    id: newId(),
    begun: now(),
    need: null,
    alone: null,
    minutes: null,
    place: await usualPlace(session, habits),
    age_band: "not_said",
    language: habits?.language ?? "vi",
    first_time: true,
    came_back: "",
    papers: "not_checked",
  };
}

export async function keepHabits(session: Session, draft: SessionDraft): Promise<void> {
  await session.drafts.keep(HABITS, { place: draft.place, language: draft.language });
}

/** From the first tap until now, among the times that can be chosen. */
export function measured(draft: SessionDraft, moment: number = now()): number {
  if (draft.minutes !== null) return draft.minutes;
  const passed = moment - draft.begun;
  if (passed < BEFOREHAND || passed > 240 * MINUTE) return USUAL;
  const distance = (minutes: number): number => Math.abs(minutes * MINUTE - passed);
  return [...MINUTES].sort((a, b) => distance(a) - distance(b))[0] ?? USUAL;
}

export function asRecord(draft: SessionDraft, need: string, alone: string, outcome: string): Record {
  const [commune = "", point = ""] = draft.place.split(":");
  return {
    id: draft.id,
    commune,
    need,
    service_point: point || null,
    minutes: measured(draft),
    outcome,
    alone,
    age_band: draft.age_band,
    language: draft.language,
    first_time: draft.first_time,
    came_back_for_papers: draft.came_back === "yes" ? true : draft.came_back === "no" ? false : null,
    papers: draft.papers,
  };
}
