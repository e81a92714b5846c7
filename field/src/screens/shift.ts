/** A shift: where and when; checked in by the code on the post's screen, scanned or typed; checked out. */
import { html, nothing, type TemplateResult } from "lit-html";
import { iso } from "../core/clock";
import { codeSaid } from "../frame/code_said";
import { icon } from "../frame/icons";
import { field, notice, primary, secondary, summary, toFirstError } from "../frame/parts";
import { has, pendingView, type Recorded, recordedOf } from "../frame/pending";
import { Confirm } from "../frame/confirm";
import { keep } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import { sayDay, sayMoment, span } from "../frame/times";
import type { ShiftBody } from "../pack/kinds";
import { scan } from "../scan/camera";
import { type Code, readCode } from "../scan/codes";

/** Scanned, or the short one beside it, typed: which post that is the shift says. "": neither. */
function codeOf(read: Code): string {
  return read.kind === "post" || read.kind === "card" ? read.code : "";
}

class ShiftScreen implements Screen {
  readonly back = "today";
  private code = "";
  private seenAt = "";
  private wrong = "";
  private busy = false;
  /** Just checked in: the second touch of a double tap is no leaving. */
  private came: Confirm | null = null;
  /** Scanned, and not the code of a post. */
  private other: Code | null = null;
  private readonly gone = new AbortController();

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly shift: ShiftBody,
    private here: Recorded,
  ) {}

  get title(): string {
    return this.app.words.shiftTitle;
  }

  unsaved(): boolean {
    return this.code !== "";
  }

  private get isIn(): boolean {
    return this.shift.checked_in_at !== null || has(this.here.all, "shifts.check_in");
  }

  private get isOut(): boolean {
    return this.shift.checked_out_at !== null || has(this.here.all, "shifts.check_out");
  }

  leave(): void {
    this.gone.abort();
  }

  /** Typing always works too. */
  private async scan(): Promise<void> {
    const { words } = this.app;
    const text = await scan({ words, signal: this.gone.signal, hint: words.shiftScanHint, photo: true });
    if (text === null || this.gone.signal.aborted) return;
    const code = readCode(text);
    this.other = code.kind === "post" ? null : code;
    if (code.kind !== "post") return this.app.render();
    this.take(code.code);
    await this.save();
  }

  /** The code is good for some seconds only: the moment it was seen goes with it. */
  private take(code: string): void {
    this.code = code.trim();
    this.seenAt = iso();
  }

  private async save(): Promise<void> {
    const { words } = this.app;
    if (this.busy) return;
    const code = codeOf(readCode(this.code));
    // Leaving needs no code; one that is given must be one.
    if (!code && (!this.isIn || this.code)) {
      this.wrong = this.code ? words.shiftCodeWrong : words.shiftCodeFirst;
      this.app.render();
      return toFirstError();
    }
    if (this.came?.touch() === false) return;
    this.busy = true;
    const came = this.here.waiting.filter(({ name }) => name === "shifts.check_in").map(({ id }) => id);
    const done = this.isIn
      ? await keep(this.app, this.session, "shifts.check_out", { shift: this.shift.id, code }, { needs: came })
      : await keep(this.app, this.session, "shifts.check_in", { shift: this.shift.id, code, seen_at: this.seenAt || iso() });
    this.busy = false;
    if (!done) return;
    this.code = "";
    this.wrong = "";
    this.other = null;
    this.here = await recordedOf(this.session, "shift", this.shift.id);
    this.came = Confirm.armed();
    this.app.say(words.saved);
  }

  view(): TemplateResult {
    const { words } = this.app;
    const { shift } = this;
    const came = shift.checked_in_at ? words.checkedIn(sayMoment(shift.checked_in_at, words)) : "";
    const left = shift.checked_out_at ? words.checkedOut(sayMoment(shift.checked_out_at, words)) : "";
    return html`<p class="nf-big">${sayDay(shift.day, words)}, ${span(shift.starts_at, shift.ends_at)}</p>
      ${summary([
        [words.where, html`${shift.post}${shift.place ? html`<br>${shift.place}` : nothing}`],
        [words.checkIn, came],
        [words.checkOut, left],
      ])}
      ${pendingView(this.app, this.here.waiting)}
      ${this.isOut ? notice("good", words.shiftDone) : this.codeView()}`;
  }

  private codeView(): TemplateResult {
    const { words } = this.app;
    return html`<h2 class="nf-h2">${this.isIn ? words.checkOut : words.checkIn}</h2>
      ${this.isIn ? html`<p>${words.shiftOutHint}</p>` : nothing}
      <div role="status">${this.other ? codeSaid(this.other, words) : nothing}</div>
      ${secondary(words.shiftScan, () => void this.scan(), "scan")}
      ${field("code", words.shiftType, this.code, (code) => this.take(code), { error: this.wrong || undefined })}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (this.isOut) return html`<a class="nf-button" href="#/today">${icon("home")}<span>${words.toToday}</span></a>`;
    return primary(this.isIn ? words.checkOut : words.checkIn, () => void this.save(), { icon: "check" });
  }
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const shift = await session.pack.get("shift", route[1] ?? "");
  if (!shift) return { title: app.words.shiftTitle, back: "today", view: () => notice("warn", app.words.noShift) };
  return new ShiftScreen(app, session, shift, await recordedOf(session, "shift", shift.id));
}
