/** A case is opened: the words are read aloud first, and nothing is written down without a yes. */
import { html, nothing, type TemplateResult } from "lit-html";
import { newId } from "../core/ids";
import { MOST, serverDay, wrongFirstDue, wrongName, wrongPhone } from "../frame/checks";
import { remembered, type LastSession } from "../frame/last_session";
import { NeedPicker } from "../frame/need_picker";
import { checkbox, type Choice, field, notice, primary, radios, secondary, select, toFirstError } from "../frame/parts";
import { openPlaces, type Places } from "../frame/place";
import { keep } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import type { OpenCase } from "../outbox/commands";
import type { ConsentBody } from "../pack/kinds";
import { isLanguage, LANGUAGE_NAMES, type Language } from "../words";

const PURPOSE = "follow_up";
// Each help session has its own: whoever sits here next does not wipe what was begun with the one before.
const draftOf = (session: string | null): string => (session ? `case/${session}` : "case");
const KEEP = [1, 3, 6, 12];

interface Form {
  readonly id: string;
  /** The help session it follows, and the command that records it. */
  readonly session: string | null;
  readonly command: string | null;
  readonly need: string | null;
  readonly place: string;
  readonly name: string;
  readonly phone: string;
  readonly language: string;
  readonly spoken: Language;
  readonly keep: string;
  readonly due: string;
  readonly method: string;
  readonly agreed: boolean;
}

interface Known {
  readonly consent: ConsentBody | undefined;
  readonly methods: readonly Choice[];
  readonly languages: readonly Choice[];
  readonly places: Places;
  readonly today: () => string;
}

class CaseOpen implements Screen {
  readonly back: string;
  private wrong: { readonly [name: string]: string | undefined } = {};
  private choosing = false;
  private touched = false;
  private busy = false;
  picker!: NeedPicker;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private form: Form,
    private readonly known: Known,
    private readonly route: string,
    private readonly continued: boolean,
    /** Under which it was begun: what an older edition of the app kept has another name. */
    private readonly draft: string,
  ) {
    this.back = route === "case-open/session" ? "session/saved" : "cases";
    this.choosing = form.need === null;
  }

  get title(): string {
    return this.app.words.caseNew;
  }

  unsaved(): boolean {
    return this.touched;
  }

  private set(change: Partial<Form>, draw = true): void {
    this.form = { ...this.form, ...change };
    this.touched = true;
    // Without a yes nothing of a name is kept, not even sealed; nor when it is taken back.
    const { drafts } = this.session;
    void (this.form.agreed ? drafts.keep(this.draft, this.form) : drafts.drop(this.draft)).catch(() => undefined);
    if (draw) this.app.render();
  }

  pick(need: string): void {
    this.choosing = false;
    this.set({ need });
  }

  private check(): { readonly [name: string]: string | undefined } {
    const { words } = this.app;
    const { form } = this;
    const said = {
      name: wrongName(form.name, words),
      phone: wrongPhone(form.phone, words),
      due: wrongFirstDue(form.due, this.known.today(), words),
    };
    return {
      ...(form.agreed ? {} : { agreed: words.agreedFirst }),
      ...(form.method ? {} : { method: words.chooseOne }),
      ...(form.need ? {} : { need: words.chooseNeed }),
      ...Object.fromEntries(Object.entries(said).filter(([, wrong]) => wrong)),
    };
  }

  private data(): OpenCase {
    const { form } = this;
    const [commune = "", point = ""] = form.place.split(":");
    return {
      id: form.id, commune, need: form.need ?? "", service_point: point || null, session: form.session,
      name: form.name.trim(), phone: form.phone.trim(), helping_language: form.language, keep_months: Number(form.keep),
      due_on: form.due || null, consent: { purpose: PURPOSE, method: form.method, language: form.spoken },
      known_citizen: null, another_person: false,
    };
  }

  private async save(): Promise<void> {
    this.wrong = this.check();
    if (Object.keys(this.wrong).length) {
      this.choosing ||= "need" in this.wrong;
      this.app.render();
      return toFirstError();
    }
    const needs = this.form.command ? [this.form.command] : [];
    if (this.busy) return;
    this.busy = true;
    this.busy = (await keep(this.app, this.session, "cases.open", this.data(), { needs, draft: this.draft })) !== null;
    if (!this.busy) return;
    await this.session.drafts.drop(this.draft);
    this.touched = false;
    this.app.replace("case-open/done");
  }

  view(): TemplateResult {
    const { words } = this.app;
    const { form, known, wrong } = this;
    if (!known.consent) return html`${notice("warn", words.noConsentWords)}`;
    return html`${this.continued ? this.continuedView() : nothing}<p>${words.caseOnlyWhen}</p>${this.consentView(known.consent)}
      ${this.needView()}
      ${select("place", words.placeLabel, known.places.choices, form.place, (place) => this.set({ place }), known.places.notes)}
      ${field("name", words.name, form.name, (name) => this.set({ name }, false), { hint: words.nameHint, error: wrong["name"], most: MOST.name })}
      ${field("phone", words.phone, form.phone, (phone) => this.set({ phone }, false), { kind: "tel", hint: words.phoneHint, error: wrong["phone"], most: MOST.phone })}
      ${select("language", words.helpingLanguage, [{ value: "", label: words.notNoted }, ...known.languages.filter(({ value }) => value)], form.language, (language) => this.set({ language }))}
      ${radios("keep", words.keepLabel, KEEP.map((n) => ({ value: String(n), label: words.months(n) })), form.keep, (value) => this.set({ keep: value }), { hint: words.keepHint })}
      ${field("due", `${words.dueLabel} (${words.optional})`, form.due, (due) => this.set({ due }, false), { kind: "date", error: wrong["due"] })}`;
  }

  /** Somebody else may sit here by now: neither name nor yes of the last person is theirs. */
  private continuedView(): TemplateResult {
    const { words } = this.app;
    const anew = async (): Promise<void> => {
      await this.session.drafts.drop(this.draft);
      this.app.replace(this.route);
    };
    return notice("warn", html`<p>${words.caseBegun}</p>${secondary(words.caseAnew, () => void anew(), "person")}`);
  }

  private consentView(consent: ConsentBody): TemplateResult {
    const { words } = this.app;
    const { form, known, wrong } = this;
    const spoken = Object.entries(LANGUAGE_NAMES).map(([value, label]) => ({ value, label }));
    const paragraphs = consent.texts[form.spoken].split(/\n+/).filter(Boolean);
    return html`<section class="nf-panel" aria-labelledby="aloud"><h2 class="nf-h2" id="aloud">${words.readAloud}</h2>
        ${select("spoken", words.language, spoken, form.spoken, (value) => isLanguage(value) && this.set({ spoken: value, agreed: false }))}
        <div lang=${form.spoken}>${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
        <div class="nf-field ${wrong["agreed"] ? "nf-field--wrong" : ""}">${wrong["agreed"] ? html`<p class="nf-error">${wrong["agreed"]}</p>` : nothing}
          ${checkbox("agreed", words.agreed, form.agreed, (agreed) => this.set({ agreed }))}</div>
        ${radios("method", words.howYes, known.methods, form.method, (method) => this.set({ method }), { error: wrong["method"] })}
      </section>`;
  }

  private needView(): TemplateResult {
    const { words } = this.app;
    const again = (): void => {
      this.choosing = true;
      this.app.render();
    };
    if (!this.choosing) {
      return html`<h2 class="nf-h2">${words.whatToFollow}</h2><p><strong>${this.picker.label(this.form.need)}</strong></p>${secondary(words.change, again)}`;
    }
    return html`<div class="nf-field ${this.wrong["need"] ? "nf-field--wrong" : ""}" tabindex="-1"><h2 class="nf-h2">${words.whatToFollow}</h2>
      ${this.wrong["need"] ? html`<p class="nf-error">${this.wrong["need"]}</p>` : nothing}${this.picker.view(this.form.need)}</div>`;
  }

  action(): TemplateResult {
    return this.known.consent ? primary(this.app.words.openCase, () => void this.save(), { icon: "check" }) : html``;
  }
}

