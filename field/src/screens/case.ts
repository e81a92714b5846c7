/** One case: what it is about, what was noted, and the next step. */
import { html, nothing, type TemplateResult } from "lit-html";
import { MOST, serverDay, wrongDue, wrongSubmitted } from "../frame/checks";
import { Confirm } from "../frame/confirm";
import { icon } from "../frame/icons";
import { field, notice, primary, radios, row, secondary, summary, tag, tiles, toFirstError } from "../frame/parts";
import { pendingView, recordedOf } from "../frame/pending";
import { keep } from "../frame/saving";
import { MOVES, type Standing } from "../frame/case_path";
import { knownCase } from "../frame/known_case";
import { showPhone } from "../frame/said";
import type { App, Screen, Session } from "../frame/screen";
import { dayOf, sayMoment, showDay } from "../frame/times";
import type { Command, CommandData, CommandName, CommandOptions } from "../outbox/commands";
import type { CaseBody, Option } from "../pack/kinds";

type Part = "" | "note" | "state" | "due" | "dossier";
// As the server: nine digits in a row and more may be somebody's number.
const LONG_NUMBER = /\d(?:[ .-]?\d){8,}/;

interface Known {
  readonly need: string;
  readonly states: readonly Option[];
  readonly waiting: readonly Command[];
  /** What must be sent before anything about this case. */
  readonly needs: readonly string[];
  /** By what that waits each value was changed last: the next change of it comes after that. */
  readonly after: Standing["after"];
  /** What was begun on this screen. */
  readonly begun: Begun;
  readonly today: () => string;
}

/** What is typed of a note, or of a dossier with its day and who handed it in. */
interface Begun {
  readonly text: string;
  readonly day?: string;
  readonly by?: string;
}

// Of each part that is typed, the draft; "" where nothing is.
const draftOf = (part: Part, id: string): string => (part === "note" || part === "dossier" ? `${part}/${id}` : "");

async function readBegun({ drafts }: Session, draft: string): Promise<Begun> {
  const kept = draft ? await drafts.read<Begun | string>(draft) : null;
  // A note is kept as it is.
  return typeof kept === "string" ? { text: kept } : (kept ?? { text: "" });
}

