/** Large keys for a PIN; also by a keyboard. What is typed is never drawn, only how many digits. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Words } from "../words";
import { icon } from "./icons";

const LEAST = 6;
const MOST = 16;

export class PinPad {
  private typed = "";

  constructor(
    private readonly words: Words,
    private readonly render: () => void,
    private readonly done: (pin: string) => void,
  ) {}

  clear(): void {
    this.typed = "";
  }

  private add(digit: string): void {
    if (this.typed.length < MOST) this.typed += digit;
    this.render();
  }

  private drop(): void {
    this.typed = this.typed.slice(0, -1);
    this.render();
  }

  private finish(): void {
    if (this.typed.length < LEAST) return;
    const pin = this.typed;
    this.typed = "";
    this.done(pin);
  }

  private key(event: KeyboardEvent): void {
    if (/^[0-9]$/.test(event.key)) this.add(event.key);
    else if (event.key === "Backspace") this.drop();
    else if (event.key === "Enter" && (event.target as HTMLElement).dataset["digit"] === undefined) this.finish();
    else return;
    event.preventDefault();
  }

  view(busy: boolean): TemplateResult {
    const count = this.typed.length;
    const digit = (value: string): TemplateResult =>
      html`<button type="button" class="nf-pad__key" data-digit=${value} ?disabled=${busy} @click=${() => this.add(value)}>${value}</button>`;
    return html`<div class="nf-pin" @keydown=${(event: KeyboardEvent) => this.key(event)}>
      <p class="nf-dots" role="status"><span aria-hidden="true">${Array.from({ length: Math.max(LEAST, count) }, (_, i) => html`<i class=${i < count ? "is-on" : ""}></i>`)}</span><span class="nf-hidden">${count ? this.words.pinDigits(count) : nothing}</span></p>
      <div class="nf-pad">
        ${["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(digit)}
        <button type="button" class="nf-pad__key nf-pad__key--side" ?disabled=${busy || !count} aria-label=${this.words.pinDelete} @click=${() => this.drop()}>${icon("delete")}</button>
        ${digit("0")}
        <button type="button" class="nf-pad__key nf-pad__key--ok" ?disabled=${busy || count < LEAST} @click=${() => this.finish()}>${this.words.pinOk}</button>
      </div>
    </div>`;
  }
}
