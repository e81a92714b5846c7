/**
 * The person's ID card in large letters, to copy onto a paper form. What the card says lives in this screen's memory
 * and nowhere else: gone when the screen is left, the store locked, or the app out of sight for a minute.
 */
import { html, nothing, type TemplateResult } from "lit-html";
import { codeSaid } from "../frame/code_said";
import { notice, primary, secondary } from "../frame/parts";
import type { App, Screen } from "../frame/screen";
import { scan } from "../scan/camera";
import { type Code, readCode } from "../scan/codes";
import { type IdCard, parseIdCard } from "../scan/idcard";

const HIDDEN_FOR = 60_000;

class IdCardScreen implements Screen {
  readonly back = "today";
  private card: IdCard | null = null;
  private other: Code | null = null;
  private wiped = false;
  /** Out of sight nothing of it is drawn: the phone keeps pictures of apps in the background. */
  private covered = false;
  private hiddenAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly gone = new AbortController();

  constructor(private readonly app: App) {
    const { signal } = this.gone;
    document.addEventListener("visibilitychange", () => this.seen(), { signal });
    // Kept whole by the browser for the way back, or frozen: not with this in it.
    for (const name of ["pagehide", "freeze"]) addEventListener(name, () => this.wipe(), { signal, capture: true });
  }

  get title(): string {
    return this.app.words.idCardTitle;
  }

  leave(): void {
    this.gone.abort();
    clearTimeout(this.timer);
    this.card = null;
    this.other = null;
  }

  private wipe(): void {
    clearTimeout(this.timer);
    if (!this.card) return;
    this.card = null;
    this.wiped = true;
    this.app.render();
  }

  private seen(): void {
    if (document.hidden) {
      this.hiddenAt = Date.now();
      this.covered = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.wipe(), HIDDEN_FOR);
      return this.app.render();
    }
    this.covered = false;
    clearTimeout(this.timer);
    // Asleep, the phone lets no timer run; a clock that was set back ends it too.
    const away = Date.now() - this.hiddenAt;
    if (away < 0 || away >= HIDDEN_FOR) this.wipe();
    this.app.render();
  }

  private async scan(): Promise<void> {
    const { words } = this.app;
    const text = await scan({ words, signal: this.gone.signal, hint: words.idCardHint, photo: false });
    if (text === null || this.gone.signal.aborted) return;
    this.card = parseIdCard(text);
    const code = this.card ? null : readCode(text);
    this.other = code;
    this.wiped = false;
    this.app.render();
  }

  view(): TemplateResult {
    const { words } = this.app;
    if (this.covered) return html``;
    if (this.card) return this.cardView(this.card);
    return html`${this.wiped ? html`<div role="status">${notice("info", words.idCardWiped)}</div>` : nothing}
      ${this.other ? html`<div role="status">${codeSaid(this.other, words)}</div>` : nothing}
      <p>${words.idCardIntro}</p>
      ${notice("info", words.idCardPromise)}
      <p>${words.idCardByHand}</p>`;
  }

  /** No translator of the browser gets it, and it cannot be marked and copied. */
  private cardView(card: IdCard): TemplateResult {
    const { words } = this.app;
    const names = words.idCardFields;
    const lines: readonly (readonly [name: string, value: string])[] = [
      [names.number, card.number], [names.name, card.name], [names.born, card.born], [names.sex, card.sex],
      [names.address, card.address], [names.issued, card.issued], [names.oldNumber, card.oldNumber],
      ...card.others.map((other) => [names.other, other] as const),
    ];
    const no = (event: Event): void => event.preventDefault();
    return html`<p role="status">${words.idCardCompare}</p>
      <dl class="nf-copy" translate="no" @copy=${no} @cut=${no} @contextmenu=${no} @dragstart=${no}>${lines
        .filter(([, value]) => value !== "")
        .map(([name, value]) => html`<div><dt>${name}</dt><dd lang="vi"><bdi>${value}</bdi></dd></div>`)}</dl>
      ${card.address ? html`<p>${words.idCardOldPlaces}</p>` : nothing}
      ${secondary(words.idCardWipe, () => this.wipe(), "delete")}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    return primary(this.card ? words.idCardAnother : words.idCardScan, () => void this.scan(), { icon: "scan" });
  }
}

export function open(app: App): Screen {
  return new IdCardScreen(app);
}
