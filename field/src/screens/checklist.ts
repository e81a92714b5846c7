/**
 * Which papers: the questions of a guide one at a time, then the list to read together. For a case the papers in
 * hand are ticked, and the result is kept with it.
 */
import { html, nothing, type TemplateResult } from "lit-html";
import { newId } from "../core/ids";
import { type Answers, type OneQuestion, Reading } from "../frame/guide_reading";
import { field, notice, primary, row, secondary, tiles } from "../frame/parts";
import { keep } from "../frame/saving";
import { knownCase, needsOf } from "../frame/known_case";
import type { App, Screen, Session } from "../frame/screen";
import { factsView, papersView, sourcesView } from "../frame/sheet_view";
import { dayOf } from "../frame/times";
import type { GuideBody, PointBody } from "../pack/kinds";

interface Work {
  /** The guide it was said about. */
  readonly slug: string;
  readonly answers: Answers;
  /** The questions in the order in which they were answered: the way back. */
  readonly asked: readonly string[];
  readonly have: readonly string[];
}

const empty = (slug: string): Work => ({ slug, answers: {}, asked: [], have: [] });
const LIST = "list";
// Names of drafts lie in clear, and so do addresses: neither says which guide a case is about.
const OF_CASE = "case";
const draftName = (caseId: string): string => (caseId ? `checklist/${caseId}` : "checklist");

/** checklist/<slug>/<step: a number or "list">; checklist/case/<step>/<case> */
class Checklist implements Screen {
  readonly back: string;
  private typed = "";
  private busy = false;
  private wrong = "";

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly body: GuideBody,
    private readonly reading: Reading,
    private readonly step: string,
    private readonly caseId: string,
    private work: Work,
    private readonly points: readonly PointBody[],
  ) {
    const number = step === LIST ? work.asked.length : Number(step) - 1;
    const first = caseId ? `case/${caseId}` : "guides";
    this.back = number < 0 ? first : this.route(number);
  }

  get title(): string {
    return this.body.name;
  }

  /** What somebody's case is about stands in the title. */
  get tab(): string {
    return this.caseId ? this.app.words.checkPapers : this.title;
  }

  private route(step: number | string): string {
    return (this.caseId ? ["checklist", OF_CASE, step, this.caseId] : ["checklist", this.body.slug, step]).join("/");
  }

  /** The answers that stood when this question was asked: those of the questions before it. */
  private before(): Answers {
    const kept = this.work.asked.slice(0, Number(this.step));
    return Object.fromEntries(kept.map((id) => [id, this.work.answers[id] ?? "unknown"]));
  }

  private question(): OneQuestion | null {
    return this.step === LIST ? null : (this.reading.open(this.before())[0] ?? null);
  }

  private async answer(question: OneQuestion, typed: string): Promise<void> {
    const value = this.reading.answer(question, typed);
    if (value === null) {
      this.wrong = question.type === "date" ? this.app.words.dateWrong : this.app.words.numberWrong;
      return this.app.render();
    }
    const answers = { ...this.before(), [question.id]: value };
    const asked = [...this.work.asked.slice(0, Number(this.step)), question.id];
    await this.keepWork({ ...this.work, answers, asked });
    const more = this.reading.open(answers).length > 0;
    this.app.go(this.route(more ? asked.length : LIST));
  }

  private async keepWork(work: Work): Promise<void> {
    this.work = work;
    await this.session.drafts.keep(draftName(this.caseId), work).catch(() => undefined);
  }

  private async restart(): Promise<void> {
    this.work = empty(this.body.slug);
    await this.session.drafts.drop(draftName(this.caseId));
    this.app.go(this.route(0));
  }

  view(): TemplateResult {
    const question = this.question();
    return question ? this.questionView(question) : this.listView();
  }

  private questionView(question: OneQuestion): TemplateResult {
    const { words } = this.app;
    const number = Number(this.step) + 1;
    const given = this.work.answers[question.id] ?? null;
    const intro = this.step === "0" && this.body.summary ? html`<p>${this.body.summary}</p>` : nothing;
    const help = question.help ? html`<p>${question.help}</p>` : nothing;
    const tap = (value: string): void => void this.answer(question, value);
    const choices = question.options.map(({ value, text }) => ({ value, label: text }));
    if (question.type === "yes_no" || question.type === "choice") {
      return html`${intro}<p class="nf-caption">${words.question(number)}</p>${tiles("answer", question.text, choices, given, tap)}${help}`;
    }
    const kind = question.type === "date" ? "date" : "decimal";
    const type = (typed: string): void => void (this.typed = typed);
    return html`${intro}<p class="nf-caption">${words.question(number)}</p>
      ${field("answer", question.text, this.typed || (given === "unknown" ? "" : (given ?? "")), type, { kind, error: this.wrong || undefined })}
      ${help}${secondary(words.dontKnow, () => tap("unknown"))}`;
  }

  private listView(): TemplateResult {
    const { words } = this.app;
    const sheet = this.reading.sheet(this.work.answers);
    const open = sheet.questions.length;
    const ticks = this.caseId ? { have: new Set(this.work.have), toggle: (id: string, on: boolean) => this.tick(id, on) } : null;
    return html`<h2 class="nf-h2">${ticks ? words.tickInHand : words.resultTitle}</h2>
      ${ticks ? html`<p>${words.papersLook}</p>` : nothing}
      ${sheet.in_force ? nothing : notice("warn", words.notInForce)}
      ${open ? html`<p>${words.questionsOpen(open)} <a class="nf-link" href="#/${this.route(this.work.asked.length)}">${words.answerMore}</a></p>` : nothing}
      ${papersView(sheet, words, ticks)}
      ${factsView(sheet, words)}
      ${this.points.length ? html`<h2 class="nf-h2">${words.placesHere}</h2><ul class="nf-lines">${this.points.map((point) => html`<li><strong>${point.name}</strong>${point.address ? html`<br>${point.address}` : nothing}${point.hours ? html`<br>${point.hours}` : nothing}</li>`)}</ul>` : nothing}
      <div class="nf-rows">${row("id-card", words.idCardTitle, [words.idCardShort], "paper")}</div>
      ${sourcesView(sheet, this.body.mark, words)}
      ${this.work.asked.length && ticks ? secondary(words.beginAgain, () => void this.restart(), "undo") : nothing}`;
  }

  private tick(id: string, on: boolean): void {
    const have = this.work.have.filter((other) => other !== id);
    void this.keepWork({ ...this.work, have: on ? [...have, id] : have });
    this.app.render();
  }

  private async save(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { answers, have } = this.work;
    const shown = new Set(this.reading.sheet(answers).documents.map((paper) => paper.id));
    const needs = await needsOf(this.session, this.caseId);
    const data = { id: newId(), case: this.caseId, version: this.body.version, answers, in_hand: have.filter((id) => shown.has(id)) };
    const verdict = this.reading.verdict(this.reading.understood(answers), data.in_hand);
    if (!(await keep(this.app, this.session, "cases.papers", data, { needs, verdict, draft: draftName(this.caseId) }))) {
      this.busy = false;
      return;
    }
    await this.session.drafts.drop(draftName(this.caseId));
    this.app.replace(`case/${this.caseId}`);
  }

  action(): TemplateResult {
    const { words } = this.app;
    const question = this.question();
    if (question && (question.type === "number" || question.type === "date")) {
      return primary(words.next, () => void this.answer(question, this.typed || (this.work.answers[question.id] ?? "")));
    }
    if (question) return html`<a class="nf-button nf-button--quiet" href="#/${this.route(LIST)}">${words.guideList}</a>`;
    if (this.caseId) return primary(words.papersKeep, () => void this.save(), { icon: "check" });
    return this.work.asked.length ? primary(words.beginAgain, () => void this.restart(), { icon: "undo" }) : html`<a class="nf-button" href="#/${this.route(0)}">${words.guideBegin}</a>`;
  }
}

