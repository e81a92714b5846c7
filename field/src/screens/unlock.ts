/** Opening a store: whose, the PIN, tries and waits in words, and what to do when the PIN is forgotten. */
import { html, nothing, type TemplateResult } from "lit-html";
import { languageKeys } from "../frame/languages";
import { notice } from "../frame/parts";
import { PinPad } from "../frame/pin_pad";
import { storeSaid } from "../frame/saving";
import type { App, Screen } from "../frame/screen";
import { SIGN_IN, SIGN_IN_AGAIN, SIGN_IN_AS_ANOTHER } from "../frame/sign_in";
import { signView } from "../frame/signs";
import { type DeviceEntry, listDevices } from "../store/devices";
import { MustWait, SealedDevice, WrongPin } from "../store/errors";
import { tick } from "../store/lease";
import { unlock } from "../store/vault";
import { renew } from "../sync/enrol";
import { endWebSession } from "../sync/web_session";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ASKED = "nhipcau.renew";
const PAGES = { sign_in: SIGN_IN, sign_in_again: SIGN_IN_AGAIN, another_member: SIGN_IN_AS_ANOTHER };

class Unlock implements Screen {
  readonly back = null;
  private chosen: DeviceEntry | null = null;
  private busy = false;
  private message = "";
  private waitLeft = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly pad: PinPad;

  constructor(
    private readonly app: App,
    private devices: readonly DeviceEntry[],
  ) {
    this.pad = new PinPad(app.words, () => app.render(), (pin) => void this.tried(pin));
    if (devices.length === 1) this.choose(devices[0] ?? null);
  }

  get title(): string {
    return this.chosen ? this.app.words.unlockPin : this.app.words.unlockWho;
  }

  leave(): void {
    clearInterval(this.timer);
  }

  private choose(device: DeviceEntry | null): void {
    this.chosen = device;
    this.message = "";
    this.waitLeft = device?.waitLeft ?? 0;
    this.pad.clear();
    clearInterval(this.timer);
    if (device) this.timer = setInterval(() => void this.passed(), SECOND);
  }

  /** While it stands open the wait runs down. */
  private async passed(): Promise<void> {
    if (!this.chosen || (this.waitLeft <= 0 && this.chosen.state === "open")) return;
    const standing = await tick(this.chosen.id);
    const shown = Math.ceil(this.waitLeft / MINUTE);
    this.waitLeft = standing.waitLeft;
    if (Math.ceil(this.waitLeft / MINUTE) !== shown || this.waitLeft === 0) this.app.render();
  }

  private async tried(pin: string): Promise<void> {
    if (!this.chosen) return;
    this.busy = true;
    this.message = "";
    this.app.render();
    try {
      await this.app.unlocked(await unlock(this.chosen.id, pin));
    } catch (error) {
      await this.failed(error);
    } finally {
      this.busy = false;
    }
  }

  private async failed(error: unknown): Promise<void> {
    const { words } = this.app;
    if (error instanceof WrongPin) {
      this.message = words.wrongPin(error.triesLeft);
      this.waitLeft = error.waitLeft;
    } else if (error instanceof MustWait) {
      this.waitLeft = error.waitLeft;
    } else if (error instanceof SealedDevice) {
      await this.refresh();
    } else {
      this.message = storeSaid(error, words);
    }
    this.busy = false;
    this.app.render();
  }

  private async refresh(): Promise<void> {
    this.devices = await listDevices();
    this.choose(this.devices.find((device) => device.id === this.chosen?.id) ?? null);
  }

  /** After a sign-in, or to find out that one is needed. */
  async renew(): Promise<void> {
    if (!this.chosen) return;
    const { words } = this.app;
    const answer = await renew(this.chosen.id);
    if (answer.kind === "sign_in" || answer.kind === "sign_in_again" || answer.kind === "another_member") {
      sessionStorage.setItem(ASKED, this.chosen.id);
      location.assign(PAGES[answer.kind]);
      return;
    }
    await this.refresh();
    if (answer.kind === "ok") this.message = words.renewed;
    else this.message = answer.kind === "refused" ? words.revoked : words.enrolOffline;
    this.app.render();
    // It was needed for this alone.
    if (answer.kind === "ok") await endWebSession();
  }

  /** Back from the page of sign-in: goes on where it was left. */
  returned(): void {
    const asked = sessionStorage.getItem(ASKED);
    sessionStorage.removeItem(ASKED);
    const device = this.devices.find((entry) => entry.id === asked);
    if (!device) return;
    this.choose(device);
    queueMicrotask(() => void this.renew());
  }

  view(): TemplateResult {
    return this.chosen ? this.pinView(this.chosen) : this.whoView();
  }

  private whoView(): TemplateResult {
    const { words, language } = this.app;
    const pick = (device: DeviceEntry): void => {
      this.choose(device);
      this.app.render();
      document.getElementById("title")?.focus();
    };
    return html`<p>${words.unlockWhoHint}</p>
      <div class="nf-tiles nf-tiles--pairs">
        ${this.devices.map((device) => html`<button type="button" class="nf-tile nf-tile--sign" @click=${() => pick(device)}>${signView(device.sign, language)}</button>`)}
      </div>
      <p><a class="nf-link" href="#/enrol">${words.unlockAdd}</a></p>
      ${languageKeys(this.app)}`;
  }

  private pinView(device: DeviceEntry): TemplateResult {
    const { words, language } = this.app;
    const other = (): void => {
      this.choose(null);
      this.app.render();
    };
    return html`<div class="nf-who">${signView(device.sign, language)}
        <button type="button" class="nf-link" @click=${other}>${words.unlockNot}</button></div>
      <div role="alert">${this.message ? notice(this.message === words.renewed ? "good" : "bad", this.message) : nothing}</div>
      ${device.state === "open" ? this.padView() : this.sealedView(device.state)}
      <p><a class="nf-link" href="#/rescue/${device.id}">${words.forgotPin}</a></p>`;
  }

  private padView(): TemplateResult {
    const { words } = this.app;
    const wait = Math.ceil(this.waitLeft / MINUTE);
    return html`<p role="status">${this.busy ? words.unlockWorking : nothing}</p>
      ${wait > 0 ? html`<div role="status">${notice("warn", words.waitFor(wait))}</div>` : this.pad.view(this.busy)}`;
  }

  private sealedView(reason: Exclude<DeviceEntry["state"], "open">): TemplateResult {
    const { words } = this.app;
    const texts = { locked_out: words.lockedOut, lease_ended: words.leaseEnded, revoked: words.revoked };
    // A phone that was shut may have been found and opened again meanwhile: only the server knows.
    return html`${notice("warn", texts[reason])}<button type="button" class="nf-button" @click=${() => void this.renew()}>${words.unlockRenew}</button>`;
  }
}

export async function open(app: App): Promise<Screen> {
  const screen = new Unlock(app, await listDevices());
  screen.returned();
  return screen;
}
