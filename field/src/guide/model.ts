/**
 * The shape of a guide, read from plain data with the same refusals, in the same order, as
 * guides/model.py. Structure only: whether the content makes sense is for the server's lint.
 */
import { type Data, compareText, get, has, isData } from "./json";

export const LANGUAGES = ["vi", "en", "th"] as const;
export const FACT_TYPES = ["yes_no", "choice", "number", "date"] as const;
/** Numbers beyond this are refused: up to here every evaluator counts exactly alike. */
export const LARGEST_NUMBER = 1e15;

export type Language = (typeof LANGUAGES)[number];
export type Text = { readonly [language in Language]?: string };
export type FactType = (typeof FACT_TYPES)[number];

/** The data is not shaped like a guide; `path` names the place. */
export class UnableToReadGuide extends Error {
  readonly code = "procedures.unreadable_guide";

  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(path ? `${path}: ${reason}` : reason);
  }
}

export interface Option {
  readonly value: string;
  readonly text: Text;
}

/** Something about this person's situation that the list depends on, with the question that asks it. */
export interface Fact {
  readonly id: string;
  readonly type: FactType;
  readonly question: Text;
  readonly help: Text | null;
  readonly options: readonly Option[];
  /** The answers that can be chosen; empty for numbers and dates. */
  readonly values: readonly string[];
}

export interface Item {
  readonly id: string;
  readonly name: Text;
  readonly form: string;
  readonly use: string;
  readonly count: number;
  readonly in_database: boolean;
  readonly how_to_get: Text | null;
  readonly validity: Text | null;
}

/** Papers that together are enough; between sets, any one will do. */
export interface EvidenceSet {
  readonly when: unknown;
  readonly items: readonly Item[];
}

export interface Requirement {
  readonly id: string;
  readonly title: Text;
  readonly why: Text | null;
  readonly when: unknown;
  readonly source: string;
  readonly evidence: readonly EvidenceSet[];
}

export interface Fee {
  readonly amount: number | null;
  readonly per: Text | null;
}

export interface TimeLimit {
  readonly value: number | null;
  readonly unit: string;
}

export interface Channel {
  readonly kind: string;
  readonly where: Text | null;
  readonly url: string | null;
}

export type Content = Fee | TimeLimit | Channel;

/** A fee, time limit or channel: what it says, and where, when and for whom it applies. */
export interface Row<C extends Content = Content> {
  readonly id: string;
  readonly content: C;
  readonly when: unknown;
  readonly provinces: readonly string[];
  readonly channel: string | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly note: Text | null;
  readonly source: string;
}

export interface Source {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly kind: string;
  readonly checked_on: string;
  readonly confidence: string;
}

export interface Version {
  readonly valid_from: string;
  readonly valid_until: string | null;
  readonly sources: readonly Source[];
  readonly facts: ReadonlyMap<string, Fact>;
  readonly requirements: readonly Requirement[];
  readonly fees: readonly Row<Fee>[];
  readonly time_limits: readonly Row<TimeLimit>[];
  readonly channels: readonly Row<Channel>[];
  readonly online: string;
  readonly steps: readonly Text[];
  readonly warnings: readonly Text[];
  readonly ask_officer: readonly Text[];
}

export interface Guide {
  readonly slug: string;
  readonly code: string;
  readonly kind: string;
  readonly life_event: string;
  readonly name: Text;
  readonly official_name: string;
  readonly summary: Text | null;
  readonly keywords: Readonly<Record<Language, readonly string[]>>;
  readonly replaces: readonly string[];
  readonly see_also: readonly string[];
  readonly versions: readonly Version[];
}

/** Half-open: the first day counts, the last does not. Days are ISO text. */
export function inForce(version: Version, day: string): boolean {
  return version.valid_from <= day && (version.valid_until === null || day < version.valid_until);
}

/** The version in force; else the latest already begun; else the earliest to come. */
export function versionOn(guide: Guide, day: string): Version {
  const ordered = [...guide.versions].sort((a, b) => compareText(a.valid_from, b.valid_from));
  const begun = ordered.filter((version) => version.valid_from <= day);
  const current = begun.filter((version) => inForce(version, day));
  const found = current[current.length - 1] ?? begun[begun.length - 1] ?? ordered[0];
  if (!found) throw new UnableToReadGuide("versions", "a guide needs at least one version");
  return found;
}

