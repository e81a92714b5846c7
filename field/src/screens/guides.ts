/** All guides on the phone: a search with or without marks, the most asked for first. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { GuideEntry } from "../frame/library";
import { found } from "../frame/need_picker";
import { field, row } from "../frame/parts";
import type { App, Screen, Session } from "../frame/screen";

class Guides implements Screen {
  readonly back = "today";
  private asked = "";

  constructor(
    private readonly app: App,
    private readonly guides: readonly GuideEntry[],
  ) {}

  get title(): string {
    return this.app.words.guidesTitle;
  }

  view(): TemplateResult {
    const { words } = this.app;
    const searched = this.asked.trim() !== "";
    const shown = searched ? found(this.guides, this.asked) : this.guides;
    const type = (asked: string): void => {
      this.asked = asked;
      this.app.render();
    };
    const said = shown.length ? words.searchFound(shown.length) : words.searchNothing;
    return html`${field("search", words.searchLabel, this.asked, type, { kind: "search", hint: words.searchHint })}
      <p role="status">${searched ? said : nothing}</p>
      <div class="nf-rows">${shown.map((guide) => row(`checklist/${guide.slug}`, guide.name, [], "paper"))}</div>`;
  }
}

export async function open(app: App, session: Session): Promise<Screen> {
  return new Guides(app, await session.library.guides());
}
