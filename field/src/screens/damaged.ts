/** What does not open any more: handed in first, then put away. */
import { html, type TemplateResult } from "lit-html";
import { Confirm } from "../frame/confirm";
import { notice, row, secondary } from "../frame/parts";
import type { App, Screen, Session } from "../frame/screen";

export class Damaged implements Screen {
  readonly back = "drawer";
  private readonly sure = new Confirm();

  constructor(
    private readonly app: App,
    private readonly session: Session,
  ) {}

  get title(): string {
    return this.app.words.damagedTitle;
  }

  view(): TemplateResult {
    const { words } = this.app;
    return html`${notice("warn", words.damagedText)}
      <div class="nf-rows">${row(`rescue/${this.session.vault.device}/open`, words.rescueLink, [], "send")}</div>
      <p>${words.damagedThen}</p>
      ${secondary(this.sure.asked ? words.drawerPutAwaySure : words.drawerPutAway, () => void this.putAway())}`;
  }

  private async putAway(): Promise<void> {
    if (!this.sure.touch()) return this.app.render();
    await this.session.outbox.putAwayDamaged();
    this.session.engine.now();
    this.app.replace("drawer");
  }
}
