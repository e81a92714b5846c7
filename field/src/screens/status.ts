/** Sending, in plain words: what waits, when it was sent last – and the settings of this phone. */
import { html, nothing, type TemplateResult } from "lit-html";
import { statusLine } from "../frame/frame";
import { languageKeys } from "../frame/languages";
import { checkbox, notice, primary, row, secondary } from "../frame/parts";
import type { App, Screen, Session } from "../frame/screen";
import { signInPage } from "../frame/sign_in";
import { sayMoment } from "../frame/times";
import type { Command } from "../outbox/commands";
import { keptForGood } from "../store/space";
import { openLeave } from "./leave";

class Status implements Screen {
  readonly back = "today";
  private readonly stop: () => void;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private waiting: readonly Command[],
    private readonly safe: boolean,
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
      ${this.safe ? nothing : notice("warn", words.mayBeDeleted)}
      <div class="nf-rows">
        ${state.attention > 0 ? row("drawer", words.drawerTitle, [words.attention(state.attention)], "warn") : row("drawer", words.drawerTitle, [words.drawerEmpty], "check")}
        ${row(`rescue/${this.session.vault.device}/open`, words.rescueLink, [], "send")}
        ${row("pin", words.changePin, [], "lock")}
      </div>
      <h2 class="nf-h2">${words.chooseLanguage}</h2>${languageKeys(this.app)}
      ${checkbox("large", words.largeText, this.app.large, (on) => this.app.setLarge(on))}
      <div class="nf-rows">${row("status/leave", words.takeOff, [], "person")}</div>
      ${secondary(words.lockNow, () => this.app.lock(), "lock")}`;
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

  action(): TemplateResult {
    return primary(this.app.words.sendNow, () => this.session.engine.now(), { icon: "send" });
  }
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  if (route[1] === "leave") return openLeave(app, session);
  return new Status(app, session, await session.outbox.all(), await keptForGood());
}
