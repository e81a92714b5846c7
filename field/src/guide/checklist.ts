/**
 * From a guide and a person's answers to the list of papers, fees, times and places. What is not known never
 * shortens the list.
 *
 * Twin of guides/checklist.py; `canonical(asJson(checklist(…)))` gives the same bytes.
 */
import { type Data, isData } from "./json";
import { allOf, type Truth, UNKNOWN, type Value } from "./logic";
import type { Channel, Content, Fee, Guide, Item, Language, Requirement, Row, TimeLimit } from "./model";
import { inForce, LANGUAGES } from "./model";
import { type Circumstances, openFacts, Situation } from "./situation";

export { canonical } from "./json";

/** Papers that together are enough to prove a requirement. */
export interface Choice {
  readonly need: string;
  readonly items: readonly Item[];
}

/** One thing to prove: `need` is "needed" or "maybe"; any one of `choices` is enough. */
export interface Need {
  readonly requirement: Requirement;
  readonly need: string;
  readonly choices: readonly Choice[];
  readonly dependsOn: readonly string[];
}

/** A fee, time limit or channel that applies ("yes") or may apply ("maybe"). */
export interface Applied<C extends Content = Content> {
  readonly row: Row<C>;
  readonly applies: string;
}

/** The answer to "what do I bring, what does it cost, how long, where?" for one situation. */
export interface Checklist {
  readonly guide: Guide;
  readonly situation: Situation;
  readonly needs: readonly Need[];
  readonly fees: readonly Applied<Fee>[];
  readonly timeLimits: readonly Applied<TimeLimit>[];
  readonly channels: readonly Applied<Channel>[];
  readonly ask: readonly string[];
  readonly questions: readonly string[];
}

function wordFor(state: Truth, yes: string): string {
  return state === true ? yes : "maybe";
}

function needOf(situation: Situation, requirement: Requirement): Need | null {
  const state = situation.truth(requirement.when);
  if (state === false) return null;
  const choices = situation
    .possibleSets(requirement)
    .map(([evidence, setState]) => ({ need: wordFor(allOf([state, setState]), "needed"), items: evidence.items }));
  const waiting = situation.pendingFor(requirement);
  const dependsOn = [...situation.version.facts.keys()].filter((fact) => waiting.has(fact));
  return { requirement, need: wordFor(state, "needed"), choices, dependsOn };
}

function applied<C extends Content>(situation: Situation, rows: readonly Row<C>[]): Applied<C>[] {
  return situation.rows(rows).map(([row, state]) => ({ row, applies: wordFor(state, "yes") }));
}

/** True when at least one row certainly applies and none of those leaves its value open. */
function settled<C extends Content>(rows: readonly Applied<C>[], valueOf: (content: C) => unknown): boolean {
  const sure = rows.filter((entry) => entry.applies === "yes");
  return sure.length > 0 && sure.every((entry) => valueOf(entry.row.content) !== null);
}

/** The checklist for these answers on this day, in this province and channel where known. Takes any answers. */
export function checklist(guide: Guide, answers: Data, circumstances: Circumstances): Checklist {
  const situation = new Situation(guide, answers, circumstances);
  const { version } = situation;
  const needs = version.requirements
    .map((requirement) => needOf(situation, requirement))
    .filter((need): need is Need => need !== null);
  const fees = applied(situation, version.fees);
  const timeLimits = applied(situation, version.time_limits);
  const channels = applied(situation, version.channels);
  const doubts: [string, boolean][] = [
    ["documents", needs.some((need) => need.choices.length === 0)],
    ["fees", !settled(fees, (fee) => fee.amount)],
    ["time_limits", !settled(timeLimits, (limit) => limit.value)],
    ["channels", !settled(channels, (channel) => channel.kind)],
    ["online", version.online === UNKNOWN],
  ];
  const ask = doubts.filter(([, doubt]) => doubt).map(([name]) => name);
  const questions = openFacts(situation).map((fact) => fact.id);
  return { guide, situation, needs, fees, timeLimits, channels, ask, questions };
}

/** What was answered, without what does not fit this guide; "unknown" for "don't know". */
function answersOf(situation: Situation): Map<string, Value> {
  const said = new Map<string, Value>();
  for (const fact of situation.version.facts.keys()) {
    const value = situation.answers.get(fact) ?? (situation.dontKnow.has(fact) ? UNKNOWN : undefined);
    if (value !== undefined) said.set(fact, value);
  }
  return said;
}

/** One entry for each paper; papers of different `choice` numbers stand in for each other. */
function documents(need: Need): object[] {
  const { id, title, why, source } = need.requirement;
  return need.choices.flatMap((choice, i) =>
    choice.items.map((item) => ({
      ...item,
      need: choice.need,
      requirement: id,
      requirement_need: need.need,
      title,
      why,
      source,
      choice: i + 1,
      choices: need.choices.length,
      depends_on: need.dependsOn,
    })),
  );
}

function rowOf({ row, applies }: Applied): object {
  const { channel, valid_until, note, source, provinces } = row;
  return { ...row.content, channel, valid_until, note, source, applies, provinces };
}

/** Whether any step can be taken over the network here: "yes", "maybe" or "no"; `online` says how far. */
function byNetwork(channels: readonly Applied<Channel>[]): string {
  const states = channels
    .filter((entry) => entry.row.content.kind === "online" || entry.row.content.kind === "app")
    .map((entry) => entry.applies);
  if (states.includes("yes")) return "yes";
  return states.length ? "maybe" : "no";
}

/** Plain data with texts in all languages; `canonical` gives its bytes. The answers are a Map: names are free. */
export function asJson(list: Checklist): { readonly [key: string]: unknown } {
  const { guide, situation } = list;
  const { version } = situation;
  const { slug, code, kind, name, official_name } = guide;
  const { online, steps, warnings, ask_officer, sources } = version;
  return {
    slug,
    code,
    kind,
    name,
    official_name,
    on: situation.on,
    in_force: inForce(version, situation.on),
    valid_from: version.valid_from,
    valid_until: version.valid_until,
    province: situation.province,
    channel: situation.channel,
    answers: answersOf(situation),
    documents: list.needs.flatMap(documents),
    fees: list.fees.map(rowOf),
    time_limits: list.timeLimits.map(rowOf),
    channels: list.channels.map(rowOf),
    online,
    can_file_online: byNetwork(list.channels),
    ask: list.ask,
    questions: list.questions,
    steps,
    warnings,
    ask_officer,
    sources,
  };
}

/** The same data with each text in one language; where it is missing, the first language that has it. */
export function localise(data: unknown, language: Language): unknown {
  if (Array.isArray(data)) return data.map((entry) => localise(entry, language));
  if (data instanceof Map || !isData(data)) return data;
  const keys = Object.keys(data);
  if (keys.length && keys.every((key) => (LANGUAGES as readonly string[]).includes(key))) {
    return data[[language, ...LANGUAGES].find((key) => keys.includes(key)) ?? language];
  }
  // What people answered is no text, even where a question is called "vi".
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, key === "answers" ? value : localise(value, language)]),
  );
}
