/**
 * Answers that come from outside: which fit a guide, and what is wrong with the others.
 *
 * Twin of guides/answers.py.
 */
import { type Data, compareText, get, isData, numberText } from "./json";
import { definite, isDontKnow, readNumber, UNKNOWN } from "./logic";
import type { Fact, Version } from "./model";

const SHOWN = 60;
// What the server counts as space around a text; JavaScript's own `trim` differs in a few characters.
const SPACE = /[\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** An answer that cannot be used. `expected` is empty when the fact itself is unknown. */
export interface AnswerProblem {
  readonly fact: string;
  readonly value: string;
  readonly expected: string;
}

export interface ReadAnswers {
  readonly answers: Data;
  readonly problems: readonly AnswerProblem[];
}

/** The answers this version understands ("unknown" kept as such), and the problems with the rest, by name. */
export function readAnswers(version: Version, raw: Data): ReadAnswers {
  const answers: { [key: string]: unknown } = Object.create(null);
  const problems: AnswerProblem[] = [];
  for (const name of Object.keys(raw).sort(compareText)) {
    const fact = version.facts.get(name);
    if (!fact) {
      problems.push({ fact: cut(name), value: "", expected: "" });
      continue;
    }
    const value = tidied(fact, get(raw, name));
    const known = isDontKnow(value) ? UNKNOWN : definite(fact, value);
    if (known === null) problems.push({ fact: name, value: shown(value), expected: expected(fact) });
    else answers[name] = known;
  }
  return { answers, problems };
}

function cut(text: string): string {
  return text.length <= SHOWN ? text : [...text].slice(0, SHOWN).join("");
}

function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start += 1;
  while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Only the letters A to Z: what is a small letter elsewhere depends on the program that asks. */
function small(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Spaces around, capital letters and "true" for "yes" are no reason to refuse an answer. */
function tidied(fact: Fact, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = trimmed(value);
  if (fact.values.includes(text)) return text;
  const words = new Map([...fact.values, UNKNOWN].map((word) => [small(word), word]));
  if (fact.type === "yes_no") words.set("true", "yes").set("false", "no");
  return words.get(small(text)) ?? text;
}

/** The answer as the person who sent it will know it again, at no great length. */
function shown(value: unknown): string {
  if (typeof value === "string") return cut(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  const number = readNumber(value);
  if (number !== null) return numberText(number);
  if (typeof value === "number") return "a very large number";
  return isData(value) ? "names with values" : "a list";
}

/** What may be answered, in words for a programmer. */
function expected(fact: Fact): string {
  if (fact.type === "number") return `a number or ${UNKNOWN}`;
  if (fact.type === "date") return `a day written as YYYY-MM-DD or ${UNKNOWN}`;
  return `one of ${[...fact.values, UNKNOWN].join(", ")}`;
}
