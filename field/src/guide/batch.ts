/**
 * Guides and answers made elsewhere, one JSON line each, so that the two evaluators can be compared.
 *
 * Twin of nhipcau/procedures/management/batch.py, which says what a line holds.
 */
import { readAnswers } from "./answers";
import { asJson, canonical, checklist, localise } from "./checklist";
import { type Data, get, isData } from "./json";
import { readDate } from "./logic";
import { type Guide, type Language, LANGUAGES, parse, UnableToReadGuide, versionOn } from "./model";
import { asQuestion, type Circumstances, questions } from "./situation";

/** Deeper than any rule that can be evaluated; programs differ in what they can read beyond. */
export const MAX_NESTING = 100;
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"?|[[\]{}]/g;

interface Request extends Circumstances {
  readonly answers: Data;
  readonly language: Language | null;
  readonly read: boolean;
}

/** How deep lists and objects lie in each other, found before anything is read. */
function nesting(line: string): number {
  let depth = 0;
  let deepest = 0;
  for (const token of line.match(TOKEN) ?? []) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function readJson(line: string): unknown {
  if (nesting(line) > MAX_NESTING) throw new UnableToReadGuide("", `nested more than ${MAX_NESTING} deep`);
  try {
    return JSON.parse(line);
  } catch {
    throw new UnableToReadGuide("", "this line is not JSON");
  }
}

function optionalText(request: Data, key: string): string | null {
  const value = get(request, key) ?? null;
  if (value !== null && typeof value !== "string") {
    throw new UnableToReadGuide(key, "expected text (put it in quotes)");
  }
  return value;
}

function readRequest(request: Data): Request {
  const answers = get(request, "answers") ?? {};
  if (!isData(answers)) throw new UnableToReadGuide("answers", "expected names with values");
  const on = get(request, "on");
  if (typeof on !== "string" || !readDate(on)) {
    throw new UnableToReadGuide("on", "expected a day written as YYYY-MM-DD");
  }
  const province = optionalText(request, "province");
  const channel = optionalText(request, "channel");
  const wanted = optionalText(request, "language");
  const language = LANGUAGES.find((known) => known === wanted) ?? null;
  if (language !== wanted) throw new UnableToReadGuide("language", `expected one of ${LANGUAGES.join(", ")}`);
  return { answers, on, province, channel, language, read: get(request, "read") === true };
}

function evaluate(guide: Guide, request: Request): object {
  const reading = request.read ? readAnswers(versionOn(guide, request.on), request.answers) : null;
  const answers = reading ? reading.answers : request.answers;
  const list = asJson(checklist(guide, answers, request));
  const asked = questions(guide, answers, request).map(asQuestion);
  const { language } = request;
  return {
    checklist: language ? localise(list, language) : list,
    questions: language ? localise(asked, language) : asked,
    ...(reading ? { problems: reading.problems } : {}),
  };
}

/** One line in, one line out; what cannot be read is an answer too. Never throws. */
export function evaluateLine(line: string): string {
  try {
    const data = readJson(line);
    if (!isData(data)) throw new UnableToReadGuide("", "expected names with values");
    const request = readRequest(data);
    return canonical(evaluate(parse(get(data, "guide")), request));
  } catch (error) {
    if (!(error instanceof UnableToReadGuide)) throw error;
    return canonical({ error: { path: error.path, message: error.reason } });
  }
}
