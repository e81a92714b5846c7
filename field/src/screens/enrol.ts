/** A phone is set up for a member: signed in, told what is kept and why, a PIN chosen twice. */
import { html, nothing, type TemplateResult } from "lit-html";
import { icon } from "../frame/icons";
import { languageKeys } from "../frame/languages";
import { notice, primary } from "../frame/parts";
import { PinPad } from "../frame/pin_pad";
import type { App, Screen } from "../frame/screen";
import { SIGN_IN, SIGN_IN_AGAIN } from "../frame/sign_in";
import { listDevices, listLost, type LostStore } from "../store/devices";
import { NoSpace, WeakPin } from "../store/errors";
import { checkPin } from "../store/pin";
import { createDevice } from "../store/vault";
import { enrolWith, fetchSession, type SignedIn, UnableToEnrol } from "../sync/enrol";
import { endOwedSession, endWebSession } from "../sync/web_session";
import { Wire } from "../sync/wire";

type Step = "asking" | "offline" | "sign_in" | "password" | "no_work" | "kept" | "pin" | "again" | "working";

// Somebody went to the page of sign-in from here, in this tab.
const BEGUN = "nhipcau.enrol";

/** True once after coming back from a sign-in that was begun here. */
export function enrolBegun(): boolean {
  return sessionStorage.getItem(BEGUN) !== null;
}

function beginSignIn(): void {
  sessionStorage.setItem(BEGUN, "yes");
}

function toSignIn(): void {
  beginSignIn();
  location.assign(SIGN_IN);
}

function refusal(error: unknown): string {
  return error instanceof UnableToEnrol && error.answer.kind === "refused" ? error.answer.code : "";
}

class Enrol implements Screen {
  private step: Step = "asking";
  private session: SignedIn | null = null;
  private first = "";
  private wrong = "";
  private fresh = false;
  private readonly pad: PinPad;

  constructor(
    private readonly app: App,
    readonly back: string | null,
    private readonly lost: readonly LostStore[],
  ) {
    this.pad = new PinPad(app.words, () => app.render(), (pin) => void this.typed(pin));
  }

  get title(): string {
    if (this.step === "pin") return this.app.words.pinChoose;
    return this.step === "again" ? this.app.words.pinAgain : this.app.words.enrolTitle;
  }

  unsaved(): boolean {
    return this.step === "working";
  }

  /** Asks the server who is signed in; without network this screen can only wait. */
  async ask(): Promise<void> {
    this.to("asking");
    // On a phone that others use too nobody is set up under a sign-in that somebody left behind.
    // Still so when it is asked once more.
    this.fresh ||= enrolBegun();
    sessionStorage.removeItem(BEGUN);
    if (!this.fresh && (await listDevices()).length > 0) await endWebSession();
    else if (!this.fresh) await endOwedSession();
    const answer = await fetchSession(new Wire());
    if (answer.kind !== "ok") return this.to("offline");
    if (!answer.value.signed_in) return this.to("sign_in");
    this.session = answer.value;
    if (!answer.value.may) this.to("no_work");
    else this.to(answer.value.fresh === false ? "password" : "kept");
  }

  private to(step: Step, wrong = ""): void {
    this.step = step;
    this.wrong = wrong;
    this.app.render();
    if (step === "pin" || step === "again") document.getElementById("title")?.focus();
  }

  private async typed(pin: string): Promise<void> {
    const { words } = this.app;
    if (this.step === "pin") {
      try {
        this.first = checkPin(pin);
        this.to("again");
      } catch (error) {
        if (!(error instanceof WeakPin)) throw error;
        this.to("pin", words.pinTrivial);
      }
      return;
    }
    const same = pin === this.first;
    this.first = "";
    if (same) await this.enrol(pin);
    else this.to("pin", words.pinMismatch);
  }

  private async enrol(pin: string): Promise<void> {
    if (!this.session) return;
    this.to("working");
    try {
      const vault = await createDevice(pin, this.session, enrolWith(this.session));
      void endWebSession();
      await this.app.unlocked(vault);
    } catch (error) {
      if (refusal(error) === "sync.sign_in_again") this.to("password");
      else this.to("kept", this.said(error));
    }
  }

  private said(error: unknown): string {
    const { words } = this.app;
    if (error instanceof NoSpace) return words.noSpace;
    return words.refusals[refusal(error)] ?? words.enrolFailed;
  }

  private async other(): Promise<void> {
    this.to("asking");
    if (await endWebSession()) toSignIn();
    else this.to("offline");
  }

  private otherLink(): TemplateResult {
    return html`<p><button type="button" class="nf-link" @click=${() => void this.other()}>${this.app.words.enrolOther}</button></p>`;
  }

  view(): TemplateResult {
    return html`${this.stepView()}${this.step === "pin" || this.step === "again" ? nothing : this.lostView()}`;
  }

  /** Work that nobody here can open any more is never hidden behind a phone set up anew. */
  private lostView(): TemplateResult {
    const { words } = this.app;
    return html`${this.lost.map(({ id, waiting }) => html`<p>${words.waiting(waiting)}: <a class="nf-link" href="#/rescue/${id}">${words.rescueLink}</a></p>`)}`;
  }

  private stepView(): TemplateResult {
    const { words } = this.app;
    const wrong = this.wrong ? html`<div role="alert">${notice("bad", this.wrong)}</div>` : nothing;
    switch (this.step) {
      case "asking":
        return html`<p>${words.loading}</p>`;
      case "working":
        return html`<p role="status">${words.enrolWorking}</p>`;
      case "offline":
        return html`${notice("warn", words.enrolOffline)}${languageKeys(this.app)}`;
      case "no_work":
        return html`${notice("warn", words.enrolNoWork)}${this.otherLink()}`;
      case "sign_in":
        return html`<p>${words.enrolSignIn}</p>${notice("warn", words.neverPassword)}${languageKeys(this.app)}`;
      case "password":
        return html`<p role="status">${words.enrolPassword}</p>${this.otherLink()}${languageKeys(this.app)}`;
      case "kept":
        return html`${wrong}${this.kept()}`;
      default:
        return html`${this.step === "pin" ? html`<p>${words.pinChooseHint}</p>` : nothing}${wrong}${this.pad.view(false)}`;
    }
  }

  private kept(): TemplateResult {
    const { words } = this.app;
    return html`<p><strong>${words.enrolHello(this.session?.member.name ?? "")}</strong></p>
      <h2 class="nf-h2">${words.enrolKept}</h2>
      <ul class="nf-points">${words.enrolKeptList.map((line) => html`<li>${icon("shield")}<span>${line}</span></li>`)}</ul>
      ${this.otherLink()}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (this.step === "offline") return primary(words.tryAgain, () => void this.ask());
    if (this.step === "sign_in" || this.step === "password") {
      const page = this.step === "sign_in" ? SIGN_IN : SIGN_IN_AGAIN;
      return html`<a class="nf-button" href=${page} @click=${beginSignIn}>${words.signIn}</a>`;
    }
    if (this.step === "kept") return primary(words.enrolChoosePin, () => this.to("pin"), { icon: "lock" });
    return html``;
  }
}

/** Whoever else has a store on this phone finds the way back to it. */
export async function open(app: App): Promise<Screen> {
  const screen = new Enrol(app, (await listDevices()).length > 0 ? "unlock" : null, await listLost());
  queueMicrotask(() => void screen.ask());
  return screen;
}
