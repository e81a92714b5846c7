/** The parts that screens are made of. Every target is a real button, link or field with its own words. */
import { html, nothing, type TemplateResult } from "lit-html";
import { isSecondTouch } from "./double_tap";
import { icon, type IconName } from "./icons";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export type Tone = "info" | "good" | "warn" | "bad";

/** A question and its answers, each a key that acts when touched. */
export function tiles(
  name: string,
  question: string | TemplateResult,
  choices: readonly Choice[],
  chosen: string | null,
  pick: (value: string) => void,
  pairs = false,
): TemplateResult {
  return html`<div class="nf-group" role="group" aria-labelledby="q-${name}">
    <h2 class="nf-h2" id="q-${name}">${question}</h2>
    ${keys(choices, chosen, pick, pairs)}
  </div>`;
}

/** The answers alone, where something else asks the question. */
export function keys(choices: readonly Choice[], chosen: string | null, pick: (value: string) => void, pairs = false): TemplateResult {
  return html`<div class="nf-tiles ${pairs ? "nf-tiles--pairs" : ""}">
    ${choices.map(
      (choice) => html`<button type="button" class="nf-tile" data-value=${choice.value} aria-pressed=${chosen === choice.value}
        @click=${(event: MouseEvent) => isSecondTouch(event) || pick(choice.value)}>${choice.label}</button>`,
    )}
  </div>`;
}

/** The same question as part of a form: nothing happens yet when one is chosen. */
export function radios(
  name: string,
  question: string,
  choices: readonly Choice[],
  chosen: string | null,
  pick: (value: string) => void,
  extra: { hint?: string; error?: string | undefined } = {},
): TemplateResult {
  const { hint, error } = extra;
  return html`<fieldset class="nf-field ${error ? "nf-field--wrong" : ""}" id="f-${name}" tabindex="-1" aria-describedby=${described(name, extra) ?? nothing}>
    <legend class="nf-label">${question}</legend>
    ${notes(name, hint, error)}
    <div class="nf-radios">
      ${choices.map(
        (choice, i) => html`<label class="nf-radio" for="${name}-${i}"
          ><input type="radio" id="${name}-${i}" name=${name} .value=${choice.value} .checked=${chosen === choice.value}
            @change=${() => pick(choice.value)}><span>${choice.label}</span></label>`,
      )}
    </div>
  </fieldset>`;
}

export interface FieldOptions {
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly kind?: "text" | "tel" | "date" | "decimal" | "area" | "search" | "code";
  readonly lang?: string;
  /** So many characters and no more. */
  readonly most?: number;
}

function described(name: string, { hint, error }: { hint?: string; error?: string | undefined }): string | null {
  return [error ? `e-${name}` : "", hint ? `h-${name}` : ""].filter(Boolean).join(" ") || null;
}

function notes(name: string, hint: string | undefined, error: string | undefined): TemplateResult {
  return html`${hint ? html`<p class="nf-hint" id="h-${name}">${hint}</p>` : nothing}${error
    ? html`<p class="nf-error" id="e-${name}">${icon("warn")}<span>${error}</span></p>`
    : nothing}`;
}

export function field(
  name: string,
  label: string,
  value: string,
  keep: (value: string) => void,
  options: FieldOptions = {},
): TemplateResult {
  const { hint, error, kind = "text", most } = options;
  const given = (event: Event): void => keep((event.target as HTMLInputElement).value);
  const by = described(name, options) ?? nothing;
  const wrong = error ? "true" : nothing;
  const input =
    kind === "area"
      ? html`<textarea class="nf-input" id="f-${name}" rows="3" autocomplete="off" spellcheck="false" .value=${value} @input=${given}
          maxlength=${most ?? nothing} aria-describedby=${by} aria-invalid=${wrong}></textarea>`
      : html`<input class="nf-input ${kind === "code" ? "nf-code" : ""}" id="f-${name}" type=${htmlType(kind)} inputmode=${inputMode(kind)} autocomplete="off"
          autocapitalize=${kind === "code" ? "characters" : nothing} spellcheck="false"
          .value=${value} @input=${given} maxlength=${most ?? nothing} aria-describedby=${by} aria-invalid=${wrong}>`;
  return html`<div class="nf-field ${error ? "nf-field--wrong" : ""}"><label class="nf-label" for="f-${name}">${label}</label>${notes(name, hint, error)}${input}</div>`;
}

