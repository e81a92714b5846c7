/** A help session in three taps: what for, how much alone, how it went. The rest is filled in and can be changed. */
import { html, nothing, type TemplateResult } from "lit-html";
import { NeedPicker } from "../frame/need_picker";
import { type Choice, notice, primary, radios, row, secondary, select, tiles } from "../frame/parts";
import { openPlaces, type Places } from "../frame/place";
import { keep, storeSaid } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import { asRecord, DRAFT, keepHabits, measured, MINUTES, newDraft, type SessionDraft } from "../frame/session_draft";
import { remember, remembered } from "../frame/last_session";

interface Lists {
  readonly alone: readonly Choice[];
  readonly outcome: readonly Choice[];
  readonly age_band: readonly Choice[];
  readonly language: readonly Choice[];
  readonly papers: readonly Choice[];
  readonly places: Places;
}

async function lists(app: App, session: Session): Promise<Lists> {
  const { library } = session;
  const [alone, outcome, age_band, language, papers, places] = await Promise.all([
    library.choices("alone"), library.choices("outcome"), library.choices("age_band"),
    library.choices("language"), library.choices("papers"), openPlaces(app, session),
  ]);
  return { alone, outcome, age_band, language, papers, places };
}

type Step = "need" | "alone" | "outcome";

class SessionScreen implements Screen {
  readonly back: string;
  private more = false;
  // Stays so once it is kept: a touch on a neighbour must not send the same session with another outcome.
  private busy = false;
  picker!: NeedPicker;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly step: Step,
    private draft: SessionDraft,
    private readonly lists: Lists,
    private readonly begun: boolean,
  ) {
    this.back = step === "need" ? "today" : step === "alone" ? "session/need" : "session/alone";
  }

  get title(): string {
    return this.app.words.sessionTitle;
  }

  unsaved(): boolean {
    return this.busy;
  }

  private async set(change: Partial<SessionDraft>): Promise<void> {
    this.draft = { ...this.draft, ...change };
    try {
      await this.session.drafts.keep(DRAFT, this.draft);
    } catch (error) {
      this.app.say(storeSaid(error, this.app.words));
    }
  }

  async pickNeed(need: string): Promise<void> {
    await this.set({ need });
    this.app.go("session/alone");
  }

  private async pickAlone(alone: string): Promise<void> {
    await this.set({ alone });
    this.app.go("session/outcome");
  }

  private change(change: Partial<SessionDraft>): void {
    void this.set(change).then(() => this.app.render());
  }

  private async save(outcome: string): Promise<void> {
    const { need, alone } = this.draft;
    if (this.busy || !need || !alone) return;
    this.busy = true;
    const record = asRecord(this.draft, need, alone, outcome);
    const command = await keep(this.app, this.session, "sessions.record", record, { draft: DRAFT });
    this.busy = command !== null;
    if (!command) return;
    remember(this.session, { command, session: record, label: this.picker.label(need) });
    await this.session.drafts.drop(DRAFT);
    await keepHabits(this.session, this.draft);
    this.app.replace("session/saved");
  }

  view(): TemplateResult {
    const { words } = this.app;
    const number = this.step === "need" ? 1 : this.step === "alone" ? 2 : 3;
    const chosen = this.draft.need && this.step !== "need" ? html` · <strong>${this.picker.label(this.draft.need)}</strong>` : nothing;
    return html`<p class="nf-caption">${words.sessionStep(number)}${chosen}</p>${this.stepView()}`;
  }

  private stepView(): TemplateResult {
    const { words } = this.app;
    if (this.step === "need") return html`${this.begun ? notice("warn", html`<p>${words.draftHere}</p><p><a class="nf-link" href="#/session/again">${words.draftContinue}</a></p>`) : nothing}<h2 class="nf-h2">${words.sessionNeed}</h2>${this.picker.view(this.draft.need)}`;
    if (this.step === "alone") {
      return tiles("alone", words.sessionAlone, this.lists.alone, this.draft.alone, (alone) => void this.pickAlone(alone));
    }
    return html`${tiles("outcome", html`${words.sessionOutcome} <small>${words.sessionOutcomeHint}</small>`, this.lists.outcome, null, (outcome) => void this.save(outcome))}
      <p class="nf-filled">${this.filledIn()}</p>
      <details class="nf-more" ?open=${this.more} @toggle=${(event: Event) => (this.more = (event.target as HTMLDetailsElement).open)}>
        <summary>${words.sessionMore}</summary>${this.moreView()}</details>`;
  }

  /** What is taken for granted, in one line. */
  private filledIn(): string {
    const { draft, lists: known } = this;
    const label = (choices: readonly Choice[], value: string): string => choices.find((choice) => choice.value === value)?.label ?? "";
    const age = draft.age_band === "not_said" ? "" : label(known.age_band, draft.age_band);
    const parts = [this.app.words.minutes(measured(draft)), age, label(known.language, draft.language), label(known.places.choices, draft.place)];
    return parts.filter(Boolean).join(" · ");
  }

  private moreView(): TemplateResult {
    const { words } = this.app;
    const { draft, lists: known } = this;
    const minutes = [...new Set([...MINUTES, measured(draft)])].sort((a, b) => a - b);
    return html`${select("minutes", words.minutesLabel, minutes.map((n) => ({ value: String(n), label: words.minutes(n) })), String(measured(draft)), (n) => this.change({ minutes: Number(n) }))}
      ${radios("age", words.ageLabel, known.age_band, draft.age_band, (age_band) => this.change({ age_band }))}
      ${select("language", words.languageLabel, known.language, draft.language, (language) => this.change({ language }))}
      ${select("place", words.placeLabel, known.places.choices, draft.place, (place) => this.change({ place }), known.places.notes)}
      ${radios("first", words.firstTimeLabel, [{ value: "yes", label: words.firstTimeYes }, { value: "no", label: words.firstTimeNo }], draft.first_time ? "yes" : "no", (value) => this.change({ first_time: value === "yes" }))}
      ${draft.first_time ? nothing : radios("came", words.cameBackLabel, [{ value: "", label: words.notAsked }, { value: "yes", label: words.yes }, { value: "no", label: words.no }], draft.came_back, (came_back) => this.change({ came_back }))}
      ${radios("papers", words.papersLabel, known.papers, draft.papers, (papers) => this.change({ papers }))}`;
  }
}