function done(app: App): Screen {
  const { words } = app;
  return {
    title: words.saved,
    back: "today",
    view: () => notice("good", words.caseOpened),
    action: () => html`<a class="nf-button" href="#/today">${words.toToday}</a>`,
  };
}

function fresh(app: App, last: LastSession | null, places: readonly Choice[]): Form {
  const place = last ? `${last.session.commune}:${last.session.service_point ?? ""}` : (places[0]?.value ?? "");
  const language = last?.session.language ?? "";
  return {
    id: newId(), session: last?.session.id ?? null, command: last?.command ?? null, need: last?.session.need ?? null, place, name: "", phone: "", language, spoken: app.language, keep: "6", due: "", method: "", agreed: false,
  };
}

/** case-open; case-open/session: after the session saved last; case-open/session/<id>: what was begun after that one. */
export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const [, way = "", begun = ""] = route;
  if (way === "done") return done(app);
  const { library, pack, drafts } = session;
  const last = way === "session" && !begun ? remembered(session) : null;
  const places = await openPlaces(app, session);
  const draft = draftOf(begun || (last?.session.id ?? null));
  const kept = await drafts.read<Form>(draft);
  const known = {
    consent: await pack.get("consent", PURPOSE),
    methods: await library.choices("consent_method"),
    languages: await library.choices("language"),
    places,
    today: await serverDay(session),
  };
  const from = last ? "case-open/session" : "case-open";
  const screen = new CaseOpen(app, session, kept ?? fresh(app, last, places.choices), known, from, kept !== null, draft);
  screen.picker = await NeedPicker.open(app, session, (need) => screen.pick(need));
  return screen;
}
