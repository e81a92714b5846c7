/** What the server would refuse of a case, said beside the field while it can still be put right. */
import { now } from "../core/clock";
import { LONGEST_NAME, nameFault, readPhone } from "../core/citizens";
import { tick } from "../store/lease";
import type { Words } from "../words";
import type { Session } from "./screen";
import { dayOf } from "./times";

/** So many characters each field takes: more would come back from the server, days later. */
export const MOST = { name: LONGEST_NAME, phone: 40, note: 1000, visitNote: 500, code: 60 } as const;

// How far ahead a case may be looked at again, and how long ago a dossier may have been handed in.
const DUE_DAYS = 366;
const DOSSIER_DAYS = 3 * 366;
const A_DAY = 24 * 3600 * 1000;

/** Says which day it is by the server's clock: this phone's own may be wrong. */
export async function serverDay({ vault }: Session): Promise<() => string> {
  const { offset } = await tick(vault.device);
  return () => dayOf(now() + offset);
}

function daysFrom(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * A_DAY).toISOString().slice(0, 10);
}

export function wrongName(name: string, words: Words): string | undefined {
  const fault = nameFault(name);
  return fault ? words[fault] : undefined;
}

export function wrongPhone(phone: string, words: Words): string | undefined {
  return readPhone(phone) === null ? words.phoneWrong : undefined;
}

/** A case that is opened may be looked at again at any later day. */
export function wrongFirstDue(day: string, today: string, words: Words): string | undefined {
  return day && day < today ? words.duePast : undefined;
}

export function wrongDue(day: string, today: string, words: Words): string | undefined {
  return day && (day < today || day > daysFrom(today, DUE_DAYS)) ? words.dueWrong : undefined;
}

export function wrongSubmitted(day: string, today: string, words: Words): string | undefined {
  if (!day) return words.dateWrong;
  return day > today || day < daysFrom(today, -DOSSIER_DAYS) ? words.submittedWrong : undefined;
}