function gone(app: App, text: string): Screen {
  return { title: app.words.guidesTitle, back: "guides", view: () => html`${notice("warn", text)}` };
}

/** The guide that the case is about. */
async function guideOf(session: Session, caseId: string): Promise<string> {
  const [kind, slug = ""] = ((await knownCase(session, caseId))?.body.need ?? "").split(":");
  return kind === "procedure" ? slug : "";
}

async function begunOf({ drafts }: Session, slug: string, caseId: string): Promise<Work> {
  const kept = await drafts.read<Work>(draftName(caseId));
  return kept?.slug === slug ? kept : empty(slug);
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const [, name = "", step = "", of = ""] = route;
  const caseId = name === OF_CASE ? of : "";
  const slug = caseId ? await guideOf(session, caseId) : name;
  const body = await session.pack.get("guide", slug);
  if (!body) return gone(app, app.words.notFound);
  const me = await session.library.me();
  const reading = Reading.open(body, { on: dayOf(), province: me?.province.code ?? null }, app.language);
  if (!reading) return gone(app, app.words.unreadableGuide);
  const kept = step === "" ? empty(slug) : await begunOf(session, slug, caseId);
  if (step === "") await session.drafts.drop(draftName(caseId));
  const at = step === LIST ? LIST : String(Math.min(Number(step) || 0, kept.asked.length));
  return new Checklist(app, session, body, reading, at, caseId, kept, await session.library.points());
}
