/** The day: my shift, my visits, my class, what was begun – and one large key: help somebody. */
import { html, nothing, type TemplateResult } from "lit-html";
import { Confirm } from "../frame/confirm";
import { languageKeys } from "../frame/languages";
import { notice, row, secondary, tag } from "../frame/parts";
import { icon } from "../frame/icons";
import type { App, Screen, Session } from "../frame/screen";
import { about, last, type Recorded, recorded } from "../frame/pending";
import { sayDay, sayMoment, dayOf, span } from "../frame/times";
import { DRAFT } from "../frame/session_draft";
import type { Command } from "../outbox/commands";
import type { ClassBody, ShiftBody, VisitBody } from "../pack/kinds";

interface Day {
  readonly shifts: readonly ShiftBody[];
  readonly visits: readonly VisitBody[];
  readonly classes: readonly ClassBody[];
  readonly cases: number;
  readonly needs: ReadonlyMap<string, string>;
  readonly known: boolean;
  readonly draft: boolean;
  readonly here: Recorded;
  readonly results: ReadonlyMap<string, string>;
}

const byTime = (a: { day: string; starts_at: string }, b: { day: string; starts_at: string }): number =>
  a.day.localeCompare(b.day) || a.starts_at.localeCompare(b.starts_at);

async function read(session: Session): Promise<Day> {
  const { pack, drafts, library } = session;
  const [shifts, visits, classes, cases, me, draft] = await Promise.all([
    pack.list("shift"), pack.list("visit"), pack.list("class"), pack.list("case"), library.me(), drafts.read(DRAFT),
  ]);
  const results = await library.choices("visit_outcome");
  const named = visits.map(async ({ need }) => [need ?? "", await library.needLabel(need)] as const);
  return {
    shifts: shifts.sort(byTime),
    // All that the server gave for these days, whatever day this phone believes it is.
    visits: visits.sort(byTime),
    classes: classes.sort(byTime),
    cases: me?.cut?.cases?.all ?? cases.length,
    needs: new Map(await Promise.all(named)),
    known: me !== undefined,
    draft: draft !== null,
    here: await recorded(session),
    results: new Map(results.map(({ value, label }) => [value, label])),
  };
}

class Today implements Screen {
  readonly back = null;
  private readonly sure = new Confirm();
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private day: Day,
  ) {
    const anew = (): void => void this.refresh();
    this.stops.push(session.pack.onChange(anew), session.outbox.onChange(anew));
  }

  get title(): string {
    return this.app.words.todayTitle;
  }

  leave(): void {
    for (const stop of this.stops) stop();
  }

  private async refresh(): Promise<void> {
    if (this.session.vault.locked) return;
    this.day = await read(this.session);
    this.app.render();
  }

  private async drop(): Promise<void> {
    if (!this.sure.touch()) return this.app.render();
    await this.session.drafts.drop(DRAFT);
    await this.refresh();
  }

  view(): TemplateResult {
    const { words } = this.app;
    const { shifts, visits, classes, known, draft } = this.day;
    const nothingPlanned = known && !shifts.length && !visits.length && !classes.length;
    return html`${draft ? this.draftView() : nothing}
      ${known ? nothing : notice("info", words.firstPack)}
      ${nothingPlanned ? html`<p>${words.nothingToday}</p>` : nothing}
      ${this.planned(words.myShift, shifts.map((shift) => this.shiftRow(shift)))}
      ${this.planned(words.myVisits, visits.map((visit) => this.visitRow(visit)))}
      ${this.planned(words.myClass, classes.map((lesson) => this.classRow(lesson)))}
      <div class="nf-rows nf-rows--more">
        ${row("guides", words.papersToBring, [], "paper")}
        ${row("cases", words.caseList, [this.day.cases ? words.casesCount(this.day.cases) : ""], "follow")}
        ${row("scan", words.scanTitle, [words.scanShort], "scan")}
        ${row("status", words.settings, [], "send")}
      </div>
      ${known ? nothing : languageKeys(this.app)}`;
  }

  private planned(title: string, rows: readonly TemplateResult[]): TemplateResult | typeof nothing {
    return rows.length ? html`<h2 class="nf-h2">${title}</h2><div class="nf-rows">${rows}</div>` : nothing;
  }

  private when(day: string, starts: string, ends: string): string {
    const hours = span(starts, ends);
    return day === dayOf() ? hours : `${sayDay(day, this.app.words)}, ${hours}`;
  }

  private shiftRow(shift: ShiftBody): TemplateResult {
    const { words } = this.app;
    const here = about(this.day.here, "shift", shift.id).all;
    const came = shift.checked_in_at ?? last(here, "shifts.check_in")?.made_at;
    const left = shift.checked_out_at ?? last(here, "shifts.check_out")?.made_at;
    const state = left ? words.checkedOut(sayMoment(left, words)) : came ? words.checkedIn(sayMoment(came, words)) : "";
    const when = this.when(shift.day, shift.starts_at, shift.ends_at);
    return row(`shift/${shift.id}`, when, [shift.post, state ? tag("good", state) : ""], "clock");
  }

  private visitRow(visit: VisitBody): TemplateResult {
    const when = this.when(visit.day, visit.starts_at, visit.ends_at);
    return row(`visit/${visit.id}`, when, [visit.hamlet, this.day.needs.get(visit.need ?? "") ?? "", this.visitTag(visit)], "home");
  }

  /** What came of it, here or as the pack says; nothing while it is still to be done. */
  private visitTag(visit: VisitBody): TemplateResult | "" {
    const said = last(about(this.day.here, "visit", visit.id).all, "visits.record_result");
    const state = said ? (said as Command<"visits.record_result">).data.outcome : visit.state;
    if (state === "cancelled") return tag("warn", this.app.words.calledOff);
    return state === "planned" ? "" : tag(state === "done" ? "good" : "info", this.day.results.get(state) ?? state);
  }

  private classRow(lesson: ClassBody): TemplateResult {
    const { words } = this.app;
    const when = this.when(lesson.day, lesson.starts_at, lesson.ends_at);
    const ended = lesson.state === "held" || last(about(this.day.here, "class", lesson.id).all, "classes.close");
    const state = lesson.state === "cancelled" ? tag("warn", words.calledOff) : ended ? tag("good", words.ended) : "";
    return row(`class/${lesson.id}`, when, [lesson.title, lesson.place, state], "school");
  }

  private draftView(): TemplateResult {
    const { words } = this.app;
    return html`${notice(
      "warn",
      html`<p>${words.draftHere}</p><p class="nf-pair"><a class="nf-button" href="#/session/again">${words.draftContinue}</a>${secondary(
          this.sure.asked ? words.draftDropSure : words.draftDrop,
          () => void this.drop(),
        )}</p>`,
    )}`;
  }

  action(): TemplateResult {
    return html`<a class="nf-button nf-button--large" href="#/session">${icon("person")}<span>${this.app.words.helpSomebody}</span></a>`;
  }
}

export async function open(app: App, session: Session): Promise<Screen> {
  return new Today(app, session, await read(session));
}
