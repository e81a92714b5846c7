/**
 * The checklist engine: a guide (plain data) and a person's answers in, a checklist out. Pure: no clock, no
 * storage, no network. Twin of guides; both pass the golden vectors in tests/vectors/guides.
 */
export { readAnswers } from "./answers";
export type { AnswerProblem } from "./answers";
export { evaluateLine } from "./batch";
export { asJson, canonical, checklist, localise } from "./checklist";
export type { Applied, Checklist, Choice, Need } from "./checklist";
export { UNKNOWN } from "./logic";
export { LANGUAGES, parse, UnableToReadGuide, versionOn } from "./model";
export type { Fact, Guide, Language, Text } from "./model";
export { checkPapers } from "./papers";
export type { Verdict } from "./papers";
export { asQuestion, nextQuestion, questions, Situation } from "./situation";
export type { Circumstances, Question } from "./situation";
