/** What stands around every screen: the bar with the way back and what waits, the words for those who listen. */
import { html, nothing, type TemplateResult } from "lit-html";
import { summary, type SyncState } from "../sync/state";
import type { Words } from "../words";
import { icon, mark } from "./icons";
import { notice } from "./parts";
import type { Screen } from "./screen";

export interface Around {
  readonly words: Words;
  readonly screen: Screen;
  readonly route: string;
  readonly state: SyncState | null;
  readonly said: string;
  /** Little room is left on the phone: said before anything is written. */
  readonly low: boolean;
  /** Begins the new version, when one waits and nothing typed would be lost. */
  readonly update: (() => void) | null;
}

/** The sentence about what was sent: never more than is known. */
export function statusLine(state: SyncState, words: Words): string {
  switch (summary(state)) {
    case "checking":
      return words.checking;
    case "all_sent":
      return words.allSent;
    case "all_sent_needs_you":
      return words.allSentAttention(state.attention);
    case "not_sent":
      return words.waiting(state.waiting);
    case "not_sent_needs_you":
      return `${words.waiting(state.waiting)}, ${words.attention(state.attention)}`;
  }
}

function chip(state: SyncState, words: Words): TemplateResult {
  if (state.attention > 0) {
    return html`<a class="nf-chip nf-chip--warn" href="#/drawer">${icon("warn")}<span>${words.chipAttention(state.attention)}</span></a>`;
  }
  const busy = state.phase === "sending" || state.phase === "receiving";
  const waits = state.waiting > 0 ? words.chipWaiting(state.waiting) : "…";
  const text = state.waiting === 0 ? words.allSent : busy && state.waiting > 0 ? words.sending : waits;
  return html`<a class="nf-chip" href="#/status">${icon(state.waiting === 0 ? "check" : "send")}<span>${text}</span><span class="nf-hidden">${words.settings}</span></a>`;
}

export function frame({ words, screen, route, state, said, low, update }: Around): TemplateResult {
  return html`<header class="nf-bar">
      ${screen.back === null
        ? html`<span class="nf-brand">${mark}<span>Nhịp Cầu</span></span>`
        : html`<a class="nf-back" href="#/${screen.back}">${icon("back")}<span>${words.back}</span></a>`}
      ${state ? chip(state, words) : nothing}
    </header>
    ${update
      ? html`<div class="nf-update" role="region" aria-label=${words.newVersion}><span>${words.newVersion}</span><button type="button" class="nf-update__use" @click=${update}>${words.newVersionUse}</button></div>`
      : nothing}
    <main class="nf-screen" data-route=${route}>
      <div class="nf-main">
        <h1 class="nf-h1" id="title" tabindex="-1">${screen.title}</h1>
        ${low ? notice("warn", words.fewSpace) : nothing}
        ${screen.view()}
      </div>
      <div class="nf-action">
        ${said ? html`<p class="nf-said" aria-hidden="true">${said}</p>` : nothing}
        ${screen.action ? screen.action() : nothing}
      </div>
    </main>
    <div class="nf-hidden" role="status" id="status-line">${state ? statusLine(state, words) : nothing}</div>
    <div class="nf-hidden" role="status" id="said">${said}</div>`;
}
