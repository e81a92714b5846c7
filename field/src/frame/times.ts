/** Days and hours as people here read them. Days are those of Vietnam, wherever the phone believes to be. */
import { now } from "../core/clock";
import type { Words } from "../words";

const ZONE = "Asia/Ho_Chi_Minh";
// Sweden writes days as YYYY-MM-DD: the one locale that gives ISO days in a named zone.
const ISO_DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const HOUR = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const A_DAY = 24 * 3600 * 1000;

/** The day of a moment as YYYY-MM-DD. */
export function dayOf(moment: number | string = now()): string {
  return ISO_DAY.format(new Date(moment));
}

export function hourOf(moment: number | string): string {
  return HOUR.format(new Date(moment));
}

/** 2026-11-23 -> 23/11/2026; what is no day stays as it is. */
export function showDay(day: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(day);
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : day;
}

/** "Today", "tomorrow", else the day. */
export function sayDay(day: string, words: Words): string {
  if (day === dayOf()) return words.today;
  return day === dayOf(now() + A_DAY) ? words.tomorrow : showDay(day);
}

export function sayMoment(moment: number | string, words: Words): string {
  const day = dayOf(moment);
  return day === dayOf() ? hourOf(moment) : `${hourOf(moment)} ${sayDay(day, words)}`;
}

/** Times of a shift, a visit or a class: with or without a day before the hour. */
export function span(starts: string, ends: string): string {
  const hour = (text: string): string => (text.includes("T") ? hourOf(text) : text.slice(0, 5));
  return `${hour(starts)} – ${hour(ends)}`;
}

/** The day before, for an end that no longer counts itself. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - A_DAY).toISOString().slice(0, 10);
}
