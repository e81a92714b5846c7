/** Who came to a class: one touch for each person by age band, each kept at once; undone by one touch. */
import { html, nothing, type TemplateResult } from "lit-html";
import { iso } from "../core/clock";
import { newId } from "../core/ids";
import { Confirm } from "../frame/confirm";
import { icon } from "../frame/icons";
import { notice, primary, secondary } from "../frame/parts";
import { has, type Recorded, recordedOf } from "../frame/pending";
import { keep } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import { sayDay, span } from "../frame/times";
import type { Command } from "../outbox/commands";
import type { ClassBody, Option } from "../pack/kinds";

/** A touch that can be taken back. */
interface Touch {
  readonly attendee: string;
  readonly command: string;
  readonly band: string;
}

/** Heads that the pack does not count yet. */
function headsOf(commands: readonly Command[]): number {
  return commands.reduce((sum, command) => {
    if (command.name === "classes.add_attendees") return sum + (command.data as { attendees: readonly unknown[] }).attendees.length;
    return command.name === "classes.remove_attendee" ? sum - 1 : sum;
  }, 0);
}

class ClassScreen implements Screen {
  readonly back = "today";
  private sure = new Confirm();
  private busy = false;
  private readonly touches: Touch[] = [];
  private readonly stops: (() => void)[] = [];
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private body: ClassBody,
    private here: Recorded,
    private readonly bands: readonly Option[],
  ) {
    const anew = (): void => void this.refresh();
    this.stops.push(session.outbox.onChange(anew), session.pack.onChange(anew));
  }

  get title(): string {
    return this.body.title || this.app.words.classTitle;
  }

  leave(): void {
    for (const stop of this.stops) stop();
  }

  private async refresh(): Promise<void> {
    if (this.session.vault.locked) return;
    this.body = (await this.session.pack.get("class", this.body.id)) ?? this.body;
    this.here = await recordedOf(this.session, "class", this.body.id);
    this.app.render();
  }

  private get count(): number {
    return Math.max(0, this.body.count + headsOf(this.here.all));
  }

  private get closed(): boolean {
    return this.body.state !== "planned" || has(this.here.all, "classes.close");
  }

  /** Quick touches are kept one after the other; of one that fails it is said so, and the next has its turn. */
  private inTurn(work: () => Promise<void>): void {
    this.last = this.last.then(work).catch(() => this.app.say(this.app.words.problem));
  }

  private add(band: string): void {
    // In which language somebody was helped is nobody's question here.
    const attendee = { id: newId(), age_band: band, language: "", alone: "", at: iso() };
    this.inTurn(async () => {
      const command = await keep(this.app, this.session, "classes.add_attendees", { class: this.body.id, attendees: [attendee] });
      if (!command) return;
      this.touches.push({ attendee: attendee.id, command, band });
      await this.refresh();
      this.app.say(this.app.words.classCount(this.count));
    });
  }

  private undo(): void {
    this.inTurn(async () => {
      const touch = this.touches.pop();
      if (!touch) return;
      const data = { class: this.body.id, attendee: touch.attendee };
      if (!(await keep(this.app, this.session, "classes.remove_attendee", data, { needs: [touch.command] }))) this.touches.push(touch);
      await this.refresh();
      this.app.say(this.app.words.classCount(this.count));
    });
  }

  private async close(): Promise<void> {
    if (this.busy || this.closed) return;
    if (!this.sure.touch()) return this.app.render();
    this.busy = true;
    try {
      await this.last;
      // The last one is enough: the server takes them in their order.
      const needs = this.here.waiting.slice(-1).map((command) => command.id);
      await keep(this.app, this.session, "classes.close", { class: this.body.id }, { needs });
      // Refused, it can be asked for again.
      this.sure = new Confirm();
      await this.refresh();
    } finally {
      this.busy = false;
    }
  }

  view(): TemplateResult {
    const { words } = this.app;
    const { body } = this;
    const when = html`<p class="nf-caption">${sayDay(body.day, words)}, ${span(body.starts_at, body.ends_at)} · ${body.place}</p>`;
    if (body.state === "cancelled") return html`${when}${notice("warn", words.classCalledOff)}`;
    const count = html`<p class="nf-count"><strong>${words.classCount(this.count)}</strong>${body.expected ? words.classExpected(body.expected) : nothing}</p>`;
    if (this.closed) return html`${when}${count}${notice("good", words.classClosed)}`;
    return html`${when}${count}<p>${words.classHint}</p>
      <div class="nf-tiles nf-tiles--pairs">${this.bands.map((band) => html`<button type="button" class="nf-tile nf-tile--plus" data-value=${band.value} aria-label=${words.addOne(band.label)} @click=${() => this.add(band.value)}>${icon("plus")}<span>${band.label}</span></button>`)}</div>
      ${this.touches.length ? secondary(words.classUndo, () => this.undo(), "undo") : nothing}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (this.closed) return html`<a class="nf-button" href="#/today">${words.toToday}</a>`;
    return primary(this.sure.asked ? words.classCloseSure : words.classClose, () => void this.close(), { icon: "check" });
  }
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const body = await session.pack.get("class", route[1] ?? "");
  if (!body) return { title: app.words.classTitle, back: "today", view: () => notice("warn", app.words.notFound) };
  return new ClassScreen(app, session, body, await recordedOf(session, "class", body.id), await session.library.choices("age_band"));
}
