/** What a person wrote or chose in a command and may have to say otherwise; where it stands, and how it is asked for. */
import type { Command, CommandName, DrawerItem } from "../outbox/commands";
import type { Words } from "../words";
import { MOST, wrongDue, wrongFirstDue, wrongName, wrongPhone, wrongSubmitted } from "./checks";
import type { FieldOptions } from "./parts";
import { dayOf } from "./times";

/** By the name of the field. */
export type Texts = Readonly<Record<string, string>>;

const WRITTEN: { readonly [N in CommandName]?: readonly string[] } = {
  "cases.open": ["name", "phone", "due_on"],
  "cases.note": ["note"],
  "cases.change": ["due_on"],
  "cases.dossier": ["code", "submitted_on"],
  "visits.record_result": ["note"],
  "shifts.check_in": ["code"],
  "shifts.check_out": ["code"],
};
// Answers that speak of one of them; which one the others mean is in their words.
const ABOUT: Texts = {
  "citizens.unreadable_name": "name",
  "citizens.unreadable_phone": "phone",
  "citizens.known_phone": "phone",
  "cases.unreadable_dossier_code": "code",
};
const OPTIONS: Readonly<Record<string, FieldOptions>> = {
  name: { most: MOST.name },
  phone: { kind: "tel", most: MOST.phone },
  due_on: { kind: "date" },
  submitted_on: { kind: "date" },
  code: { kind: "code", most: MOST.code },
};

type Data = Readonly<Record<string, unknown>>;

/** Where the fields lie: what changes a case says which ones it sets. Of what is forgotten there are none. */
function fieldsOf(command: Command): Data {
  const data = command.data as unknown as Data;
  return command.name === "cases.change" ? ((data["set"] ?? {}) as Data) : data;
}

/** As it stands in the command: those that the answer speaks of, else all. */
export function textsOf({ command, receipt }: DrawerItem): Texts {
  const fields = fieldsOf(command);
  const names = (WRITTEN[command.name] ?? []).filter((name) => typeof fields[name] === "string" || fields[name] === null);
  const about = names.filter((name) => name === ABOUT[receipt.code]);
  return Object.fromEntries((about.length ? about : names).map((name) => [name, String(fields[name] ?? "")]));
}

export function optionsOf(command: Command, name: string): FieldOptions {
  const note = command.name === "visits.record_result" ? MOST.visitNote : MOST.note;
  return name === "note" ? { kind: "area", most: note } : (OPTIONS[name] ?? {});
}

/** The data with these texts in it. No day is null. */
export function saidAnew(command: Command, texts: Texts): Command["data"] {
  const said = Object.entries(texts).map(([name, text]) => [name, name === "due_on" ? text || null : text]);
  const fields = { ...fieldsOf(command), ...Object.fromEntries(said) };
  return (command.name === "cases.change" ? { ...command.data, set: fields } : fields) as unknown as Command["data"];
}

/** What would be refused again, by the name of its field. `today` is the server's. */
export function stillWrong(command: Command, texts: Texts, today: string, words: Words): Texts {
  // The server goes by the day it was said, as far as that can be known.
  const from = [dayOf(command.made_at), today].sort()[0] ?? today;
  const due = command.name === "cases.open" ? wrongFirstDue : wrongDue;
  const checks: Readonly<Record<string, (text: string) => string | undefined>> = {
    name: (name) => wrongName(name, words),
    phone: (phone) => wrongPhone(phone, words),
    due_on: (day) => due(day, from, words),
    submitted_on: (day) => wrongSubmitted(day, today, words),
  };
  const found = Object.entries(texts).map(([name, text]) => [name, checks[name]?.(text)] as const);
  return Object.fromEntries(found.flatMap(([name, wrong]) => (wrong ? [[name, wrong]] : [])));
}