class Saved implements Screen {
  readonly back = "today";
  private undone = false;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly lists: Lists,
  ) {}

  get title(): string {
    return this.undone ? this.app.words.sessionUndone : this.app.words.sessionSaved;
  }

  private async undo(): Promise<void> {
    const last = remembered(this.session);
    if (!last || this.undone) return;
    this.undone = true;
    this.undone = (await keep(this.app, this.session, "sessions.undo", { session: last.session.id }, { needs: [last.command] })) !== null;
    if (!this.undone) return;
    remember(this.session, null);
    this.app.render();
    document.getElementById("title")?.focus();
  }

  view(): TemplateResult {
    const { words } = this.app;
    const last = remembered(this.session);
    if (!last || this.undone) return html`<div class="nf-rows">${row("today", words.toToday, [], "home")}</div>`;
    const outcome = this.lists.outcome.find(({ value }) => value === last.session.outcome)?.label ?? "";
    const alone = this.lists.alone.find(({ value }) => value === last.session.alone)?.label ?? "";
    return html`${notice("good", html`<p><strong>${last.label}</strong></p><p>${alone} · ${outcome} · ${words.minutes(last.session.minutes)}</p><p>${words.saved}</p>`)}
      ${secondary(words.sessionUndo, () => void this.undo(), "undo")}
      <div class="nf-rows">${row("case-open/session", words.sessionFollow, [words.openCase], "follow")}${row("today", words.toToday, [], "home")}</div>`;
  }

  action(): TemplateResult {
    return primary(this.app.words.sessionAnother, () => this.app.go("session"), { icon: "person" });
  }
}

/** "again": where it was left. */
function stepOf(name: string | undefined, draft: SessionDraft): Step {
  if ((name === "outcome" || name === "again") && draft.need && draft.alone) return "outcome";
  return name !== undefined && name !== "need" && draft.need ? "alone" : "need";
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const known = await lists(app, session);
  if (route[1] === "saved") return new Saved(app, session, known);
  const kept = await session.drafts.read<SessionDraft>(DRAFT);
  // A new person begins a new session; what was begun is gone on with only when that was asked for.
  const draft = kept && route[1] ? kept : await newDraft(session);
  const screen = new SessionScreen(app, session, stepOf(route[1], draft), draft, known, kept !== null && draft !== kept);
  screen.picker = await NeedPicker.open(app, session, (need) => void screen.pickNeed(need));
  return screen;
}