/** case/<id>/<part> */
class CaseScreen implements Screen {
  readonly back: string;
  private text = "";
  // Stays so once it is kept: a second touch before the next screen is no second note.
  private busy = false;
  private day: string;
  private by = "";
  /** A state that ends the case, touched once. */
  private ending: { readonly state: string; readonly confirm: Confirm } | null = null;
  private wrong: { readonly [name: string]: string } = {};

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly body: CaseBody,
    private readonly part: Part,
    private readonly known: Known,
  ) {
    this.back = part ? `case/${body.id}` : "cases";
    this.text = known.begun.text;
    this.day = part === "due" ? (body.due_on ?? "") : (known.begun.day ?? known.today());
    this.by = known.begun.by ?? "";
  }

  get title(): string {
    const { words } = this.app;
    const titles = { "": this.body.name || this.body.code, note: words.addNote, state: words.changeState, due: words.changeDue, dossier: words.dossierAdd };
    return titles[this.part];
  }

  /** A name stands in the title. */
  get tab(): string {
    return this.app.words.caseList;
  }

  get shows(): boolean {
    return this.part === "" && !this.busy;
  }

  unsaved(): boolean {
    return this.text.trim() !== "";
  }

  /** Half typed, it is there after the page was killed; a day and a choice alone are nothing yet. */
  private keepBegun(): void {
    const draft = draftOf(this.part, this.body.id);
    if (!draft) return;
    const { text, day, by } = this;
    const { drafts } = this.session;
    const kept = this.part === "note" ? text : { text, day, by };
    void (text.trim() ? drafts.keep(draft, kept) : drafts.drop(draft)).catch(() => undefined);
  }

  private write(text: string): void {
    this.text = text;
    this.keepBegun();
  }

  private async add<N extends CommandName>(name: N, data: CommandData[N], options: CommandOptions<N> = {}): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const draft = draftOf(this.part, this.body.id);
    this.busy = (await keep(this.app, this.session, name, data, { needs: this.known.needs, ...options, ...(draft ? { draft } : {}) })) !== null;
    if (!this.busy) return;
    if (draft) await this.session.drafts.drop(draft);
    this.text = "";
    this.app.replace(`case/${this.body.id}`);
  }

  private refuse(wrong: { readonly [name: string]: string }): void {
    this.wrong = wrong;
    this.app.render();
    toFirstError();
  }

  private change(name: "due_on" | "state", value: string | null): void {
    const { body, known } = this;
    const before = known.after[name];
    const needs = [...known.needs, ...(before ? [before] : [])];
    void this.add("cases.change", { case: body.id, set: { [name]: value } }, { base: { [name]: body[name] }, needs });
  }

  /** What is closed is opened again by nobody here: that is asked twice. */
  private move(state: string): void {
    const ends = !MOVES[state]?.length;
    if (ends && this.ending?.state !== state) this.ending = { state, confirm: new Confirm() };
    if (ends && !this.ending?.confirm.touch()) return this.app.render();
    this.change("state", state);
  }

  private save(): void {
    const { words } = this.app;
    const id = this.body.id;
    const text = this.text.trim();
    const today = this.known.today();
    if (this.part === "due") {
      const due = wrongDue(this.day, today, words);
      return due ? this.refuse({ due }) : this.change("due_on", this.day || null);
    }
    if (this.part === "note") {
      if (!text) return this.refuse({ note: words.noteFirst });
      return LONG_NUMBER.test(text) ? this.refuse({ note: words.noteNumber }) : void this.add("cases.note", { case: id, note: text });
    }
    const day = wrongSubmitted(this.day, today, words);
    const wrong = { ...(/\d/.test(text) ? {} : { code: words.dossierFirst }), ...(day ? { day } : {}), ...(this.by ? {} : { by: words.chooseOne }) };
    if (Object.keys(wrong).length) return this.refuse(wrong);
    void this.add("cases.dossier", { case: id, code: text, submitted_on: this.day, submitted_by_citizen: this.by === "citizen" });
  }

  private label(state: string): string {
    return this.known.states.find((option) => option.value === state)?.label ?? state;
  }

  view(): TemplateResult {
    if (!this.part) return this.whole();
    const { words } = this.app;
    const name = html`<p class="nf-caption">${this.body.name || this.body.code}</p>`;
    const write = (text: string): void => this.write(text);
    const choose = (day: string): void => {
      this.day = day;
      this.keepBegun();
    };
    switch (this.part) {
      case "note":
        return html`${name}${field("note", words.noteLabel, this.text, write, { kind: "area", hint: words.noteHint, error: this.wrong["note"], most: MOST.note })}`;
      case "due":
        return html`${name}${field("due", words.dueLabel, this.day, choose, { kind: "date", hint: words.optional, error: this.wrong["due"] })}`;
      case "state": {
        const asked = this.ending?.state ?? null;
        const say = (value: string): string => (value === asked ? words.touchAgain(this.label(value)) : this.label(value));
        const moves = this.body.moves.map((value) => ({ value, label: say(value) }));
        return html`${name}${tiles("state", html`${words.nextStep} <small>${words.sessionOutcomeHint}</small>`, moves, asked, (state) => this.move(state))}`;
      }
      default:
        return html`${name}${this.dossier(write, choose)}`;
    }
  }

  private dossier(write: (text: string) => void, choose: (day: string) => void): TemplateResult {
    const { words } = this.app;
    const who = [{ value: "citizen", label: words.byCitizen }, { value: "officer", label: words.byOfficer }];
    const pick = (by: string): void => {
      this.by = by;
      this.keepBegun();
      this.app.render();
    };
    return html`${field("code", words.dossierCode, this.text, write, { kind: "code", hint: words.dossierHint, error: this.wrong["code"], most: MOST.code })}
      ${field("day", words.submittedOn, this.day, choose, { kind: "date", error: this.wrong["day"] })}
      ${radios("by", words.whoSubmitted, who, this.by, pick, { error: this.wrong["by"] })}`;
  }

  private whole(): TemplateResult {
    const { words } = this.app;
    const { body } = this;
    return html`<p class="nf-caption">${this.known.need}</p>
      <p>${tag("info", this.label(body.state))}</p>
      ${pendingView(this.app, this.known.waiting)}
      ${body.phone ? html`<p><a class="nf-button nf-button--quiet" href="tel:${body.phone.replace(/[^\d+]/g, "")}" rel="noreferrer">${icon("phone")}<span>${words.call}: ${showPhone(body.phone)}</span></a></p>` : nothing}
      ${summary([
        [words.fields["code"] ?? "", body.code && html`<span class="nf-code">${body.code}</span>`],
        [words.dueLabel, body.due_on ? showDay(body.due_on) : words.none],
      ])}
      <p class="nf-caption">${words.openedOn(showDay(dayOf(body.opened_at)))}</p>
      <div class="nf-rows">
        ${body.need.startsWith("procedure:") ? row(`checklist/case/0/${body.id}`, words.checkPapers, [], "paper") : nothing}
        ${row(`case/${body.id}/due`, words.changeDue, [], "clock")}
        ${row(`case/${body.id}/dossier`, words.dossierAdd, [], "send")}
      </div>
      ${body.notes.length ? html`<h2 class="nf-h2">${words.lastNotes}</h2>${body.notes.map((note) => html`<div class="nf-note"><p>${note.text}</p><p class="nf-caption">${note.by} · ${sayMoment(note.at, words)}</p></div>`)}` : nothing}
      ${body.moves.length ? secondary(words.changeState, () => this.app.go(`case/${body.id}/state`), "next") : nothing}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (!this.part) return primary(words.addNote, () => this.app.go(`case/${this.body.id}/note`), { icon: "plus" });
    return this.part === "state" ? html`` : primary(words.save, () => this.save(), { icon: "check" });
  }
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const [, id = "", part = ""] = route;
  const { library } = session;
  const found = await knownCase(session, id);
  if (!found) return { title: app.words.myCases, back: "cases", view: () => notice("warn", app.words.notFound) };
  const { body, needs, after } = found;
  const shown = ["note", "state", "due", "dossier"].includes(part) ? (part as Part) : "";
  const known = {
    needs,
    after,
    begun: await readBegun(session, draftOf(shown, id)),
    today: await serverDay(session),
    need: await library.needLabel(body.need),
    states: await library.choices("case_state"),
    waiting: (await recordedOf(session, "case", id)).waiting,
  };
  return new CaseScreen(app, session, body, shown, known);
}
