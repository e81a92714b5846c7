/** One case: what it is about, what was noted, and the next step. */
import { html, nothing, type TemplateResult } from "lit-html";
import { icon } from "../frame/icons";
import { field, notice, primary, radios, row, secondary, summary, tag, tiles, toFirstError } from "../frame/parts";
import { pending, pendingView } from "../frame/pending";
import { keep } from "../frame/saving";
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
  /** A note that was begun. */
  readonly begun: string;
}

/** case/<id>/<part> */
class CaseScreen implements Screen {
  readonly back: string;
  private text = "";
  // Stays so once it is kept: a second touch before the next screen is no second note.
  private busy = false;
  private day: string;
  private by = "";
  private wrong: { readonly [name: string]: string } = {};

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly body: CaseBody,
    private readonly part: Part,
    private readonly known: Known,
  ) {
    this.back = part ? `case/${body.id}` : "cases";
    this.text = known.begun;
    this.day = part === "due" ? (body.due_on ?? "") : dayOf();
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

  unsaved(): boolean {
    return this.text.trim() !== "";
  }

  private get draft(): string {
    return `note/${this.body.id}`;
  }

  private write(text: string): void {
    this.text = text;
    if (this.part === "note") void this.session.drafts.keep(this.draft, text).catch(() => undefined);
  }

  private async add<N extends CommandName>(name: N, data: CommandData[N], options: CommandOptions<N> = {}): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const draft = this.part === "note" ? { draft: this.draft } : {};
    this.busy = (await keep(this.app, this.session, name, data, { needs: this.known.needs, ...options, ...draft })) !== null;
    if (!this.busy) return;
    if (this.part === "note") await this.session.drafts.drop(this.draft);
    this.text = "";
    this.app.replace(`case/${this.body.id}`);
  }

  private refuse(wrong: { readonly [name: string]: string }): void {
    this.wrong = wrong;
    this.app.render();
    toFirstError();
  }

  private save(): void {
    const { words } = this.app;
    const id = this.body.id;
    const text = this.text.trim();
    if (this.part === "due") {
      return void this.add("cases.change", { case: id, set: { due_on: this.day || null } }, { base: { due_on: this.body.due_on } });
    }
    if (this.part === "note") {
      if (!text) return this.refuse({ note: words.noteFirst });
      return LONG_NUMBER.test(text) ? this.refuse({ note: words.noteNumber }) : void this.add("cases.note", { case: id, note: text });
    }
    const wrong = { ...(/\d/.test(text) ? {} : { code: words.dossierFirst }), ...(this.day ? {} : { day: words.dateWrong }), ...(this.by ? {} : { by: words.chooseOne }) };
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
    const choose = (day: string): void => void (this.day = day);
    switch (this.part) {
      case "note":
        return html`${name}${field("note", words.noteLabel, this.text, write, { kind: "area", hint: words.noteHint, error: this.wrong["note"] })}`;
      case "due":
        return html`${name}${field("due", words.dueLabel, this.day, choose, { kind: "date", hint: words.optional })}`;
      case "state": {
        const moves = this.body.moves.map((value) => ({ value, label: this.label(value) }));
        const move = (state: string): void => void this.add("cases.change", { case: this.body.id, set: { state } }, { base: { state: this.body.state } });
        return html`${name}${tiles("state", html`${words.nextStep} <small>${words.sessionOutcomeHint}</small>`, moves, null, move)}`;
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
      this.app.render();
    };
    return html`${field("code", words.dossierCode, this.text, write, { kind: "code", hint: words.dossierHint, error: this.wrong["code"] })}
      ${field("day", words.submittedOn, this.day, choose, { kind: "date", error: this.wrong["day"] })}
      ${radios("by", words.whoSubmitted, who, this.by, pick, { error: this.wrong["by"] })}`;
  }

  private whole(): TemplateResult {
    const { words } = this.app;
    const { body } = this;
    const slug = body.need.startsWith("procedure:") ? body.need.slice("procedure:".length) : "";
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
        ${slug ? row(`checklist/${slug}/0/${body.id}`, words.checkPapers, [], "paper") : nothing}
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
  const { drafts, library } = session;
  const found = await knownCase(session, id);
  if (!found) return { title: app.words.myCases, back: "cases", view: () => notice("warn", app.words.notFound) };
  const { body, needs } = found;
  const known = {
    needs,
    begun: part === "note" ? ((await drafts.read<string>(`note/${id}`)) ?? "") : "",
    need: await library.needLabel(body.need),
    states: await library.choices("case_state"),
    waiting: await pending(session, "case", id),
  };
  return new CaseScreen(app, session, body, ["note", "state", "due", "dossier"].includes(part) ? (part as Part) : "", known);
}