type Read<T> = (value: unknown, path: string) => T;

function at(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}

/** The value under a name; null is the same as left out, except where a text is wanted. */
function given(data: Data, key: string): unknown {
  return get(data, key) ?? null;
}

function readMap(value: unknown, path: string): Data {
  if (!isData(value)) throw new UnableToReadGuide(path, "expected names with values");
  return value;
}

function list(data: Data, key: string, path: string): readonly unknown[] {
  const value = given(data, key);
  if (value === null) return [];
  if (!Array.isArray(value)) throw new UnableToReadGuide(at(path, key), "expected a list");
  return value;
}

function each<T>(data: Data, key: string, path: string, read: Read<T>): T[] {
  const place = at(path, key);
  return list(data, key, path).map((entry, i) => read(entry, `${place}[${i}]`));
}

function word(data: Data, key: string, path: string, otherwise?: string): string {
  const found = get(data, key);
  const value = found === undefined ? otherwise : found;
  if (typeof value !== "string") {
    throw new UnableToReadGuide(at(path, key), "expected text (put it in quotes)");
  }
  return value;
}

function optionalWord(data: Data, key: string, path: string): string | null {
  return given(data, key) === null ? null : word(data, key, path);
}

function readText(value: unknown, path: string): Text {
  const entries = readMap(value, path);
  for (const key of Object.keys(entries)) {
    if (typeof entries[key] !== "string") {
      throw new UnableToReadGuide(path, "expected one text for each language");
    }
  }
  const text: { [language in Language]?: string } = {};
  for (const language of LANGUAGES) {
    const entry = has(entries, language) ? (entries[language] as string) : "";
    if (entry) text[language] = entry;
  }
  return text;
}

function optionalText(data: Data, key: string, path: string): Text | null {
  const value = given(data, key);
  if (value === null) return null;
  const text = readText(value, at(path, key));
  return Object.keys(text).length ? text : null;
}

function words(data: Data, key: string, path: string): readonly string[] {
  const found = list(data, key, path);
  if (!found.every((entry) => typeof entry === "string")) {
    throw new UnableToReadGuide(at(path, key), "expected a list of texts in quotes");
  }
  return found as readonly string[];
}

function wholeNumber(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) > LARGEST_NUMBER) {
    throw new UnableToReadGuide(path, "expected a whole number");
  }
  return value + 0; // there is no minus nought
}

function whole(data: Data, key: string, path: string): number | null {
  const value = given(data, key);
  return value === null ? null : wholeNumber(value, at(path, key));
}

function readOption(value: unknown, path: string): Option {
  const entry = readMap(value, path);
  return { value: word(entry, "value", path), text: readText(get(entry, "text"), `${path}.text`) };
}

function readFact(value: unknown, path: string): Fact {
  const entry = readMap(value, path);
  const kind = word(entry, "type", path);
  const type = FACT_TYPES.find((known) => known === kind);
  if (type === undefined) {
    throw new UnableToReadGuide(`${path}.type`, `expected one of ${FACT_TYPES.join(", ")}`);
  }
  const id = word(entry, "id", path);
  const question = readText(get(entry, "question"), `${path}.question`);
  const help = optionalText(entry, "help", path);
  const options = type === "choice" ? each(entry, "options", path, readOption) : [];
  const values = type === "yes_no" ? ["yes", "no"] : options.map((option) => option.value);
  return { id, type, question, help, options, values };
}

function readItem(value: unknown, path: string): Item {
  const entry = readMap(value, path);
  const said = get(entry, "count");
  const count = wholeNumber(said === undefined ? 1 : said, `${path}.count`);
  return {
    id: word(entry, "id", path),
    name: readText(get(entry, "name"), `${path}.name`),
    form: word(entry, "form", path, "original"),
    use: word(entry, "use", path, "submit"),
    count,
    in_database: get(entry, "in_database") === true,
    how_to_get: optionalText(entry, "how_to_get", path),
    validity: optionalText(entry, "validity", path),
  };
}

function readEvidence(value: unknown, path: string): EvidenceSet {
  const entry = readMap(value, path);
  return { when: given(entry, "when"), items: each(entry, "items", path, readItem) };
}

