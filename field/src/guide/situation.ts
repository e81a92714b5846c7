/**
 * What is asked of a guide: the version in force on a day, the definite answers, the place, the channel; which
 * fees, time limits and channels apply; which questions can still change the list.
 *
 * Twin of guides/situation.py.
 */
import { type Data, get, has } from "./json";
import * as logic from "./logic";
import type { Day, Known, Truth } from "./logic";
import type { Content, EvidenceSet, Fact, Guide, Option, Requirement, Row, Text, Version } from "./model";
import { versionOn } from "./model";

const ANSWERS: readonly Option[] = [
  { value: "yes", text: { vi: "Có", en: "Yes", th: "ใช่" } },
  { value: "no", text: { vi: "Không", en: "No", th: "ไม่ใช่" } },
];
const DONT_KNOW: Option = {
  value: logic.UNKNOWN,
  text: { vi: "Tôi không biết", en: "I don't know", th: "ไม่ทราบ" },
};

/** Where and how: `on` is a day written as YYYY-MM-DD, `province` a code; both places may be left open. */
export interface Circumstances {
  readonly on: string;
  readonly province?: string | null;
  readonly channel?: string | null;
}

export class UnableToReadDay extends Error {
  readonly code = "procedures.unreadable_day";
}

/** One person's circumstances, as far as they are known. */
export class Situation {
  readonly version: Version;
  readonly answers: Known;
  readonly dontKnow: ReadonlySet<string>;
  readonly on: string;
  readonly province: string | null;
  readonly channel: string | null;
  private readonly day: Day;
  // Each rule is needed several times: for its paper, for the questions, for what depends on what.
  private readonly judged = new Map<unknown, logic.Judgement>();

  constructor(guide: Guide, answers: Data, { on, province, channel }: Circumstances) {
    const day = logic.readDate(on);
    if (!day) throw new UnableToReadDay(`"${on}" is not a day written as YYYY-MM-DD`);
    this.version = versionOn(guide, on);
    const facts = [...this.version.facts.keys()];
    this.dontKnow = new Set(facts.filter((id) => has(answers, id) && logic.isDontKnow(get(answers, id))));
    this.answers = logic.known(this.version.facts, answers);
    this.on = on;
    this.day = day;
    this.province = province || null;
    this.channel = channel || null;
  }

  private judge(rule: unknown): logic.Judgement {
    const before = this.judged.get(rule);
    if (before) return before;
    const judgement = logic.judge(rule, this.version.facts, this.answers, this.day);
    this.judged.set(rule, judgement);
    return judgement;
  }

  /** Truth of a rule for this person. */
  truth(rule: unknown): Truth {
    return this.judge(rule).truth;
  }

  /** Facts not known yet that can still decide a rule. */
  pending(rule: unknown): readonly string[] {
    return this.judge(rule).waiting;
  }

  /** The ways to prove a requirement that are not ruled out. */
  possibleSets(requirement: Requirement): [EvidenceSet, Truth][] {
    return requirement.evidence
      .map((evidence): [EvidenceSet, Truth] => [evidence, this.truth(evidence.when)])
      .filter(([, state]) => state !== false);
  }

  /** Facts that can still change whether, or how, this requirement must be proven. */
  pendingFor(requirement: Requirement): ReadonlySet<string> {
    const found = new Set<string>();
    if (this.truth(requirement.when) === false) return found;
    for (const rule of [requirement.when, ...requirement.evidence.map((evidence) => evidence.when)]) {
      for (const fact of this.pending(rule)) found.add(fact);
    }
    return found;
  }

  private inPlace(row: Row): Truth {
    if (!row.provinces.length) return true;
    return this.province === null ? null : row.provinces.includes(this.province);
  }

  private rowState(row: Row): Truth {
    const begun = row.valid_from === null || row.valid_from <= this.on;
    const ended = row.valid_until !== null && row.valid_until <= this.on;
    const byChannel = row.channel === null || this.channel === null || row.channel === this.channel;
    return logic.allOf([begun && !ended, byChannel, this.inPlace(row), this.truth(row.when)]);
  }

  /**
   * Rows that apply (true) or may apply (null) here and now. A row for named provinces takes the place of the
   * nation-wide rows with the same id (and, for channels, the same kind), in its channel or in the one that is
   * known; while it is uncertain, so are they.
   */
  rows<C extends Content>(rows: readonly Row<C>[]): [Row<C>, Truth][] {
    const states = rows.map((row): [Row<C>, Truth] => [row, this.rowState(row)]);
    const local = states.filter(([row, state]) => row.provinces.length > 0 && state !== false);
    return states
      .map(([row, state]): [Row<C>, Truth] => {
        if (row.provinces.length) return [row, state];
        const replaced = local.filter(([other]) => this.replaces(other, row));
        return [row, logic.allOf([state, ...replaced.map(([, localState]) => logic.negate(localState))])];
      })
      .filter(([, state]) => state !== false);
  }

  private replaces(local: Row, row: Row): boolean {
    if (local.id !== row.id || kindOf(local) !== kindOf(row)) return false;
    return local.channel === null || local.channel === row.channel || local.channel === this.channel;
  }
}

function kindOf(row: Row): string | null {
  return "kind" in row.content ? row.content.kind : null;
}

function counts(groups: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  for (const group of groups) {
    for (const fact of group) result.set(fact, (result.get(fact) ?? 0) + 1);
  }
  return result;
}

/**
 * Facts that can still change the result and have not been put to the person, most useful first: those that
 * decide most papers, then those that decide most fees, times or channels, then the guide's own order.
 */
export function openFacts(situation: Situation): Fact[] {
  const { version } = situation;
  const papers = counts(version.requirements.map((requirement) => situation.pendingFor(requirement)));
  const groups: readonly (readonly Row[])[] = [version.fees, version.time_limits, version.channels];
  const rows = groups.flatMap((group) => situation.rows(group));
  const others = counts(rows.map(([row]) => new Set(situation.pending(row.when))));
  const open = [...version.facts.values()].filter(
    (fact) => (papers.has(fact.id) || others.has(fact.id)) && !situation.dontKnow.has(fact.id),
  );
  const count = (of: ReadonlyMap<string, number>, fact: Fact): number => of.get(fact.id) ?? 0;
  return open.sort((a, b) => count(papers, b) - count(papers, a) || count(others, b) - count(others, a));
}

/** Questions still worth asking, in the order in which to ask them. */
export function questions(guide: Guide, answers: Data, circumstances: Circumstances): Fact[] {
  return openFacts(new Situation(guide, answers, circumstances));
}

/** The question to ask now, or null when nothing more can change the list. */
export function nextQuestion(guide: Guide, answers: Data, circumstances: Circumstances): Fact | null {
  return questions(guide, answers, circumstances)[0] ?? null;
}

export interface Question {
  readonly id: string;
  readonly type: string;
  readonly text: Text;
  readonly help: Text | null;
  readonly options: readonly Option[];
}

/** A question as plain data, texts in all languages. "Don't know" is an answer of every question. */
export function asQuestion(fact: Fact): Question {
  const offered = fact.type === "yes_no" ? ANSWERS : fact.options;
  const texts = new Map([...offered, DONT_KNOW].map((option) => [option.value, option.text]));
  const options = [...texts].map(([value, text]) => ({ value, text }));
  return { id: fact.id, type: fact.type, text: fact.question, help: fact.help, options };
}
