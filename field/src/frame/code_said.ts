/** What a scanned code is, in words, when it is not the one that was looked for. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Code } from "../scan/codes";
import type { Words } from "../words";
import { notice } from "./parts";

function words(code: Code, { scanSaid }: Words): string {
  switch (code.kind) {
    case "rescue":
      return scanSaid.rescue(code.at, code.total);
    default:
      return scanSaid[code.kind];
  }
}

/** A stranger's text stands alone and as text: no link, no direction of its own. */
export function codeSaid(code: Code, known: Words): TemplateResult {
  const text = code.kind === "unknown" && code.text ? html`<p class="nf-strange"><bdi>${code.text}</bdi></p>` : nothing;
  return notice("warn", html`<p>${words(code, known)}</p>${text}`);
}