function htmlType(kind: string): string {
  return kind === "tel" || kind === "date" || kind === "search" ? kind : "text";
}

function inputMode(kind: string): string | typeof nothing {
  return kind === "tel" || kind === "decimal" ? kind : nothing;
}

export function select(
  name: string,
  label: string,
  choices: readonly Choice[],
  chosen: string,
  pick: (value: string) => void,
  extra: { hint?: string; error?: string | undefined } = {},
): TemplateResult {
  return html`<div class="nf-field ${extra.error ? "nf-field--wrong" : ""}"><label class="nf-label" for="f-${name}">${label}</label>${notes(name, extra.hint, extra.error)}
    <select class="nf-input nf-select" id="f-${name}" aria-describedby=${described(name, extra) ?? nothing} aria-invalid=${extra.error ? "true" : nothing}
      @change=${(event: Event) => pick((event.target as HTMLSelectElement).value)}>
      ${choices.map((choice) => html`<option .value=${choice.value} ?selected=${choice.value === chosen}>${choice.label}</option>`)}
    </select></div>`;
}

export function checkbox(name: string, label: string | TemplateResult, on: boolean, keep: (on: boolean) => void): TemplateResult {
  return html`<label class="nf-radio" for="f-${name}"><input type="checkbox" id="f-${name}" .checked=${on}
    @change=${(event: Event) => keep((event.target as HTMLInputElement).checked)}><span>${label}</span></label>`;
}

export function notice(tone: Tone, text: string | TemplateResult): TemplateResult {
  const drawing: IconName = tone === "good" ? "check" : tone === "info" ? "info" : "warn";
  return html`<div class="nf-notice nf-notice--${tone}">${icon(drawing)}<div>${text}</div></div>`;
}

/** The one thing to do, in the bar at the bottom. */
export function primary(label: string, act: () => void, options: { icon?: IconName; busy?: boolean } = {}): TemplateResult {
  return html`<button type="button" class="nf-button" ?disabled=${options.busy ?? false} @click=${act}>${options.icon ? icon(options.icon) : nothing}<span>${label}</span></button>`;
}

export function secondary(label: string, act: () => void, drawing?: IconName): TemplateResult {
  return html`<button type="button" class="nf-button nf-button--quiet" @click=${act}>${drawing ? icon(drawing) : nothing}<span>${label}</span></button>`;
}

/** A row that opens something. */
export function row(route: string, title: string, lines: readonly (string | TemplateResult)[], drawing?: IconName): TemplateResult {
  return html`<a class="nf-row" href="#/${route}">${drawing ? icon(drawing) : nothing}<span class="nf-row__text"><strong>${title}</strong>${lines
      .filter((line) => line !== "")
      .map((line) => html`<span>${line}</span>`)}</span>${icon("next")}</a>`;
}

export function summary(rows: readonly (readonly [key: string, value: string | TemplateResult])[]): TemplateResult {
  return html`<dl class="nf-summary">${rows
    .filter(([, value]) => value !== "")
    .map(([key, value]) => html`<div><dt>${key}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export function tag(tone: Tone, text: string): TemplateResult {
  return html`<span class="nf-tag nf-tag--${tone}">${text}</span>`;
}

/** Puts the reader before the first field that must be looked at again. */
export function toFirstError(): void {
  requestAnimationFrame(() => {
    const wrong = document.querySelector<HTMLElement>(".nf-field--wrong");
    const target = wrong?.querySelector<HTMLElement>("input, textarea, select") ?? wrong;
    target?.focus();
    wrong?.scrollIntoView({ block: "center" });
  });
}
