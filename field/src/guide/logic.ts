/**
 * Three-valued logic over rule trees: true, false, or null for "not known yet".
 *
 * Twin of guides/logic.py, which says what the rules mean; both pass tests/vectors/guides.
 */
import { type Data, get, has, isData } from "./json";
import { type Fact, LARGEST_NUMBER } from "./model";

export const UNKNOWN = "unknown";
export const MAX_DEPTH = 24;

export type Truth = boolean | null;
export type Value = string | number;
export type Known = ReadonlyMap<string, Value>;
export type Facts = ReadonlyMap<string, Fact>;

/** A calendar day. Own arithmetic: JavaScript's dates know moments and time zones, not days. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

type Order = "lt" | "le" | "gt" | "ge";
type Kind = "all" | "any" | "not" | "fact";

const ORDERS: readonly string[] = ["lt", "le", "gt", "ge"];
const COMPARISONS = ["is", "in", "lt", "le", "gt", "ge", "age"] as const;
const NODES: readonly Kind[] = ["all", "any", "not", "fact"];
const ISO_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const NUMBER = /^-?[0-9]{1,15}(\.[0-9]{1,6})?$/;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (MONTHS[month - 1] ?? 0);
}

/** The calendar day written as YYYY-MM-DD, or null when it is no such day (years 1 to 9999). */
export function readDate(value: unknown): Day | null {
  if (typeof value !== "string" || !ISO_DATE.test(value)) return null;
  const year = Number(value.slice(0, 4));
  const month = Number(value.slice(5, 7));
  const day = Number(value.slice(8));
  return year >= 1 && day >= 1 && day <= daysIn(year, month) ? { year, month, day } : null;
}

/** A number, or its plain decimal text, within what all evaluators count alike. */
export function readNumber(value: unknown): number | null {
  const number = typeof value === "string" && NUMBER.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !(Math.abs(number) <= LARGEST_NUMBER)) return null;
  return number + 0; // there is no minus nought
}

/** JSON true and false are the same answers as the words yes and no. */
function plain(value: unknown): unknown {
  if (value === true) return "yes";
  return value === false ? "no" : value;
}

/** The value as this fact understands it, or null: not answered, "don't know", or not possible. */
export function definite(fact: Fact, raw: unknown): Value | null {
  const value = plain(raw);
  if (fact.type === "number") return readNumber(value);
  if (typeof value !== "string") return null;
  if (fact.type === "date") return readDate(value) ? value : null;
  return value !== UNKNOWN && fact.values.includes(value) ? value : null;
}

/** True when the person was asked and said "don't know". */
export function isDontKnow(value: unknown): boolean {
  return value === null || value === UNKNOWN;
}

/** Only the answers that say something definite about a fact of this guide, in the guide's order. */
export function known(facts: Facts, answers: Data): Known {
  const result = new Map<string, Value>();
  for (const fact of facts.values()) {
    const value = definite(fact, get(answers, fact.id));
    if (value !== null) result.set(fact.id, value);
  }
  return result;
}

export function negate(value: Truth): Truth {
  return value === null ? null : !value;
}

/** False if any is false, else unknown if any is unknown, else true. */
export function allOf(values: readonly Truth[]): Truth {
  if (values.includes(false)) return false;
  return values.includes(null) ? null : true;
}

/** True if any is true, else unknown if any is unknown, else false. */
export function anyOf(values: readonly Truth[]): Truth {
  if (values.includes(true)) return true;
  return values.includes(null) ? null : false;
}

/** Completed years on a day (someone born on 29 February completes a year on 1 March). */
export function ageOn(born: Day, on: Day): number {
  const before = on.month < born.month || (on.month === born.month && on.day < born.day);
  return on.year - born.year - (before ? 1 : 0);
}

function isOrder(operator: string): operator is Order {
  return ORDERS.includes(operator);
}

function ordered<T extends Value>(operator: Order, left: T, right: T): boolean {
  if (operator === "lt") return left < right;
  if (operator === "le") return left <= right;
  return operator === "gt" ? left > right : left >= right;
}

function compareOrder(operator: Order, value: Value, bound: unknown): Truth {
  if (typeof value === "number") {
    const limit = readNumber(bound);
    return limit === null ? null : ordered(operator, value, limit);
  }
  // ISO dates of equal length compare as text exactly as they compare as days.
  return readDate(bound) ? ordered(operator, value, bound as string) : null;
}

