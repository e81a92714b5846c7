/** Another PIN: the one of now first, then the new one twice. */
import { html, nothing, type TemplateResult } from "lit-html";
import { notice } from "../frame/parts";
import { PinPad } from "../frame/pin_pad";
import type { App, Screen, Session } from "../frame/screen";
import { MustWait, WeakPin, WrongPin } from "../store/errors";
import { checkPin } from "../store/pin";
import { changePin } from "../store/vault";

type Step = "old" | "new" | "again" | "done";

class Pin implements Screen {
  readonly back = "status";
  private step: Step = "old";
  private old = "";
  private first = "";
  private wrong = "";
  private busy = false;
  private readonly pad: PinPad;

  constructor(
    private readonly app: App,
    private readonly session: Session,
  ) {
    this.pad = new PinPad(app.words, () => app.render(), (pin) => void this.typed(pin));
  }

  get title(): string {
    const { words } = this.app;
    return { old: words.pinOld, new: words.pinChoose, again: words.pinAgain, done: words.changePin }[this.step];
  }

  leave(): void {
    this.old = "";
    this.first = "";
  }

  private to(step: Step, wrong = ""): void {
    this.step = step;
    this.wrong = wrong;
    this.busy = false;
    this.app.render();
    document.getElementById("title")?.focus();
  }

  private async typed(pin: string): Promise<void> {
    const { words } = this.app;
    if (this.step === "old") {
      this.old = pin;
      return this.to("new");
    }
    if (this.step === "new") {
      try {
        this.first = checkPin(pin);
        return this.to("again");
      } catch (error) {
        if (!(error instanceof WeakPin)) throw error;
        return this.to("new", words.pinTrivial);
      }
    }
    return pin === this.first ? this.change() : this.to("new", words.pinMismatch);
  }

  private async change(): Promise<void> {
    const { words } = this.app;
    this.busy = true;
    this.app.render();
    try {
      await changePin(this.session.vault, this.old, this.first);
      this.leave();
      this.to("done");
    } catch (error) {
      const minutes = error instanceof MustWait ? Math.ceil(error.waitLeft / 60_000) : 0;
      const text = error instanceof WrongPin ? words.wrongPin(error.triesLeft) : minutes ? words.waitFor(minutes) : words.problem;
      this.to("old", text);
    }
  }

  view(): TemplateResult {
    const { words } = this.app;
    if (this.step === "done") return notice("good", words.pinChanged);
    return html`${this.step === "new" ? html`<p>${words.pinChooseHint}</p>` : nothing}
      <div role="alert">${this.wrong ? notice("bad", this.wrong) : nothing}</div>
      ${this.pad.view(this.busy)}`;
  }
}

export function open(app: App, session: Session): Screen {
  return new Pin(app, session);
}
