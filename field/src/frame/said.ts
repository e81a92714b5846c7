/** What a command says, in words: for the drawer, and for what waits. */
import type { Command, Receipt } from "../outbox/commands";
import type { ChoiceName } from "../pack/kinds";
import type { App, Session } from "./screen";
import type { Words } from "../words";
import { sayMoment, showDay } from "./times";

const CHOICES: Readonly<Record<string, ChoiceName>> = {
  outcome: "outcome", alone: "alone", age_band: "age_band", language: "language", helping_language: "language", papers: "papers",
  state: "case_state", next_step: "next_step",
};

/** A later edition of the server may answer in other ways, and may have done what was asked. */
export function isKnown({ result }: Receipt): boolean {
  return result === "refused" || result === "needs_person";
}

/** Why the server, or this phone itself, did not take something. */
export function sayReason(receipt: Receipt, words: Words): string {
  if (!isKnown(receipt)) return words.resultUnknown;
  return receipt.words || (words.reasons[receipt.code] ?? words.reasonUnknown);
}

/** A number as people here say it: +84600500363 -> 0600 500 363. */
export function showPhone(number: string): string {
  const here = number.replace(/^\+84/, "0");
  return /^0\d{9}$/.test(here) ? `${here.slice(0, 4)} ${here.slice(4, 7)} ${here.slice(7)}` : here;
}

/** A value as people read it. */
export async function sayValue(app: App, session: Session, name: string, value: unknown): Promise<string> {
  const { words } = app;
  if (value === null || value === undefined || value === "") return words.empty;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value !== "string") return String(value);
  if (name === "phone") return showPhone(value);
  if (name === "need") return session.library.needLabel(value);
  if (name === "service_point") return (await session.pack.get("point", value))?.name ?? words.none;
  const choice = CHOICES[name];
  if (choice) {
    const label = await session.library.label(choice, value);
    return name === "outcome" && label === value ? session.library.label("visit_outcome", value) : label;
  }
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return sayMoment(value, words);
  return showDay(value);
}

/** Each thing that a command says and that has a name in words; ids say nothing to anybody. */
export async function sayCommand(app: App, session: Session, command: Command): Promise<readonly (readonly [string, string])[]> {
  const data = command.data as unknown as { readonly [name: string]: unknown };
  const inner = (data["set"] ?? {}) as { readonly [name: string]: unknown };
  const rows: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries({ ...data, ...inner })) {
    const label = app.words.fields[name];
    const empty = value === null || value === "";
    // An outcome of a visit is a word of another list.
    const key = command.name === "visits.record_result" && name === "outcome" ? "visit_outcome" : name;
    if (!label || empty || typeof value === "object") continue;
    const said = key === "visit_outcome" ? await session.library.label("visit_outcome", String(value)) : await sayValue(app, session, key, value);
    rows.push([label, said]);
  }
  return rows;
}
