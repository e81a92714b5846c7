/** Sending, in plain words: what waits, when it was sent last – and the settings of this phone. */
import { html, nothing, type TemplateResult } from "lit-html";
import { running } from "../core/clock";
import { statusLine } from "../frame/frame";
import { languageKeys } from "../frame/languages";
import { checkbox, notice, primary, row, secondary } from "../frame/parts";
import type { App, Screen, Session } from "../frame/screen";
import { signInPage } from "../frame/sign_in";
import { sayMoment } from "../frame/times";
import type { Command } from "../outbox/commands";
import { removeDevice } from "../store/devices";
import { space, type Space } from "../store/space";
import { credentials } from "../store/token";
import { sayLeft } from "../sync/protocol";
import { Wire } from "../sync/wire";

// Nobody waits long to leave.
const SHORT = { least: 5_000, most: 5_000 };
const MEANT = 600;
const MEGABYTE = 1_000_000;

class Status implements Screen {
  readonly back = "today";
  private readonly stop: () => void;
  private askedAt: number | null = null;
  private busy = false;
  private held = false;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private waiting: readonly Command[],
    private readonly room: Space,
  ) {
    this.stop = session.outbox.onChange(() => void this.refresh());
  }

  get title(): string {
    return this.app.words.statusTitle;
  }

  leave(): void {
    this.stop();
  }

  private async refresh(): Promise<void> {
    if (this.session.vault.locked) return;
    this.waiting = await this.session.outbox.all();
    this.app.render();
  }

  view(): TemplateResult {
    const { words } = this.app;
    const state = this.session.engine.state();
    const { problem } = state;
    const signIn = problem === "sign_in" || problem === "lease_ended";
    const done = state.waiting === 0 && state.attention === 0;
    return html`${notice(state.attention > 0 ? "warn" : done ? "good" : "info", html`<p><strong>${statusLine(state, words)}</strong></p>
        <p>${state.lastDone === null ? words.never : words.lastDone(sayMoment(state.lastDone, words))}</p>
        ${problem ? html`<p>${words.problems[problem]}</p>` : nothing}
        ${state.nextTry !== null && problem ? html`<p>${words.nextTry(sayMoment(state.nextTry, words))}</p>` : nothing}`)}
      ${signIn ? secondary(words.signIn, () => void this.signIn()) : nothing}
      ${this.waitingView()}
      ${this.spaceView()}
      <div class="nf-rows">
        ${state.attention > 0 ? row("drawer", words.drawerTitle, [words.attention(state.attention)], "warn") : row("drawer", words.drawerTitle, [words.drawerEmpty], "check")}
        ${row(`rescue/${this.session.vault.device}/open`, words.rescueLink, [], "send")}
        ${row("pin", words.changePin, [], "lock")}
      </div>
      <h2 class="nf-h2">${words.chooseLanguage}</h2>${languageKeys(this.app)}
      ${checkbox("large", words.largeText, this.app.large, (on) => this.app.setLarge(on))}
      <div role="status">${this.held ? notice("warn", words.takeOffWaits) : nothing}</div>
      ${secondary(this.askedAt !== null ? words.takeOffSure : words.takeOff, () => void this.takeOff())}
      ${secondary(words.lockNow, () => this.app.lock(), "lock")}`;
  }

  /** For good, and only when nothing of it waits: the next who uses the phone finds nothing. */
  private async takeOff(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { session } = this;
    this.held = (await session.outbox.count()) + (await session.outbox.attention()) > 0;
    // Two touches in one go are one: the second has to be made to the words that ask for it.
    if (this.held || this.askedAt === null || running() - this.askedAt < MEANT) {
      this.askedAt = this.held ? null : (this.askedAt ?? running());
      this.busy = false;
      return this.app.render();
    }
    const token = await credentials(session.vault).token();
    try {
      await removeDevice(session.vault);
    } catch {
      this.busy = false;
      return this.app.say(this.app.words.takeOffWaits);
    }
    // Without signal the server hears nothing of it: the lease ends by itself.
    if (token !== null) await sayLeft(new Wire(SHORT), token);
  }

  private async signIn(): Promise<void> {
    const me = await this.session.pack.get("me", "me");
    location.assign(await signInPage(me?.id));
  }

  private waitingView(): TemplateResult | typeof nothing {
    const { words } = this.app;
    if (!this.waiting.length) return nothing;
    return html`<h2 class="nf-h2">${words.whatWaits}</h2><p>${words.safeHere}</p>
      <ul class="nf-lines">${this.waiting.map((command) => html`<li>${words.commands[command.name]} – ${sayMoment(command.made_at, words)}</li>`)}</ul>`;
  }

  private spaceView(): TemplateResult {
    const { words } = this.app;
    const { free } = this.room;
    return free === null ? html`` : html`<p class="nf-caption">${words.freeSpace(free < 1000 * MEGABYTE ? `${Math.round(free / MEGABYTE)} MB` : `${Math.round(free / MEGABYTE / 1000)} GB`)}</p>`;
  }

  action(): TemplateResult {
    return primary(this.app.words.sendNow, () => this.session.engine.now(), { icon: "send" });
  }
}

export async function open(app: App, session: Session): Promise<Screen> {
  return new Status(app, session, await session.outbox.all(), await space());
}
