/** The three languages, each in its own words: to be found by whoever cannot read the other two. */
import { html, type TemplateResult } from "lit-html";
import { LANGUAGE_NAMES, type Language } from "../words";
import type { App } from "./screen";

export function languageKeys(app: App): TemplateResult {
  const names = Object.entries(LANGUAGE_NAMES) as [Language, string][];
  return html`<div class="nf-languages" role="group" aria-label=${app.words.chooseLanguage}>
    ${names.map(
      ([language, name]) => html`<button type="button" class="nf-tile" lang=${language} aria-pressed=${language === app.language}
        @click=${() => void app.setLanguage(language)}>${name}</button>`,
    )}
  </div>`;
}