function readRequirement(value: unknown, path: string, mainSource: string): Requirement {
  const entry = readMap(value, path);
  return {
    id: word(entry, "id", path),
    title: readText(get(entry, "title"), `${path}.title`),
    why: optionalText(entry, "why", path),
    when: given(entry, "when"),
    source: word(entry, "source", path, mainSource),
    evidence: each(entry, "evidence", path, readEvidence),
  };
}

function readSource(value: unknown, path: string): Source {
  const entry = readMap(value, path);
  return {
    id: word(entry, "id", path),
    title: word(entry, "title", path),
    kind: word(entry, "kind", path),
    checked_on: word(entry, "checked_on", path),
    confidence: word(entry, "confidence", path),
    url: word(entry, "url", path, ""),
  };
}

function readRow<C extends Content>(
  value: unknown,
  path: string,
  mainSource: string,
  content: (entry: Data, path: string) => C,
): Row<C> {
  const entry = readMap(value, path);
  return {
    id: word(entry, "id", path, ""),
    content: content(entry, path),
    when: given(entry, "when"),
    provinces: words(entry, "provinces", path),
    channel: optionalWord(entry, "channel", path),
    valid_from: optionalWord(entry, "valid_from", path),
    valid_until: optionalWord(entry, "valid_until", path),
    note: optionalText(entry, "note", path),
    source: word(entry, "source", path, mainSource),
  };
}

function readFee(entry: Data, path: string): Fee {
  return { amount: whole(entry, "amount", path), per: optionalText(entry, "per", path) };
}

function readTimeLimit(entry: Data, path: string): TimeLimit {
  return { value: whole(entry, "value", path), unit: word(entry, "unit", path) };
}

function readChannel(entry: Data, path: string): Channel {
  const where = optionalText(entry, "where", path);
  return { kind: word(entry, "kind", path), where, url: optionalWord(entry, "url", path) };
}

function readFacts(entry: Data, path: string): ReadonlyMap<string, Fact> {
  const facts = each(entry, "facts", path, readFact);
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  if (byId.size !== facts.length) {
    throw new UnableToReadGuide(`${path}.facts`, "two facts have the same id");
  }
  return byId;
}

function readVersion(value: unknown, path: string): Version {
  const entry = readMap(value, path);
  const sources = each(entry, "sources", path, readSource);
  const main = sources[0]?.id ?? "";
  function rows<C extends Content>(key: string, content: (entry: Data, path: string) => C): Row<C>[] {
    return each(entry, key, path, (row, place) => readRow(row, place, main, content));
  }
  return {
    valid_from: word(entry, "valid_from", path),
    valid_until: optionalWord(entry, "valid_until", path),
    sources,
    facts: readFacts(entry, path),
    requirements: each(entry, "requirements", path, (row, place) => readRequirement(row, place, main)),
    fees: rows("fees", readFee),
    time_limits: rows("time_limits", readTimeLimit),
    channels: rows("channels", readChannel),
    online: word(entry, "online", path, "unknown"),
    steps: each(entry, "steps", path, readText),
    warnings: each(entry, "warnings", path, readText),
    ask_officer: each(entry, "ask_officer", path, readText),
  };
}

/** What counts as "nothing here" for the keywords: null, false, 0, "" and empty lists. */
function orEmpty(value: unknown): unknown {
  return !value || (Array.isArray(value) && value.length === 0) ? {} : value;
}

/** Read one guide. Throws UnableToReadGuide, naming the place, when the shape is wrong. */
export function parse(data: unknown): Guide {
  const entry = readMap(data, "");
  const keywords = readMap(orEmpty(get(entry, "keywords")), "keywords");
  const versions = each(entry, "versions", "", readVersion);
  if (versions.length === 0) {
    throw new UnableToReadGuide("versions", "a guide needs at least one version");
  }
  return {
    slug: word(entry, "slug", ""),
    code: word(entry, "code", "", ""),
    kind: word(entry, "kind", "", "procedure"),
    life_event: word(entry, "life_event", ""),
    name: readText(get(entry, "name"), "name"),
    official_name: word(entry, "official_name", "", ""),
    summary: optionalText(entry, "summary", ""),
    keywords: {
      vi: words(keywords, "vi", "keywords"),
      en: words(keywords, "en", "keywords"),
      th: words(keywords, "th", "keywords"),
    },
    replaces: words(entry, "replaces", ""),
    see_also: words(entry, "see_also", ""),
    versions,
  };
}
