/** All guides on the phone: a search with or without marks. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { GuideEntry } from "../frame/library";
import { found } from "../frame/need_picker";
import { field, notice, row } from "../frame/parts";
import type { App, Screen, Session } from "../frame/screen";
import type { Cut } from "../pack/kinds";

class Guides implements Screen {
  readonly back = "today";
  private asked = "";

  constructor(
    private readonly app: App,
    private readonly guides: readonly GuideEntry[],
    private readonly cut: Cut | undefined,
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
      ${this.cut ? notice("info", words.guidesCut(this.cut.here, this.cut.all)) : nothing}
      <div class="nf-rows">${shown.map((guide) => row(`checklist/${guide.slug}`, guide.name, [], "paper"))}</div>`;
  }
}

export async function open(app: App, session: Session): Promise<Screen> {
  return new Guides(app, await session.library.guides(), (await session.library.me())?.cut?.guides);
}
