/** A visit at a home: where, with whom, what for – and what came of it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { newId } from "../core/ids";
import { MOST } from "../frame/checks";
import { NeedPicker } from "../frame/need_picker";
import { type Choice, field, notice, primary, radios, row, secondary, select, summary, toFirstError } from "../frame/parts";
import { has, pendingView, type Recorded, recordedOf } from "../frame/pending";
import { keep } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import { MINUTES } from "../frame/session_draft";
import { sayDay, span } from "../frame/times";
import type { Session as Helped } from "../outbox/commands";
import type { VisitBody } from "../pack/kinds";

interface Form {
  readonly outcome: string;
  readonly minutes: string;
  readonly next: string;
  readonly note: string;
  /** What was helped with; null: only a visit. */
  readonly need: string | null;
  readonly alone: string;
  readonly done: string;
}

interface Begun extends Form {
  readonly body: VisitBody;
}

interface Known {
  readonly need: string;
  readonly here: Recorded;
  readonly state: string;
  readonly outcomes: readonly Choice[];
  readonly nexts: readonly Choice[];
  readonly alone: readonly Choice[];
  readonly sessionOutcomes: readonly Choice[];
}

// Results that somebody brings back from the door; "planned" and "cancelled" are none.
const RESULTS = ["done", "not_home", "postponed", "refused"];
const MET = "done";
const PLANNED = "planned";
const CANCELLED = "cancelled";
const EMPTY: Form = { outcome: "", minutes: "45", next: "", note: "", need: null, alone: "", done: "" };

