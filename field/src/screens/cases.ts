/** The cases I follow: the one to look at first stands first. */
import { html, nothing, type TemplateResult } from "lit-html";
import { type Begun, begunRow, begunWork } from "../frame/begun";
import { icon } from "../frame/icons";
import { notice, row, tag } from "../frame/parts";
import { knownCases } from "../frame/known_case";
import type { App, Screen, Session } from "../frame/screen";
import { dayOf, showDay } from "../frame/times";
import type { CaseBody, Cut } from "../pack/kinds";

interface Listed {
  readonly body: CaseBody;
  readonly need: string;
  readonly state: string;
  /** Opened on this phone and not sent yet. */
  readonly waits: boolean;
}

class Cases implements Screen {
  readonly back = "today";
  readonly shows = true;

  constructor(
    private readonly app: App,
    private readonly cases: readonly Listed[],
    private readonly begun: readonly Begun[],
    private readonly cut: Cut | undefined,
  ) {}

  get title(): string {
    return this.app.words.myCases;
  }

  view(): TemplateResult {
    const { words } = this.app;
    const whose = html`<div class="nf-rows nf-rows--more">${row("scan", words.scanWhose, [], "scan")}</div>`;
    const begun = this.begun.map((one) => begunRow(one, this.app));
    if (!this.cases.length) return html`<p>${words.noCases}</p><div class="nf-rows">${begun}</div>${whose}`;
    const more = this.cut ? notice("info", words.casesCut(this.cut.here, this.cut.all)) : nothing;
    return html`${more}<div class="nf-rows">${begun}${this.cases.map(({ body, need, state, waits }) => {
      const late = body.due_on !== null && body.due_on <= dayOf();
      const due = body.due_on ? tag(late ? "warn" : "info", words.due(showDay(body.due_on))) : "";
      return row(`case/${body.id}`, body.name || body.code, [need, state, due, waits ? tag("info", words.waitsToSend) : ""], "follow");
    })}</div>${whose}`;
  }

  action(): TemplateResult {
    return html`<a class="nf-button" href="#/case-open">${icon("plus")}<span>${this.app.words.openCase}</span></a>`;
  }
}

export async function open(app: App, session: Session): Promise<Screen> {
  const { library } = session;
  const sorted = (await knownCases(session)).sort((a, b) => (a.body.due_on ?? "9").localeCompare(b.body.due_on ?? "9"));
  const listed = sorted.map(async ({ body, needs }) => ({
    body,
    waits: needs.length > 0,
    need: await library.needLabel(body.need),
    state: await library.label("case_state", body.state),
  }));
  const begun = (await begunWork(app, session)).filter(({ draft }) => /^case(\/|$)/.test(draft));
  return new Cases(app, await Promise.all(listed), begun, (await library.me())?.cut?.cases);
}
