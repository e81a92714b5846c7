/** The neutral sign of a store on a shared phone, drawn: a shape and a word, no name. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit-html";
import type { Shape, Sign } from "../store/devices";
import type { Language } from "../words";

const SHAPES: Readonly<Record<Shape, SVGTemplateResult>> = {
  circle: svg`<circle cx="24" cy="24" r="19"></circle>`,
  square: svg`<rect x="7" y="7" width="34" height="34"></rect>`,
  triangle: svg`<path d="M24 5 45 42H3Z"></path>`,
  diamond: svg`<path d="M24 2 46 24 24 46 2 24Z"></path>`,
};

export function signView(sign: Sign, language: Language): TemplateResult {
  return html`<span class="nf-sign"
    ><svg class="nf-sign__shape nf-sign__shape--${sign.shape}" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" focusable="false">${SHAPES[sign.shape]}</svg
    ><span>${sign[language]}</span></span
  >`;
}
