/** What the person came for: what is asked for often, other things, and a search among all guides. */
import { html, nothing, type TemplateResult } from "lit-html";
import { fit } from "./fold";
import type { GuideEntry, Need } from "./library";
import { field, keys, tiles } from "./parts";
import type { App, Session } from "./screen";

const MOST_FOUND = 8;

/** The guides that fit what was typed, best first. */
export function found(guides: readonly GuideEntry[], asked: string): readonly GuideEntry[] {
  return guides
    .map((guide) => ({ guide, score: fit(asked, guide.name, [...guide.keywords, guide.code]) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_FOUND)
    .map(({ guide }) => guide);
}

export class NeedPicker {
  private asked = "";

  private constructor(
    private readonly app: App,
    private readonly needs: { often: readonly Need[]; topics: readonly Need[] },
    private readonly guides: readonly GuideEntry[],
    private readonly pick: (need: string) => void,
  ) {}

  static async open(app: App, session: Session, pick: (need: string) => void): Promise<NeedPicker> {
    const { library } = session;
    return new NeedPicker(app, await library.needs(), await library.guides(), pick);
  }

  label(need: string | null): string {
    const guide = this.guides.find(({ slug }) => `procedure:${slug}` === need);
    return guide?.name ?? [...this.needs.often, ...this.needs.topics].find(({ value }) => value === need)?.label ?? "";
  }

  view(chosen: string | null): TemplateResult {
    const { words } = this.app;
    const type = (asked: string): void => {
      this.asked = asked;
      this.app.render();
    };
    const hits = found(this.guides, this.asked).map((guide) => ({ value: `procedure:${guide.slug}`, label: guide.name }));
    const searched = this.asked.trim() !== "";
    return html`${this.guides.length ? field("need", words.needSearch, this.asked, type, { kind: "search" }) : nothing}
      <div role="status">${searched ? html`<p>${hits.length ? words.searchFound(hits.length) : words.searchNothing}</p>` : nothing}</div>
      ${hits.length ? tiles("found", words.needSearch, hits, chosen, this.pick) : nothing}
      ${!searched && this.needs.often.length ? tiles("often", words.needOften, this.needs.often, chosen, this.pick) : nothing}
      ${hits.length ? nothing : tiles("topics", words.needTopics, this.needs.topics, chosen, this.pick, true)}
      ${searched ? nothing : this.all(chosen)}`;
  }

  /** For whoever does not know what to search for: where nobody came yet, nothing is asked for often. */
  private all(chosen: string | null): TemplateResult | typeof nothing {
    const needs = this.guides.map(({ slug, name }) => ({ value: `procedure:${slug}`, label: name }));
    const often = new Set(this.needs.often.map(({ value }) => value));
    if (needs.every(({ value }) => often.has(value))) return nothing;
    return html`<details class="nf-more"><summary>${this.app.words.needAll(needs.length)}</summary>
      ${keys(needs, chosen, this.pick)}</details>`;
  }
}
