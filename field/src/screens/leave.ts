/** Taking one's work off a phone for good: only when nothing of it waits, and never by a slip of the thumb. */
import { html, nothing, type TemplateResult } from "lit-html";
import { type Begun, begunRow, begunWork } from "../frame/begun";
import { Confirm } from "../frame/confirm";
import { notice, row, secondary } from "../frame/parts";
import type { App, Screen, Session } from "../frame/screen";
import { removeDevice } from "../store/devices";
import { credentials } from "../store/token";
import { sayLeft } from "../sync/protocol";
import { Wire } from "../sync/wire";

// Nobody waits long to leave.
const SHORT = { least: 5_000, most: 5_000 };

interface Held {
  readonly waiting: number;
  readonly attention: number;
  readonly begun: readonly Begun[];
  /** Put away, and read here only. */
  readonly away: number;
}

async function heldBy(app: App, session: Session): Promise<Held> {
  const { outbox } = session;
  const away = (await outbox.drawer()).filter(({ state }) => state === "away").length;
  return { waiting: await outbox.count(), attention: await outbox.attention(), begun: await begunWork(app, session), away };
}

class Leave implements Screen {
  readonly back = "status";
  private busy = false;
  // Asked by opening this screen, and anew when the key comes to stand under a thumb that meant another one.
  private sure = Confirm.armed();
  /** By the draft. */
  private readonly drops = new Map<string, Confirm>();
  private readonly stop: () => void;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private held: Held,
  ) {
    this.stop = session.outbox.onChange(() => void this.look());
  }

  get title(): string {
    return this.app.words.takeOff;
  }

  leave(): void {
    this.stop();
  }

  private async look(): Promise<void> {
    if (this.session.vault.locked) return;
    const { free } = this;
    this.held = await heldBy(this.app, this.session);
    if (this.free && !free) this.sure = Confirm.armed();
    this.app.render();
  }

  private get free(): boolean {
    const { waiting, attention, begun } = this.held;
    return waiting + attention + begun.length === 0;
  }

  private async dropBegun(draft: string): Promise<void> {
    const sure = this.drops.get(draft) ?? new Confirm();
    this.drops.set(draft, sure);
    if (!sure.touch()) return this.app.render();
    await this.session.drafts.drop(draft);
    await this.look();
  }

  private async takeOff(): Promise<void> {
    if (this.busy || !this.sure.touch()) return;
    this.busy = true;
    try {
      await this.look();
      if (this.free) return await this.remove();
    } catch {
      // What was recorded in the same moment stands in the way, or the store does not answer.
      if (!this.session.vault.locked) this.app.say(this.app.words.problem);
    }
    this.busy = false;
  }

  private async remove(): Promise<void> {
    const token = await credentials(this.session.vault).token();
    await removeDevice(this.session.vault);
    // Without signal the server hears nothing of it: the lease ends by itself.
    if (token !== null) await sayLeft(new Wire(SHORT), token);
  }

  view(): TemplateResult {
    const { words } = this.app;
    const { waiting, attention, begun } = this.held;
    // The same place for both: what changes in it is read out.
    return html`<div role="status">${this.free ? this.freeView() : notice("warn", words.takeOffWaits)}</div>
      <div class="nf-rows">
        ${waiting ? row("status", words.waiting(waiting), [], "send") : nothing}
        ${attention ? row("drawer", words.drawerTitle, [words.attention(attention)], "warn") : nothing}
        ${begun.map((one) => this.begunView(one))}
      </div>`;
  }

  private freeView(): TemplateResult {
    const { words } = this.app;
    const { away } = this.held;
    return html`<p>${words.takeOffWhat}</p>${away ? html`<p>${words.takeOffAway(away)}</p>` : nothing}<p>${words.takeOffAgain}</p>`;
  }

  private begunView(one: Begun): TemplateResult {
    const { words } = this.app;
    const asked = this.drops.get(one.draft)?.asked ?? false;
    return html`${begunRow(one, this.app)}${secondary(asked ? words.begunDropSure : words.begunDrop, () => void this.dropBegun(one.draft))}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    const stay = html`<a class="nf-button" href="#/status">${words.takeOffKeep}</a>`;
    return this.free ? html`<div class="nf-pair">${secondary(words.takeOffNow, () => void this.takeOff())}${stay}</div>` : stay;
  }
}

export async function openLeave(app: App, session: Session): Promise<Screen> {
  return new Leave(app, session, await heldBy(app, session));
}