function compareAge(fact: Fact, value: Value, bounds: unknown, on: Day): Truth {
  const born = fact.type === "date" ? readDate(value) : null;
  if (!born || !isData(bounds)) return null;
  const years = ageOn(born, on);
  const results = Object.keys(bounds).map((operator) => {
    const limit = readNumber(get(bounds, operator));
    return isOrder(operator) && limit !== null ? ordered(operator, years, limit) : null;
  });
  return results.length ? allOf(results) : null;
}

function compareChoices(fact: Fact, value: Value, choices: unknown): Truth {
  if (!Array.isArray(choices)) return null;
  const wanted = choices.map((choice) => definite(fact, choice));
  if (wanted.includes(value)) return true;
  // A value the fact cannot take is a fault of the guide: not known, rather than silently "no".
  return wanted.includes(null) ? null : false;
}

function compare(fact: Fact, operator: string, value: Value, operand: unknown, on: Day): Truth {
  if (operator === "age") return compareAge(fact, value, operand, on);
  if (isOrder(operator)) {
    const comparable = fact.type === "number" || fact.type === "date";
    return comparable ? compareOrder(operator, value, operand) : null;
  }
  return compareChoices(fact, value, operator === "in" ? operand : [operand]);
}

function factOf(rule: Data, facts: Facts): Fact | undefined {
  const name = get(rule, "fact");
  return typeof name === "string" ? facts.get(name) : undefined;
}

function leaf(rule: Data, facts: Facts, answers: Known, on: Day): Truth {
  const fact = factOf(rule, facts);
  const operators = COMPARISONS.filter((key) => has(rule, key));
  if (!fact || !operators.length || Object.keys(rule).length !== operators.length + 1) return null;
  const value = answers.get(fact.id);
  if (value === undefined) return null;
  return allOf(operators.map((key) => compare(fact, key, value, rule[key], on)));
}

type Node =
  | { readonly kind: "fact"; readonly rule: Data }
  | { readonly kind: Exclude<Kind, "fact">; readonly inner: readonly unknown[] };

/** What a node is, with its child rules; null when it is malformed. */
function nodeOf(rule: unknown): Node | null {
  if (!isData(rule)) return null;
  const kinds = NODES.filter((kind) => has(rule, kind));
  const kind = kinds[0];
  if (kind === undefined || kinds.length !== 1) return null;
  if (kind === "fact") return { kind, rule };
  if (Object.keys(rule).length !== 1) return null;
  if (kind === "not") return { kind, inner: [rule["not"]] };
  const inner = rule[kind];
  return Array.isArray(inner) ? { kind, inner } : null;
}

/** Truth of a rule, and the facts without an answer that can still decide it (none once it is decided). */
export interface Judgement {
  readonly truth: Truth;
  readonly waiting: readonly string[];
}

const NOTHING: readonly string[] = [];

function judgeLeaf(rule: Data, facts: Facts, answers: Known, on: Day): Judgement {
  const state = leaf(rule, facts, answers, on);
  const fact = state === null ? factOf(rule, facts) : undefined;
  return { truth: state, waiting: fact && !answers.has(fact.id) ? [fact.id] : NOTHING };
}

/** Judge a rule on a day, given definite answers (see `known`). Never throws. A name may wait more than once. */
export function judge(rule: unknown, facts: Facts, answers: Known, on: Day, depth = 0): Judgement {
  if ((rule === null || rule === undefined) && depth === 0) return { truth: true, waiting: NOTHING };
  const node = nodeOf(rule);
  if (!node || depth > MAX_DEPTH) return { truth: null, waiting: NOTHING };
  if (node.kind === "fact") return judgeLeaf(node.rule, facts, answers, on);
  const judged = node.inner.map((child) => judge(child, facts, answers, on, depth + 1));
  const states = judged.map((judgement) => judgement.truth);
  let state = node.kind === "any" ? anyOf(states) : allOf(states);
  if (node.kind === "not") state = negate(state);
  if (state !== null) return { truth: state, waiting: NOTHING };
  return { truth: null, waiting: judged.flatMap((judgement) => judgement.waiting) };
}
