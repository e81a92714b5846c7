/** A list of papers to read together: papers, fees, times and places, in large letters. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Words } from "../words";
import { type Group, groups, type Paper, type Sheet } from "./guide_reading";
import { checkbox, notice, tag } from "./parts";
import { dayBefore, showDay } from "./times";

/** Which papers are in hand, where they are ticked. */
export interface Ticks {
  readonly have: ReadonlySet<string>;
  toggle(id: string, on: boolean): void;
}

export function copies(paper: Paper, words: Words): string {
  const use = paper.use === "show" ? words.useShow : words.useSubmit;
  return `${paper.count} × ${words.forms[paper.form] ?? paper.form} – ${use}`;
}

function paperView(paper: Paper, words: Words, ticks: Ticks | null, single: Group | null): TemplateResult {
  const unsure = single ? single.maybe || paper.need === "maybe" : paper.need === "maybe";
  const body = html`<span class="nf-paper"><strong>${paper.name}</strong>${unsure ? tag("warn", words.mayNeed) : nothing}
    <span>${copies(paper, words)}</span>
    ${single?.why ? html`<span>${single.why}</span>` : nothing}
    ${paper.in_database ? html`<span>${words.inDatabase}</span>` : nothing}
    ${paper.how_to_get ? html`<span><strong>${words.ifMissing}</strong> ${paper.how_to_get}</span>` : nothing}</span>`;
  if (!ticks) return body;
  return checkbox(`have-${paper.requirement}-${paper.choice}-${paper.id}`, body, ticks.have.has(paper.id), (on) => ticks.toggle(paper.id, on));
}

function groupView(group: Group, words: Words, ticks: Ticks | null): TemplateResult {
  const [only] = group.ways;
  if (group.ways.length === 1 && only) return html`${only.map((paper) => html`<li>${paperView(paper, words, ticks, group)}</li>`)}`;
  return html`<li class="nf-paper-group"><strong>${group.title}</strong>${group.maybe ? tag("warn", words.mayNeed) : nothing}
    ${group.why ? html`<p>${group.why}</p>` : nothing}
    <p>${words.anyOne}:</p>
    ${group.ways.map(
      (way, i) => html`${i ? html`<p class="nf-or">${words.or}</p>` : nothing}<div class="nf-way">${way.length > 1 ? html`<p>${words.allTogether}</p>` : nothing}
        ${way.map((paper) => paperView(paper, words, ticks, null))}</div>`,
    )}</li>`;
}

export function papersView(sheet: Sheet, words: Words, ticks: Ticks | null = null): TemplateResult {
  const all = groups(sheet.documents);
  return html`${all.length
    ? html`<ul class="nf-papers ${ticks ? "nf-papers--ticks" : ""}">${all.map((group) => groupView(group, words, ticks))}</ul>`
    : html`<p><strong>${words.noPapers}</strong></p>`}
  ${sheet.ask.includes("documents") ? notice("warn", words.askPapers) : nothing}`;
}

interface Detail {
  readonly value: string;
  readonly maybe: boolean;
  readonly note: string | null;
  readonly channel: string | null;
  readonly until: string | null;
}

function linesView(title: string, lines: readonly Detail[], ask: boolean, words: Words): TemplateResult | typeof nothing {
  if (!lines.length && !ask) return nothing;
  return html`<h2 class="nf-h2">${title}</h2><ul class="nf-lines">${lines.map(
      (line) => html`<li>${line.channel ? `${words.channels[line.channel] ?? line.channel}: ` : nothing}<strong>${line.value}</strong>${line.maybe ? ` (${words.mayApply})` : nothing}${line.until ? ` – ${words.untilEnd(showDay(dayBefore(line.until)))}` : nothing}${line.note ? html`<br>${line.note}` : nothing}</li>`,
    )}${ask ? html`<li><strong>${words.askOfficer}</strong></li>` : nothing}</ul>`;
}

function money(amount: number | null, per: string | null, words: Words): string {
  if (amount === null) return words.askOfficer;
  if (amount === 0) return words.free;
  const text = `${String(amount).replace(/\B(?=(\d{3})+$)/g, ".")} đ`;
  return per ? `${text} / ${per}` : text;
}

function asDetail(line: Sheet["fees"][number] | Sheet["time_limits"][number] | Sheet["channels"][number], value: string): Detail {
  return { value, maybe: line.applies === "maybe", note: line.note, channel: line.channel, until: line.valid_until };
}

/** Fees, times, places, warnings and where all this is from. */
export function factsView(sheet: Sheet, words: Words): TemplateResult {
  const fees = sheet.fees.map((fee) => asDetail(fee, money(fee.amount, fee.per, words)));
  const times = sheet.time_limits.map((limit) => asDetail(limit, limit.value === null ? words.askOfficer : (words.units[limit.unit]?.(limit.value) ?? "")));
  const channels = sheet.channels.map((channel) => ({
    ...asDetail(channel, words.channels[channel.kind] ?? channel.kind), channel: null, note: [channel.where, channel.note].filter(Boolean).join(". ") || null,
  }));
  const list = (title: string, lines: readonly string[]): TemplateResult | typeof nothing =>
    lines.length ? html`<h2 class="nf-h2">${title}</h2><ul class="nf-lines">${lines.map((line) => html`<li>${line}</li>`)}</ul>` : nothing;
  return html`${linesView(words.fee, fees, sheet.ask.includes("fees"), words)}
    ${linesView(words.howLong, times, sheet.ask.includes("time_limits"), words)}
    ${linesView(words.where, channels, sheet.ask.includes("channels"), words)}
    <p>${words.online[sheet.online] ?? ""}</p>
    ${sheet.warnings.length ? notice("warn", html`<p><strong>${words.beCareful}</strong></p>${sheet.warnings.map((line) => html`<p>${line}</p>`)}`) : nothing}
    ${list(words.askOfficer, sheet.ask_officer)}`;
}

export function sourcesView(sheet: Sheet, mark: string, words: Words): TemplateResult {
  return html`<h2 class="nf-h2">${words.source}</h2>
    <ul class="nf-lines nf-lines--small">${sheet.sources.map((source) => html`<li><span lang="vi">${source.title}</span> – ${words.checkedOn(showDay(source.checked_on))}</li>`)}</ul>
    <p>${words.listIsHelp} ${words.listVersion}: <span class="nf-code">${mark}</span></p>`;
}
