/**
 * The checklist engine: a guide (plain data) and a person's answers in, a checklist out. Pure: no clock, no
 * storage, no network. Twin of nhipcau/procedures/guide; both pass the golden vectors in tests/vectors/guides.
 */
export { type AnswerProblem, readAnswers } from "./answers";
export { evaluateLine } from "./batch";
export { type Applied, asJson, canonical, type Checklist, type Choice, checklist, localise, type Need } from "./checklist";
export { UNKNOWN } from "./logic";
export { type Fact, type Guide, type Language, LANGUAGES, parse, type Text, UnableToReadGuide } from "./model";
export { asQuestion, type Circumstances, nextQuestion, type Question, questions, Situation } from "./situation";
