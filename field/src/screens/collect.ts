/** The codes of a phone that cannot send, read one after the other by another phone: sealed, and a file again. */
import { html, nothing, type TemplateResult } from "lit-html";
import { notice, secondary } from "../frame/parts";
import type { App } from "../frame/screen";
import { saveFile } from "../frame/save_file";
import { type Collected, RESCUE_SUFFIX, RescueCollector } from "../outbox/rescue";
import { dayOf } from "../frame/times";

// More of them would be a wall of numbers; the first ones are enough to go on with.
const SHOWN = 12;

export class Collecting {
  private collector = new RescueCollector();
  private last: Collected | null = null;
  private text: string | null = null;
  private damaged = false;

  constructor(private readonly app: App) {}

  async add(code: string): Promise<void> {
    this.last = this.collector.add(code);
    this.damaged = false;
    if (this.collector.missing().length) return;
    try {
      this.text = await this.collector.text();
    } catch {
      this.damaged = true;
    }
  }

  private anew(): void {
    this.collector = new RescueCollector();
    this.last = null;
    this.text = null;
    this.damaged = false;
    this.app.render();
  }

  private save(text: string): void {
    saveFile(new Blob([text], { type: "application/json" }), `nhipcau-${dayOf()}${RESCUE_SUFFIX}`);
    this.app.say(this.app.words.collectSaved);
  }

  view(): TemplateResult | typeof nothing {
    const { words } = this.app;
    const { last, text } = this;
    if (!last) return nothing;
    const anew = secondary(words.collectAnew, () => this.anew(), "undo");
    if (last.read === "other") return html`${notice("warn", words.collectOther)}${anew}`;
    if (this.damaged) return html`${notice("bad", words.collectDamaged)}${anew}`;
    if (text !== null) return html`${notice("good", words.collectWhole)}${secondary(words.collectSave, () => this.save(text), "send")}`;
    const missing = this.collector.missing();
    const numbers = `${missing.slice(0, SHOWN).join(", ")}${missing.length > SHOWN ? " …" : ""}`;
    return notice("info", html`<p><strong>${words.collected(last.have, last.total)}</strong></p><p>${words.collectMissing(numbers)}</p>`);
  }
}