/** visit/<id> and visit/<id>/result */
class VisitScreen implements Screen {
  readonly back: string;
  private wrong: { readonly [name: string]: string } = {};
  private choosing = false;
  private busy = false;
  /** Typed, and not on the disk: there was no room. */
  private unkept = false;
  picker!: NeedPicker;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly body: VisitBody,
    private readonly result: boolean,
    private form: Form,
    private readonly known: Known,
  ) {
    this.back = result ? `visit/${body.id}` : "today";
  }

  get title(): string {
    return this.result ? this.app.words.visitResult : this.app.words.visitTitle;
  }

  private get draft(): string {
    return `visit/${this.body.id}`;
  }

  private set(change: Partial<Form>, draw = true): void {
    this.form = { ...this.form, ...change };
    // With the visit: what was begun can be ended when the pack has it no more.
    const begun: Begun = { ...this.form, body: this.body };
    this.unkept = true;
    void this.session.drafts.keep(this.draft, begun).then(() => (this.unkept = false), () => undefined);
    if (draw) this.app.render();
  }

  get shows(): boolean {
    return !this.result;
  }

  unsaved(): boolean {
    return this.unkept;
  }

  pick(need: string): void {
    this.choosing = false;
    this.set({ need });
  }

  private check(): { readonly [name: string]: string } {
    const { chooseOne } = this.app.words;
    const { outcome, next, need, alone, done } = this.form;
    const helped = need !== null && outcome === MET;
    const nextMissing = this.known.nexts.length > 0 && !this.known.nexts.some((option) => option.value === next);
    return {
      ...(outcome ? {} : { outcome: chooseOne }),
      ...(nextMissing ? { next: chooseOne } : {}),
      ...(helped && !alone ? { alone: chooseOne } : {}),
      ...(helped && !done ? { done: chooseOne } : {}),
    };
  }

  private helped(): Helped | null {
    const { need, alone, done, minutes, outcome } = this.form;
    if (!need || outcome !== MET) return null;
    return {
      id: newId(), commune: this.body.commune, need, service_point: null, minutes: Number(minutes), outcome: done, alone,
      age_band: "not_said", language: "", first_time: this.body.case === null, came_back_for_papers: null, papers: "not_checked",
    };
  }

  private async save(): Promise<void> {
    this.wrong = this.check();
    if (Object.keys(this.wrong).length) {
      this.app.render();
      return toFirstError();
    }
    const { outcome, minutes, next, note } = this.form;
    const spent = outcome === MET ? Number(minutes) : 0;
    const data = { visit: this.body.id, outcome, minutes: spent, next_step: next, note: note.trim(), session: this.helped() };
    if (this.busy) return;
    this.busy = true;
    this.busy = (await keep(this.app, this.session, "visits.record_result", data, { base: { version: this.body.version }, draft: this.draft })) !== null;
    if (!this.busy) return;
    await this.session.drafts.drop(this.draft);
    this.app.replace(`visit/${this.body.id}`);
  }

  view(): TemplateResult {
    return this.result ? this.formView() : this.details();
  }

  private details(): TemplateResult {
    const { words } = this.app;
    const { body, known } = this;
    return html`<p class="nf-big">${sayDay(body.day, words)}, ${span(body.starts_at, body.ends_at)}</p>
      ${this.stateView()}
      ${pendingView(this.app, known.here.waiting)}
      ${summary([
        [words.hamlet, body.hamlet],
        [words.address, body.address],
        [words.fields["need"] ?? "", known.need],
        [words.fields["note"] ?? "", body.notes],
      ])}
      ${body.companions.length ? html`<p>${words.visitWith(body.companions.join(", "))}</p>` : nothing}
      <div class="nf-rows">
        ${body.need?.startsWith("procedure:") ? row(`checklist/${body.need.slice(10)}`, words.papersToBring, [], "paper") : nothing}
        ${body.case ? row(`case/${body.case}`, words.caseList, [], "follow") : nothing}
        ${this.said || body.state === PLANNED ? nothing : row(`visit/${body.id}/result`, words.visitOther, [], "paper")}
      </div>`;
  }

  /** Recorded here, whether the server has said so or not. */
  private get said(): boolean {
    return has(this.known.here.all, "visits.record_result");
  }

  private stateView(): TemplateResult | typeof nothing {
    const { words } = this.app;
    if (this.body.state === CANCELLED) return notice("warn", html`<p><strong>${words.visitCalledOff}</strong></p>`);
    if (this.body.state === PLANNED) return this.said && !this.known.here.waiting.length ? notice("good", words.visitRecorded) : nothing;
    return notice("good", html`<p>${words.visitRecorded}</p><p><strong>${this.known.state}</strong></p>`);
  }

  private formView(): TemplateResult {
    const { words } = this.app;
    const { form, known, wrong } = this;
    const minutes = MINUTES.map((n) => ({ value: String(n), label: words.minutes(n) }));
    return html`${radios("outcome", words.visitHow, known.outcomes, form.outcome, (outcome) => this.set({ outcome }), { error: wrong["outcome"] })}
      ${form.outcome === MET ? select("minutes", words.minutesLabel, minutes, form.minutes, (value) => this.set({ minutes: value })) : nothing}
      ${known.nexts.length ? radios("next", words.visitNext, known.nexts, form.next, (next) => this.set({ next }), { error: wrong["next"] }) : nothing}
      ${form.outcome === MET ? this.helpView() : nothing}
      ${field("note", words.noteLabel, form.note, (note) => this.set({ note }, false), { kind: "area", hint: words.noteHint, most: MOST.visitNote })}`;
  }

  private helpView(): TemplateResult {
    const { words } = this.app;
    const { form, known, wrong } = this;
    const again = (): void => {
      this.choosing = true;
      this.app.render();
    };
    const none = (): void => {
      this.choosing = false;
      this.set({ need: null });
    };
    if (this.choosing) return html`<h2 class="nf-h2">${words.visitSession}</h2>${secondary(words.visitSessionNone, none)}${this.picker.view(form.need)}`;
    return html`<h2 class="nf-h2">${words.visitSession}</h2>
      <p><strong>${form.need ? this.picker.label(form.need) : words.visitSessionNone}</strong></p>${secondary(words.change, again)}
      ${form.need
        ? html`${radios("alone", words.sessionAlone, known.alone, form.alone, (alone) => this.set({ alone }), { error: wrong["alone"] })}
            ${radios("done", words.sessionOutcome, known.sessionOutcomes, form.done, (value) => this.set({ done: value }), { error: wrong["done"] })}`
        : nothing}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (this.result) return primary(words.save, () => void this.save(), { icon: "check" });
    if (this.said || this.body.state !== PLANNED) return html`<a class="nf-button" href="#/today">${words.toToday}</a>`;
    return primary(words.visitResult, () => this.app.go(`visit/${this.body.id}/result`), { icon: "check" });
  }
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const [, id = "", part = ""] = route;
  const { pack, library, drafts } = session;
  const begun = await drafts.read<Begun>(`visit/${id}`);
  const body = (await pack.get("visit", id)) ?? begun?.body;
  if (!body) return { title: app.words.visitTitle, back: "today", view: () => notice("warn", app.words.notFound) };
  const known = {
    need: body.need ? await library.needLabel(body.need) : "",
    here: await recordedOf(session, "visit", id),
    state: await library.label("visit_outcome", body.state),
    outcomes: (await library.choices("visit_outcome")).filter(({ value }) => RESULTS.includes(value)),
    nexts: await library.choices("next_step"),
    alone: await library.choices("alone"),
    sessionOutcomes: await library.choices("outcome"),
  };
  const screen = new VisitScreen(app, session, body, part === "result", begun ?? EMPTY, known);
  screen.picker = await NeedPicker.open(app, session, (need) => screen.pick(need));
  return screen;
}
